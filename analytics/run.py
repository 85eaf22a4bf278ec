"""One analysis under way: its material and the rules it keeps."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from analytics.disclosure.plan import DisclosurePlan
from analytics.earlier_wave import EarlierWave
from analytics.results import Thresholds
from analytics.study.group_scores import Cut, GroupScores
from analytics.study.study import Study
from analytics.theory import Theory

__all__ = ["Run"]


@dataclass(frozen=True)
class Run:
    """What every part of an analysis draws on.

    Attributes
    ----------
    study : Study
        Answers, tree, weights.
    plan : DisclosurePlan
        What may be shown.
    scores : mapping of cut to GroupScores
        Means with their intervals.
    theory : Theory
        Profiles, phases, conditions.
    thresholds : Thresholds
        Smallest groups.
    seed : int
        Of all draws.
    earlier : EarlierWave, optional
        The last wave.
    headcounts_by_role : polars.DataFrame, optional
        ``unit``, ``role``, ``headcount``.
    """

    study: Study
    plan: DisclosurePlan
    scores: Mapping[Cut, GroupScores]
    theory: Theory
    thresholds: Thresholds
    seed: int
    earlier: EarlierWave | None
    headcounts_by_role: pl.DataFrame | None

    @property
    def k(self) -> int:
        """Return the smallest group, in people."""
        return self.thresholds.scores

    @cached_property
    def respondents(self) -> dict[str, int]:
        """Return how many people of each unit's own answered."""
        return dict(self.study.people.group_by("unit").len().iter_rows())
