"""From a Parquet file to columns of text, so that it is checked as a CSV file is."""

import io
import subprocess
import sys
from pathlib import Path

import polars as pl

from survey.files.complaints import IGNORED_PREFIX, Complaints

__all__ = ["is_parquet", "read_text_columns"]

_MAGIC = b"PAR1"
_UNPACK = Path(__file__).with_name("unpack_parquet.py")
_PATIENCE_S = 120
_PLAIN = (pl.String, pl.Categorical, pl.Enum, pl.Date, pl.Null)
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
    frame = _unpacked(data, complaints)
    cells = {
        str(position): _text(frame[name], complaints)
        for position, name in enumerate(frame.columns)
    }
    complaints.raise_any()
    return frame.columns, pl.DataFrame(cells)


def _unpacked(data: bytes, complaints: Complaints) -> pl.DataFrame:
    """Decode the file in a process of its own, which a damaged file may end."""
    try:
        unpacked = subprocess.run(  # noqa: S603 - our own program, nothing of the caller's
            [sys.executable, "-P", str(_UNPACK)],
            input=data,
            capture_output=True,
            timeout=_PATIENCE_S,
            check=True,
        )
    except subprocess.SubprocessError:
        complaints.add("a readable Parquet file; this one is damaged or too large")
        complaints.raise_any()
        raise
    return pl.read_ipc_stream(io.BytesIO(unpacked.stdout))


def _text(column: pl.Series, complaints: Complaints) -> pl.Series:
    kind = column.dtype
    if column.name.strip().startswith(IGNORED_PREFIX):
        return pl.Series([None] * len(column), dtype=pl.String)
    if kind == pl.Boolean:
        return column.replace_strict({True: "yes", False: "no"}, return_dtype=pl.String)
    if kind == pl.Datetime:
        return column.dt.to_string("%Y-%m-%dT%H:%M:%S").str.strip_suffix(_MIDNIGHT)
    if kind.is_numeric() or isinstance(kind, _PLAIN):
        return column.cast(pl.String)
    complaints.add(f"text, numbers or dates; this column holds {kind}", column=column.name)
    return column.clear()
