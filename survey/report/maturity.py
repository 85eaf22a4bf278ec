"""Where are we weak? The level of every construct in a word, with its interval."""

from collections.abc import Iterator, Mapping, Sequence

from analytics.results import UnitResult
from analytics.results.record import Score
from survey.report.document import (
    Column,
    Intervals,
    Part,
    Points,
    Row,
    Section,
    Table,
    Term,
    say,
)
from survey.report.phrases import constructs, finding, points_between
from survey.report.vocabulary import Vocabulary

__all__ = ["levels", "maturity_section"]

_LOWEST = 3


def maturity_section(units: Sequence[UnitResult], vocabulary: Vocabulary) -> Section | None:
    """Return the levels of the whole company; None if no unit stands above all others.

    Parameters
    ----------
    units : sequence of UnitResult
        All units; the company is the one without a parent, if there is only one.
    vocabulary : Vocabulary
        Knows which constructs can be strong or weak, and which only describe the work.
    """
    tops = [unit for unit in units if unit.parent is None]
    if len(tops) != 1 or not tops[0].scores:
        return None
    scores = tops[0].scores
    mature, _ = _by_kind(scores, vocabulary)
    lowest = sorted(mature, key=lambda key: mature[key].mean)[:_LOWEST]
    parts: list[Part] = list(levels(scores, vocabulary))
    if lowest:
        parts.insert(0, finding(say("maturity.lowest", constructs=constructs(lowest))))
    return Section("maturity", say("maturity.title"), tuple(parts))


def levels(scores: Mapping[str, Score], vocabulary: Vocabulary) -> Iterator[Part]:
    """Yield what is strong or weak, then what only describes the work, each as a table.

    A level is a word; beside it stand its points, and beside these their interval.
    """
    mature, context = _by_kind(scores, vocabulary)
    if mature:
        yield _table("levels", mature)
    if context:
        yield finding(say("maturity.context"))
        yield _table("context", context)
    yield Intervals(
        "levels",
        tuple(
            (Term("construct", key), score.mean, score.low, score.high)
            for key, score in (mature | context).items()
        ),
    )


def _by_kind(
    scores: Mapping[str, Score], vocabulary: Vocabulary
) -> tuple[dict[str, Score], dict[str, Score]]:
    blocks = {construct.key: construct.block for construct in vocabulary.instrument.constructs}
    context = {key for key in scores if blocks[key] == "context"}
    return (
        {key: score for key, score in scores.items() if key not in context},
        {key: score for key, score in scores.items() if key in context},
    )


def _table(key: str, scores: Mapping[str, Score]) -> Table:
    columns = (
        Column(say("column.construct")),
        Column(say("column.level")),
        Column(say("column.points"), kind="figure"),
        Column(say("column.interval"), kind="figure"),
    )
    rows = tuple(
        Row(
            (
                Term("construct", construct),
                Term("level", str(score.level)),
                Points(score.mean),
                points_between(score.low, score.high),
            )
        )
        for construct, score in scores.items()
    )
    return Table(key, columns, rows)
