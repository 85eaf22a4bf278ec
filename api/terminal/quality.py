"""How far answers and scores can be trusted, as sentences of a report; it adds no figure."""

import math
from collections.abc import Mapping

from analytics.results.quality import (
    CompanyQuality,
    Reliability,
    ScaleQuality,
    Screening,
    UnitQuality,
)
from api.terminal.words import first_few, in_words, short

__all__ = ["quality_lines"]

_UNITS_NAMED = 5
_STAYED = (
    "Some that look careless stayed in, because their units would have kept fewer than three "
    "people: read those units with caution."
)
_MANY_SCORES = 0.25
"""Share of a unit's scores seen differently from which the unit is worth naming."""


def quality_lines(
    company: CompanyQuality,
    units: Mapping[str, UnitQuality],
    names: Mapping[str, str],
    *,
    k: int,
) -> list[str]:
    """Return what is measured well, what to read with caution, and who was left out.

    Parameters
    ----------
    company : CompanyQuality
        Scales and screening.
    units : mapping of str to UnitQuality
        Reported units.
    names : mapping of str to str
        Names of units as they stand in marked-up text; a unit without one goes by its code.
    k : int
        Smallest group that may be shown.

    Returns
    -------
    list of str
        Lines in rich markup; those with nothing to say are left out.
    """
    found = (
        *_reliability(company.scales),
        _aggregation(company.scales),
        _ranking(company.scales),
        _invariance(company.scales),
        _views(units, names),
        _screening(company.screening, k=k),
    )
    return [line for line in found if line]


def _reliability(scales: Mapping[str, ScaleQuality]) -> tuple[str | None, ...]:
    verdicts = {
        key: scale.reliability for key, scale in scales.items() if scale.reliability is not None
    }

    def listed(verdict: str) -> str:
        return ", ".join(
            f"{short(key)} {_coefficient(found)}"
            for key, found in verdicts.items()
            if found.verdict == verdict
        )

    reliable = [short(key) for key, one in verdicts.items() if one.verdict == "reliable"]

    def named(status: str) -> str:
        return ", ".join(short(key) for key, scale in scales.items() if scale.status == status)

    return (
        _after("[green]Measured reliably[/] (0.70 to 1)", ", ".join(reliable)),
        _after("[yellow]Read with caution[/] (0.60 to 0.70)", listed("caution")),
        _after("[red]Do not decide on these[/] (below 0.60)", listed("do_not_use")),
        _after("One question alone, so reliability is unknown", named("single_item")),
        _after("Too few people answered all questions to tell", named("too_few_people")),
        _after("Everybody answered alike, so reliability is unknown", named("no_variance")),
    )


def _coefficient(found: Reliability) -> str:
    """Return the coefficient that the verdict rests on, with its interval if it has one."""
    if found.omega is not None and found.omega_low is not None:
        return _interval(found.omega, found.omega_low, found.omega_high)
    if found.spearman_brown is not None:
        return _digits(found.spearman_brown)
    return _interval(found.alpha, found.alpha_low, found.alpha_high)


def _interval(value: float, low: float, high: float | None) -> str:
    return f"{_digits(value)} [dim]\\[{low:.2f}, {high:.2f}][/]"


def _digits(value: float) -> str:
    """Return two digits, cut: 0.697 must not read as if it had reached 0.70."""
    return f"{math.floor(value * 100 + 1e-9) / 100:.2f}"


def _after(heading: str, listed: str) -> str | None:
    return f"{heading}: {listed}." if listed else None


def _aggregation(scales: Mapping[str, ScaleQuality]) -> str | None:
    judged = {key: scale.aggregation for key, scale in scales.items() if scale.aggregation}
    if not judged:
        return None
    weak = [short(key) for key, found in judged.items() if found.verdict == "not_defended"]
    if not weak:
        return "Units differ by more than chance on all that was measured: read them apart."
    return (
        f"The answers do not show that units differ on {in_words(weak)}: read the company's "
        "score there rather than the units'."
    )


def _ranking(scales: Mapping[str, ScaleQuality]) -> str | None:
    unranked = [
        short(key)
        for key, scale in scales.items()
        if scale.aggregation
        and scale.aggregation.verdict == "defended"
        and not scale.aggregation.ranking
    ]
    if not unranked:
        return None
    return f"Do not put units in order by {in_words(unranked)}: their means are too uncertain."


def _invariance(scales: Mapping[str, ScaleQuality]) -> str | None:
    unlike = [
        short(key) for key, scale in scales.items() if scale.invariance in {"none", "loadings"}
    ]
    if not unlike:
        return None
    return (
        f"Managers and contributors read the questions on {in_words(unlike)} differently: do "
        "not compare the two groups' scores there."
    )


def _views(units: Mapping[str, UnitQuality], names: Mapping[str, str]) -> str | None:
    """Name the units whose people see many constructs differently."""
    apart = {
        code: sum(score.view in {"varied", "divided"} for score in unit.scores.values())
        for code, unit in units.items()
    }
    most = sorted(
        (-count, code)
        for code, count in apart.items()
        if count and count >= _MANY_SCORES * len(units[code].scores)
    )
    if not most:
        return None
    named = (
        f"{names.get(code, code)} ({-count} of {len(units[code].scores)} scores)"
        for count, code in most
    )
    return (
        f"People of one unit see things differently: {first_few(named, _UNITS_NAMED)}. "
        "Look at how the answers are spread there; the mean hides it."
    )


def _screening(screening: Screening, *, k: int) -> str:
    if screening.some_stayed:
        return f"{_left_out(screening, k=k)} {_STAYED}"
    return _left_out(screening, k=k)


def _left_out(screening: Screening, *, k: int) -> str:
    if screening.status == "none":
        if screening.some_stayed:
            return "Nobody's answers were left out as careless."
        return "Nobody's answers had to be left out as careless."
    if screening.status == "fewer_than_k":
        return f"Fewer than {k} people's answers were left out as careless."
    count = f"{screening.people} people's answers were left out as careless"
    if not screening.effects:
        return f"{count}."
    moved = max(abs(one.screened - one.unscreened) for one in screening.effects.values())
    levels = [short(key) for key, one in screening.effects.items() if one.level_changes]
    changed = f"the maturity level of {in_words(levels)}" if levels else "no maturity level"
    return (
        f"{count}. With them no score of the company would move by more than "
        f"{_upwards(moved)} of 100 points, and {changed} would change."
    )


def _upwards(points: float) -> str:
    """Return points rounded up to a tenth, so that "no more than" stays true."""
    return f"{math.ceil(points * 10 - 1e-9) / 10:.1f}"
