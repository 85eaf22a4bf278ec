"""How many people take part in a campaign; nothing else is shown before its release."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from uuid_utils.compat import uuid7

from analytics.results.participation import RateForecast
from models.edges import Moment
from models.engine import connection, reading, transaction
from survey.campaigns.errors import CampaignNotFound
from survey.campaigns.forecast import (
    CampaignCourse,
    Look,
    forecast_participation,
    looked_again,
)
from survey.campaigns.head_counts import (
    Counts,
    FrozenUnit,
    UnitHeadCounts,
    visible_participation,
)
from survey.campaigns.invited import INVITED
from survey.campaigns.steps import Step, next_steps, visible_steps
from survey.directory.sight import subtree

__all__ = ["Participation", "participation"]

# A unit has one or two sponsors, and no number of respondents in a release includes them. If
# they counted here, the difference would tell whether the sponsor of a unit has answered.
_COUNTS = f"""
SELECT u.code, u.name, u.parent_code, coalesce(sum(i.invited), 0)::int,
       coalesce(sum(i.started), 0)::int, coalesce(sum(i.completed), 0)::int
FROM campaign_unit u LEFT JOIN ({INVITED}) AS i ON i.unit_code = u.code
WHERE u.campaign = $1 GROUP BY u.code, u.name, u.parent_code
"""  # noqa: S608 - our own statement


_CAMPAIGN = """
SELECT c.state, c.min_group, c.opened_at, c.closes_at, p.as_of, p.steps, p.shown,
       CASE WHEN c.state = 'open' THEN (
           SELECT json_agg(json_build_object('opened_at', e.opened_at, 'closes_at', e.closed_at,
                                             'shown', q.shown) ORDER BY e.closed_at)
           FROM campaign e JOIN participation_steps q ON q.campaign = e.id
           WHERE e.state = 'closed')
       END AS past
FROM campaign c LEFT JOIN participation_steps p ON p.campaign = c.id WHERE c.id = $1
"""

# Whoever comes second shows what the first one stored.
_STORE = """
INSERT INTO participation_steps AS kept (id, organisation, campaign, as_of, steps, shown)
VALUES ($1, $2, $3, $4, $5, $7)
ON CONFLICT (campaign) DO UPDATE
    SET as_of = excluded.as_of, steps = excluded.steps, shown = excluded.shown
    WHERE kept.as_of = $6
RETURNING true
"""

BETWEEN_STEPS = timedelta(hours=1)
"""While a campaign is open, its numbers move at most so often."""

_STEPS = msgspec.json.Decoder(dict[str, Step])
_LOOKS = msgspec.json.Decoder(tuple[Look, ...])
_COURSES = msgspec.json.Decoder(tuple[CampaignCourse, ...])


class Participation(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Participation unit by unit, under the campaign's threshold."""

    campaign: UUID
    """Id of the campaign."""
    state: str
    """State of the campaign: draft, open, closing or closed."""
    min_group: int
    """k: units with fewer people invited have no number."""
    as_of: Moment | None
    """When the numbers were last looked at: while the campaign is open, they move at most once
    an hour, and those of a unit by k people or more. None before it opens, and once the numbers
    are final."""
    units: tuple[UnitHeadCounts, ...]
    """The tree as it was when the campaign opened, by code; empty before."""
    forecast: RateForecast | None = None
    """Final rate of the company, forecast from these numbers and those shown before; None
    unless the campaign is open, and for readers restricted to a part of the company."""


class _Campaign(msgspec.Struct, frozen=True):
    """A campaign with the steps that every reader sees, and when they were taken."""

    state: str
    min_group: int
    as_of: datetime | None
    steps: Mapping[str, Step]
    course: CampaignCourse | None
    past: Sequence[CampaignCourse]


