"""An analysis as a report in the terminal: findings, what is hidden, where to look next."""

from collections.abc import Collection, Mapping, Sequence
from typing import IO

from rich.console import Console
from rich.table import Table

from analytics.results import Analysis, UnitResult
from api.terminal.next_steps import next_steps
from api.terminal.sections import Sections
from api.terminal.words import constraint_text, gap_text, model_text, plain, runner_up_text

__all__ = ["print_analysis"]

_PLAIN_WIDTH = 150
"""Columns of a report that does not go to a terminal."""

_STRUCTURE = {
    "clear": "The units differ in a way that the four models describe well.",
    "weak": "The units differ only weakly along the four models: read this as exploratory.",
    "none": "The units do not differ along the four models: every finding is a band lower.",
    "cannot_tell": "Fewer than 12 units: nobody can tell whether the company has a pattern.",
}


def print_analysis(
    analysis: Analysis,
    names: Mapping[str, str],
    *,
    file: IO[str],
    notes: Sequence[str] = (),
    details: Collection[str] = (),
    title: str = "AI operating model per business unit",
) -> None:
    """Print the report.

    Parameters
    ----------
    analysis : Analysis
        What was found; nothing else is shown.
    names : mapping of str to str
        Names of units; a unit without one goes by its code.
    file : file object
        Where to.
    notes : sequence of str
        Sentences for the foot of the report.
    details : collection of str
        Codes of units about which everything is said.
    title : str
        The headline.
    """
    console = Console(file=file, width=None if file.isatty() else _PLAIN_WIDTH, highlight=False)
    lineage = analysis.lineage
    names = {unit.unit: plain(names.get(unit.unit, unit.unit)) for unit in analysis.units}
    console.print(f"\n[bold]{title}[/]")
    console.print(
        f"{lineage.responses_used:,} of {lineage.responses_read:,} responses used, "
        f"{lineage.sponsors} of them sponsors' · {lineage.instrument} · {lineage.method} · "
        f"anchors {lineage.anchors} · seed {lineage.seed}\n",
        style="dim",
    )
    console.print(_units_table(analysis, names))
    console.print(
        "● firm: 70% or more   ◐ lean: 50 to 70%   ○ no clear model: the evidence leans this "
        "way and does not carry a decision\n"
        "CoE: centre of excellence   Gap: sponsors' claim less what employees see, points of "
        "100, with its 95% interval\n",
        style="dim",
    )
    _print_hidden(console, analysis, names)
    _print_next_steps(console, analysis, names)
    sections = Sections.of(console, analysis, names)
    sections.company()
    sections.waves()
    sections.measurement()
    sections.details(details)
    sections.sources()
    _print_limits(console, analysis, notes)


def _units_table(analysis: Analysis, names: Mapping[str, str]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", row_styles=["", "on grey7"])
    for heading in ("Unit", "People", "Recommended", "Runner-up", "Hidden constraint", "Gap"):
        table.add_column(heading, justify="right" if heading == "People" else "left")
    for depth, unit in _by_tree(analysis.units):
        if unit.status == "reported":
            table.add_row(*_cells(depth, unit, names))
    return table


def _cells(depth: int, unit: UnitResult, names: Mapping[str, str]) -> tuple[str, ...]:
    found = unit.recommendation
    return (
        "  " * depth + names.get(unit.unit, unit.unit),
        str(unit.respondents),
        model_text(found) if found else "",
        runner_up_text(found) if found else "",
        constraint_text(unit.constraint) if unit.constraint else "",
        gap_text(unit.sponsorship) if unit.sponsorship else "",
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


def _print_hidden(console: Console, analysis: Analysis, names: Mapping[str, str]) -> None:
    hidden = [
        names.get(unit.unit, unit.unit)
        for unit in analysis.units
        if unit.status == "suppressed"
    ]
    if not hidden:
        return
    k = analysis.lineage.thresholds.scores
    console.print(f"[bold]Not shown[/] ({len(hidden)} of {len(analysis.units)} units)")
    console.print(
        f"{', '.join(hidden)}.\nEither fewer than {k} people answered there, or the figures "
        f"of a group below {k} would follow by subtraction.\nTheir answers count in the "
        "figures of the units above them.\n"
    )


def _print_next_steps(console: Console, analysis: Analysis, names: Mapping[str, str]) -> None:
    steps = next_steps(analysis, names)
    if steps:
        console.print("[bold]Where to look next[/]")
        for step in steps:
            console.print(f"  • {step}")
        console.print()


def _print_limits(console: Console, analysis: Analysis, notes: Sequence[str]) -> None:
    console.print("[bold]How far to trust this[/]")
    sentences = (
        _STRUCTURE[analysis.organisation.structure],
        "The four profiles are a theory: probabilities are model-based, no company's outcomes "
        "have validated them. A unit half-way between two models is firmly given one of them "
        "about one time in four.",
        *notes,
    )
    for sentence in sentences:
        console.print(sentence, style="dim")
