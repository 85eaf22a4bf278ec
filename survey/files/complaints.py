"""What is wrong with a file and where; collects, never repairs."""

from collections.abc import Callable, Hashable, Sequence
from typing import Literal, NoReturn

import msgspec
import polars as pl

from survey.errors import Invalid
from survey.files.bounds import UPLOAD, Bounds, Measure
from survey.files.keys import visible

__all__ = [
    "IGNORED_PREFIX",
    "LINE",
    "SHOWN",
    "ComplainedCell",
    "Complaint",
    "Complaints",
    "Counted",
    "FileRejected",
    "Hint",
]

SHOWN = 20
"""So many complaints about a file are reported, one per cause; the others are only counted."""

Counted = Literal["line", "row", "entry"]
"""``line``: lines of a text, the header is the first; ``row``: rows of a Parquet file;
``entry``: entries of a list."""

_LONGEST_VALUE = 60  # characters; enough to find the cell again
_OTHERS_SHOWN = 4
_COLUMNS_NAMED = 3
_CELLS_KEPT = 50
_VALUES_WEIGHED = 50  # different cells of one cause, of which a hint is made
LINE = "#line"
"""The column of a frame of cells that holds the number of the line."""

IGNORED_PREFIX = "x_"
"""Columns with such a name are ignored."""


class ComplainedCell(msgspec.Struct, frozen=True):
    """A cell that is wrong, or another place, with as much of it as exists."""

    line: int | None
    """The line or row, as in the complaint; None if there is none."""
    column: str | None
    """The name of the column, as the header has it; None if there is none."""
    value: str | None
    """What was found, shortened; "" is an empty cell, None is nothing to show."""


class Complaint(msgspec.Struct, frozen=True):
    """One cause of trouble, with as much of its first place as exists.

    A complaint quotes the file: it is for the person who gave the file, never for a log.
    """

    file: str
    """The name under which the file was given."""
    line: int | None
    """Physical line, the header is line 1; in Parquet, the row, the first is 1; in a list, the
    entry, the first is 0."""
    column: str | None
    """The name of the column, as the header has it."""
    value: str | None
    """What was found, shortened; "" is an empty cell, None is nothing to show."""
    expected: str
    """What would have been right."""
    counted: Counted = "line"
    """What ``line`` counts."""
    count: int = 1
    """How many cells, rows or columns are wrong for this cause, the first included."""
    columns: tuple[str, ...] = ()
    """All columns concerned, if there is more than one."""
    others: tuple[ComplainedCell, ...] = ()
    """The first few further cells, those of other content first."""
    hint: str | None = None
    """How to mend it, as a sentence; None if what was expected says it all."""

    @property
    def place(self) -> str:
        """Return file, line and column as far as each exists."""
        line = None if self.line is None else f"{self.counted} {self.line}"
        column = None if self.column is None else f"column {self.column}"
        return ", ".join(part for part in (self.file, line, column) if part)

    @property
    def cells(self) -> tuple[ComplainedCell, ...]:
        """Return the first place and the first few others."""
        return (ComplainedCell(self.line, self.column, self.value), *self.others)

    def __str__(self) -> str:
        """Say it in one line: place, what was found, what was expected, how to mend it."""
        found = "" if self.value is None else f"found {_quoted(self.value)}, "
        said = f"{self.place}: {found}expected {self.expected}{self._extent()}"
        return said if self.hint is None else f"{said}. {self.hint}"

    def _extent(self) -> str:
        """Say how far the cause reaches, if it reaches beyond one place."""
        if self.count == 1:
            return ""
        values = dict.fromkeys(one.value for one in self.others if one.value is not None)
        others = [_quoted(value) for value in values if value != self.value]
        among = f", among them {', '.join(others)}" if others else ""
        if not self.columns:
            return f"; {self.count:,} times{among}"
        named = ", ".join(self.columns[:_COLUMNS_NAMED])
        more = len(self.columns) - _COLUMNS_NAMED
        rest = f" and {more} more" if more > 0 else ""
        return f"; {self.count:,} times in {len(self.columns)} columns{among}: {named}{rest}"


def _quoted(value: str) -> str:
    return f"'{value}'" if value else "nothing"


class FileRejected(Invalid):
    """A file cannot be read as what it should be.

    ``str()`` of it is the whole list, one complaint a line; ``message`` is the first sentence.

    Parameters
    ----------
    complaints : sequence of Complaint
        The first `SHOWN` of them, in the order of their lines; at least one.
    total : int
        How many there are, those not shown included.
    cells : int
        How many cells, rows or columns they are about.
    """

    code = "file-rejected"

    def __init__(self, complaints: Sequence[Complaint], *, total: int, cells: int) -> None:
        self.complaints = tuple(complaints)
        self.total = total
        self.cells = cells
        file = complaints[0].file
        super().__init__(
            f"{file} was rejected: {'1 complaint' if total == 1 else f'{total} complaints'}.",
            file=file,
            total=total,
            complaints=[msgspec.to_builtins(complaint) for complaint in complaints],
        )

    def __str__(self) -> str:
        """Say the sentence, then each complaint on a line, then how many are not shown."""
        hidden = self.total - len(self.complaints)
        rest = [f"and {hidden} more"] if hidden else []
        return "\n".join([self.message, *map(str, self.complaints), *rest])


Hint = str | Callable[[Sequence[str]], str | None]
"""How to mend something; or how to tell from the cells concerned."""


