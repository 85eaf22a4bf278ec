"""The sponsorship gaps of one study, under the plan that decides what of it may be shown."""

from collections.abc import Mapping
from dataclasses import replace

from msgspec import structs

from analytics.diagnosis.constraint import item_sampling_variance
from analytics.diagnosis.yardsticks import EvidenceLinks
from analytics.disclosure.plan import DisclosurePlan
from analytics.sponsorship.cells import People
from analytics.sponsorship.gaps import Asked, SponsorshipFindings, sponsorship_findings
from analytics.study.study import SPONSORSHIP, Study

__all__ = ["study_sponsorship"]


def study_sponsorship(
    study: Study,
    plan: DisclosurePlan,
    *,
    k: int,
    seed: int = 0,
    evidence: EvidenceLinks | None = None,
) -> SponsorshipFindings | None:
    """Compare what sponsors say of themselves with what their people perceive.

    Parameters
    ----------
    study : Study
        People, sponsors who consented, tree.
    plan : DisclosurePlan
        What may be shown.
    k : int
        People behind any figure.
    seed : int, default=0
        Seed of the draws that compare behaviours.
    evidence : EvidenceLinks, optional
        Which published figures go with the gap.

    Returns
    -------
    SponsorshipFindings or None
        None where the study does not ask about the behaviours of sponsors. Where it asks about
        an outcome and at least 50 units show it, the company's record holds the response
        surface.
    """
    if not study.behaviours:
        return None
    found = sponsorship_findings(
        study.people,
        study.sponsors,
        study.tree,
        {code: plan.roles(code, SPONSORSHIP) for code in study.tree.codes},
        asked=Asked(SPONSORSHIP, study.behaviours, _item_errors(study)),
        min_group=k,
        outcome=_outcome(study, plan),
        seed=seed,
    )
    if found is None or evidence is None or found.company.status != "reported":
        return found
    figures = evidence.findings.get("sponsorship_gap", ())
    return replace(found, company=structs.replace(found.company, evidence=figures))


def _item_errors(study: Study) -> dict[str, float]:
    (construct,) = (one for one in study.constructs if one.key == SPONSORSHIP)
    return item_sampling_variance(
        {
            behaviour: [
                study.item_means[item.key]
                for item in construct.items
                if item.component == behaviour and item.key in study.item_means
            ]
            for behaviour in construct.components
        }
    )


def _outcome(study: Study, plan: DisclosurePlan) -> Mapping[str, float]:
    """Return the mean outcome of the units without others below them that show it."""
    outcomes = study.block("outcome")
    if not outcomes:
        return {}
    key = outcomes[0].key
    return {
        unit: cell.mean
        for unit, cell in People(study.people).cells(key)["all"].items()
        if not study.tree.is_parent(unit) and plan.shows(unit, key)
    }
