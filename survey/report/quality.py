"""Can I trust this? What is measured well, what to read with caution, who was left out."""

import math
from collections.abc import Iterator, Mapping, Sequence

from analytics.results import UnitResult
from analytics.results.quality import CompanyQuality, Reliability, ScaleQuality, Screening
from survey.report.document import (
    Argument,
    Count,
    Listing,
    Number,
    Points,
    Range,
    Section,
    Sentence,
    Term,
    UnitName,
    say,
)
from survey.report.phrases import UNITS_NAMED, constructs, finding

__all__ = ["measured_well", "quality_section", "unreliable"]

_MANY_SCORES = 0.25
"""Share of a unit's scores seen differently from which the unit is worth naming."""

_VERDICTS = {"caution": "quality.caution", "do_not_use": "quality.do_not_use"}
_UNKNOWN = {
    "single_item": "quality.single_item",
    "too_few_people": "quality.too_few_people",
    "no_variance": "quality.no_variance",
}


def quality_section(company: CompanyQuality, units: Sequence[UnitResult], *, k: int) -> Section:
    """Return how reliably was measured, whether units may be compared, who was left out.

    Parameters
    ----------
    company : CompanyQuality
        Scales and screening.
    units : sequence of UnitResult
        Those that are shown.
    k : int
        Smallest group that may be shown.
    """
    said = (
        *_reliability(company.scales),
        *_aggregation(company.scales),
        *_ranking(company.scales),
        *_invariance(company.scales),
        *_views(units),
    )
    screened = finding(*_screening(company.screening, k=k))
    return Section("quality", say("quality.title"), (*map(finding, said), screened))


def unreliable(company: CompanyQuality | None) -> frozenset[str]:
    """Return the constructs that were measured too unreliably to decide on."""
    scales = company.scales if company else {}
    return frozenset(
        key
        for key, scale in scales.items()
        if scale.reliability and scale.reliability.verdict == "do_not_use"
    )


def measured_well(company: CompanyQuality) -> Iterator[Sentence]:
    """Count the scales that are reliable, and name those that are not."""
    judged = [scale.reliability for scale in company.scales.values() if scale.reliability]
    if judged:
        reliable = sum(one.verdict == "reliable" for one in judged)
        yield say("quality.counted", count=Count(reliable), of=Count(len(judged)))
    yield from _listed(company.scales, "do_not_use")


def _reliability(scales: Mapping[str, ScaleQuality]) -> Iterator[Sentence]:
    reliable = [
        key
        for key, scale in scales.items()
        if scale.reliability and scale.reliability.verdict == "reliable"
    ]
    if reliable:
        yield say("quality.reliable", constructs=constructs(reliable))
    for verdict in _VERDICTS:
        yield from _listed(scales, verdict)
    for status, key in _UNKNOWN.items():
        named = [one for one, scale in scales.items() if scale.status == status]
        if named:
            yield say(key, constructs=constructs(named))


def _listed(scales: Mapping[str, ScaleQuality], verdict: str) -> Iterator[Sentence]:
    listed = tuple(
        say("named.number", name=Term("construct", key), number=_coefficient(found))
        for key, scale in scales.items()
        if (found := scale.reliability) and found.verdict == verdict
    )
    if listed:
        yield say(_VERDICTS[verdict], constructs=Listing(listed))


def _coefficient(found: Reliability) -> Argument:
    """Return the coefficient that the verdict rests on, with its interval if it has one."""
    if found.omega is not None and found.omega_low is not None:
        return _interval(found.omega, found.omega_low, found.omega_high or found.omega)
    if found.spearman_brown is not None:
        return _cut(found.spearman_brown)
    return _interval(found.alpha, found.alpha_low, found.alpha_high)


def _interval(value: float, low: float, high: float) -> Sentence:
    return say("figure.between", figure=_cut(value), between=Range(Number(low), Number(high)))


def _cut(value: float) -> Number:
    """Return two digits, cut: 0.697 must not read as if it had reached 0.70."""
    return Number(math.floor(value * 100 + 1e-9) / 100)


def _aggregation(scales: Mapping[str, ScaleQuality]) -> Iterator[Sentence]:
    judged = {key: scale.aggregation for key, scale in scales.items() if scale.aggregation}
    weak = [key for key, found in judged.items() if found.verdict == "not_defended"]
    if weak:
        yield say("quality.units_alike", constructs=constructs(weak))
    elif judged:
        yield say("quality.units_differ")


def _ranking(scales: Mapping[str, ScaleQuality]) -> Iterator[Sentence]:
    unranked = [
        key
        for key, scale in scales.items()
        if scale.aggregation
        and scale.aggregation.verdict == "defended"
        and not scale.aggregation.ranking
    ]
    if unranked:
        yield say("quality.no_ranking", constructs=constructs(unranked))


def _invariance(scales: Mapping[str, ScaleQuality]) -> Iterator[Sentence]:
    unlike = [key for key, scale in scales.items() if scale.invariance in {"none", "loadings"}]
    if unlike:
        yield say("quality.roles_differ", constructs=constructs(unlike))


def _views(units: Sequence[UnitResult]) -> Iterator[Sentence]:
    """Name the units whose people see many constructs differently."""
    apart = [
        (
            sum(score.view in {"varied", "divided"} for score in scores.values()),
            unit.unit,
            scores,
        )
        for unit in units
        if unit.quality and (scores := unit.quality.scores)
    ]
    most = sorted(
        ((-count, code, len(scores)) for count, code, scores in apart
         if count and count >= _MANY_SCORES * len(scores)),
    )  # fmt: skip
    if most:
        named = tuple(
            say("quality.view", unit=UnitName(code), views=Count(-count), of=Count(of))
            for count, code, of in most
        )
        yield say("quality.views", units=Listing(named, most=UNITS_NAMED))


def _screening(found: Screening, *, k: int) -> Iterator[Sentence]:
    if found.status == "none":
        yield say("screening.none")
    elif found.status == "fewer_than_k" or found.people is None:
        yield say("screening.few", k=Count(k))
    else:
        yield say("screening.people", count=Count(found.people))
        if found.effects:
            moved = max(abs(one.screened - one.unscreened) for one in found.effects.values())
            yield say("screening.effect", points=Points(_upwards(moved), digits=1))
            levels = [key for key, one in found.effects.items() if one.level_changes]
            if levels:
                yield say("screening.levels", constructs=constructs(levels))
    if found.some_stayed:
        yield say("screening.stayed")


def _upwards(points: float) -> float:
    """Return points rounded up to a tenth, so that "no more than" stays true."""
    return math.ceil(points * 10 - 1e-9) / 10
