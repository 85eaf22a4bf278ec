"""From a Parquet file to columns of text, so that it is checked as a CSV file is."""

import io

import polars as pl

from survey.files.complaints import Complaints
from survey.files.names import IGNORED_PREFIX

__all__ = ["is_parquet", "read_text_columns"]

_MAGIC = b"PAR1"
_MIDNIGHT = "T00:00:00"


def is_parquet(data: bytes) -> bool:
    """Tell Parquet from everything else by its first bytes, whatever the file is called."""
    return data.startswith(_MAGIC)


def read_text_columns(data: bytes, complaints: Complaints) -> tuple[list[str], pl.DataFrame]:
    """Return the names of the columns, and their cells as text in columns named by position.

    Raises
    ------
    FileRejected
        The file is damaged, or holds a column that is not text, numbers, yes or no, or dates.
    """
    try:
        frame = pl.read_parquet(io.BytesIO(data))
    # Polars answers some damaged files with a panic, which is no Exception
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        complaints.add("a readable Parquet file; this one is damaged")
        complaints.raise_any()
        raise
    cells = {
        str(position): _text(frame[name], complaints)
        for position, name in enumerate(frame.columns)
    }
    complaints.raise_any()
    return frame.columns, pl.DataFrame(cells)


def _text(column: pl.Series, complaints: Complaints) -> pl.Series:
    kind = column.dtype
    if column.name.strip().startswith(IGNORED_PREFIX):
        return pl.Series([None] * len(column), dtype=pl.String)
    if kind == pl.Boolean:
        return column.replace_strict({True: "yes", False: "no"}, return_dtype=pl.String)
    if kind == pl.Datetime:
        return column.dt.to_string("%Y-%m-%dT%H:%M:%S").str.strip_suffix(_MIDNIGHT)
    if kind.is_numeric() or kind in {pl.String, pl.Categorical, pl.Enum, pl.Date, pl.Null}:
        return column.cast(pl.String)
    complaints.add(f"text, numbers or dates; this column holds {kind}", column=column.name)
    return column.clear()
