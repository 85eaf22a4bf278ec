"""How many people take part in a campaign; the only thing that shows before it is released."""

from uuid import UUID

import msgspec

from models.engine import connection, transaction
from survey.campaigns.head_counts import (
    Counts,
    FrozenUnit,
    UnitHeadCounts,
    visible_participation,
)
from survey.campaigns.read import read_campaign
from survey.directory.sight import subtree

__all__ = ["Participation", "participation"]

_UNITS = "SELECT code, name, parent_code FROM campaign_unit WHERE campaign = $1"

# A unit has one or two sponsors, and no number of respondents in a release includes them. If
# they counted here, the difference would tell whether the sponsor of a unit has answered.
_COUNTS = """
SELECT unit_code, count(*), count(*) FILTER (WHERE started OR completed),
       count(*) FILTER (WHERE completed)
FROM invitation WHERE campaign = $1 AND role <> 'sponsor' GROUP BY unit_code
"""


class Participation(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Participation unit by unit, under the campaign's threshold."""

    campaign: UUID
    state: str
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
    async with transaction(organisation):
        campaign = await read_campaign(organisation, campaign_id)
        units = await connection().fetch(_UNITS, campaign_id)
        counts = await connection().fetch(_COUNTS, campaign_id)
    tree = [FrozenUnit(*unit) for unit in units]
    shown = visible_participation(
        tree,
        {code: Counts(*numbers) for code, *numbers in map(tuple, counts)},
        k=campaign.min_group,
    )
    if within is not None:
        seen = subtree({unit.code: unit.parent_code for unit in tree}, within)
        shown = tuple(unit for unit in shown if unit.unit in seen)
    return Participation(
        campaign=campaign.id, state=campaign.state, min_group=campaign.min_group, units=shown
    )
