"""Who is missing? How many answered, where few did, and whether that moves the figures."""

from collections.abc import Iterator, Mapping, Sequence

from analytics.results import UnitResult
from analytics.results.participation import (
    CompanyParticipation,
    LateAnswers,
    ResponseRate,
    WeightedMean,
)
from survey.report.document import (
    Count,
    Listing,
    Points,
    Section,
    Sentence,
    Share,
    Term,
    UnitName,
    say,
)
from survey.report.phrases import UNITS_NAMED, constructs, finding, units_named

__all__ = ["answered", "participation_section"]

_FAULTS = {
    "no_headcount": "participation.no_headcount",
    "outdated_headcount": "participation.outdated",
}


def participation_section(
    company: CompanyParticipation, units: Sequence[UnitResult]
) -> Section | None:
    """Return how many answered, where few did, and whether weighting changes anything.

    Parameters
    ----------
    company : CompanyParticipation
        The company as a whole.
    units : sequence of UnitResult
        Those that are shown.

    Returns
    -------
    Section or None
        None if nothing may be said.
    """
    said = [
        *answered(company, units),
        *_low(units),
        *_weighting(company.weighted or {}),
        *_late(company.late_answers),
    ]
    if not said:
        return None
    return Section("participation", say("participation.title"), tuple(map(finding, said)))


def answered(company: CompanyParticipation, units: Sequence[UnitResult]) -> Iterator[Sentence]:
    """Say how many of the company answered, and whose head-counts are not what they should be.

    It is a full count, which needs no interval.
    """
    if company.status == "suppressed":
        return
    if company.everyone is not None:
        yield from _rate(company.everyone)
        yield from _uncounted(units)
    elif company.status == "no_headcounts":
        yield say("participation.no_headcounts")
    else:
        yield say("participation.no_rate")
    if company.totals:
        yield say("participation.totals", units=units_named(company.totals))


def _rate(rate: ResponseRate) -> Iterator[Sentence]:
    """Say how many answered, and of whom: of everybody, of those invited, or of a sample."""
    invited = rate.population is not None
    yield say(
        "participation.rate.invited" if invited else "participation.rate",
        rate=Share(rate.rate),
        people=Count(rate.respondents),
        headcount=Count(rate.headcount),
    )
    if rate.population is not None and rate.population > rate.headcount:
        yield say("participation.sample", population=Count(rate.population))


def _low(units: Sequence[UnitResult]) -> Iterator[Sentence]:
    low = sorted(
        (found.everyone.rate, unit.unit)
        for unit in units
        if (found := unit.participation) and found.everyone and "low_response" in found.warnings
    )
    if low:
        named = tuple(
            say("named.figure", name=UnitName(code), figure=Share(rate)) for rate, code in low
        )
        yield say("participation.low", units=Listing(named, most=UNITS_NAMED))


def _uncounted(units: Sequence[UnitResult]) -> Iterator[Sentence]:
    """Name the units whose people are in no rate, because their head-count cannot be right."""
    for warning, key in _FAULTS.items():
        found = [
            unit.unit
            for unit in units
            if unit.participation and warning in unit.participation.warnings
        ]
        if found:
            yield say(key, units=units_named(found))


def _weighting(means: Mapping[str, WeightedMean]) -> Iterator[Sentence]:
    if not means:
        return
    by_role = any(mean.by == "unit_and_role" for mean in means.values())
    moved = tuple(
        say(
            "weighting.moved",
            construct=Term("construct", key),
            before=Points(mean.unweighted),
            after=Points(mean.weighted),
        )
        for key, mean in means.items()
        if mean.verdict == "differs"
    )
    if moved:
        key = "weighting.moves.by_role" if by_role else "weighting.moves"
        yield say(key, scores=Listing(moved))
    else:
        yield say("weighting.moves_nothing.by_role" if by_role else "weighting.moves_nothing")
    least = min(means.values(), key=lambda mean: mean.effective_n / mean.n)
    worth = round(least.effective_n)
    if worth < least.n:
        yield say("weighting.worth", answers=Count(least.n), worth=Count(worth))


def _late(late: LateAnswers | None) -> Iterator[Sentence]:
    if late is None or late.verdict == "too_few":
        return
    if late.verdict == "differs":
        yield say("late.differs", constructs=constructs(late.constructs))
    else:
        yield say("late.similar" if late.verdict == "similar" else "late.inconclusive")
