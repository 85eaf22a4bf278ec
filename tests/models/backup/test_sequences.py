"""Numbers that a sequence has given out are not given out again after a restore."""

from pathlib import Path

import asyncpg
import pytest
from pgqueuer.queries import Queries

from models.backup.backing_up import back_up
from models.embedded import EmbeddedPostgres
from tests.databases import query
from tests.factories.server import NOW
from tests.models.backup.databases import MAC_KEY, new_database, restored


async def add_jobs(dsn: str, count: int) -> list[int]:
    """Add jobs to the queue; return their numbers."""
    connection = await asyncpg.connect(dsn)
    try:
        made = await Queries.from_asyncpg_connection(connection).enqueue(
            ["sweep"] * count, [None] * count, [0] * count
        )
        return [int(number) for number in made if number is not None]
    finally:
        await connection.close()


@pytest.fixture
async def worked_off(server: EmbeddedPostgres, template: str, tmp_path: Path) -> Path:
    """Return the backup of a database whose seven jobs are done and gone."""
    source = await new_database(server.dsn, template=template)
    assert await add_jobs(source, 7) == [*range(1, 8)]
    await query(source, "DELETE FROM pgqueuer")
    await back_up(source, tmp_path / "all", mac_key=MAC_KEY, now=NOW)
    return tmp_path / "all"


async def test_a_new_row_gets_a_number_that_no_earlier_row_had(
    server: EmbeddedPostgres, worked_off: Path
) -> None:
    target = await new_database(server.dsn)

    await restored(target, worked_off)

    assert await add_jobs(target, 2) == [8, 9]


async def test_a_failed_restore_leaves_sequences_as_they_were(
    server: EmbeddedPostgres, template: str, worked_off: Path
) -> None:
    target = await new_database(server.dsn, template=template)
    await add_jobs(target, 20)

    def fail(_: object) -> None:
        msg = "no room for the keys"
        raise OSError(msg)

    with pytest.raises(OSError, match="no room"):
        await restored(target, worked_off, replace=True, before_commit=fail)

    assert await add_jobs(target, 1) == [21]
