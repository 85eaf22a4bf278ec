"""What a campaign is to be: settled before it opens, checked whenever it changes."""

from datetime import datetime

import msgspec

from models.enums import Mode
from survey.directory.settings import Thresholds, require_name
from survey.errors import FieldInvalid

__all__ = ["CampaignChange", "CampaignPlan", "Settled", "settled"]

MAX_WAVE = 32_767  # what the database's smallint holds


class CampaignPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign to be drafted."""

    name: str
    wave: int = 1
    """1 for the baseline, then 2, 3, ..."""
    instrument_key: str
    instrument_version: int
    mode: str = "anonymous"
    """anonymous or confidential."""
    min_group: int | None = None
    """k, from 4 to 50; None is the organisation's."""
    min_comments: int | None = None
    """Respondents of a unit whose comments are shown; None is 10, or k if that is more."""
    min_drivers: int | None = None
    """Respondents behind an impact claim; None is 100."""
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    """UTC; from then on no answer is taken. None: closed by hand."""


class Settled(CampaignPlan, frozen=True, kw_only=True):
    """A plan in which nothing is left open."""

    min_group: int
    min_comments: int
    min_drivers: int


class CampaignChange(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be changed in a campaign; UNSET leaves it as it is."""

    name: str | msgspec.UnsetType = msgspec.UNSET
    wave: int | msgspec.UnsetType = msgspec.UNSET
    instrument_key: str | msgspec.UnsetType = msgspec.UNSET
    instrument_version: int | msgspec.UnsetType = msgspec.UNSET
    mode: str | msgspec.UnsetType = msgspec.UNSET
    min_group: int | msgspec.UnsetType = msgspec.UNSET
    min_comments: int | msgspec.UnsetType = msgspec.UNSET
    min_drivers: int | msgspec.UnsetType = msgspec.UNSET
    opens_at: datetime | msgspec.UnsetType | None = msgspec.UNSET
    closes_at: datetime | msgspec.UnsetType | None = msgspec.UNSET

    def given(self) -> dict[str, object]:
        """Return the fields that are to change, with their new values."""
        fields = msgspec.structs.asdict(self)
        return {name: value for name, value in fields.items() if value is not msgspec.UNSET}


def settled(plan: CampaignPlan, *, min_group: int) -> Settled:
    """Fill in what the plan leaves open, and check the whole.

    Parameters
    ----------
    min_group : int
        The organisation's k.

    Raises
    ------
    FieldInvalid
        The first value that is not what its field takes.
    """
    k = min_group if plan.min_group is None else plan.min_group
    comments = max(10, k) if plan.min_comments is None else plan.min_comments
    drivers = max(100, k) if plan.min_drivers is None else plan.min_drivers
    fields = msgspec.structs.asdict(plan) | {
        "min_group": k,
        "min_comments": comments,
        "min_drivers": drivers,
    }
    complete = Settled(**fields)
    _require(complete)
    return complete


def _require(plan: Settled) -> None:
    require_name(plan.name)
    if not 1 <= plan.wave <= MAX_WAVE:
        raise FieldInvalid("wave", plan.wave, expected=f"from 1 to {MAX_WAVE}")
    if plan.mode not in list(Mode):
        raise FieldInvalid("mode", plan.mode, expected="anonymous or confidential")
    Thresholds(
        min_group=plan.min_group,
        min_comments=plan.min_comments,
        min_drivers=plan.min_drivers,
    ).require()
    _require_times(plan.opens_at, plan.closes_at)


def _require_times(opens_at: datetime | None, closes_at: datetime | None) -> None:
    for field, moment in (("opens_at", opens_at), ("closes_at", closes_at)):
        if moment is not None and moment.tzinfo is None:
            raise FieldInvalid(field, moment.isoformat(), expected="a time with its zone")
    if opens_at and closes_at and closes_at <= opens_at:
        raise FieldInvalid("closes_at", closes_at.isoformat(), expected="after opens_at")
