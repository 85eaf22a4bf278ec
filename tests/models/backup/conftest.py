"""A database with a row in every table, and a backup of it."""

from pathlib import Path

import asyncpg
import pytest
from pgqueuer.queries import Queries

from models.backup.writing import back_up
from tests.conftest import NOW, make_organisation
from tests.models.rows import stored


@pytest.fixture(scope="module")
async def source(database: str) -> str:
    """Give the address of a database with a row in every table, and a job in its queue."""
    await stored(await make_organisation())
    await stored(await make_organisation())
    connection = await asyncpg.connect(database)
    await Queries.from_asyncpg_connection(connection).enqueue(["sweep"], [None], [0])
    await connection.close()
    return database


@pytest.fixture(scope="module")
async def backup(source: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a backup of it."""
    file = tmp_path_factory.mktemp("backup") / "all.opmodel"
    await back_up(source, file, now=NOW)
    return file
