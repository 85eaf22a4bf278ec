"""The last wave, as far as the next one needs it for comparison."""

from collections.abc import Mapping
from dataclasses import dataclass

from analytics.disclosure.plan import DisclosurePlan
from analytics.results import CompanyPattern, Recommendation
from analytics.study.scoring import to_points
from analytics.study.study import Study
from analytics.study.tree import UnitTree
from analytics.waves.membership import HeadCounts, Membership

__all__ = ["EarlierWave"]


@dataclass(frozen=True)
class EarlierWave:
    """The answers of the last wave, and its results.

    Attributes
    ----------
    study : Study
        The answers.
    plan : DisclosurePlan
        What of it may be shown.
    recommendations : mapping of str to Recommendation
        As they were shown, by unit.
    pattern : CompanyPattern
        As it was shown.
    membership : Membership, optional
        Who has joined and left since; without it, head-counts of both waves tell.
    """

    study: Study
    plan: DisclosurePlan
    recommendations: Mapping[str, Recommendation]
    pattern: CompanyPattern
    membership: Membership | None = None

    def membership_since(self, tree: UnitTree) -> Membership | None:
        """Tell who has joined and left; None if a wave came without head-counts."""
        before = self.study.tree
        if self.membership is None and tree.has_headcounts and before.has_headcounts:
            return HeadCounts(tree.headcounts, before.headcounts)
        return self.membership

    @property
    def centroids(self) -> dict[str, dict[str, float]] | None:
        """Return the profiles that were learned, in points; None if nothing was learned."""
        profiles = self.pattern.profiles
        if not isinstance(profiles, dict):
            return None
        return {
            model: {construct: to_points(cell.learned) for construct, cell in cells.items()}
            for model, cells in profiles.items()
        }
