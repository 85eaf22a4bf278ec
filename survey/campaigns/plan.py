"""What a campaign is to be: settled before it opens, checked at every change."""

from collections.abc import Collection
from datetime import datetime, time
from typing import Annotated, get_args

import msgspec

from models.edges import GREATEST_SMALLINT, Code, Count, Moment, Name, Version
from models.enums import CampaignState
from models.moments import hold_moments
from survey.campaigns.audience import Audience, require_audience
from survey.campaigns.errors import CampaignLocked, CampaignNotDraft, IllegalMove
from survey.campaigns.window import SendingWindow
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
    CampaignState.DRAFT: {CampaignState.SCHEDULED, CampaignState.OPEN},
    CampaignState.SCHEDULED: {CampaignState.DRAFT, CampaignState.OPEN},
    CampaignState.OPEN: {CampaignState.CLOSING},
    CampaignState.CLOSING: {CampaignState.CLOSED},
    CampaignState.CLOSED: set[CampaignState](),
    CampaignState.ABANDONED: set[CampaignState](),
}

_WHILE_OPEN = {"closes_at", "sending_window", "reminders", "reminder_hour", "invite_joiners"}
_FREE = {
    CampaignState.SCHEDULED: {"opens_at", *_WHILE_OPEN},
    CampaignState.OPEN: _WHILE_OPEN,
}
MOST_REMINDERS = 5
_LONGEST = 365
Days = Annotated[int, msgspec.Meta(ge=1, le=_LONGEST)]
ReminderPlan = Annotated[tuple[Days, ...], msgspec.Meta(max_length=MOST_REMINDERS)]
Hour = Annotated[int, msgspec.Meta(ge=0, le=23)]
"""An hour of the day, 0 to 23."""


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
    """When it opens by itself, once somebody has opened it; None is at once."""
    closes_at: Moment | None = None
    """From then on no answer is taken; None if it is closed by hand."""
    audience: Audience | None = None
    """Whom to invite; None is everybody whom the instrument asks something."""
    sending_window: SendingWindow | None = None
    """When messages may leave, in each person's local time; None is at any time."""
    reminders: ReminderPlan = ()
    """Days from a person's invitation to each reminder, ascending, such as 3, 7 and 10."""
    reminder_hour: Hour | None = None
    """Local hour of reminders; None is the start of the window, or 9 without one."""
    invite_joiners: bool = False
    """Whether people who come while it is open are invited as well."""

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
    """When it opens by itself; None makes a scheduled campaign a draft again."""
    closes_at: Moment | msgspec.UnsetType | None = msgspec.UNSET
    """From then on no answer is taken; None if it is closed by hand."""
    audience: Audience | msgspec.UnsetType | None = msgspec.UNSET
    """Whom to invite; None is everybody whom the instrument asks something."""
    sending_window: SendingWindow | msgspec.UnsetType | None = msgspec.UNSET
    """When messages may leave, in each person's local time; None is at any time."""
    reminders: ReminderPlan | msgspec.UnsetType = msgspec.UNSET
    """Days from a person's invitation to each reminder, ascending, such as 3, 7 and 10."""
    reminder_hour: Hour | msgspec.UnsetType | None = msgspec.UNSET
    """Local hour of reminders; None is the start of the window, or 9 without one."""
    invite_joiners: bool | msgspec.UnsetType = msgspec.UNSET
    """Whether people who come while it is open are invited as well."""

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
    _require_messages(plan)
    return msgspec.structs.replace(plan, **msgspec.structs.asdict(thresholds))


def _require_times(opens_at: datetime | None, closes_at: datetime | None) -> None:
    if opens_at and closes_at and closes_at <= opens_at:
        raise FieldInvalid("closes_at", closes_at.isoformat(), expected="after opens_at")


def _require_messages(plan: CampaignPlan) -> None:
    """Check the window and the reminders, one by one and against each other."""
    window, days, hour = plan.sending_window, plan.reminders, plan.reminder_hour
    if window is not None:
        window.require()
    if (
        list(days) != sorted(set(days))
        or len(days) > MOST_REMINDERS
        or not all(1 <= day <= _LONGEST for day in days)
    ):
        expected = f"at most {MOST_REMINDERS} numbers of days, ascending, from 1 to {_LONGEST}"
        raise FieldInvalid("reminders", list(days), expected=expected)
    if hour is not None and not 0 <= hour <= 23:
        raise FieldInvalid("reminder_hour", hour, expected="from 0 to 23")
    if hour is not None and window is not None and not window.holds(time(hour)):
        expected = f"in the window, from {window.start} to {window.end}"
        raise FieldInvalid("reminder_hour", hour, expected=expected)


def require_move(current: str, wanted: str) -> None:
    """Check that a campaign may go from one state to another.

    Raises
    ------
    IllegalMove
        There is no way from the one to the other.
    """
    if wanted not in _NEXT[CampaignState(current)]:
        raise IllegalMove(current=current, wanted=wanted)


def require_changeable(state: str, fields: Collection[str]) -> None:
    """Check that these fields may be changed: all in a draft, then what the time plan is.

    Raises
    ------
    CampaignLocked
        Names the fields that have locked.
    """
    if state == CampaignState.DRAFT:
        return
    locked = sorted(set(fields) - _FREE.get(CampaignState(state), set()))
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
