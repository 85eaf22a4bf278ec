"""Run as a script: Parquet from standard input, Arrow to standard output; imports no room.

A damaged Parquet file can end the process that decodes it (Polars aborts when a length in the
file asks for more memory than there is), and a small file can unpack to an enormous table. So
the decoding is left to a process of its own, with a bound on its memory.
"""

import io
import sys

import polars as pl

try:
    import resource
except ImportError:  # not on Windows, where the process still is one of its own
    resource = None  # type: ignore[assignment]  # a module or nothing

MEMORY = 8 << 30  # bytes of address space, of which Polars reserves far more than it uses
MOST_CELLS = 100_000_000  # a million respondents of a hundred columns
LARGEST = 1 << 30  # bytes of the unpacked table


def main() -> int:
    """Return 0 when the table is written, 1 when it is too large."""
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    content = sys.stdin.buffer.read()
    table = pl.scan_parquet(io.BytesIO(content))
    if table.select(pl.len()).collect().item() * len(table.collect_schema()) > MOST_CELLS:
        return 1
    frame = pl.read_parquet(io.BytesIO(content))
    if frame.estimated_size() > LARGEST:
        return 1
    frame.write_ipc_stream(sys.stdout.buffer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
