"""Draws a document in the terminal: headings, bullets, tables and bars, without colour too."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from textwrap import wrap
from typing import IO

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from api.terminal.words import NO_BREAK, printable
from survey.report.document import (
    Argument,
    Cell,
    Choice,
    Diverging,
    Document,
    Fold,
    Hidden,
    Intervals,
    Needs,
    Part,
    Probability,
    Section,
    Sentence,
    Shares,
    Statement,
    Table,
    Term,
    Verbatim,
    say,
)
from survey.report.phrases import MARKS
from survey.report.units import in_words
from survey.report.wording import Wording

__all__ = ["Page"]

_WIDTH = 100
"""Columns of a page that does not go to a terminal."""

_SHAPES = ("●", "■", "▲", "◆")
"""One per operating model, in the order of the catalogue; colour is never the only sign."""

_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7")
"""Okabe and Ito's, which people who are blind to some colours can tell apart."""

_BULLETS = {"finding": "  • ", "detail": "    ", "note": "  "}
_BAR = 30
_HELD = "\ue000"
"""Stands for a space that must not break while a grid is laid out; it is of private use."""
_HALF_BAR = 16


class Page:
    """Prints documents to one file in one language.

    Parameters
    ----------
    file : file object
        Where to; the width of a terminal is its own, that of a file 100 columns.
    wording : Wording
        Says what the documents hold.
    models : tuple of str
        Keys of the operating models, in the order of the catalogue.
    """

    def __init__(self, file: IO[str], wording: Wording, models: tuple[str, ...]) -> None:
        width = None if file.isatty() else _WIDTH
        self._console = Console(file=file, width=width, highlight=False, markup=False)
        self._wording = wording
        self._looks = dict(zip(models, zip(_SHAPES, _COLOURS, strict=True), strict=False))

    def print(self, document: Document) -> None:
        """Print the title, what it rests on, and every section."""
        self._console.print()
        self._console.print(self._text(document.title), style="bold")
        self._console.print(self._text(document.about), style="dim")
        marks = {key: number for number, key in enumerate(document.sources, 1)}
        for section in document.sections:
            self._section(section, marks)

    def remark(self, sentence: Sentence) -> None:
        """Print a sentence about the page itself."""
        self._console.print(self._text(sentence), style="dim")

    def _section(self, section: Section, marks: dict[str, int]) -> None:
        self._console.print()
        self._console.print(self._text(section.title), style="bold")
        for before, part in pairwise((None, *section.parts)):
            if before is not None and not isinstance(part, Statement | Intervals):
                self._console.print()
            self._part(part, marks)

    def _part(self, part: Part | None, marks: dict[str, int]) -> None:
        match part:
            case Statement():
                self._statement(part, marks)
            case Table():
                self._table(part)
            case Shares():
                self._shares(part)
            case Diverging():
                self._diverging(part)
            case Fold(title, statements):
                self._console.print(f"  {self._text(title)}", style="dim italic")
                for statement in statements:
                    self._statement(statement, marks, style="dim")
            case Intervals() | None:
                pass  # The table beside it holds the same figures.

    def _statement(self, said: Statement, marks: dict[str, int], style: str = "") -> None:
        refers = "".join(f" [{marks[key]}]" for key in said.sources if key in marks)
        text = printable(self._wording.statement(said) + refers)
        style = "dim" if said.role == "note" else style
        self._hanging(_BULLETS[said.role], text, style)

    def _hanging(self, bullet: str, text: str, style: str = "") -> None:
        """Print a text whose further lines begin below its first word."""
        further = " " * len(bullet)
        lines = wrap(
            text,
            self._console.width - 1,
            initial_indent=bullet,
            subsequent_indent=further,
            break_on_hyphens=False,
        )
        for line in lines:
            self._console.print(Text(line, style))

    def _table(self, table: Table) -> None:
        grid = _grid()
        for column in table.columns:
            heading = self._text(column.heading)
            grid.add_column(heading, justify=column.align, no_wrap=column.align == "right")
        for row in table.rows:
            first, *others = (_held_together(self._cell(cell)) for cell in row.cells)
            grid.add_row(Text("  " * row.depth) + first, *others)
        self._draw(grid)
        cells = [cell for row in table.rows for cell in row.cells]
        if any(isinstance(cell, Choice) for cell in cells):
            self._legend()
        for reason in dict.fromkeys(
            self._text(cell.reason) for cell in cells if isinstance(cell, Hidden)
        ):
            self._hanging("  ", reason, "dim")

    def _draw(self, grid: Grid) -> None:
        """Print a grid, in which lines would break even at a space that must not."""
        with self._console.capture() as drawn:
            self._console.print(grid)
        self._console.file.write(drawn.get().replace(_HELD, NO_BREAK))

    def _cell(self, cell: Cell) -> Text:
        match cell:
            case Hidden():
                return Text(self._text(say("cell.hidden")), "dim")
            case Choice():
                return self._choice(cell)
            case Needs():
                return self._needs(cell)
            case _:
                return Text(self._text(cell))

    def _choice(self, found: Choice) -> Text:
        words = self._text(in_words(found, self._sign))
        marks = "".join(f" {MARKS[code][0]}" for code in found.marks)
        if found.status == "no_clear_model":
            return Text(f"○ {words}{marks}", "dim")
        shape, colour = self._look(found.model)
        weight = "bold" if found.status == "firm" else ""
        return Text.assemble((shape, colour), " ", (words, weight), marks)

    def _needs(self, found: Needs) -> Text:
        """Write how many units need which model, by its shape."""
        counted = [(*self._look(key), number) for key, number in found.models]
        if found.open:
            counted.append(("○", "dim", found.open))
        return Text("  ").join(
            Text.assemble((shape, colour), f" {number}") for shape, colour, number in counted
        )

    def _sign(self, model: str) -> Argument:
        return Verbatim(self._look(model)[0])

    def _legend(self) -> None:
        """Print which shape is which model; an entry is never cut in two."""
        named = [
            Text.assemble("  ", (shape, colour), " ", self._text(Term("model", key)))
            for key, (shape, colour) in self._looks.items()
        ]
        named.append(Text(f"  ○ {self._text(say('choice.no_single_model'))}"))
        line = Text()
        for entry in named:
            if line.cell_len + entry.cell_len > self._console.width:
                self._console.print(line)
                line = Text()
            line += entry
        self._console.print(line)

    def _shares(self, figure: Shares) -> None:
        """Draw one row as bars, several as a table of their figures."""
        if len(figure.rows) == 1:
            self._bars(figure.rows[0][1])
            return
        grid = _grid()
        grid.add_column(self._text(say("column.unit")))
        for key in figure.rows[0][1]:
            shape, _ = self._look(key)
            grid.add_column(f"{shape} {self._share_label(key)}", justify="right")
        for name, shares in figure.rows:
            cells = (name, *map(Probability, shares.values()))
            grid.add_row(*(_held_together(self._cell(cell)) for cell in cells))
        self._draw(grid)

    def _bars(self, shares: Mapping[str, float]) -> None:
        labels = {key: self._share_label(key) for key in shares}
        width = max(map(len, labels.values()))
        for key, share in shares.items():
            shape, colour = self._look(key)
            bar, chance = "█" * round(_BAR * share), self._text(Probability(share))
            label = f" {labels[key]:<{width}}  "
            line = Text.assemble("    ", (shape, colour), label, (bar, colour), f" {chance}")
            self._console.print(line)

    def _look(self, model: str) -> tuple[str, str]:
        """Return the shape and the colour of a model, or of none."""
        return self._looks.get(model, ("○", ""))

    def _share_label(self, key: str) -> str:
        if key == "none_or_mixed":
            return self._text(say("figure.none_or_mixed"))
        return self._text(Term("model_short", key))

    def _diverging(self, figure: Diverging) -> None:
        """Draw what speaks for one model to the right, for the other to the left."""
        most = max((abs(weight) for _, weight in figure.rows), default=0.0)
        if not most:
            return
        labels = [self._text(name) for name, _ in figure.rows]
        width = max(map(len, labels))
        towards, away = self._text(figure.towards), self._text(figure.away)
        self._console.print(f"    {'':<{width}} {'◄ ' + away:>{_HALF_BAR}}│{towards} ►")
        for label, line in zip(labels, _sides(figure, most), strict=True):
            self._console.print(f"    {label:<{width}} {line}")

    def _text(self, argument: Argument) -> str:
        return printable(self._wording.text(argument))


def _held_together(cell: Text) -> Text:
    """Keep a number and its sign on one line."""
    cell.plain = cell.plain.replace(NO_BREAK, _HELD)
    return cell


def _grid() -> Grid:
    return Grid(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))


def _sides(figure: Diverging, most: float) -> Iterator[str]:
    for _, weight in figure.rows:
        bar = "█" * round(_HALF_BAR * abs(weight) / most)
        left, right = ("", bar) if weight > 0 else (bar, "")
        yield f"{left:>{_HALF_BAR}}│{right}"
