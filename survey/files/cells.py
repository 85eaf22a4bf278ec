"""From the bytes of a file to a header and rows of text cells; knows no column by name."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import NamedTuple, NoReturn

import msgspec
import polars as pl

from survey.files import delimited, parquet
from survey.files.bounds import CELL_CHARACTERS, UPLOAD, Bounds, Measure
from survey.files.complaints import IGNORED_PREFIX, LINE, SHOWN, Complaints
from survey.files.notices import Notices

__all__ = ["Cells", "Source", "is_ignored", "named_columns", "read_cells", "table_of"]

Source = str | Path | bytes | pl.DataFrame
"""Where a file is, or what is in it; or a list of rows, as `table_of` makes it."""

_ROWS_AT_ONCE = 20_000
_UNQUOTED = "Put a text that holds the delimiter in quotes."
_LONGEST_NAME = 100  # characters; comparing longer ones with every known name would take long


class Cells(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The table in a file, before anything is known of its columns."""

    header: tuple[str, ...]
    """The names of the columns, without the blanks around them."""
    header_line: int | None
    """The line of the header; a Parquet file and a list have none."""
    frame: pl.DataFrame
    """One row per row that has a cell for each column, in the file's order.

    The number of its line in `LINE`, then one String column per column of the file that is
    not ignored, named by its position ("0", "1", …), as the file has it; a cell without
    content is null.
    """
    whole: bool
    """Whether no row had to be left out."""
    sha256: str
    """The checksum of the bytes of the file, in hexadecimal; "" for a list."""
    complaints: Complaints
    """What is wrong with the shape of the file; the place to add what is wrong with cells."""
    notices: Notices
    """How the shape was read differently; the place to add how cells were."""

    def literal(self, columns: Collection[str]) -> pl.DataFrame:
        """Return those of the columns that are there, as the file has them, blanks included."""
        places = {name: self.header.index(name) for name in columns if name in self.header}
        return self.frame.select(
            pl.col(str(place)).alias(name) for name, place in places.items()
        )


class _Rows(NamedTuple):
    frame: pl.DataFrame
    whole: bool


def table_of(rows: Iterable[msgspec.Struct], columns: Sequence[str]) -> pl.DataFrame:
    """Return records as a table of text, which is read by the rules of a file.

    Parameters
    ----------
    rows : iterable of records
        Their fields hold text, numbers, yes or no, or nothing.
    columns : sequence of str
        The fields, in the order of the columns.
    """
    cells: dict[str, list[str | None]] = {column: [] for column in columns}
    for row in rows:
        for column, values in cells.items():
            values.append(_text(getattr(row, column)))
    return pl.DataFrame(cells, schema=dict.fromkeys(columns, pl.String))


def _text(value: object) -> str | None:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return None if value is None else str(value)


def read_cells(source: Source, *, name: str, bounds: Bounds = UPLOAD) -> Cells:
    """Read a CSV or Parquet file or a list as cells, and note each row of another shape.

    CSV is UTF-8, with or without a byte order mark; its delimiter (comma, semicolon or tab) is
    told from the header. Rows without any content are skipped.

    Parameters
    ----------
    source : Source
        Where the file is, or what is in it.
    name : str
        What to call the file in complaints.
    bounds : Bounds
        How large it may be.

    Raises
    ------
    FileRejected
        The file is no table at all: empty, another format, not UTF-8, no rows; or it is larger
        than its bounds.
    OSError
        There is no such file, or it may not be read.
    """
    if isinstance(source, pl.DataFrame):
        complaints = Complaints(name, counted="entry", bounds=bounds)
        return _whole_table(source.columns, source, complaints, first=0)
    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    sha256 = hashlib.sha256(data).hexdigest()
    if parquet.is_parquet(data):
        complaints = Complaints(name, counted="row", bounds=bounds)
        header, columns = parquet.read_text_columns(data, complaints)
        return _whole_table(header, columns, complaints, first=1, sha256=sha256)
    return _read_csv(data, Complaints(name, bounds=bounds), sha256=sha256)


def _whole_table(
    header: Sequence[str],
    columns: pl.DataFrame,
    complaints: Complaints,
    *,
    first: int,
    sha256: str = "",
) -> Cells:
    """Return the cells of what can only be a table; its rows count from ``first``."""
    _require_columns(header, complaints, header_line=None)
    _require_rows(columns.height, complaints, header_line=None)
    complaints.require("rows", columns.height)
    places = [str(place) for place in range(columns.width)]
    table = columns.rename(dict(zip(columns.columns, places, strict=True)))
    table = table.with_row_index(LINE, offset=first)
    _require_short(table, header, complaints)
    filled = _without_empty(table).filter(pl.any_horizontal(pl.exclude(LINE).is_not_null()))
    return Cells(
        header=tuple(cell.strip() for cell in header),
        header_line=None,
        frame=filled,
        whole=True,
        sha256=sha256,
        complaints=complaints,
        notices=Notices(complaints.file),
    )


def _require_short(table: pl.DataFrame, header: Sequence[str], complaints: Complaints) -> None:
    """Complain about the first cell of a table that is longer than a cell of CSV may be."""
    longest = table.select(pl.exclude(LINE).str.len_chars().max())
    for place in longest.columns:
        length = longest[place].item()
        if length is not None and length > CELL_CHARACTERS:
            row = table.filter(pl.col(place).str.len_chars() > CELL_CHARACTERS).row(
                0, named=True
            )
            complaints.add(
                f"cells of at most {CELL_CHARACTERS} characters; this one has {length}",
                line=row[LINE],
                column=header[int(place)],
                value=row[place],
            )
    complaints.raise_any()


