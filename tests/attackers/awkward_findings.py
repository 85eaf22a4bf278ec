"""What is found in the awkward company: computed once, for all who attack it."""

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
    "as_it_is",
    "as_it_was",
    "wave_before",
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
def as_it_was() -> Findings:
    return analysed(BEFORE)


@cache
def wave_before() -> EarlierWave:
    return as_it_was().as_earlier()


def as_earlier(company: Awkward) -> EarlierWave:
    """Return a changed first wave, of which the same was recommended."""
    study = Study.of(company.responses, INSTRUMENT, company.units)
    was = wave_before()
    return EarlierWave(
        study=study,
        plan=plan_disclosure(study, k=K),
        recommendations=was.recommendations,
        pattern=was.pattern,
    )


@cache
def as_it_is() -> Findings:
    return analysed(NOW, wave_before())
