"""Where are we weak? The level of every construct in a word, with its interval."""

from collections.abc import Mapping, Sequence

from analytics.results import UnitResult
from analytics.results.record import Score
from survey.report.document import (
    Column,
    Intervals,
    Points,
    Row,
    Section,
    Table,
    Term,
    say,
)
from survey.report.phrases import constructs, finding, points_between

__all__ = ["levels_figure", "levels_table", "maturity_section"]

_LOWEST = 3


def maturity_section(units: Sequence[UnitResult]) -> Section | None:
    """Return the levels of the whole company; None if no unit stands above all others.

    Parameters
    ----------
    units : sequence of UnitResult
        All units; the company is the one without a parent, if there is only one.
    """
    tops = [unit for unit in units if unit.parent is None]
    if len(tops) != 1 or not tops[0].scores:
        return None
    scores = tops[0].scores
    lowest = sorted(scores, key=lambda key: scores[key].mean)[:_LOWEST]
    return Section(
        "maturity",
        say("maturity.title"),
        (
            finding(say("maturity.lowest", constructs=constructs(lowest))),
            levels_table(scores),
            levels_figure(scores),
        ),
    )


def levels_table(scores: Mapping[str, Score]) -> Table:
    """Return one row per construct: its level in a word, its points and their interval."""
    columns = (
        Column(say("column.construct")),
        Column(say("column.level")),
        Column(say("column.points"), kind="figure"),
        Column(say("column.interval"), kind="figure"),
    )
    rows = tuple(
        Row(
            (
                Term("construct", key),
                Term("level", str(score.level)),
                Points(score.mean),
                points_between(score.low, score.high),
            )
        )
        for key, score in scores.items()
    )
    return Table("levels", columns, rows)


def levels_figure(scores: Mapping[str, Score]) -> Intervals:
    """Return the same as a picture: a dot with its interval per construct."""
    rows = tuple(
        (Term("construct", key), score.mean, score.low, score.high)
        for key, score in scores.items()
    )
    return Intervals("levels", rows)
