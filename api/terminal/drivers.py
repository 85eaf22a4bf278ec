"""What goes together with the value realised, as lines of a report; it adds no figure."""

from collections.abc import Iterable

from analytics.results.drivers import Driver, DriverAnalysis, Drivers
from analytics.results.record import Estimate
from api.terminal.words import in_words, label, percent, span

__all__ = ["drivers_lines"]

_NAMED = 3
"""Drivers named per analysis: below the third, ranks are mostly chance."""

_PLACES = {
    "raise_first": "important and low, so the place to begin",
    "keep_up": "important and high, so keep it up",
    "low_and_minor": "low, and of little importance",
    "minor": "high, and of little importance",
    "goes_against": "more of it goes together with less",
    "too_close_to_call": "whether to begin here is too close to call",
}

_CAUTION = (
    "What goes together need not be cause and effect. Importance is a driver's part of what is "
    "explained; it is never below zero, so an interval above zero proves nothing."
)


def drivers_lines(found: Drivers) -> list[str]:
    """Return which root causes and practices go together with the outcome.

    Parameters
    ----------
    found : Drivers
        Both analyses; one without enough people says how many are missing.

    Returns
    -------
    list of str
        Lines of plain text; those of single drivers are indented.
    """
    outcome = label(found.outcome).lower()
    lines = [
        *_analysis(found.within, found, f"Among colleagues of one unit, {outcome}"),
        *_analysis(found.between, found, f"Between units, {outcome}"),
    ]
    reported = "reported" in {found.within.status, found.between.status}
    return [*lines, _CAUTION] if reported else lines


def _analysis(found: DriverAnalysis, drivers: Drivers, subject: str) -> Iterable[str]:
    if found.status == "no_variation":
        yield f"{subject}: everybody gave the same answer, so nothing can go together with it."
        return
    if found.status == "insufficient" or found.r_squared is None:
        yield f"{subject}: too little to go by; it takes {_missing(found)}."
        return
    yield (
        f"{subject}: {_per_cent(found.r_squared)} of the differences go together with what was "
        f"asked{_behind(found)}."
    )
    for driver in found.drivers[:_NAMED]:
        yield _driver(driver, drivers, len(found.drivers))
    for driver in found.drivers:
        if len(driver.constructs) > 1:
            yield f"  {_name(driver)} overlap too far to be told apart and were merged."
    if found.without:
        names = ", ".join(label(key).lower() for key in found.without)
        yield f"  Left out, since there are too few for so many at once: {names}."
    if found.unvaried:
        names = ", ".join(label(key).lower() for key in found.unvaried)
        yield f"  Everybody answered alike on {names}: nothing can go together with that."


def _missing(found: DriverAnalysis) -> str:
    missing = []
    if found.missing_respondents:
        missing.append(f"about {found.missing_respondents} more complete answers")
    if found.missing_units:
        units = "unit" if found.missing_units == 1 else "units"
        missing.append(f"{found.missing_units} more {units}")
    return " and ".join(missing) or "fewer questions at once"


def _behind(found: DriverAnalysis) -> str:
    people = "" if found.respondents is None else f"{found.respondents:,} people in "
    adjusted = max(0.0, found.adjusted_r_squared or 0.0)
    return f", {percent(adjusted)} when adjusted for chance ({people}{found.units} units)"


def _driver(driver: Driver, drivers: Drivers, number: int) -> str:
    return (
        f"  {driver.rank}. {_name(driver)}: {_per_cent(driver.share)} of what is explained"
        f"{_level(driver, drivers)}; {_PLACES[driver.place]}. "
        f"{_rank(driver, number)}"
    )


def _name(driver: Driver) -> str:
    first, *others = map(label, driver.constructs)
    return in_words([first, *map(str.lower, others)])


def _level(driver: Driver, drivers: Drivers) -> str:
    levels = [drivers.levels[key] for key in driver.constructs if key in drivers.levels]
    shown = [f"{round(one.mean)} ({span(one.low, one.high)})" for one in levels]
    return f", level {in_words(shown)}" if shown else ""


def _rank(driver: Driver, number: int) -> str:
    if driver.rank_low == driver.rank_high:
        return f"Its rank is firm: {driver.rank} of {number}."
    return f"Its rank may be {driver.rank_low} to {driver.rank_high} of {number}."


def _per_cent(estimate: Estimate) -> str:
    return f"{percent(estimate.estimate)} ({percent(estimate.low)} to {percent(estimate.high)})"
