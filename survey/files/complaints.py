"""What is wrong with a file and where; collects, never repairs."""

from collections.abc import Sequence
from typing import Literal

import msgspec
import polars as pl

from survey.errors import Invalid
from survey.files.keys import visible

__all__ = [
    "IGNORED_PREFIX",
    "LINE",
    "SHOWN",
    "Complaint",
    "Complaints",
    "Counted",
    "FileRejected",
]

SHOWN = 20
"""So many complaints about a file are reported; the others are only counted."""

Counted = Literal["line", "row"]

_LONGEST_VALUE = 60  # characters; enough to find the cell again
LINE = "#line"
"""The column of a frame of cells that holds the number of the line."""

IGNORED_PREFIX = "x_"
"""Columns with such a name are ignored."""


class Complaint(msgspec.Struct, frozen=True):
    """One thing that is wrong, with as much of its place as exists.

    A complaint quotes the file: it is for the person who gave the file, never for a log.
    """

    file: str
    """The name under which the file was given."""
    line: int | None
    """Physical line, the header is line 1; in Parquet, the row, the first is 1."""
    column: str | None
    """The name of the column, as the header has it."""
    value: str | None
    """What was found, shortened; "" is an empty cell, None is nothing to show."""
    expected: str
    """What would have been right."""
    counted: Counted = "line"
    """What ``line`` counts."""

    @property
    def place(self) -> str:
        """Return file, line and column as far as each exists."""
        line = None if self.line is None else f"{self.counted} {self.line}"
        column = None if self.column is None else f"column {self.column}"
        return ", ".join(part for part in (self.file, line, column) if part)

    def __str__(self) -> str:
        """Say it in one line: place, what was found, what was expected."""
        if self.value is None:
            return f"{self.place}: expected {self.expected}"
        found = f"'{self.value}'" if self.value else "nothing"
        return f"{self.place}: found {found}, expected {self.expected}"


class FileRejected(Invalid):
    """A file cannot be read as what it should be.

    ``str()`` of it is the whole list, one complaint a line; ``message`` is the first sentence.

    Parameters
    ----------
    complaints : sequence of Complaint
        The first `SHOWN` of them, in the order of their lines; at least one.
    total : int
        How many there are, those not shown included.
    """

    code = "file-rejected"

    def __init__(self, complaints: Sequence[Complaint], *, total: int) -> None:
        self.complaints = tuple(complaints)
        self.total = total
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


class Complaints:
    """Collects what is wrong with one file.

    Parameters
    ----------
    file : str
        The name under which the file was given.
    counted : {"line", "row"}
        What the numbers of places count.
    """

    def __init__(self, file: str, *, counted: Counted = "line") -> None:
        self._file = visible(file)
        self.counted = counted
        self._first: list[Complaint] = []
        self.total = 0

    def add(
        self,
        expected: str,
        *,
        line: int | None = None,
        column: str | None = None,
        value: str | None = None,
    ) -> None:
        """Note one complaint."""
        self.total += 1
        self._first.append(
            Complaint(
                file=self._file,
                line=line,
                column=None if column is None else visible(_short(column)),
                value=None if value is None else visible(_short(value)),
                expected=expected,
                counted=self.counted,
            )
        )

    def add_rows(
        self, frame: pl.DataFrame, *, column: str, expected: str, quoted: bool = True
    ) -> None:
        """Note one complaint about ``column`` of each row of a frame.

        Parameters
        ----------
        frame : polars.DataFrame
            The offending rows: the number of the line in `LINE`, and ``column``.
        quoted : bool, default=True
            Whether the cell may be repeated; a comment must not be.
        """
        shown = frame.select(LINE, pl.col(column).cast(pl.String)).head(SHOWN)
        for line, value in shown.iter_rows():
            self.add(
                expected, line=line, column=column, value=(value or "") if quoted else None
            )
        self.total += max(0, frame.height - SHOWN)

    def raise_any(self) -> None:
        """Reject the file if anything was noted.

        Raises
        ------
        FileRejected
            With the first `SHOWN` complaints in the order of their lines.
        """
        if self.total:
            first = sorted(self._first, key=lambda complaint: complaint.line or 0)
            raise FileRejected(first[:SHOWN], total=self.total)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"
