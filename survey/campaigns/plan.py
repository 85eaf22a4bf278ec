"""What a campaign is to be: settled before it opens, checked at every change."""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated, get_args

import msgspec

from models.edges import GREATEST_SMALLINT, Code, Count, Moment, Name, Version
from models.enums import CampaignState
from models.moments import hold_moments
from survey.campaigns.audience import Audience, require_audience
from survey.campaigns.errors import CampaignLocked, CampaignNotDraft, IllegalMove
from survey.directory.settings import (
    CampaignThresholds,
    MinGroup,
    require_name,
)
from survey.errors import FieldInvalid
from survey.instruments.definition import InstrumentDefinition
from survey.instruments.parts import Mode, Role

__all__ = [
    "CampaignChange",
    "CampaignPlan",
    "asked_roles",
    "require_changeable",
    "require_draft",
    "require_move",
    "settled",
]

Wave = Annotated[int, msgspec.Meta(ge=1, le=GREATEST_SMALLINT)]
"""Number of the wave: 1 for the baseline, then 2, 3, ..."""

_NEXT = {
    CampaignState.DRAFT: CampaignState.OPEN,
    CampaignState.OPEN: CampaignState.CLOSING,
    CampaignState.CLOSING: CampaignState.CLOSED,
    CampaignState.CLOSED: None,
    CampaignState.ABANDONED: None,
}

_WHILE_OPEN = {"closes_at"}


class CampaignPlan(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True
):
    """A campaign to draft; thresholds that are left out are the organisation's."""

    name: Name
    """What readers of results call the campaign."""
    wave: Wave = 1
    """1 for the baseline, then 2, 3, ..."""
    instrument_key: Code
    """Key of the instrument; it must be published."""
    instrument_version: Version
    """Version of the instrument, from 1."""
    mode: Mode = "anonymous"
    min_group: MinGroup | None = None
    """k, from 4 to 50; None is the organisation's."""
    min_comments: Count | None = None
    """Respondents of a unit whose comments are shown; None is 10, or k if that is more."""
    min_drivers: Count | None = None
    """Respondents behind an impact claim; None is 100."""
    opens_at: Moment | None = None
    """When it is meant to open, for readers; None if nobody has said."""
    closes_at: Moment | None = None
    """From then on no answer is taken; None if it is closed by hand."""
    audience: Audience | None = None
    """Whom to invite; None is everybody whom the instrument asks something."""

    def __post_init__(self) -> None:
        """Put the moments into UTC."""
        hold_moments(self, "opens_at", "closes_at")


class CampaignChange(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True
):
    """What to change; what is absent stays."""

    name: Name | msgspec.UnsetType = msgspec.UNSET
    """What readers of results call the campaign."""
    wave: Wave | msgspec.UnsetType = msgspec.UNSET
    instrument_key: Code | msgspec.UnsetType = msgspec.UNSET
    """Key of the instrument; it must be published."""
    instrument_version: Version | msgspec.UnsetType = msgspec.UNSET
    """Version of the instrument, from 1."""
    mode: Mode | msgspec.UnsetType = msgspec.UNSET
    min_group: MinGroup | msgspec.UnsetType = msgspec.UNSET
    """k, from 4 to 50: the smallest group of people with a figure."""
    min_comments: Count | msgspec.UnsetType = msgspec.UNSET
    """Respondents of a unit whose comments are shown."""
    min_drivers: Count | msgspec.UnsetType = msgspec.UNSET
    """Respondents behind an impact claim."""
    opens_at: Moment | msgspec.UnsetType | None = msgspec.UNSET
    """When it is meant to open, for readers; None if nobody has said."""
    closes_at: Moment | msgspec.UnsetType | None = msgspec.UNSET
    """From then on no answer is taken; None if it is closed by hand."""
    audience: Audience | msgspec.UnsetType | None = msgspec.UNSET
    """Whom to invite; None is everybody whom the instrument asks something."""

    def __post_init__(self) -> None:
        """Put the moments into UTC."""
        hold_moments(self, "opens_at", "closes_at")

    def fields(self) -> dict[str, object]:
        """Return the fields that are to change, with their new values."""
        fields = msgspec.structs.asdict(self)
        return {name: value for name, value in fields.items() if value is not msgspec.UNSET}


def settled(plan: CampaignPlan, *, min_group: int) -> CampaignPlan:
    """Fill in the thresholds that the plan leaves open, and check the whole.

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
    thresholds = CampaignThresholds(
        min_group=k,
        min_comments=max(10, k) if plan.min_comments is None else plan.min_comments,
        min_drivers=max(100, k) if plan.min_drivers is None else plan.min_drivers,
    )
    require_name(plan.name)
    if not 1 <= plan.wave <= GREATEST_SMALLINT:
        raise FieldInvalid("wave", plan.wave, expected=f"from 1 to {GREATEST_SMALLINT}")
    if plan.mode not in get_args(Mode):
        raise FieldInvalid("mode", plan.mode, expected=" or ".join(get_args(Mode)))
    thresholds.require()
    _require_times(plan.opens_at, plan.closes_at)
    if plan.audience is not None:
        require_audience(plan.audience)
    return msgspec.structs.replace(plan, **msgspec.structs.asdict(thresholds))


def _require_times(opens_at: datetime | None, closes_at: datetime | None) -> None:
    if opens_at and closes_at and closes_at <= opens_at:
        raise FieldInvalid("closes_at", closes_at.isoformat(), expected="after opens_at")


def require_move(current: str, wanted: str) -> None:
    """Check that a campaign may go from one state to another.

    Raises
    ------
    IllegalMove
        There is no way from the one to the other.
    """
    if wanted != _NEXT[CampaignState(current)]:
        raise IllegalMove(current=current, wanted=wanted)


def require_changeable(state: str, fields: Collection[str]) -> None:
    """Check that these fields may be changed: all before it opens, then the end, then nothing.

    Raises
    ------
    CampaignLocked
        Names the fields that have locked.
    """
    if state == CampaignState.DRAFT:
        return
    free = _WHILE_OPEN if state == CampaignState.OPEN else set[str]()
    locked = sorted(set(fields) - free)
    if locked:
        raise CampaignLocked(state=state, fields=locked)


def require_draft(state: str) -> None:
    """Check that a campaign has not opened.

    Raises
    ------
    CampaignNotDraft
        It has.
    """
    if state != CampaignState.DRAFT:
        raise CampaignNotDraft(state)


def asked_roles(definition: InstrumentDefinition) -> tuple[Role, ...]:
    """Return the roles that are asked at least one item."""
    roles: tuple[Role, ...] = get_args(Role)
    return tuple(role for role in roles if definition.items_for(role))
