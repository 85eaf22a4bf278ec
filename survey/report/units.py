"""Which model fits where: the table of all units, what is hidden, and every doubt in words."""

from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile

from analytics.results import Analysis, CompanyPattern, Constraint, Recommendation, UnitResult
from survey.report.document import (
    Argument,
    Cell,
    Choice,
    Column,
    Count,
    Hidden,
    Listing,
    Part,
    Probability,
    Row,
    Section,
    Sentence,
    Shares,
    Statement,
    Table,
    Term,
    UnitName,
    Verbatim,
    say,
)
from survey.report.phrases import constructs, note, units_named

__all__ = ["MARKS", "choice", "in_words", "none_or_mixed", "units_section", "without_a_say"]

MARKS = {
    "UNLIKE": ("≠", "mark.unlike"),
    "SPLIT": ("‖", "mark.split"),
    "SECOND": ("?", "mark.second"),
    "UNRELIABLE": ("≈", "mark.unreliable"),
}
"""Doubts that stand beside a recommendation wherever it is shown: code to sign and sentence."""

_MOSTLY = 0.5
"""From here on that none of the models fits, or a mix, is what has to be said."""

_MOST_ROWS = 48
"""Rows of a short table; from there on the lower units are left to the whole report."""


def units_section(analysis: Analysis, *, whole: bool) -> Section:
    """Return the table of units in the order of the tree, with what has to be known beside it.

    Parameters
    ----------
    analysis : Analysis
        What was found.
    whole : bool
        All units, however many there are, and every probability.
    """
    tree = [line for line in _by_tree(analysis.units) if line[1].status == "reported"]
    shown = tree if whole else _upper(tree)
    parts: list[Part] = [_table(shown, _no_model(analysis))]
    if len(shown) < len(tree):
        parts.append(note(say("units.deeper", count=Count(len(tree) - len(shown)))))
    parts.extend(_marked(shown))
    parts.extend(map(note, without_a_say(analysis.organisation)))
    parts.append(note(say("units.theory")))
    parts.extend(_hidden(analysis))
    if whole:
        parts.extend(_figure(shown))
    return Section("units", say("units.title"), tuple(parts))


def none_or_mixed(found: Recommendation) -> float:
    """Return the probability that none of the four models fits, or a mix of two."""
    return found.probabilities["none"] + found.probabilities["between"]


def without_a_say(found: CompanyPattern) -> Iterator[Sentence]:
    """Name the conditions that were measured too unreliably to choose a model by."""
    if found.left_out:
        yield say("units.left_out", constructs=constructs(found.left_out))


def choice(found: Recommendation) -> Choice:
    """Return a recommendation as one cell, with the doubts that stand beside it."""
    return Choice(
        status=found.status,
        model=found.model,
        probability=found.probabilities[found.model],
        runner_up=found.runner_up,
        runner_up_probability=found.probabilities[found.runner_up],
        none_or_mixed=none_or_mixed(found),
        marks=tuple(code for code in MARKS if code in found.reason_codes),
    )


def in_words(found: Choice, called: Callable[[str], Argument]) -> Sentence:
    """Return what a choice says in one line, without its marks.

    Parameters
    ----------
    found : Choice
        Of one unit.
    called : callable
        Says how a model is called beside another one: by its name, or by its sign.
    """
    if found.status == "no_clear_model":
        if found.none_or_mixed >= _MOSTLY:
            return say("choice.mixed", rest=Probability(found.none_or_mixed))
        return say(
            "choice.nearest",
            model=called(found.model),
            chance=Probability(found.probability),
            second=called(found.runner_up),
            second_chance=Probability(found.runner_up_probability),
        )
    key = "choice.firm" if found.status == "firm" else "choice.lean"
    return say(
        key, model=Term("model_short", found.model), chance=Probability(found.probability)
    )


