"""The gap between the sponsorship that is claimed and the one that is felt."""

from collections.abc import Mapping, Sequence

import polars as pl

from analytics.results import Sponsorship
from analytics.sponsorship.campaign import study_sponsorship
from analytics.sponsorship.gaps import Asked, SponsorshipFindings, sponsorship_findings
from analytics.sponsorship.scope import Disclosure
from analytics.tree import UnitTree

__all__ = [
    "Asked",
    "SponsorshipFindings",
    "sponsorship_findings",
    "sponsorship_gaps",
    "study_sponsorship",
]


def sponsorship_gaps(
    people: pl.DataFrame,
    sponsors: pl.DataFrame,
    tree: UnitTree,
    disclosure: Mapping[str, Disclosure],
    *,
    construct: str = "executive_sponsorship",
    components: Sequence[str],
    min_group: int,
) -> dict[str, Sponsorship]:
    """Return the units of ``sponsorship_findings``; empty when nobody was asked."""
    found = sponsorship_findings(
        people,
        sponsors,
        tree,
        disclosure,
        asked=Asked(construct, tuple(components)),
        min_group=min_group,
    )
    return {} if found is None else found.units