def _read_csv(data: bytes, complaints: Complaints, *, sha256: str) -> Cells:
    records = delimited.Records(delimited.text_of(data, complaints))
    header_line, header = records.header(complaints)
    _require_columns(header, complaints, header_line=header_line)
    rows = _rows(records, header, complaints)
    if rows.whole:
        _require_rows(rows.frame.height, complaints, header_line=header_line)
    return Cells(
        header=tuple(cell.strip() for cell in header),
        header_line=header_line,
        frame=rows.frame,
        whole=rows.whole,
        sha256=sha256,
        complaints=complaints,
        notices=Notices(complaints.file),
    )


def _rows(records: delimited.Records, header: Sequence[str], complaints: Complaints) -> _Rows:
    """Keep the rows that fit the header, skip the empty ones, complain about the others."""
    before = complaints.total
    fitting = _fitting(records, len(header), complaints)
    # Some at a time, because a list takes many times the memory of a frame.
    frames = [_frame([], header)]
    while some := list(islice(fitting, _ROWS_AT_ONCE)):
        frames.append(_frame(some, header))
    return _Rows(frame=pl.concat(frames), whole=complaints.total == before)


def _fitting(
    records: delimited.Records, width: int, complaints: Complaints
) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of ``width`` cells; refuse a file that is beyond its bounds."""
    bounds = complaints.bounds
    found = misfits = 0
    for line, row in records.rows(complaints):
        if not any(map(str.strip, row)):
            continue
        found += 1
        if found > bounds.rows or found * width > bounds.cells:
            _refuse_longer(found, width, line, complaints)
        if len(row) == width:
            yield line, row
            continue
        misfits += 1
        _complain_of_width(row, width, line, complaints)
        if bounds.are_in_vain(misfits, rows=found):
            complaints.stop(
                f"{width} cells in most rows; reading stopped here, since {misfits} of {found} "
                "rows have others",
                line=line,
                hint=_UNQUOTED,
            )


def _refuse_longer(found: int, width: int, line: int, complaints: Complaints) -> NoReturn:
    """Refuse a file that goes on beyond its bound; how long it is, nobody has counted."""
    measure: Measure = "rows" if found > complaints.bounds.rows else "cells"
    beyond = "" if measure == "rows" else f" of {width} cells each"
    complaints.stop(
        f"{complaints.bounds.expected(measure)}; this is row {found}{beyond}",
        line=line,
        hint=complaints.bounds.way_around(measure),
    )


def _complain_of_width(
    row: Sequence[str], width: int, line: int, complaints: Complaints
) -> None:
    complaints.add(
        f"{width} cells, one per column of the header; there are {len(row)}",
        line=line,
        cause="width",
        hint=_UNQUOTED if len(row) > width else None,
    )


def _frame(rows: Sequence[tuple[int, list[str]]], header: Sequence[str]) -> pl.DataFrame:
    columns = zip(*(row for _, row in rows), strict=True) if rows else ((),) * len(header)
    lines = pl.Series(LINE, [line for line, _ in rows], dtype=pl.UInt32)
    cells = [
        pl.Series(str(position), values, dtype=pl.String)
        for position, (name, values) in enumerate(zip(header, columns, strict=True))
        if not is_ignored(name)
    ]
    return _without_empty(pl.DataFrame([lines, *cells]))


def _without_empty(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the cells, those without content as null."""
    text = pl.col(pl.String)
    return frame.with_columns(pl.when(text.str.contains(r"\S")).then(text))


def is_ignored(name: str) -> bool:
    """Tell whether a column is one that is not read."""
    return name.strip().lower().startswith(IGNORED_PREFIX)


def _require_columns(
    header: Sequence[str], complaints: Complaints, *, header_line: int | None
) -> None:
    read = sum(not is_ignored(name) for name in header)
    complaints.require("columns", read, line=header_line)
    complaints.require("all_columns", len(header), line=header_line)


def _require_rows(rows: int, complaints: Complaints, *, header_line: int | None) -> None:
    if not rows:
        below = "" if header_line is None else " below the header"
        complaints.add(f"at least one row{below}; there is none", line=header_line)
        complaints.raise_any()


def named_columns(
    cells: Cells, *, known: Collection[str], required: Collection[str]
) -> pl.DataFrame:
    """Return the known columns of a file by name, and complain about its header.

    Columns that begin with ``x_`` are left out, and so are those without name and content.

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
        - one String column per known name in the file, in the file's order, without the
          blanks around the cells; if a name occurs twice, the first.
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
        LINE,
        *(
            pl.col(str(position)).str.strip_chars().alias(name)
            for name, position in found.items()
        ),
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
        name for name in cells.header if name and name not in known and not is_ignored(name)
    )
    for number, name in enumerate(names):
        nearest = _nearest(name, known) if number < SHOWN else None
        guess = f" (did you mean {nearest}?)" if nearest else ""
        cells.complaints.add(
            f"a known column{guess}, or a name that begins with {IGNORED_PREFIX}",
            line=cells.header_line,
            column=name,
            cause=("unknown", nearest),
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
