"""The whole analysis of one set of responses: the one path behind every release and report."""

from dataclasses import dataclass

import polars as pl
from threadpoolctl import threadpool_limits

from analytics.disclosure.figures import cut_table, shown_scores
from analytics.disclosure.plan import (
    DisclosurePlan,
    disclosable,
    open_cells,
    plan_disclosure,
)
from analytics.earlier_wave import EarlierWave
from analytics.instrument import Instrument
from analytics.parts import Parts, Run
from analytics.recommender.recommend import METHOD
from analytics.results import Analysis, Lineage, Thresholds, UnitResult
from analytics.study.group_scores import group_scores
from analytics.study.study import Study
from analytics.theory import Theory

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
        ``n``, ``mean``, ``low``, ``high`` (0 to 100), ``level``; figures null if suppressed.
    study, plan
        The study, and what of it may be shown: the next wave is compared with them.
    """

    analysis: Analysis
    cuts: pl.DataFrame
    study: Study
    plan: DisclosurePlan

    def as_earlier(self) -> EarlierWave:
        """Return this wave as the one before the next."""
        return EarlierWave(
            study=self.study,
            plan=self.plan,
            recommendations={
                unit.unit: unit.recommendation
                for unit in self.analysis.units
                if unit.recommendation is not None
            },
            pattern=self.analysis.organisation,
        )


def analyse(
    responses: pl.DataFrame,
    instrument: Instrument,
    theory: Theory,
    *,
    units: pl.DataFrame | None = None,
    headcounts_by_role: pl.DataFrame | None = None,
    thresholds: Thresholds | None = None,
    seed: int = 0,
    earlier: EarlierWave | None = None,
) -> Findings:
    """Analyse the responses of one campaign or file.

    Parameters
    ----------
    responses : polars.DataFrame
        One row per respondent: ``unit``, ``role`` (``sponsor``, ``manager`` or
        ``contributor``), optionally ``duration_s`` or ``too_fast``, ``submitted_on``,
        ``person`` (a key that the last wave uses too) and ``imported`` (Boolean: by import
        or by invitation; without it all are of one kind), and item columns in the order
        shown, with answers as given and null if there is none. Sponsors who did not
        consent to attribution must not be in it.
    instrument : Instrument
        Constructs, items, direction, scale.
    theory : Theory
        The profiles of the operating models, phases and conditions.
    units : polars.DataFrame, optional
        ``code``, ``parent_code``, ``headcount``; without it units stand side by side. If not
        everybody was asked, also ``population``, see ``UnitTree.of``.
    headcounts_by_role : polars.DataFrame, optional
        ``unit``, ``role``, ``headcount``; without it non-response is weighted by unit alone. If
        not everybody was asked, also ``invited``, see ``Staff.of``.
    thresholds : Thresholds, optional
        Smallest groups; 5 people behind a score by default.
    seed : int, default=0
        Seed of all draws.
    earlier : EarlierWave, optional
        The last wave, to compare with.

    Returns
    -------
    Findings
        Units of every level in the order of their code, suppressed ones without a figure.

    Raises
    ------
    AnalyticsError
        A column is missing, nothing was answered, or a response names a unit that is not in
        the tree.

    Notes
    -----
    Keeps the linear algebra of the process to one thread from then on. Its matrices are small,
    so further threads mostly wait, and the last digits would depend on their number.
    """
    threadpool_limits(limits=1)
    thresholds = thresholds or Thresholds()
    responses = disclosable(responses, instrument, units, k=thresholds.scores)
    study = Study.of(responses, instrument, units)
    plan = plan_disclosure(study, k=thresholds.scores)
    run = Run(
        study=study,
        plan=plan,
        scores=group_scores(
            study.people,
            study.keys,
            study.tree,
            study.weights,
            open_cells=open_cells(plan, study.tree, study.keys),
        ),
        theory=theory,
        thresholds=thresholds,
        seed=seed,
        earlier=earlier,
        headcounts_by_role=headcounts_by_role,
    )
    analysis = _analysis(run, Parts.of(run), responses_read=responses.height)
    return Findings(analysis, cut_table(run.scores, run.plan, study.tree), study, run.plan)


def _analysis(run: Run, parts: Parts, *, responses_read: int) -> Analysis:
    return Analysis(
        lineage=_lineage(run, responses_read),
        organisation=parts.pattern,
        constraint=parts.company.constraint,
        portfolio=parts.portfolio,
        drivers=parts.drivers,
        sponsorship=parts.sponsorship.company if parts.sponsorship else None,
        quality=parts.company_quality,
        participation=parts.company_participation,
        change=parts.company_change,
        drift=parts.drift,
        units=tuple(_unit(run, parts, code) for code in run.study.tree.codes),
    )


def _lineage(run: Run, responses_read: int) -> Lineage:
    study, theory = run.study, run.theory
    return Lineage(
        instrument=f"{study.instrument.key}@{study.instrument.version}",
        method=METHOD,
        anchors=theory.anchors.version,
        phases=theory.phases.version if theory.phases else None,
        yardsticks=theory.yardsticks.version if theory.yardsticks else None,
        seed=run.seed,
        thresholds=run.thresholds,
        responses_read=responses_read,
        responses_used=study.people.height + study.sponsors.height,
        sponsors=study.sponsors.height,
    )


def _unit(run: Run, parts: Parts, code: str) -> UnitResult:
    """Gather what may be shown of one unit and the units below it."""
    tree = run.study.tree
    if not run.plan.reports(code):
        return UnitResult(unit=code, parent=tree.parents[code], status="suppressed")
    members = tree.members(code)
    respondents = sum(run.respondents.get(member, 0) for member in members)
    diagnosed = parts.units[code]
    answered = parts.unit_participation[code]
    return UnitResult(
        unit=code,
        parent=tree.parents[code],
        status="reported",
        respondents=respondents,
        response_rate=answered.everyone.rate if answered.everyone else None,
        scores=shown_scores(run.scores["all"], run.plan, tree, code),
        constraint=diagnosed.constraint,
        recommendation=parts.recommendations.get(code),
        sponsorship=parts.sponsorship.units.get(code) if parts.sponsorship else None,
        readiness=diagnosed.readiness,
        governance=diagnosed.governance_audit,
        practices=diagnosed.practices,
        quality=parts.unit_quality.get(code),
        participation=answered,
        change=parts.unit_changes.get(code),
    )
