"""How large a file may be, in one place, and the ways around it.

Files come from strangers. Each bound is checked as soon as it can be known, before what lies
beyond it takes memory or time.
"""

from typing import Literal

import msgspec

__all__ = ["CELL_CHARACTERS", "LOCAL", "RECORD_CHARACTERS", "UPLOAD", "Bounds", "Measure"]

CELL_CHARACTERS = 131_072
"""Of one cell; four thousand times what an answer takes."""
RECORD_CHARACTERS = 4_000_000
"""Of one record of a CSV file, which may have line ends in quotes."""

Measure = Literal["rows", "columns", "all_columns", "cells", "unpacked_bytes"]

_LESS_ROWS = "Split the file into several with the same columns"
_LESS_COLUMNS = "Leave out the columns that are not needed"
_WORDS: dict[Measure, tuple[str, str]] = {
    "rows": ("rows", _LESS_ROWS),
    "columns": ("columns that do not begin with x_", _LESS_COLUMNS),
    "all_columns": ("columns, those that begin with x_ included", _LESS_COLUMNS),
    "cells": ("cells", _LESS_ROWS),
    "unpacked_bytes": ("bytes once it is unpacked", _LESS_ROWS),
}
"""What each measure counts, and what makes it smaller."""


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """The bounds of one file."""

    rows: int
    columns: int = 2_000
    """More are no survey; the checks of a header take time for each."""
    all_columns: int = 5_000
    """With those that are ignored."""
    cells: int
    """Rows times columns."""
    unpacked_bytes: int
    """Of a Parquet file: the texts in its cells, and its pages as its footer counts them."""
    causes: int = 1_000
    """So many different things may be wrong before reading stops."""
    misfits: int = 10_000
    """So many rows may have another number of cells than the header before reading stops."""
    misfits_of_few: int = 1_000
    """The same, if they are more than half of the rows."""
    memory: int
    """Bytes that the process that unpacks a file may take."""
    cpu_seconds: int
    """Seconds that it may compute."""
    larger: str = ""
    """Where a larger file is read, as a part of a sentence; "" if nowhere."""

    def expected(self, measure: Measure) -> str:
        """Return the bound in words."""
        return f"at most {getattr(self, measure)} {_WORDS[measure][0]}"

    def way_around(self, measure: Measure) -> str:
        """Return what to do with a file that is beyond the bound, as a sentence."""
        return f"{_WORDS[measure][1]}{self.larger}."

    def are_in_vain(self, misfits: int, *, rows: int) -> bool:
        """Tell whether so many of the rows misfit that it is in vain to read on."""
        return misfits > self.misfits or misfits > max(self.misfits_of_few, rows // 2)


UPLOAD = Bounds(
    rows=250_000,
    cells=20_000_000,
    unpacked_bytes=400_000_000,
    memory=2 << 30,
    cpu_seconds=30,
    larger=", or read it on the server with `opmodel import`, which takes ten times as much",
)
"""Of a file that somebody sends."""

LOCAL = Bounds(
    rows=2_500_000,
    cells=200_000_000,
    unpacked_bytes=4_000_000_000,
    memory=16 << 30,
    cpu_seconds=300,
)
"""Of a file that an operator names on the command line."""
