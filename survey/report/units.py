"""Which model fits where: the table of all units, what is hidden, and every doubt in words."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile

import msgspec

from analytics.results import Analysis, CompanyPattern, Constraint, Recommendation, UnitResult
from survey.report.document import (
    Argument,
    Cell,
    Choice,
    Column,
    Count,
    Hidden,
    Listing,
    Needs,
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
from survey.report.phrases import (
    MARKS,
    constructs,
    leaves,
    marks_of,
    note,
    recommended,
    units_named,
)

__all__ = [
    "NO_CHOICE",
    "choice",
    "choosing",
    "in_words",
    "needs_of",
    "no_model",
    "none_or_mixed",
    "units_below",
    "units_section",
    "without_a_say",
]

NO_CHOICE = {
    "unanswered": "no_choice.unanswered",
    "indistinct": "no_choice.indistinct",
    "unreliable": "no_choice.unreliable",
}
"""Why nothing is recommended to any unit."""

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
    parts: list[Part] = [_table(shown, analysis)]
    if len(shown) < len(tree):
        parts.append(note(say("units.deeper", count=Count(len(tree) - len(shown)))))
    parts.extend(_marked(choosing(analysis.units)))
    parts.extend(map(note, without_a_say(analysis.organisation)))
    parts.append(note(say("units.theory")))
    parts.extend(_hidden(analysis))
    if whole:
        parts.extend(_figure(choosing(analysis.units)))
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
        marks=marks_of(found),
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


def _table(shown: list[tuple[int, UnitResult]], analysis: Analysis) -> Table:
    missing = no_model(analysis)
    below = units_below(analysis.units)
    columns = (
        Column(say("column.unit")),
        Column(say("column.people"), kind="figure"),
        Column(say("column.model")),
        Column(say("column.constraint")),
    )
    rows = []
    for depth, unit in shown:
        needs = needs_of(below.get(unit.unit, ()))
        chosen = choice(unit.recommendation) if unit.recommendation else missing
        rows.append(Row(_cells(unit, needs or chosen), depth))
    return Table("units", columns, tuple(rows))


def units_below(units: Sequence[UnitResult]) -> dict[str, list[UnitResult]]:
    """Return the units at the end of the tree below each parent, as far as they are shown."""
    parents = {unit.unit: unit.parent for unit in units}
    below: dict[str, list[UnitResult]] = {}
    for unit in leaves(units):
        above = unit.parent
        while above is not None:
            below.setdefault(above, []).append(unit)
            above = parents.get(above)
    return below


def needs_of(units: Sequence[UnitResult]) -> Needs | None:
    """Count the units by the model they need, and those that are open; None without any."""
    found = [unit.recommendation for unit in units if unit.recommendation]
    if not found:
        return None
    named = Counter(one.model for one in found if one.status != "no_clear_model")
    open_ = len(found) - named.total()
    return Needs(tuple(named.most_common()), open_)


def choosing(units: Sequence[UnitResult]) -> list[UnitResult]:
    """Return the units that are told a model of their own, not what the units below need."""
    above = units_below(units)
    return [
        unit
        for unit in units
        if unit.status == "reported" and not needs_of(above.get(unit.unit, ()))
    ]


def _cells(unit: UnitResult, model: Cell) -> tuple[Cell, ...]:
    people = unit.respondents
    return (
        UnitName(unit.unit),
        _NOT_SHOWN if people is None else Count(people),
        model,
        _constraint(unit.constraint),
    )


_NOT_SHOWN = Hidden(say("hidden.few"))


def no_model(analysis: Analysis) -> Hidden:
    """Say why a shown unit has no recommendation."""
    because = analysis.organisation.no_choice
    if because is msgspec.UNSET:
        return _NOT_SHOWN
    return Hidden(say("hidden.no_choice", because=say(NO_CHOICE[because])))


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


def _marked(shown: Sequence[UnitResult]) -> Iterator[Statement]:
    """Say every mark that the table sets, and at which units."""
    for code, (sign, meaning) in MARKS.items():
        marked = [
            unit.unit
            for unit in shown
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


def _figure(shown: Sequence[UnitResult]) -> Iterator[Shares]:
    rows = tuple(
        (recommended(unit), _five(unit.recommendation)) for unit in shown if unit.recommendation
    )
    if rows:
        yield Shares("units.shares", rows)


def _five(found: Recommendation) -> dict[str, float]:
    models = {key: found.probabilities[key] for key in found.conditional}
    return models | {"none_or_mixed": none_or_mixed(found)}
