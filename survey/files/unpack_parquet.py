"""Run as a script: Parquet from standard input, Arrow to standard output; imports no room.

A damaged Parquet file can end the process that decodes it (Polars aborts when a length in the
file asks for more memory than there is), and a small file can unpack to an enormous table. So
the decoding is left to a process of its own, with bounds on its memory and its time.

Its argument is JSON: the bounds, and the prefix of ignored columns. So is the first line of its
output: the columns with what they hold, and the size of the texts in them.
"""

import io
import json
import os
import sys

os.environ["POLARS_MAX_THREADS"] = "2"  # the stack of each thread counts as memory

import polars as pl

try:
    import resource
except ImportError:  # not on Windows, where the process still is one of its own
    resource = None  # type: ignore[assignment]  # a module or nothing

_TEXT = (pl.String, pl.Categorical, pl.Enum)
_PLAIN = (pl.Boolean, pl.Date, pl.Datetime, pl.Null, *_TEXT)


def main(*, memory: int, cpu_seconds: int, text_bytes: int, ignored: str) -> None:
    """Unpack the columns that hold cells and are not ignored; the others are only named."""
    _bound_process(memory, cpu_seconds)
    content = sys.stdin.buffer.read()
    schema = pl.read_parquet_schema(io.BytesIO(content))
    read = [
        name
        for name, kind in schema.items()
        if (kind.is_numeric() or isinstance(kind, _PLAIN))
        and not name.strip().lower().startswith(ignored)
    ]
    frame = pl.read_parquet(io.BytesIO(content), columns=read) if read else pl.DataFrame()
    text = frame.with_columns(pl.col(*_TEXT).cast(pl.String)) if read else frame
    size = sum(_text_bytes(column) for column in text)
    columns = [(name, str(kind)) for name, kind in schema.items()]
    said = json.dumps({"columns": columns, "text_bytes": size})
    sys.stdout.buffer.write(said.encode() + b"\n")
    if size <= text_bytes:
        text.write_ipc_stream(sys.stdout.buffer)


def _text_bytes(column: pl.Series) -> int:
    """Return the size of the texts in a column, each as often as it occurs."""
    if column.dtype != pl.String:
        return 0
    return int(column.str.len_bytes().cast(pl.Int64).sum())


def _bound_process(memory: int, cpu_seconds: int) -> None:
    if resource is None:
        return
    # Data and not addresses, of which Polars reserves far more than it uses.
    for kind, wanted in ((resource.RLIMIT_DATA, memory), (resource.RLIMIT_CPU, cpu_seconds)):
        _, most = resource.getrlimit(kind)
        least = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        resource.setrlimit(kind, (least, least))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main(**json.loads(sys.argv[1]))
