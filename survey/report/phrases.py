"""Phrases that several sections share: names, lists of units, causes with their chances."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal

from analytics.results import Gap, Recommendation, UnitResult
from survey.report.document import (
    Argument,
    Count,
    Listing,
    Points,
    Probability,
    Range,
    Sentence,
    Share,
    Statement,
    Term,
    UnitName,
    Verbatim,
    say,
)

__all__ = [
    "MARKS",
    "UNITS_NAMED",
    "causes",
    "constructs",
    "counted",
    "detail",
    "finding",
    "gap_of",
    "leaves",
    "marks_of",
    "model",
    "note",
    "percents",
    "points_between",
    "recommended",
    "units_named",
]

MARKS = {
    "UNLIKE": ("≠", "mark.unlike"),
    "SPLIT": ("‖", "mark.split"),
    "SECOND": ("?", "mark.second"),
    "UNRELIABLE": ("≈", "mark.unreliable"),
}
"""Doubts that stand beside a recommendation wherever it is shown: code to sign and sentence."""

UNITS_NAMED = 6
"""So many units are named in one sentence; the others are only counted."""


def finding(*sentences: Sentence | None, sources: Iterable[str] = ()) -> Statement:
    """Return sentences that stand alone; those that are None are left out."""
    return Statement(tuple(one for one in sentences if one), sources=tuple(sources))


def detail(*sentences: Sentence | None, sources: Iterable[str] = ()) -> Statement:
    """Return sentences that continue the statement above."""
    said = tuple(one for one in sentences if one)
    return Statement(said, role="detail", sources=tuple(sources))


def note(*sentences: Sentence) -> Statement:
    """Return a remark."""
    return Statement(sentences, role="note")


def model(key: str) -> Term:
    """Return the name of an operating model."""
    return Term("model", key)


def constructs(keys: Iterable[str], *, most: int | None = None) -> Listing:
    """Return the names of constructs, the last after an "and"."""
    return Listing(tuple(Term("construct", key) for key in keys), joined="and", most=most)


def units_named(codes: Iterable[str]) -> Listing:
    """Return the names of the first few units, and count the others."""
    return Listing(tuple(map(UnitName, codes)), most=UNITS_NAMED)


def marks_of(found: Recommendation) -> tuple[str, ...]:
    """Return the codes of the doubts that stand beside a recommendation."""
    return tuple(code for code in MARKS if code in found.reason_codes)


def recommended(unit: UnitResult) -> Argument:
    """Name a unit whose recommendation is told, with the doubts that stand beside it."""
    name = UnitName(unit.unit)
    codes = marks_of(unit.recommendation) if unit.recommendation else ()
    if not codes:
        return name
    signs = Verbatim(" ".join(MARKS[code][0] for code in codes))
    return say("named.marked", name=name, marks=signs)


def counted(kind: Literal["construct", "model", "behaviour"], counts: Counter[str]) -> Listing:
    """Return names with how often each was counted, the most frequent first."""
    key = "named.quoted" if kind == "behaviour" else "named.figure"
    return Listing(
        tuple(
            say(key, name=Term(kind, name), figure=Count(count))
            for name, count in counts.most_common()
        )
    )


def causes(shares: Sequence[tuple[str, float]]) -> Listing:
    """Return root causes joined by an "or", each with its own probability."""
    return Listing(tuple(_with_chance(*one) for one in shares), joined="or")


def _with_chance(key: str, share: float) -> Argument:
    return say("named.figure", name=Term("construct", key), figure=Probability(share))


def points_between(low: float, high: float, *, signed: bool = False) -> Range:
    """Return an interval in whole points."""
    return Range(Points(low, signed=signed), Points(high, signed=signed))


def percents(low: float, high: float) -> Range:
    """Return an interval of shares."""
    return Range(Share(low), Share(high))


def gap_of(gap: Gap) -> Sentence:
    """Return a gap in points with its interval."""
    return say(
        "figure.between",
        figure=Points(gap.estimate, signed=True),
        between=points_between(gap.low, gap.high, signed=True),
    )


def leaves(units: Iterable[UnitResult]) -> list[UnitResult]:
    """Return the units that are shown and have no units below them."""
    units = list(units)
    parents = {unit.parent for unit in units}
    return [unit for unit in units if unit.status == "reported" and unit.unit not in parents]
