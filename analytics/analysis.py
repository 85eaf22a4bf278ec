"""The whole analysis of one set of responses: the one path behind every release and report."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from analytics.diagnosis.constraint import hidden_constraints, item_sampling_variance
from analytics.disclosure import DisclosurePlan, plan_disclosure
from analytics.figures import cut_table, shown_scores
from analytics.group_scores import GroupScores, group_scores
from analytics.instrument import Block, Instrument
from analytics.recommender import (
    METHOD,
    Anchors,
    PeopleBehind,
    RecommenderResult,
    recommend,
)
from analytics.results import (
    Analysis,
    Constraint,
    Lineage,
    Score,
    Sponsorship,
    Thresholds,
    UnitResult,
)
from analytics.roll_up import group_shares, roll_up
from analytics.sponsorship import sponsorship_gaps
from analytics.study import SPONSORSHIP, Study
from analytics.tree import UnitTree
from analytics.unit_means import UnitMeans, deviations_of

__all__ = ["Findings", "analyse"]


@dataclass(frozen=True)
class Findings:
    """What one analysis found.

    Attributes
    ----------
    analysis : Analysis
        Lineage, company and units, as on the wire.
    cuts : polars.DataFrame
        One row per unit, construct and cut: ``unit``, ``construct``, ``cut``, ``status``,
        ``n``, ``mean``, ``low``, ``high`` (0 to 100), ``level``; figures null where suppressed.
    """

    analysis: Analysis
    cuts: pl.DataFrame


def analyse(
    responses: pl.DataFrame,
    instrument: Instrument,
    anchors: Anchors,
    *,
    units: pl.DataFrame | None = None,
    thresholds: Thresholds | None = None,
    seed: int = 0,
) -> Findings:
    """Analyse the responses of one campaign or file.

    Parameters
    ----------
    responses : polars.DataFrame
        One row per respondent: ``unit``, ``role`` (``sponsor``, ``manager`` or
        ``contributor``), optionally ``duration_s``, and item columns in the order shown, with
        answers as given and null where there is none. Sponsors who did not consent to
        attribution are not to be in it.
    instrument : Instrument
        Constructs, items, direction, scale.
    anchors : Anchors
        The profiles of the operating models.
    units : polars.DataFrame, optional
        ``code``, ``parent_code``, ``headcount``; without it units stand side by side.
    thresholds : Thresholds, optional
        Smallest groups; 5 people behind a score by default.
    seed : int, default=0
        Seed of the draws behind the hidden constraint.

    Returns
    -------
    Findings
        Units of every level in the order of their code, suppressed ones without a figure.

    Raises
    ------
    AnalyticsError
        A column is missing, nothing was answered, or a response names a unit that is not in
        the tree.
    """
    thresholds = thresholds or Thresholds()
    study = Study.of(responses, instrument, units)
    plan = plan_disclosure(study, k=thresholds.scores)
    scores = group_scores(study.people, study.keys, study.tree, study.weights)
    recommended = _recommend(study, plan, anchors, seed=seed)
    constraints = _constraints(study, plan, scores["all"], seed=seed)
    sponsorship = _sponsorship(study, plan, k=thresholds.scores)
    results = []
    for code in study.tree.codes:
        if plan.reports(code):
            rated = shown_scores(scores["all"], plan, study.tree, code)
            results.append(_unit(study, code, rated, recommended, constraints, sponsorship))
        else:
            parent = study.tree.parents[code]
            results.append(UnitResult(unit=code, parent=parent, status="suppressed"))
    lineage = Lineage(
        instrument=f"{instrument.key}@{instrument.version}",
        method=METHOD,
        anchors=anchors.version,
        seed=seed,
        thresholds=thresholds,
        responses_read=responses.height,
        responses_used=study.people.height + study.sponsors.height,
        sponsors=study.sponsors.height,
    )
    analysis = Analysis(
        lineage=lineage, organisation=recommended.organisation, units=tuple(results)
    )
    return Findings(analysis, cut_table(scores, plan, study.tree))


def _shown_means(
    study: Study, plan: DisclosurePlan, block: Block
) -> tuple[UnitMeans, UnitMeans]:
    """Return each unit's own means, and those of the reported groups with hidden ones blank.

    A figure derived from a mean can give the mean away, so whatever is derived for a group
    rests on the constructs that the group may show and on no other.
    """
    own = study.own_means(block)
    groups = roll_up(own, study.tree, study.weights)
    rows = [row for row, code in enumerate(groups.units) if plan.reports(code)]
    units = tuple(groups.units[row] for row in rows)
    shown = np.array(
        [[plan.shows(code, construct) for construct in own.constructs] for code in units]
    ).reshape(len(units), len(own.constructs))
    return own, UnitMeans(
        units,
        own.constructs,
        np.where(shown, groups.n[rows], 0),
        np.where(shown, groups.means[rows], np.nan),
        own.within,
        groups.covariance[rows],
    )


def _recommend(
    study: Study, plan: DisclosurePlan, anchors: Anchors, *, seed: int
) -> RecommenderResult:
    fitted, shown = _shown_means(study, plan, "context")
    people = PeopleBehind(
        own=fitted,
        deviations=deviations_of(study.people, fitted.constructs, fitted.units),
        shares=group_shares(fitted, study.tree, study.weights),
        seed=seed,
    )
    return recommend(fitted, shown, anchors, people=people)


def _constraints(
    study: Study, plan: DisclosurePlan, scores: GroupScores, *, seed: int
) -> dict[str, Constraint]:
    root_causes = study.block("root_cause")
    if not root_causes:
        return {}
    shown = _as_scored(_shown_means(study, plan, "root_cause")[1], study.tree, scores)
    item_means = {
        construct.key: [
            study.item_means[item.key]
            for item in construct.items
            if item.key in study.item_means
        ]
        for construct in root_causes
    }
    return hidden_constraints(shown, item_sampling_variance(item_means), seed=seed)


def _as_scored(shown: UnitMeans, tree: UnitTree, scores: GroupScores) -> UnitMeans:
    """Take the means that readers see: the lowest score and the verdict must not disagree.

    Those of ``unit_means`` fill in what a person left out, as the recommender's reference does.
    """
    rows = [tree.codes.index(code) for code in shown.units]
    columns = [scores.constructs.index(key) for key in shown.constructs]
    seen = scores.mean[np.ix_(rows, columns)]
    return replace(shown, means=np.where(np.isfinite(shown.means), seen, np.nan))


def _sponsorship(study: Study, plan: DisclosurePlan, *, k: int) -> dict[str, Sponsorship]:
    if not study.behaviours:
        return {}
    disclosure = {code: plan.roles(code, SPONSORSHIP) for code in study.tree.codes}
    return sponsorship_gaps(
        study.people,
        study.sponsors,
        study.tree,
        disclosure,
        construct=SPONSORSHIP,
        components=study.behaviours,
        min_group=k,
    )


def _unit(
    study: Study,
    code: str,
    rated: dict[str, Score],
    recommended: RecommenderResult,
    constraints: Mapping[str, Constraint],
    sponsorship: Mapping[str, Sponsorship],
) -> UnitResult:
    """Gather what may be said of one reported unit."""
    members = study.tree.members(code)
    respondents = study.people.filter(pl.col("unit").is_in(members)).height
    headcount = sum(study.tree.headcounts.get(member, 0) for member in members)
    return UnitResult(
        unit=code,
        parent=study.tree.parents[code],
        status="reported",
        respondents=respondents,
        response_rate=respondents / headcount if headcount else None,
        scores=rated,
        constraint=constraints.get(code),
        recommendation=recommended.recommendations.get(code),
        sponsorship=sponsorship.get(code),
    )
