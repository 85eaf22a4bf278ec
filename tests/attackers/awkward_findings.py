"""Analyses of the awkward company, computed once for all attacks."""

from functools import cache

from analytics.analysis import Findings, analyse
from analytics.disclosure.plan import plan_disclosure
from analytics.earlier_wave import EarlierWave
from analytics.results import Thresholds
from analytics.study.study import Study
from seed.content import standard_instrument, theory
from tests.attackers.awkward_company import Awkward, awkward_company

__all__ = [
    "BEFORE",
    "NOW",
    "K",
    "analysed",
    "as_earlier",
    "current_findings",
    "earlier_findings",
    "earlier_wave",
]

K = 5
BEFORE, NOW = awkward_company(1), awkward_company(2)
INSTRUMENT = standard_instrument().measures()


def analysed(company: Awkward, earlier: EarlierWave | None = None, *, k: int = K) -> Findings:
    return analyse(
        company.responses,
        INSTRUMENT,
        theory(),
        units=company.units,
        headcounts_by_role=company.headcounts_by_role,
        thresholds=Thresholds(scores=k),
        earlier=earlier,
    )


@cache
def earlier_findings() -> Findings:
    return analysed(BEFORE)


@cache
def earlier_wave() -> EarlierWave:
    return earlier_findings().as_earlier()


def as_earlier(company: Awkward) -> EarlierWave:
    """Return a changed first wave with the original recommendations."""
    study = Study.of(company.responses, INSTRUMENT, company.units)
    was = earlier_wave()
    return EarlierWave(
        study=study,
        plan=plan_disclosure(study, k=K),
        recommendations=was.recommendations,
        pattern=was.pattern,
    )


@cache
def current_findings() -> Findings:
    return analysed(NOW, earlier_wave())
