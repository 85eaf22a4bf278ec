"""Who answered, and what weighting changes, as a section of the report."""

from collections.abc import Iterable, Mapping

from rich.console import Console

from analytics.results.participation import (
    CompanyParticipation,
    LateAnswers,
    ResponseRate,
    UnitParticipation,
    WeightedMean,
)
from api.terminal.words import first_few, label, percent

__all__ = ["print_participation"]

_SHOWN = 8
"""So many units are named; the others are only counted."""


def print_participation(
    console: Console,
    company: CompanyParticipation,
    units: Mapping[str, UnitParticipation],
    names: Mapping[str, str],
) -> None:
    """Print how many answered, where few did, and whether that moves the figures.

    Parameters
    ----------
    console : Console
        Where to.
    company : CompanyParticipation
        The company as a whole.
    units : mapping of str to UnitParticipation
        The groups that are shown.
    names : mapping of str to str
        Names of units, ready for marked-up text.
    """
    lines = [
        *_rate_lines(company),
        *_warning_lines(units, names),
        *_weighting_lines(company),
        *_late_lines(company.late_answers),
    ]
    if not lines:
        return
    console.print("[bold]Who answered[/]")
    for line in lines:
        console.print(f"  • {line}")
    console.print()


def _rate_lines(company: CompanyParticipation) -> list[str]:
    if company.status == "suppressed":
        return []
    if company.everyone is None:
        return ["Without head-counts nobody can say how many could have answered."]
    return [f"{_rate(company.everyone)} of the company answered."]


def _rate(rate: ResponseRate) -> str:
    interval = f"95% interval {percent(rate.low)} to {percent(rate.high)}"
    return f"{percent(rate.rate)} ({rate.respondents:,} of {rate.headcount:,}; {interval})"


def _warning_lines(
    units: Mapping[str, UnitParticipation], names: Mapping[str, str]
) -> list[str]:
    low = sorted(
        (unit.everyone.rate, code)
        for code, unit in units.items()
        if unit.everyone and "low_response" in unit.warnings
    )
    outdated = [
        names.get(code, code)
        for code, unit in sorted(units.items())
        if "outdated_headcount" in unit.warnings
    ]
    found = []
    if low:
        listed = _listed(f"{names.get(code, code)} ({percent(rate)})" for rate, code in low)
        found.append(f"Fewer than 30% answered in {listed}: read their figures with care.")
    if outdated:
        found.append(
            f"More people answered than the head-count says in {_listed(outdated)}: "
            "the unit file is out of date."
        )
    return found


def _weighting_lines(company: CompanyParticipation) -> list[str]:
    means = company.weighted or {}
    if not means:
        return []
    by = "unit and role" if _any_by_role(means) else "unit"
    moved = {key: mean for key, mean in means.items() if mean.verdict == "differs"}
    least = min(means.values(), key=lambda mean: mean.effective_n / mean.n)
    worth = (
        f"The least certain rests on {least.n:,} answers that are worth "
        f"{least.effective_n:,.0f} of equal weight."
    )
    if not moved:
        return [
            f"Weighting the units shown to head-counts by {by} moves no score of the company "
            f"by more than 2.5 of 100. {worth}"
        ]
    listed = _listed(
        f"{label(key)} from {mean.unweighted:.0f} to {mean.weighted:.0f}"
        for key, mean in moved.items()
    )
    return [f"Weighting the units shown to head-counts by {by} moves {listed}. {worth}"]


def _any_by_role(means: Mapping[str, WeightedMean]) -> bool:
    return any(mean.by == "unit_and_role" for mean in means.values())


def _late_lines(late: LateAnswers | None) -> list[str]:
    if late is None or late.verdict == "too_few":
        return []
    if late.verdict == "similar":
        return ["Late answers say the same as early ones: no hint that silence hides a view."]
    if late.verdict == "inconclusive":
        return ["Whether late answers differ from early ones is open."]
    listed = _listed(map(label, late.constructs))
    return [
        f"Late answers differ from early ones on {listed}. Those who never answered may "
        "differ too."
    ]


def _listed(parts: Iterable[str]) -> str:
    return first_few(parts, _SHOWN)
