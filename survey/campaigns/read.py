"""Campaigns as readers see them, and the lock that every change of one takes first."""

from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

import msgspec

from models.edges import Moment
from models.engine import connection, reading
from survey.campaigns.audience import AudienceView
from survey.campaigns.errors import CampaignNotFound
from survey.campaigns.plan import Hour, ReminderPlan
from survey.campaigns.window import SendingWindow
from survey.errors import NotFound
from survey.instruments.parts import Mode
from survey.paging import Page, id_after, page_of, require_limit, whole_list

__all__ = [
    "CampaignProblem",
    "CampaignView",
    "NoSuchCampaign",
    "State",
    "find_campaign",
    "list_campaigns",
    "locked_campaign",
    "read_campaign",
]

_VIEW = """
SELECT c.id, c.name, c.wave, i.key AS instrument_key, i.version AS instrument_version, c.mode,
       c.state, c.min_group, c.min_comments, c.min_drivers, c.opens_at, c.closes_at,
       c.opened_at, c.closed_at, c.revision, c.created_at, c.audience,
       c.sending_window, c.reminders, c.reminder_hour, c.invite_joiners, c.channel,
       c.next_reminder_at, c.problem
FROM campaign c JOIN instrument i ON i.id = c.instrument
"""

_ONE = _VIEW + "WHERE c.id = $1"
_LOCKED = _ONE + " FOR UPDATE OF c"
_SOME = _VIEW + "WHERE $1::uuid IS NULL OR c.id > $1 ORDER BY c.id LIMIT $2"


State = Literal["draft", "scheduled", "open", "closing", "closed", "abandoned"]
"""States of a campaign."""

_AUDIENCE = msgspec.json.Decoder(AudienceView)


class CampaignProblem(msgspec.Struct, frozen=True, kw_only=True):
    """Why a scheduled campaign has not opened on time; it is tried again."""

    code: str
    """Stable name of what is wrong."""
    detail: str
    """What is wrong, in words for people."""


class CampaignView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A campaign: one wave of one instrument."""

    id: UUID
    """Id of the campaign."""
    name: str
    """What readers of results call the campaign."""
    wave: int
    """Number of the wave: 1 for the baseline, then 2, 3, ..."""
    instrument_key: str
    """Key of the instrument."""
    instrument_version: int
    """Version of the instrument, from 1."""
    mode: Mode
    state: State
    """``draft``: may be changed; ``scheduled``: opens by itself at ``opensAt``; ``open``: takes
    answers; ``closing``: takes none, and its envelopes are being opened; ``closed``: can be
    released; ``abandoned``: ended without its answers."""
    min_group: int
    """k: the smallest group of people with a figure."""
    min_comments: int
    """Respondents of a unit whose comments are shown."""
    min_drivers: int
    """Respondents behind an impact claim."""
    opens_at: Moment | None
    """When it opens by itself, once somebody has opened it; None is at once."""
    closes_at: Moment | None
    """From then on no answer is taken; None if it is closed by hand."""
    sending_window: SendingWindow | None = None
    """When messages may leave, in each person's local time; None is at any time."""
    reminders: ReminderPlan = ()
    """Days from a person's invitation to each reminder, ascending."""
    reminder_hour: Hour | None = None
    """Local hour of reminders; None is the start of the window, or 9 without one."""
    invite_joiners: bool = False
    """Whether people who come while it is open are invited as well."""
    channel: str | None = None
    """Kind of the channel that brings its messages; None in a draft."""
    next_reminder_at: Moment | None = None
    """When the plan next reminds anybody who has not answered, whether or not there is such a
    person; None if no reminder is to come."""
    problem: CampaignProblem | None = None
    """Why it has not opened at ``opensAt``; it is tried again. None if nothing is wrong."""
    opened_at: Moment | None
    """When it was opened; None in a draft."""
    closed_at: Moment | None
    """When it was closed; None before."""
    audience: AudienceView | None = None
    """Whom it invites; None is everybody whom the instrument asks something."""
    revision: int
    """Grows with every change; the ETag."""
    created_at: Moment
    """When it was drafted."""


async def read_campaign(organisation: UUID, campaign_id: UUID) -> CampaignView:
    """Return one campaign.

    Raises
    ------
    CampaignNotFound
        No campaign of the organisation has this id.
    """
    async with reading(organisation):
        row = await connection().fetchrow(_ONE, campaign_id)
    if row is None:
        raise CampaignNotFound(campaign_id)
    return _view(row)


async def list_campaigns(
    organisation: UUID, *, after: str | None = None, limit: int = 100
) -> Page[CampaignView]:
    """Return campaigns in the order in which they were drafted.

    Parameters
    ----------
    after
        The ``next`` of the page before; None for the first.

    Raises
    ------
    FieldInvalid
        ``limit`` is out of range, or ``after`` is no id.
    """
    require_limit(limit)
    start = id_after(after)
    async with reading(organisation):
        rows = await connection().fetch(_SOME, start, limit + 1)
    found = [_view(row) for row in rows]
    return page_of(found, limit=limit, key=lambda campaign: str(campaign.id))


async def locked_campaign(campaign_id: UUID) -> CampaignView:
    """Lock a campaign in the current transaction, before anything of it is touched.

    A submission locks it ``FOR SHARE`` and then its invitation: the same order, so that the two
    never wait for each other.

    Raises
    ------
    CampaignNotFound
        No campaign of the organisation has this id.
    """
    row = await connection().fetchrow(_LOCKED, campaign_id)
    if row is None:
        raise CampaignNotFound(campaign_id)
    return _view(row)


def _view(row: Mapping[str, Any]) -> CampaignView:
    audience, window, problem = row["audience"], row["sending_window"], row["problem"]
    decoded = {
        "audience": audience and _AUDIENCE.decode(audience),
        "sending_window": window and msgspec.json.decode(window, type=SendingWindow),
        "problem": problem and msgspec.json.decode(problem, type=CampaignProblem),
        "reminders": tuple(row["reminders"]),
    }
    return CampaignView(**{**row, **decoded})


class NoSuchCampaign(NotFound):
    """No campaign has this name and wave, or several do."""

    code = "no-such-campaign"

    def __init__(self, named: str, known: tuple[str, ...]) -> None:
        there_are = "; ".join(known) or "none yet"
        super().__init__(
            f"{named} does not name exactly one campaign. There are: {there_are}.",
            campaign=named,
            known=list(known),
        )


async def find_campaign(
    organisation: UUID, name: str, *, wave: int | None = None
) -> CampaignView:
    """Return the campaign of this id or name.

    Parameters
    ----------
    name : str
        Its id, or its name.
    wave : int, optional
        Which wave; needed if several have the name.

    Raises
    ------
    NoSuchCampaign
        None has this id or name, or several do.
    """
    campaigns = await whole_list(
        lambda after, limit: list_campaigns(organisation, after=after, limit=limit)
    )
    found = [
        campaign
        for campaign in campaigns
        if name in {campaign.name, str(campaign.id)} and wave in {None, campaign.wave}
    ]
    if len(found) != 1:
        named = f"{name!r}" if wave is None else f"{name!r}, wave {wave}"
        raise NoSuchCampaign(named, tuple(f"{one.name}, wave {one.wave}" for one in campaigns))
    return found[0]