class _Cause:
    """All that is wrong with a file for one cause."""

    def __init__(self, first: Complaint, hint: Hint | None) -> None:
        self.first = first
        self.hint = hint
        self.count = 0
        self.columns: dict[str, None] = {}
        self.cells: dict[ComplainedCell, None] = {}
        self.values: dict[str, None] = {}

    def add(self, complaint: Complaint, count: int) -> None:
        self.count += count
        if (complaint.line or 0) < (self.first.line or 0):
            self.first = complaint
        if complaint.column is not None:
            self.columns.setdefault(complaint.column)
        if complaint.value is not None and len(self.values) < _VALUES_WEIGHED:
            self.values.setdefault(complaint.value)
        if len(self.cells) < _CELLS_KEPT:
            self.cells.setdefault(complaint.cells[0])

    def complaint(self) -> Complaint:
        hint = self.hint([*self.values]) if callable(self.hint) else self.hint
        columns = tuple(self.columns) if len(self.columns) > 1 else ()
        (first,) = self.first.cells
        others = [cell for cell in self.cells if cell != first]
        others.sort(key=lambda cell: cell.value == first.value)  # other contents first
        return msgspec.structs.replace(
            self.first,
            count=self.count,
            columns=columns,
            others=tuple(others[:_OTHERS_SHOWN]),
            hint=hint,
        )


class Complaints:
    """Collects what is wrong with one file, one complaint per cause.

    Parameters
    ----------
    file : str
        The name under which the file was given.
    counted : {"line", "row", "entry"}
        What the numbers of places count.
    bounds : Bounds
        Of the file.
    """

    def __init__(
        self, file: str, *, counted: Counted = "line", bounds: Bounds = UPLOAD
    ) -> None:
        self.file = visible(file)
        self.counted = counted
        self.bounds = bounds
        self._causes: dict[Hashable, _Cause] = {}

    @property
    def total(self) -> int:
        """How many causes were noted."""
        return len(self._causes)

    def add(
        self,
        expected: str,
        *,
        line: int | None = None,
        column: str | None = None,
        value: str | None = None,
        cause: Hashable = None,
        hint: Hint | None = None,
        count: int = 1,
    ) -> None:
        """Note that something is wrong.

        Parameters
        ----------
        expected : str
            What would have been right.
        line, column, value
            Where, and what was found instead.
        cause : hashable, default=``expected`` and ``column``
            What is noted for the same cause becomes one complaint, about the first place.
        hint : str or callable, optional
            How to mend it; a callable is given the different cells found.
        count : int
            How many cells this stands for.

        Raises
        ------
        FileRejected
            More is wrong than the bounds allow: reading stops here.
        """
        complaint = Complaint(
            file=self.file,
            line=line,
            column=None if column is None else visible(_short(column)),
            value=None if value is None else visible(_short(value)),
            expected=expected,
            counted=self.counted,
        )
        key = (expected, column) if cause is None else cause
        self._causes.setdefault(key, _Cause(complaint, hint)).add(complaint, count)
        if len(self._causes) == self.bounds.causes:
            self.stop(
                f"fewer than {self.bounds.causes} different mistakes; reading stopped there",
                hint="Mend these first; if they all look alike, it is another kind of file.",
            )

    def add_rows(
        self,
        frame: pl.DataFrame,
        *,
        column: str,
        expected: str,
        quoted: bool = True,
        cause: Hashable = None,
        hint: Hint | None = None,
    ) -> None:
        """Note that ``column`` is wrong in each row of a frame, for one cause.

        Parameters
        ----------
        frame : polars.DataFrame
            The offending rows: the number of the line in `LINE`, and ``column``.
        quoted : bool, default=True
            Whether the cell may be repeated; a comment must not be.
        expected, cause, hint
            As in ``add``.
        """
        cells = frame.select(LINE, pl.col(column).cast(pl.String).fill_null(""))
        shown = cells.unique(column, keep="first", maintain_order=True).head(_VALUES_WEIGHED)
        for number, (line, value) in enumerate(shown.iter_rows()):
            self.add(
                expected,
                line=line,
                column=column,
                value=value if quoted else None,
                cause=cause,
                hint=hint,
                count=frame.height - shown.height + 1 if number == 0 else 1,
            )

    def stop(self, expected: str, *, line: int | None = None, hint: Hint) -> NoReturn:
        """Note why reading stops, and reject the file."""
        complaint = Complaint(self.file, line, None, None, expected, self.counted)
        self._causes[expected] = _Cause(complaint, hint)
        self._causes[expected].add(complaint, 1)
        self.raise_any()
        raise AssertionError  # one complaint was added

    def require(self, measure: Measure, found: int, *, line: int | None = None) -> None:
        """Reject a file that is beyond a bound.

        Raises
        ------
        FileRejected
            It is; the complaint names the bound, how many there are, and the way around it.
        """
        if found > getattr(self.bounds, measure):
            self.stop(
                f"{self.bounds.expected(measure)}; there are {found}",
                line=line,
                hint=self.bounds.way_around(measure),
            )

    def raise_any(self) -> None:
        """Reject the file if anything was noted.

        Raises
        ------
        FileRejected
            With the first `SHOWN` complaints in the order of their lines.
        """
        if self._causes:
            found = [cause.complaint() for cause in self._causes.values()]
            found.sort(key=lambda complaint: complaint.line or 0)
            raise FileRejected(
                found[:SHOWN], total=self.total, cells=sum(one.count for one in found)
            )


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"
