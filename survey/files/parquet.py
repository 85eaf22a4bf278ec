"""From a Parquet file to columns of text, so that it is checked as a CSV file is."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import polars as pl

from survey.files.complaints import IGNORED_PREFIX, Complaints
from survey.files.parquet_footer import Damaged, Footer, read_footer

__all__ = ["is_parquet", "read_text_columns"]

_MAGIC = b"PAR1"
_UNPACK = Path(__file__).with_name("unpack_parquet.py")
_PATIENCE_S = 600  # of the clock; how long it may compute is bounded
_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")
"""What the process that unpacks gets of the environment: no key, no address of a database."""
_MIDNIGHT = "T00:00:00"
_READABLE = "a readable Parquet file"
_ANOTHER_WAY = "Write the file again with another program, or save it as CSV."


class _Unpacked(msgspec.Struct, frozen=True):
    """What the process that unpacks says of a file."""

    columns: list[tuple[str, str]]
    """Name, and what it holds."""
    text_bytes: int


def is_parquet(data: bytes) -> bool:
    """Tell Parquet from everything else by its first bytes, whatever the file is called."""
    return data.startswith(_MAGIC)


def read_text_columns(data: bytes, complaints: Complaints) -> tuple[list[str], pl.DataFrame]:
    """Return the names of the columns, and their cells as text in columns named by position.

    Raises
    ------
    FileRejected
        The file is damaged or beyond its bounds, or holds a column that is not text, numbers,
        yes or no, or dates.
    """
    footer = _bounded_footer(data, complaints)
    said, frame = _unpacked(data, complaints)
    height = frame.height if frame.width else footer.rows
    nothing = pl.repeat(None, height, dtype=pl.String, eager=True)
    cells = {
        str(position): _text(frame[name]) if name in frame.columns else nothing
        for position, (name, _) in enumerate(said.columns)
    }
    for name, kind in said.columns:
        if name not in frame.columns and not name.strip().lower().startswith(IGNORED_PREFIX):
            complaints.add(f"text, numbers or dates; this column holds {kind}", column=name)
    complaints.raise_any()
    return [name for name, _ in said.columns], pl.DataFrame(cells)


def _bounded_footer(data: bytes, complaints: Complaints) -> Footer:
    """Return what the footer says, if that is within the bounds: nothing is unpacked before."""
    try:
        footer = read_footer(data)
    except Damaged as damage:
        complaints.stop(f"{_READABLE}; this one is damaged: {damage}", hint=_ANOTHER_WAY)
    complaints.require("rows", footer.rows)
    complaints.require("all_columns", footer.columns)
    complaints.require("cells", footer.values)
    complaints.require("unpacked_bytes", footer.unpacked_bytes)
    return footer


def _unpacked(data: bytes, complaints: Complaints) -> tuple[_Unpacked, pl.DataFrame]:
    """Decode the file in a process of its own, which a damaged file may end."""
    bounds = complaints.bounds
    limits = {
        "memory": bounds.memory,
        "cpu_seconds": bounds.cpu_seconds,
        "text_bytes": bounds.unpacked_bytes,
        "ignored": IGNORED_PREFIX,
    }
    try:
        done = subprocess.run(  # noqa: S603 - our own program, nothing of the caller's
            [sys.executable, "-P", str(_UNPACK), json.dumps(limits)],
            input=data,
            capture_output=True,
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
            timeout=_PATIENCE_S,
            check=True,
        )
    except subprocess.SubprocessError:
        complaints.stop(
            f"{_READABLE}, unpacked within {bounds.cpu_seconds} s and "
            f"{bounds.memory >> 20} MiB of memory; this one is damaged or too large",
            hint=f"{bounds.way_around('unpacked_bytes')} {_ANOTHER_WAY}",
        )
    head, _, table = done.stdout.partition(b"\n")
    said = msgspec.json.decode(head, type=_Unpacked)
    complaints.require("unpacked_bytes", said.text_bytes)
    return said, pl.read_ipc_stream(io.BytesIO(table))


def _text(column: pl.Series) -> pl.Series:
    if column.dtype == pl.Boolean:
        return column.replace_strict({True: "yes", False: "no"}, return_dtype=pl.String)
    if column.dtype == pl.Datetime:
        return column.dt.to_string("%Y-%m-%dT%H:%M:%S").str.strip_suffix(_MIDNIGHT)
    return column.cast(pl.String)
