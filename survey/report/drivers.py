"""What goes together with the value realised; nothing here says what causes it."""

from collections.abc import Iterator

from analytics.results.drivers import Driver, DriverAnalysis, Drivers
from analytics.results.record import Estimate
from survey.report.document import (
    Count,
    Fold,
    Listing,
    Part,
    Points,
    Section,
    Sentence,
    Share,
    Statement,
    Term,
    say,
)
from survey.report.phrases import constructs, detail, finding, percents, points_between

__all__ = ["drivers_section"]

_NAMED = 3
"""Drivers named per analysis: below the third, ranks are mostly chance."""

_PLACES = {
    "raise_first": "driver.raise_first",
    "keep_up": "driver.keep_up",
    "low_and_minor": "driver.low_and_minor",
    "minor": "driver.minor",
    "goes_against": "driver.goes_against",
    "too_close_to_call": "driver.too_close_to_call",
}


def drivers_section(found: Drivers) -> Section:
    """Return which root causes and practices go together with the outcome.

    Parameters
    ----------
    found : Drivers
        Both analyses; one without enough people says how many are missing.
    """
    outcome = Term("construct", found.outcome)
    parts: list[Part] = [
        *_analysis(found.within, found, say("drivers.within", outcome=outcome)),
        *_analysis(found.between, found, say("drivers.between", outcome=outcome)),
    ]
    if "reported" in {found.within.status, found.between.status}:
        parts.append(finding(say("drivers.no_cause")))
        parts.append(Fold(say("fold.title"), (finding(say("drivers.importance")),)))
    return Section("drivers", say("drivers.title"), tuple(parts))


def _analysis(
    found: DriverAnalysis, drivers: Drivers, subject: Sentence
) -> Iterator[Statement]:
    if found.status == "no_variation":
        yield finding(say("drivers.no_variation", subject=subject))
        return
    if found.status == "insufficient" or found.r_squared is None:
        yield finding(say("drivers.insufficient", subject=subject, missing=_missing(found)))
        return
    explained = {"subject": subject, "share": _share(found.r_squared)}
    yield finding(say("drivers.explained", **explained), _behind(found))
    for driver in found.drivers[:_NAMED]:
        yield detail(*_driver(driver, drivers, len(found.drivers)))
    for driver in found.drivers:
        if len(driver.constructs) > 1:
            yield detail(say("drivers.merged", constructs=constructs(driver.constructs)))
    if found.without:
        yield detail(say("drivers.without", constructs=constructs(found.without)))
    if found.unvaried:
        yield detail(say("drivers.unvaried", constructs=constructs(found.unvaried)))


def _missing(found: DriverAnalysis) -> Listing:
    missing = []
    if found.missing_respondents:
        missing.append(say("drivers.more_answers", count=Count(found.missing_respondents)))
    if found.missing_units:
        missing.append(say("drivers.more_units", count=Count(found.missing_units)))
    return Listing(tuple(missing or [say("drivers.fewer_questions")]), "and")


def _behind(found: DriverAnalysis) -> Sentence:
    adjusted = Share(max(0.0, found.adjusted_r_squared or 0.0))
    units = Count(found.units or 0)
    if found.respondents is None:
        return say("drivers.behind", adjusted=adjusted, count=units)
    people = Count(found.respondents)
    return say("drivers.behind.people", adjusted=adjusted, people=people, count=units)


def _driver(driver: Driver, drivers: Drivers, number: int) -> Iterator[Sentence]:
    named = constructs(driver.constructs)
    yield say("driver", rank=Count(driver.rank), driver=named, share=_share(driver.share))
    levels = [drivers.levels[key] for key in driver.constructs if key in drivers.levels]
    if levels:
        shown = tuple(
            say(
                "figure.between",
                figure=Points(one.mean),
                between=points_between(one.low, one.high),
            )
            for one in levels
        )
        yield say("driver.level", levels=Listing(shown, "and"))
    yield say(_PLACES[driver.place])
    yield _rank(driver, number)


def _rank(driver: Driver, number: int) -> Sentence:
    of = Count(number)
    if driver.rank_low == driver.rank_high:
        return say("driver.rank.firm", rank=Count(driver.rank), of=of)
    return say(
        "driver.rank.open", low=Count(driver.rank_low), high=Count(driver.rank_high), of=of
    )


def _share(found: Estimate) -> Sentence:
    return say(
        "figure.between",
        figure=Share(found.estimate),
        between=percents(found.low, found.high),
    )