def _by_tree(units: Sequence[UnitResult]) -> list[tuple[int, UnitResult]]:
    """Return units with their depth, every parent right above its children."""
    known = {unit.unit for unit in units}
    below: dict[str | None, list[UnitResult]] = {}
    for unit in units:
        below.setdefault(unit.parent if unit.parent in known else None, []).append(unit)

    def walk(parent: str | None, depth: int) -> list[tuple[int, UnitResult]]:
        return [
            line
            for unit in below.get(parent, [])
            for line in ((depth, unit), *walk(unit.unit, depth + 1))
        ]

    return walk(None, 0)


def _upper(tree: list[tuple[int, UnitResult]]) -> list[tuple[int, UnitResult]]:
    """Return the units down to the depth at which the table still is a short one."""
    if len(tree) <= _MOST_ROWS:
        return tree
    depths = range(max(depth for depth, _ in tree))
    levels = ([line for line in tree if line[0] <= depth] for depth in depths)
    fitting = list(takewhile(lambda level: len(level) <= _MOST_ROWS, levels))
    return fitting[-1] if fitting else tree[:_MOST_ROWS]


def _table(shown: list[tuple[int, UnitResult]], no_model: Hidden) -> Table:
    columns = (
        Column(say("column.unit")),
        Column(say("column.people"), kind="figure"),
        Column(say("column.model")),
        Column(say("column.constraint")),
    )
    return Table(
        "units", columns, tuple(Row(_cells(unit, no_model), depth) for depth, unit in shown)
    )


def _cells(unit: UnitResult, no_model: Hidden) -> tuple[Cell, ...]:
    found, people = unit.recommendation, unit.respondents
    return (
        UnitName(unit.unit),
        _NOT_SHOWN if people is None else Count(people),
        choice(found) if found else no_model,
        _constraint(unit.constraint),
    )


_NOT_SHOWN = Hidden(say("hidden.few"))


def _no_model(analysis: Analysis) -> Hidden:
    """Say why a shown unit gets no recommendation at all."""
    nobody = all(unit.recommendation is None for unit in analysis.units)
    too_few = nobody and analysis.organisation.left_out
    return Hidden(say("hidden.unreliable")) if too_few else _NOT_SHOWN


def _constraint(found: Constraint | None) -> Cell:
    if found is None or not found.probabilities:
        return _NOT_SHOWN
    if not found.dimensions:
        return say("cell.open")
    named: tuple[Argument, ...] = tuple(
        say(
            "cell.chance",
            name=Term("construct", key),
            chance=Probability(found.probabilities[key]),
        )
        for key in found.dimensions
    )
    return Listing(named, joined="or")


def _marked(shown: list[tuple[int, UnitResult]]) -> Iterator[Statement]:
    """Say every mark that the table sets, and at which units."""
    for code, (sign, meaning) in MARKS.items():
        marked = [
            unit.unit
            for _, unit in shown
            if unit.recommendation and code in unit.recommendation.reason_codes
        ]
        if marked:
            units = units_named(marked)
            yield note(say("mark.at", mark=Verbatim(sign), meaning=say(meaning), units=units))


def _hidden(analysis: Analysis) -> Iterator[Statement]:
    hidden = [unit.unit for unit in analysis.units if unit.status == "suppressed"]
    if hidden:
        yield note(_hidden_units(hidden, analysis.lineage.thresholds.scores))


def _hidden_units(codes: list[str], k: int) -> Sentence:
    return say("units.hidden", count=Count(len(codes)), units=units_named(codes), k=Count(k))


def _figure(shown: list[tuple[int, UnitResult]]) -> Iterator[Shares]:
    rows = tuple(
        (UnitName(unit.unit), _five(unit.recommendation))
        for _, unit in shown
        if unit.recommendation
    )
    if rows:
        yield Shares("units.shares", rows)


def _five(found: Recommendation) -> dict[str, float]:
    models = {key: found.probabilities[key] for key in found.conditional}
    return models | {"none_or_mixed": none_or_mixed(found)}
