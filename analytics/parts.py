"""Every part of an analysis, computed once, before results are arranged by unit."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import msgspec
import polars as pl

from analytics.diagnosis.diagnose import diagnose
from analytics.diagnosis.unit_constraints import importance_of, with_importance
from analytics.disclosure.plan import DisclosurePlan
from analytics.drivers import drivers
from analytics.earlier_wave import EarlierWave
from analytics.participation import participation
from analytics.portfolio import portfolio
from analytics.quality import company_quality, unit_quality
from analytics.recommender.of_study import recommendations_of
from analytics.results import CompanyPattern, Recommendation, Thresholds
from analytics.results.diagnosis import Diagnosis
from analytics.results.drivers import Drivers
from analytics.results.participation import CompanyParticipation, UnitParticipation
from analytics.results.portfolio import Portfolio
from analytics.results.quality import CompanyQuality, UnitQuality
from analytics.results.waves import CompanyChange, Drift, KeptRecommendation, UnitChange
from analytics.sponsorship import SponsorshipFindings, study_sponsorship
from analytics.study.group_scores import GroupScores
from analytics.study.study import Study
from analytics.study.tree import COMPANY
from analytics.theory import Theory
from analytics.vocabulary import Cut
from analytics.waves import changes, drift, keep_recommendation
from analytics.waves.membership import few_moved
from analytics.yardsticks import Yardsticks

__all__ = ["Parts", "Run"]

_NO_YARDSTICKS = Yardsticks(version="none", in_place=3.0, conditions={})


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


@dataclass(frozen=True)
class Parts:
    """The findings, part by part; mappings by code hold shown units."""

    pattern: CompanyPattern
    recommendations: Mapping[str, Recommendation]
    portfolio: Portfolio | None
    drivers: Drivers | None
    company: Diagnosis
    units: Mapping[str, Diagnosis]
    sponsorship: SponsorshipFindings | None
    company_quality: CompanyQuality
    unit_quality: Mapping[str, UnitQuality]
    company_participation: CompanyParticipation
    unit_participation: Mapping[str, UnitParticipation]
    company_change: CompanyChange | None
    unit_changes: Mapping[str, UnitChange]
    drift: Drift | None

    @classmethod
    def of(cls, run: Run) -> "Parts":
        """Compute every part, in the order of their dependencies."""
        study, plan, k, seed = run.study, run.plan, run.k, run.seed
        before = run.earlier
        measured = company_quality(study, plan, k=k, seed=seed)
        recommended = recommendations_of(
            study,
            plan,
            run.theory.anchors,
            scales=measured.scales,
            seed=seed,
            earlier=before.centroids if before else None,
        )
        driving = drivers(study, plan, thresholds=run.thresholds, seed=seed)
        diagnosed = _diagnosed(run, recommended.recommendations, driving)
        advice = {
            code: _complete(found, diagnosed.get(code, Diagnosis()), run, code)
            for code, found in recommended.recommendations.items()
        }
        company_answered, answered = participation(
            study, plan, headcounts_by_role=run.headcounts_by_role, k=k
        )
        company_change, changed, drifted = _compared(run, advice)
        return cls(
            pattern=recommended.pattern,
            recommendations=advice,
            portfolio=portfolio(
                advice, study.tree, headcounts=_headcounts(answered), seed=seed
            ),
            drivers=driving,
            company=diagnosed.get(COMPANY, Diagnosis()),
            units={code: diagnosed.get(code, Diagnosis()) for code in study.tree.codes},
            sponsorship=study_sponsorship(
                study,
                plan,
                k=k,
                seed=seed,
                evidence=run.theory.yardsticks.evidence if run.theory.yardsticks else None,
            ),
            company_quality=measured,
            unit_quality=unit_quality(study, plan, k=k),
            company_participation=company_answered,
            unit_participation=answered,
            company_change=company_change,
            unit_changes=changed,
            drift=drifted,
        )


def _diagnosed(
    run: Run, advice: Mapping[str, Recommendation], driving: Drivers | None
) -> dict[str, Diagnosis]:
    found = diagnose(
        run.study,
        run.plan,
        run.theory.phases,
        run.theory.yardsticks or _NO_YARDSTICKS,
        {code: _displayed(given, run, code) for code, given in advice.items()},
        k=run.k,
        seed=run.seed,
    )
    importance = importance_of(driving)
    return {
        code: msgspec.structs.replace(
            one,
            constraint=with_importance(one.constraint, importance) if one.constraint else None,
        )
        for code, one in found.items()
    }


def _headcounts(answered: Mapping[str, UnitParticipation]) -> dict[str, int]:
    """Return the head-counts of shown units that can be right: those with a response rate.

    A sample speaks for its whole population.
    """
    return {
        code: rate.headcount if rate.population is None else rate.population
        for code, one in answered.items()
        if (rate := one.everyone)
    }


def _complete(
    found: Recommendation, diagnosed: Diagnosis, run: Run, code: str
) -> Recommendation:
    """Add prerequisites, the displayed model and the published figures."""
    yardsticks = run.theory.yardsticks or _NO_YARDSTICKS
    return msgspec.structs.replace(
        found,
        prerequisites=diagnosed.prerequisites,
        since_last_wave=_since(found, run, code),
        evidence=tuple(yardsticks.evidence.models.get(found.model, ())),
    )


def _displayed(found: Recommendation, run: Run, code: str) -> str:
    """Return the model that a reader sees; prerequisites belong to that one."""
    kept = _since(found, run, code)
    return kept.displayed if kept else found.model


def _since(found: Recommendation, run: Run, code: str) -> KeptRecommendation | None:
    """Decide which model is displayed; a unit without a clear model displayed none before."""
    before = run.earlier.recommendations.get(code) if run.earlier else None
    if before is None:
        return None
    kept = before.since_last_wave
    displayed = kept.displayed if kept else before.model
    if kept is None and before.status == "no_clear_model":
        return None
    return keep_recommendation(displayed, _comparable(before, run, code), found)


def _comparable(before: Recommendation, run: Run, code: str) -> Mapping[str, float]:
    """Return the last wave's probabilities, if their change may be shown as a figure."""
    if run.earlier is None:
        return {}
    tree, membership = run.study.tree, run.earlier.membership_since(run.study.tree)
    moved = few_moved(tree, run.earlier.study.tree, membership, k=run.k, unit=code)
    return {} if moved else before.conditional


def _compared(
    run: Run, advice: Mapping[str, Recommendation]
) -> tuple[CompanyChange | None, Mapping[str, UnitChange], Drift | None]:
    before = run.earlier
    if before is None:
        return None, {}, None
    membership = before.membership_since(run.study.tree)
    company, units = changes(
        run.study, run.plan, before.study, before.plan, k=run.k, membership=membership
    )
    drifted = drift(
        run.study,
        before.study,
        advice,
        before.recommendations,
        k=run.k,
        figures=not few_moved(run.study.tree, before.study.tree, membership, k=run.k),
    )
    return company, units, drifted
