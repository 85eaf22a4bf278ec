"""What processes apart are given to do in tests: work, faults and hoarding.

As a program, it waits for a process apart that spins.
"""

import asyncio
import os
import sys
from functools import partial
from pathlib import Path

import polars as pl

from api.http.apart import Apart, Limits
from models.engine import connection, transaction
from survey.directory.errors import KeysAlike
from survey.files.complaints import Complaints
from tests.factories.server import SERVER_KEY

__all__ = [
    "count_organisations",
    "die",
    "hoard",
    "hoard_beyond_python",
    "process",
    "refuse",
    "spin",
]


async def process() -> tuple[int, int]:
    """Return the id of this process and how much it gives way."""
    return os.getpid(), os.getpriority(os.PRIO_PROCESS, 0)


async def hoard() -> int:
    """Take more memory than there may be."""
    return len(bytearray(4_000_000_000))


async def hoard_beyond_python() -> None:
    """Have native code take more memory than there may be; Polars aborts."""
    pl.repeat("x" * 100, 100_000_000, dtype=pl.String, eager=True).cast(pl.Binary).to_list()


async def die(number: int) -> None:
    """End this process as a fault in native code does."""
    os.kill(os.getpid(), number)


async def spin(left: Path) -> None:
    """Leave the id of this process, and compute without end."""
    made = left.with_suffix(".made")
    made.write_text(str(os.getpid()))
    made.rename(left)
    while True:
        pass


async def refuse(kind: str) -> None:
    """Raise what use cases raise."""
    if kind == "file":
        Complaints("units.csv").stop("a tree", line=3, hint="Plant one.")
    if kind == "keys":
        raise KeysAlike({"A": "a"})
    raise OSError(111, "Connection refused")


async def count_organisations() -> int:
    """Ask the database."""
    async with transaction(None):
        return int(await connection().fetchval("SELECT 1"))


async def wait_for_one_that_spins(dsn: str, left: Path) -> None:
    await Apart(dsn, SERVER_KEY, Limits()).do(partial(spin, left), named=str)


if __name__ == "__main__":
    asyncio.run(wait_for_one_that_spins(sys.argv[1], Path(sys.argv[2])))
