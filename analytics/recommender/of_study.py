"""Recommendations from the material of an analysis."""

from collections.abc import Mapping

import numpy as np

from analytics.disclosure.plan import DisclosurePlan
from analytics.recommender.anchors import Anchors
from analytics.recommender.measured import Measured
from analytics.recommender.people import PeopleBehind
from analytics.recommender.recommend import RecommenderResult, recommend
from analytics.results.quality import ScaleQuality
from analytics.study.roll_up import group_shares, roll_up
from analytics.study.study import Study
from analytics.study.unit_means import UnitMeans, means_behind

__all__ = ["recommendations_of"]


def recommendations_of(
    study: Study,
    plan: DisclosurePlan,
    anchors: Anchors,
    *,
    scales: Mapping[str, ScaleQuality],
    seed: int,
    earlier: Mapping[str, Mapping[str, float]] | None = None,
) -> RecommenderResult:
    """Fit the units of a study and recommend a model to each of its reported groups.

    Parameters
    ----------
    study : Study
        Answers, tree and weights.
    plan : DisclosurePlan
        What each group may show: a hidden construct counts as unanswered for its group.
    anchors : Anchors
        The theory.
    scales : mapping of str to ScaleQuality
        How reliably each construct was measured.
    seed : int
        Seed of the resamples behind stability.
    earlier : mapping of model to construct to points, optional
        Centroids learned in the company's last wave.
    """
    deviations = study.deviations("context")
    own = means_behind(deviations)
    people = PeopleBehind(
        own=own,
        deviations=deviations,
        shares=group_shares(own, study.tree, study.weights),
        seed=seed,
    )
    shown = _as_shown(roll_up(own, study.tree, study.weights), plan)
    return recommend(
        own, shown, anchors, people=people, earlier=earlier, measured=Measured.of(scales)
    )


def _as_shown(groups: UnitMeans, plan: DisclosurePlan) -> UnitMeans:
    """Keep the reported groups, with hidden constructs missing.

    A figure derived from a mean can give the mean away, so everything that is derived for a
    group uses only the constructs that the group may show.
    """
    rows = [row for row, code in enumerate(groups.units) if plan.reports(code)]
    units = tuple(groups.units[row] for row in rows)
    shown = np.array(
        [[plan.shows(code, construct) for construct in groups.constructs] for code in units]
    ).reshape(len(units), len(groups.constructs))
    return UnitMeans(
        units,
        groups.constructs,
        np.where(shown, groups.n[rows], 0),
        np.where(shown, groups.means[rows], np.nan),
        groups.within,
        groups.covariance[rows],
    )
