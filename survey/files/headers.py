"""Which columns a file has, by name: each known, none twice, all required ones there."""

from collections import Counter
from collections.abc import Collection
from difflib import get_close_matches

import polars as pl

from survey.files.cells import Cells
from survey.files.complaints import SHOWN
from survey.files.names import IGNORED_PREFIX, LINE

__all__ = ["named_columns"]

_LONGEST_NAME = 100  # characters; comparing longer ones with every known name would take long


def named_columns(
    cells: Cells, *, known: Collection[str], required: Collection[str]
) -> pl.DataFrame:
    """Return the known columns of a file by name, and complain about its header.

    A column that begins with ``x_`` is left out, and so is one with neither name nor content.

    Parameters
    ----------
    cells : Cells
        The file; its complaints are added to.
    known : collection of str
        Every name that a column may have.
    required : collection of str
        Those of them that must be there.

    Returns
    -------
    polars.DataFrame, one row per row of the file
        - `LINE`: the number of its line.
        - one String column per known name in the file, in the file's order; of a name that
          stands there twice, the first.
    """
    _complain_of_repeated(cells)
    _complain_of_unknown(cells, known)
    _complain_of_nameless(cells)
    for name in required:
        if name not in cells.header:
            cells.complaints.add(
                "this column, which is required", line=cells.header_line, column=name
            )
    found = {name: cells.header.index(name) for name in cells.header if name in known}
    return cells.frame.select(
        LINE, *(pl.col(str(position)).alias(name) for name, position in found.items())
    )


def _complain_of_repeated(cells: Cells) -> None:
    for name, times in Counter(cells.header).items():
        if name and times > 1:
            places = [str(i + 1) for i, other in enumerate(cells.header) if other == name]
            cells.complaints.add(
                f"each column once; this name stands at positions {', '.join(places)}",
                line=cells.header_line,
                column=name,
            )


def _complain_of_unknown(cells: Cells, known: Collection[str]) -> None:
    names = dict.fromkeys(
        name
        for name in cells.header
        if name and name not in known and not name.startswith(IGNORED_PREFIX)
    )
    for number, name in enumerate(names):
        nearest = _nearest(name, known) if number < SHOWN else None
        guess = f" (did you mean {nearest}?)" if nearest else ""
        cells.complaints.add(
            f"a known column{guess}, or a name that begins with {IGNORED_PREFIX}",
            line=cells.header_line,
            column=name,
        )


def _nearest(name: str, known: Collection[str]) -> str | None:
    return next(iter(get_close_matches(name[:_LONGEST_NAME].lower(), known, n=1)), None)


def _complain_of_nameless(cells: Cells) -> None:
    """Complain about content below an empty name; spreadsheets leave empty columns behind."""
    for position, name in enumerate(cells.header):
        if name:
            continue
        filled = cells.frame.filter(pl.col(str(position)).is_not_null())
        for line, value in filled.select(LINE, str(position)).head(1).iter_rows():
            cells.complaints.add(
                f"a name in the header for column {position + 1}, which has content",
                line=line,
                value=value,
            )
