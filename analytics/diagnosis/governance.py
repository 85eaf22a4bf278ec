"""The governance audit: the components of governance, and which of them is the weakest."""

from analytics.diagnosis.levels import Levels, Measure, lowest_measures, measure_levels
from analytics.disclosure.plan import DisclosurePlan
from analytics.instrument import Construct
from analytics.results import Constraint
from analytics.results.diagnosis import ComponentResult, GovernanceAudit
from analytics.study.scoring import component_column
from analytics.study.study import Study
from analytics.yardsticks import EvidenceLinks

__all__ = ["GOVERNANCE", "governance_audit"]

GOVERNANCE = "governance"
"""The construct whose components are audited."""


def governance_audit(
    study: Study,
    plan: DisclosurePlan,
    *,
    seed: int = 0,
    evidence: EvidenceLinks | None = None,
) -> dict[str, GovernanceAudit]:
    """Audit governance by its components in every reported unit.

    Parameters
    ----------
    study : Study
        Answers, tree and weights.
    plan : DisclosurePlan
        What each unit may show; the components are shown or hidden with their construct.
    seed : int, default=0
        Seed of the draws behind the probabilities.
    evidence : EvidenceLinks, optional
        Which published figures go with the audit.

    Returns
    -------
    dict of str to GovernanceAudit, one entry per reported unit
        The weakest component by the rules of the hidden constraint (``hidden_constraints``):
        ``identified`` from a probability of .80, ``tied`` if two together reach .85, else
        ``insufficient_evidence``. ``suppressed`` if the unit may not show governance.
        Empty if nothing about governance was asked, or nobody answered it.
    """
    construct = next((part for part in study.constructs if part.key == GOVERNANCE), None)
    measures = () if construct is None else _components(construct, study)
    if not measures:
        return {}
    levels = measure_levels(
        study, study.people, measures, lambda code, _: plan.shows(code, GOVERNANCE)
    )
    weakest = lowest_measures(levels, seed=seed)
    figures = () if evidence is None else evidence.findings.get("governance_audit", ())
    return {
        code: _of_unit(code, levels, weakest[code], figures)
        if plan.shows(code, GOVERNANCE)
        else GovernanceAudit(status="suppressed")
        for code in study.tree.codes
        if plan.reports(code)
    }


def _components(construct: Construct, study: Study) -> tuple[Measure, ...]:
    """Return the construct's components with an item that somebody answered."""
    cut = (
        Measure(
            component_column(construct.key, name),
            tuple(
                item.key
                for item in construct.items
                if item.component == name and item.key in study.item_means
            ),
        )
        for name in construct.components
    )
    return tuple(measure for measure in cut if measure.items)


def _of_unit(
    code: str, levels: Levels, weakest: Constraint, evidence: tuple[str, ...]
) -> GovernanceAudit:
    shares = weakest.probabilities or {}
    components = {
        _name(key): ComponentResult(
            mean=seen.mean,
            low=seen.low,
            high=seen.high,
            level=seen.level,
            n=seen.n,
            probability_weakest=shares.get(key),
        )
        for key in levels.measures
        if (seen := levels.score(code, key)) is not None
    }
    return GovernanceAudit(
        status=weakest.status,
        weakest=tuple(_name(key) for key in weakest.dimensions),
        components=components,
        distance=weakest.distance,
        evidence=evidence,
    )


def _name(column: str) -> str:
    """Return the component's own name."""
    return column.removeprefix(component_column(GOVERNANCE, ""))
