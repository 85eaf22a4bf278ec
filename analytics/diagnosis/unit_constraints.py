"""The hidden constraint of every unit and of the company, with its evidence and importance."""

from collections.abc import Mapping
from dataclasses import replace

import msgspec

from analytics.diagnosis.levels import Measure, lowest_measures, measure_levels
from analytics.disclosure.plan import DisclosurePlan
from analytics.results.constraint import Constraint, Importance
from analytics.results.drivers import Drivers
from analytics.study.study import Study
from analytics.study.tree import COMPANY
from analytics.yardsticks import EvidenceLinks

__all__ = ["constraint_verdicts", "importance_of", "with_importance"]

_BACKGROUND = ("stalled",)
"""Findings that are linked to the company's verdict: many programmes stall."""


def constraint_verdicts(
    study: Study,
    plan: DisclosurePlan,
    *,
    seed: int = 0,
    evidence: EvidenceLinks | None = None,
) -> dict[str, Constraint]:
    """Say of every reported unit, and of the company, which root cause is lowest.

    Parameters
    ----------
    study : Study
        Answers, tree and weights.
    plan : DisclosurePlan
        What each unit may show; a hidden root cause leaves no verdict.
    seed : int, default=0
        Seed of the draws.
    evidence : EvidenceLinks, optional
        Which published figures go with a root cause, and with a programme that has stalled:
        the company's verdict has those too.

    Returns
    -------
    dict of str to Constraint
        One entry per reported unit, and ``COMPANY`` for all people together: the
        head-count-weighted mean of all units, whether or not the tree has one top, and
        weighted by respondents if nobody gave head-counts. The company has a verdict if
        it may show each root cause: the company less its shown units is then safe by the
        rules of ``disclose``. Empty if no root cause was asked about.

    References
    ----------
    .. [1] method.md, "Hidden constraint".
    """
    measures = tuple(
        Measure(construct.key, items)
        for construct in study.block("root_cause")
        if (items := tuple(i.key for i in construct.items if i.key in study.item_means))
    )
    if not measures:
        return {}
    whole = replace(study, tree=study.tree.with_company())

    def shows(code: str, construct: str) -> bool:
        if code == COMPANY:
            return plan.shows_company(construct)
        return plan.shows(code, construct)

    levels = measure_levels(whole, study.people, measures, shows)
    links = evidence or EvidenceLinks()
    return {
        code: _with_evidence(found, links, _BACKGROUND if code == COMPANY else ())
        for code, found in lowest_measures(levels, seed=seed).items()
        if code == COMPANY or plan.reports(code)
    }


def with_importance(found: Constraint, importance: Mapping[str, Importance]) -> Constraint:
    """Add the importance of the named root causes to the verdict.

    Parameters
    ----------
    found : Constraint
        A verdict.
    importance : mapping of str to Importance
        Per root cause, from ``importance_of``; empty if driver claims are not allowed.
    """
    known = {key: importance[key] for key in found.dimensions if key in importance}
    return msgspec.structs.replace(found, importance=known or None)


def importance_of(drivers: Drivers | None) -> dict[str, Importance]:
    """Return each construct's share of the explained differences in value.

    Parameters
    ----------
    drivers : Drivers, optional
        The driver analysis of the company, if claims are allowed.

    Returns
    -------
    dict of str to Importance
        The shares of R² between colleagues of one unit. Constructs whose scales were merged
        share one figure and name each other. A construct that goes together with less value
        is left out, because nothing then speaks for raising it. Empty without a reported
        analysis.
    """
    if drivers is None or drivers.within.status != "reported":
        return {}
    return {
        construct: Importance(
            share=driver.share.estimate,
            low=driver.share.low,
            high=driver.share.high,
            merged_with=tuple(other for other in driver.constructs if other != construct),
        )
        for driver in drivers.within.drivers
        if driver.place != "goes_against"
        for construct in driver.constructs
    }


def _with_evidence(
    found: Constraint, links: EvidenceLinks, findings: tuple[str, ...]
) -> Constraint:
    """Add the published figures about the named root causes and the given findings."""
    figures = [key for name in found.dimensions for key in links.root_causes.get(name, ())]
    if found.dimensions:
        figures += [key for name in findings for key in links.findings.get(name, ())]
    return msgspec.structs.replace(found, evidence=tuple(dict.fromkeys(figures)))
