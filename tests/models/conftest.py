"""Data directories of embedded servers, processes that use one, and rows to be attacked."""

import asyncio
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest

from models.embedded import attach_or_start
from tests.databases import query
from tests.folders import database_folder
from tests.models.processes import Running
from tests.models.rows import Rows, stored


@pytest.fixture(scope="module")
def initialised() -> Iterator[Path]:
    """Give the data directory of a server that has run and holds a table with one row."""
    with database_folder() as made:
        server = attach_or_start(made)
        asyncio.run(query(server.dsn, "CREATE TABLE kept AS SELECT 1 AS one"))
        server.stop()
        yield made


@pytest.fixture
def home(initialised: Path) -> Iterator[Path]:
    """Give a copy of it, for this test alone."""
    with database_folder() as copied:
        subprocess.run(["cp", "-a", f"{initialised}/.", copied], check=True)
        yield copied


@pytest.fixture
def start(home: Path) -> Iterator[Callable[[], "Running"]]:
    """Return a function that starts a process which needs the database in ``home``."""
    started: list[Running] = []

    def one() -> Running:
        started.append(Running(home))
        return started[-1]

    yield one
    for running in started:
        running.end()


@pytest.fixture
async def theirs(other_organisation: UUID) -> Rows:
    """Return the rows of the attacked organisation: one in every tenant table."""
    return await stored(other_organisation)
