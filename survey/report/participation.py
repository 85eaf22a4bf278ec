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
        *answered(company),
        *_low(units),
        *_outdated(units),
        *_weighting(company.weighted or {}),
        *_late(company.late_answers),
    ]
    if not said:
        return None
    return Section("participation", say("participation.title"), tuple(map(finding, said)))


def answered(company: CompanyParticipation) -> Iterator[Sentence]:
    """Say how many of the company answered: a full count, which needs no interval."""
    if company.status == "suppressed":
        return
    rate = company.everyone
    yield say("participation.no_headcounts") if rate is None else _rate(rate)


def _rate(rate: ResponseRate) -> Sentence:
    return say(
        "participation.rate",
        rate=Share(rate.rate),
        people=Count(rate.respondents),
        headcount=Count(rate.headcount),
    )


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


def _outdated(units: Sequence[UnitResult]) -> Iterator[Sentence]:
    outdated = [
        unit.unit
        for unit in units
        if unit.participation and "outdated_headcount" in unit.participation.warnings
    ]
    if outdated:
        yield say("participation.outdated", units=units_named(outdated))


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
    yield say("weighting.worth", answers=Count(least.n), worth=Count(round(least.effective_n)))


def _late(late: LateAnswers | None) -> Iterator[Sentence]:
    if late is None or late.verdict == "too_few":
        return
    if late.verdict == "differs":
        yield say("late.differs", constructs=constructs(late.constructs))
    else:
        yield say("late.similar" if late.verdict == "similar" else "late.inconclusive")
