"""The whole diagnosis of a company: the findings of all modules, gathered per unit."""

from collections.abc import Mapping

from analytics.diagnosis.governance import governance_audit
from analytics.diagnosis.phase_progress import phase_progress
from analytics.diagnosis.phases import Phases
from analytics.diagnosis.practices import practices
from analytics.diagnosis.prerequisites import prerequisites
from analytics.diagnosis.unit_constraints import constraint_verdicts
from analytics.disclosure.plan import DisclosurePlan
from analytics.results.diagnosis import Diagnosis
from analytics.study.study import Study
from analytics.yardsticks import Yardsticks

__all__ = ["diagnose"]


def diagnose(
    study: Study,
    plan: DisclosurePlan,
    phases: Phases | None,
    yardsticks: Yardsticks,
    models: Mapping[str, str],
    *,
    k: int,
    seed: int = 0,
) -> dict[str, Diagnosis]:
    """Diagnose every reported unit and the company.

    Parameters
    ----------
    study : Study
        Answers, tree and weights.
    plan : DisclosurePlan
        What each unit may show.
    phases : Phases, optional
        The phases of scaling and their gates; without them no unit is placed in a phase.
    yardsticks : Yardsticks
        Thresholds, conditions of the models, evidence.
    models : mapping of str to str
        Unit to the operating model recommended for it; its conditions are checked.
    k : int
        Smallest group, in people.
    seed : int, default=0
        Seed of the draws behind probabilities.

    Returns
    -------
    dict of str to Diagnosis
        Each reported unit, and ``COMPANY`` with the hidden constraint of all people.
        A part that nothing was asked about is None.
    """
    evidence = yardsticks.evidence
    constraints = constraint_verdicts(study, plan, seed=seed, evidence=evidence)
    stages = (
        phase_progress(study, plan, phases, k=k, seed=seed, evidence=evidence) if phases else {}
    )
    audits = governance_audit(study, plan, seed=seed, evidence=evidence)
    in_place = practices(study, plan, yardsticks)
    conditions = prerequisites(study, plan, yardsticks, models)
    return {
        code: Diagnosis(
            constraint=constraints.get(code),
            readiness=stages.get(code),
            governance_audit=audits.get(code),
            practices=in_place.get(code),
            prerequisites=conditions.get(code, ()),
        )
        for code in sorted({*constraints, *stages, *audits, *in_place, *conditions})
    }
