"""How many people take part in a campaign; nothing else is shown before its release."""

from uuid import UUID

import msgspec

from models.engine import connection, reading
from survey.campaigns.head_counts import (
    Counts,
    FrozenUnit,
    UnitHeadCounts,
    visible_participation,
)
from survey.campaigns.read import read_campaign
from survey.directory.sight import subtree

__all__ = ["Participation", "participation"]

# A unit has one or two sponsors, and no number of respondents in a release includes them. If
# they counted here, the difference would tell whether the sponsor of a unit has answered.
_COUNTS = """
SELECT u.code, u.name, u.parent_code, count(i.id),
       count(i.id) FILTER (WHERE i.started OR i.completed),
       count(i.id) FILTER (WHERE i.completed)
FROM campaign_unit u
     LEFT JOIN invitation i ON (i.campaign, i.unit_code) = (u.campaign, u.code)
                               AND i.role <> 'sponsor'
WHERE u.campaign = $1 GROUP BY u.code, u.name, u.parent_code
"""


class Participation(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Participation unit by unit, under the campaign's threshold."""

    campaign: UUID
    """Id of the campaign."""
    state: str
    """State of the campaign: draft, open, closing or closed."""
    min_group: int
    """k: units with fewer people invited have no number."""
    units: tuple[UnitHeadCounts, ...]
    """The tree as it was when the campaign opened, by code; empty before."""


async def participation(
    organisation: UUID, campaign_id: UUID, *, within: str | None = None
) -> Participation:
    """Return how many were invited, have started and have completed, under the threshold.

    Managers and contributors are counted; there are too few sponsors to count. What is hidden
    is decided over the whole tree, so that two readers cannot compare notes.

    Parameters
    ----------
    within
        Code of the unit that the reader is restricted to; None sees the whole tree.

    Raises
    ------
    CampaignNotFound
        No campaign of the organisation has this id.
    """
    async with reading(organisation):
        campaign = await read_campaign(organisation, campaign_id)
        rows = [tuple(row) for row in await connection().fetch(_COUNTS, campaign_id)]
    tree = [FrozenUnit(*row[:3]) for row in rows]
    counts = {unit.code: Counts(*row[3:]) for unit, row in zip(tree, rows, strict=True)}
    shown = visible_participation(tree, counts, k=campaign.min_group)
    if within is not None:
        seen = subtree({unit.code: unit.parent_code for unit in tree}, within)
        shown = tuple(unit for unit in shown if unit.unit in seen)
    return Participation(
        campaign=campaign.id, state=campaign.state, min_group=campaign.min_group, units=shown
    )
