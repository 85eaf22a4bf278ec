"""What a superuser finds in the files: rows that are gone, and the log of how they went."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.attackers.files import Place, Source, find, read_files

# Nothing in common: the log leaves out what an update keeps.
FIRST, SECOND = b"first version of the row", b"and now what it says later"


@pytest.fixture
async def superuser(database: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database)
    yield connection
    await connection.execute("DROP TABLE IF EXISTS probe")
    await connection.close()


async def changed_row(superuser: asyncpg.Connection) -> tuple[list[Source], list[int]]:
    """Write a row, change it and delete it; return the files and the three transactions."""
    since = await superuser.fetchval("SELECT pg_current_wal_insert_lsn()::text")
    await superuser.execute("CREATE TABLE probe (word text, more text)")
    xids = []
    for statement, value in (
        ("INSERT INTO probe VALUES ($1)", FIRST),
        ("UPDATE probe SET word = $1", SECOND),
        ("DELETE FROM probe WHERE word = $1", SECOND),
    ):
        async with superuser.transaction():
            await superuser.execute(statement, value.decode())
            xids.append(int(await superuser.fetchval("SELECT pg_current_xact_id()::text")))
    return await read_files(superuser, since=since), xids


def places(sources: list[Source], name: str, pattern: bytes) -> list[Place]:
    found = find(sources, [FIRST, SECOND])
    return [place for source, what, place in found if (source.name, what) == (name, pattern)]


async def test_the_file_keeps_versions_that_are_gone_with_their_transactions(
    superuser: asyncpg.Connection,
) -> None:
    sources, (written, changed, deleted) = await changed_row(superuser)

    (first,) = places(sources, "file probe", FIRST)
    (second,) = places(sources, "file probe", SECOND)
    assert (first.facts["xid"], first.facts["xmax"]) == (written, changed)
    assert (second.facts["xid"], second.facts["xmax"]) == (changed, deleted)


async def test_the_log_tells_when_each_version_was_written(
    superuser: asyncpg.Connection,
) -> None:
    sources, (written, changed, _) = await changed_row(superuser)

    for name in ("log", "file probe"):
        first, second = (places(sources, name, one)[-1].facts for one in (FIRST, SECOND))
        assert (first["xid"], second["xid"]) == (written, changed)
        assert 0 < first["committed"] < second["committed"]


async def test_the_file_of_a_partition_counts_as_its_tables(
    superuser: asyncpg.Connection,
) -> None:
    since = await superuser.fetchval("SELECT pg_current_wal_insert_lsn()::text")
    await superuser.execute(
        "CREATE TABLE probe (word text) PARTITION BY LIST (word);"
        "CREATE TABLE probe_1 PARTITION OF probe DEFAULT;"
    )
    await superuser.execute("INSERT INTO probe VALUES ($1)", FIRST.decode())

    assert places(await read_files(superuser, since=since), "file probe", FIRST)


@pytest.mark.parametrize("shift", range(8))
def test_a_pattern_is_found_wherever_it_begins(shift: int) -> None:
    content = b"\0" * shift + FIRST + b"\0" * 9 + SECOND

    found = {what: place.position for _, what, place in find([bare(content)], [FIRST, SECOND])}

    assert found == {FIRST: shift, SECOND: shift + len(FIRST) + 9}


def bare(content: bytes) -> Source:
    return Source("bare", content, [], [])