async def participation(
    organisation: UUID, campaign_id: UUID, *, now: datetime, within: str | None = None
) -> Participation:
    """Return how many were invited, have started and have completed, under the threshold.

    Managers and contributors are counted; there are too few sponsors to count. What is hidden
    is decided over the whole tree, so that two readers cannot compare notes. While a campaign
    is open, its numbers move in steps. The first reader after an hour moves them and stores
    what is shown, for all readers and processes.

    Parameters
    ----------
    now : datetime
        The present moment, UTC.
    within
        Code of the unit that the reader is restricted to; None sees the whole tree.

    Raises
    ------
    CampaignNotFound
        No campaign of the organisation has this id.
    """
    async with reading(organisation):
        campaign = await _read(campaign_id)
        rows = [tuple(row) for row in await connection().fetch(_COUNTS, campaign_id)]
    tree = [FrozenUnit(*row[:3]) for row in rows]
    counts = {unit.code: Counts(*row[3:]) for unit, row in zip(tree, rows, strict=True)}
    if _is_due(campaign, now):
        moved = next_steps(tree, counts, campaign.steps, k=campaign.min_group)
        campaign = await _store(organisation, campaign_id, campaign, moved, now=now)
    shown = _visible(campaign, tree, counts)
    if within is not None:
        seen = subtree({unit.code: unit.parent_code for unit in tree}, within)
        shown = tuple(unit for unit in shown if unit.unit in seen)
    forecast = None if within is not None else _forecast(campaign, tree, counts)
    return Participation(
        campaign=campaign_id,
        state=campaign.state,
        min_group=campaign.min_group,
        as_of=None if campaign.state == "closed" else campaign.as_of,
        units=shown,
        forecast=forecast,
    )


async def _read(campaign: UUID) -> _Campaign:
    row: Any = await connection().fetchrow(_CAMPAIGN, campaign)
    if row is None:
        raise CampaignNotFound(campaign)
    steps = {} if row["steps"] is None else _STEPS.decode(row["steps"])
    course = None
    if row["opened_at"] is not None:
        course = CampaignCourse(
            opened_at=row["opened_at"],
            closes_at=row["closes_at"],
            shown=_LOOKS.decode(row["shown"] or b"[]"),
        )
    past = _COURSES.decode(row["past"] or b"[]")
    return _Campaign(row["state"], row["min_group"], row["as_of"], steps, course, past)


def _is_due(campaign: _Campaign, now: datetime) -> bool:
    if campaign.state != "open":
        return False
    return campaign.as_of is None or now >= campaign.as_of + BETWEEN_STEPS


async def _store(
    organisation: UUID,
    campaign_id: UUID,
    before: _Campaign,
    moved: Mapping[str, Step],
    *,
    now: datetime,
) -> _Campaign:
    """Store the steps for all readers, unless another reader came first; return what holds."""
    steps = msgspec.json.encode(moved).decode()
    looks = looked_again(before.course.shown if before.course else (), moved, now=now)
    shown = msgspec.json.encode(looks).decode()
    async with transaction(organisation):
        stored = await connection().fetchval(
            _STORE, uuid7(), organisation, campaign_id, now, steps, before.as_of, shown
        )
        if not stored:
            return await _read(campaign_id)
    course = before.course and msgspec.structs.replace(before.course, shown=looks)
    return msgspec.structs.replace(before, as_of=now, steps=moved, course=course)


def _forecast(
    campaign: _Campaign, tree: Sequence[FrozenUnit], counts: Mapping[str, Counts]
) -> RateForecast | None:
    if campaign.state != "open" or campaign.as_of is None or campaign.course is None:
        return None
    return forecast_participation(
        tree,
        {code: one.invited for code, one in counts.items()},
        campaign.course,
        campaign.past,
        as_of=campaign.as_of,
        k=campaign.min_group,
    )


def _visible(
    campaign: _Campaign, tree: Sequence[FrozenUnit], counts: Mapping[str, Counts]
) -> tuple[UnitHeadCounts, ...]:
    if campaign.state == "closed":
        return visible_participation(tree, counts, k=campaign.min_group)
    return visible_steps(tree, counts, campaign.steps, k=campaign.min_group)
