"""The engine: visibility of rows, transactions, and cleaning up after failures."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest
from uuid_utils.compat import uuid7

from models.embedded import EmbeddedPostgres
from models.engine import (
    DB,
    connection,
    insert_rows,
    operator_transaction,
    pool,
    reading,
    start_engine,
    stop_engine,
    transaction,
)
from models.errors import EngineNotStarted, TransactionMisuse
from models.organisation import BusinessUnit, Organisation
from tests.databases import query

ROOT = Path(__file__).parents[2]


def unit(organisation: UUID, code: str) -> BusinessUnit:
    return BusinessUnit(organisation=organisation, code=code, name=code)


async def insert(organisation: UUID, *wanted: str, fail: bool = False) -> None:
    """Insert units one by one in one transaction; then raise if told to."""
    async with transaction(organisation):
        for code in wanted:
            await BusinessUnit.insert(unit(organisation, code))
        if fail:
            msg = "stop"
            raise RuntimeError(msg)


async def terminate(database: str, *, where: str) -> None:
    """End connections to this database from outside."""
    outside = await asyncpg.connect(database)
    await outside.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "  # noqa: S608 - ours
        f"WHERE datname = current_database() AND pid <> pg_backend_pid() AND {where}"
    )
    await outside.close()


SLEEPING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND state = 'active' AND query = 'SELECT pg_sleep(60)'
"""


async def codes(organisation: UUID) -> list[str]:
    async with transaction(organisation):
        rows = await BusinessUnit.select(BusinessUnit.code).order_by(BusinessUnit.code)
    return [row["code"] for row in rows]


@pytest.fixture
async def deferred(database: str) -> AsyncIterator[str]:
    """Create a table with a deferred foreign key; return an INSERT that fails at COMMIT."""
    async with operator_transaction():
        await DB.run_ddl(
            "CREATE TABLE deferred (id int PRIMARY KEY, "
            "other int REFERENCES deferred DEFERRABLE INITIALLY DEFERRED)"
        )
        await DB.run_ddl("GRANT INSERT ON deferred TO opmodel_app")
    yield "INSERT INTO deferred VALUES (1, 99)"
    async with operator_transaction():
        await DB.run_ddl("DROP TABLE deferred")


async def test_sees_only_the_rows_of_its_organisation(
    organisation: UUID, other_organisation: UUID
) -> None:
    async with transaction(organisation):
        seen = await Organisation.select(Organisation.id)

    assert seen == [{"id": organisation}]


async def test_commits_on_success(organisation: UUID) -> None:
    await insert(organisation, "north")

    assert await codes(organisation) == ["north"]


async def test_an_exception_rolls_everything_back(organisation: UUID) -> None:
    with pytest.raises(RuntimeError, match="stop"):
        await insert(organisation, "north", fail=True)

    assert await codes(organisation) == []


async def test_a_caught_inner_failure_rolls_back_only_the_inner_part(
    organisation: UUID,
) -> None:
    async with transaction(organisation):
        await BusinessUnit.insert(unit(organisation, "outer"))
        with pytest.raises(asyncpg.UniqueViolationError):
            await insert(organisation, "inner", "outer")

    assert await codes(organisation) == ["outer"]


async def test_an_inner_transaction_commits_with_the_outer_one(organisation: UUID) -> None:
    async with transaction(organisation):
        await insert(organisation, "inner")
        await BusinessUnit.insert(unit(organisation, "outer"))

    assert await codes(organisation) == ["inner", "outer"]


async def test_a_failed_commit_raises_and_releases_the_connection(
    organisation: UUID, deferred: str
) -> None:
    for _ in range(pool().get_max_size() + 1):
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            async with transaction(organisation):
                await connection().execute(deferred)

    assert await codes(organisation) == []


async def test_a_failed_commit_leaves_no_current_transaction(
    organisation: UUID, deferred: str
) -> None:
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        async with transaction(organisation):
            await connection().execute(deferred)

    assert not DB.transaction_exists()


async def test_an_error_swallowed_inside_makes_the_commit_fail(organisation: UUID) -> None:
    # PostgreSQL answers COMMIT of a failed transaction with ROLLBACK, without an error.
    async def swallow() -> None:
        async with transaction(organisation):
            await BusinessUnit.insert(unit(organisation, "north"))
            with pytest.raises(asyncpg.UniqueViolationError):
                await BusinessUnit.insert(unit(organisation, "north"))

    with pytest.raises(asyncpg.InFailedSQLTransactionError):
        await swallow()

    assert await codes(organisation) == []


async def test_a_cancelled_transaction_rolls_back_and_releases_its_connection(
    organisation: UUID, database: str
) -> None:
    async def wait_forever() -> None:
        async with transaction(organisation):
            await BusinessUnit.insert(unit(organisation, "north"))
            await connection().execute("SELECT pg_sleep(60)")

    for _ in range(pool().get_max_size() + 1):
        task = asyncio.create_task(wait_forever())
        # A cancellation that overtakes its query does not end it: the test would take a minute.
        while not await query(database, SLEEPING):  # noqa: ASYNC110 - the server tells
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    assert await codes(organisation) == []


async def test_errors_inside_a_batch_reach_the_caller(organisation: UUID) -> None:
    async def fail_on_the_first() -> None:
        async with await BusinessUnit.select().batch(batch_size=1) as batches:
            async for _ in batches:
                msg = "stop"
                raise RuntimeError(msg)

    async with transaction(organisation):
        await BusinessUnit.insert(unit(organisation, "north"))
        with pytest.raises(RuntimeError, match="stop"):
            await fail_on_the_first()


async def test_a_batch_reads_within_the_transaction(
    organisation: UUID, other_organisation: UUID
) -> None:
    await insert(other_organisation, "theirs")

    read = []
    async with transaction(organisation):
        await BusinessUnit.insert(unit(organisation, "north"), unit(organisation, "south"))
        async with await BusinessUnit.select(BusinessUnit.code).batch(batch_size=1) as batches:
            async for rows in batches:
                read += [row["code"] for row in rows]

    assert sorted(read) == ["north", "south"]


async def test_refuses_a_query_outside_a_transaction(database: str) -> None:
    with pytest.raises(TransactionMisuse, match="No transaction is open"):
        await Organisation.select()


async def test_refuses_another_task_inside_a_transaction(organisation: UUID) -> None:
    async with transaction(organisation):
        with pytest.raises(TransactionMisuse, match="do not start tasks"):
            await asyncio.create_task(BusinessUnit.count().run())


async def test_refuses_a_task_that_outlives_the_transaction(organisation: UUID) -> None:
    go = asyncio.Event()

    async def late() -> None:
        await go.wait()
        await BusinessUnit.count()

    async with transaction(organisation):
        task = asyncio.create_task(late())
    go.set()

    with pytest.raises(TransactionMisuse, match="has ended"):
        await task


async def test_refuses_another_organisation_inside_a_transaction(
    organisation: UUID, other_organisation: UUID
) -> None:
    async with transaction(organisation):
        with pytest.raises(TransactionMisuse, match="another organisation"):
            async with transaction(other_organisation):
                pass


async def test_refuses_the_operator_inside_a_transaction(organisation: UUID) -> None:
    async with transaction(organisation):
        with pytest.raises(TransactionMisuse, match="operator"):
            async with operator_transaction():
                pass


async def test_the_operator_lists_every_organisation(
    organisation: UUID, other_organisation: UUID
) -> None:
    async with operator_transaction():
        rows = await Organisation.select(Organisation.id)

    assert {organisation, other_organisation} <= {row["id"] for row in rows}


async def test_an_organisation_that_is_no_id_is_refused(database: str) -> None:
    with pytest.raises(ValueError, match="badly formed"):
        async with transaction("x'; RESET ROLE; --"):  # type: ignore[arg-type]  # the point
            pass


async def test_runs_at_the_requested_isolation_level(organisation: UUID) -> None:
    async with transaction(organisation, isolation="serializable"):
        level = await connection().fetchval("SHOW transaction_isolation")

    assert level == "serializable"


async def test_works_after_the_server_has_ended_every_connection(
    organisation: UUID, database: str
) -> None:
    await terminate(database, where="true")

    assert await codes(organisation) == []


async def test_a_lost_connection_raises_the_first_error_and_leaves_no_transaction(
    organisation: UUID, database: str
) -> None:
    async def lose() -> None:
        async with transaction(organisation):
            await terminate(database, where=f"pid = {connection().get_server_pid()}")
            raise LookupError

    with pytest.raises(LookupError):
        await lose()

    assert not DB.transaction_exists()
    assert await codes(organisation) == []


async def test_refuses_to_start_twice(database: str) -> None:
    with pytest.raises(TransactionMisuse, match="already started"):
        await start_engine(database)


async def test_refuses_a_transaction_before_it_is_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(DB, "pool", None)

    with pytest.raises(EngineNotStarted):
        async with transaction(uuid4()):
            pass


async def test_stopping_an_engine_that_is_not_started_does_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(DB, "pool", None)

    await stop_engine()


def test_importing_every_module_connects_to_nothing() -> None:
    script = (
        "import socket, sys\n"
        "def refuse(self, address): raise SystemExit(f'connects to {address}')\n"
        "socket.socket.connect = socket.socket.connect_ex = refuse\n"
        "import models.piccolo_conf, models.migrate, models.location\n"
        "print('imported')"
    )

    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )

    assert (done.stdout, done.stderr) == ("imported\n", "")


async def test_ids_of_units_sort_by_time(organisation: UUID, now: datetime) -> None:
    first, second = unit(organisation, "a"), unit(organisation, "b")

    assert uuid7().version == first.id.version == 7
    assert first.id < second.id


async def test_stopping_cuts_off_a_connection_that_is_never_released(
    server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = DB.pool, DB.operator_pool
    monkeypatch.setattr("models.engine.CLOSE_S", 0.1)
    DB.pool = None
    await start_engine(server.dsn)
    await pool().acquire()

    async with asyncio.timeout(5):
        await stop_engine()

    assert DB.pool is None
    DB.pool, DB.operator_pool = kept


class TestReading:
    async def test_sees_only_the_rows_of_its_organisation(
        self, organisation: UUID, other_organisation: UUID
    ) -> None:
        await insert(organisation, "MINE")
        await insert(other_organisation, "THEIRS")

        async with reading(organisation):
            rows = await connection().fetch("SELECT code FROM business_unit")

        assert [row["code"] for row in rows] == ["MINE"]

    async def test_writes_nothing(self, organisation: UUID) -> None:
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            async with reading(organisation):
                await BusinessUnit.insert(unit(organisation, "A"))

    async def test_joins_the_surrounding_transaction(self, organisation: UUID) -> None:
        async with transaction(organisation):
            await BusinessUnit.insert(unit(organisation, "A"))
            async with reading(organisation):
                found = await BusinessUnit.count()

        assert found == 1

    async def test_must_use_the_organisation_of_the_surrounding_transaction(
        self, organisation: UUID, other_organisation: UUID
    ) -> None:
        async with transaction(organisation):
            with pytest.raises(TransactionMisuse):
                async with reading(other_organisation):
                    pass


async def insert_many(organisation: UUID) -> None:
    """Insert more than the driver hands over in one go."""
    content = json.dumps(["x" * 20_000])
    await insert_evidence(organisation, (content for _ in range(200)))


async def insert_evidence(organisation: UUID, contents: Iterable[str]) -> None:
    rows = ((uuid7(), organisation, "evidence", uuid7().hex, content) for content in contents)
    async with transaction(organisation):
        await insert_rows(
            "catalogue", ("id", "organisation", "kind", "version", "content"), rows
        )


async def count_of(organisation: UUID) -> int:
    async with transaction(organisation):
        return int(await connection().fetchval("SELECT count(*) FROM catalogue"))


async def while_many_rows_wait(
    organisation: UUID, database: str, end: Callable[[asyncio.Task[None]], str]
) -> asyncio.Task[None]:
    """Begin to insert rows into a table that somebody else holds, and end it.

    ``end`` may cancel the task; it returns what to tell the server.
    """
    await insert_many(organisation)  # the driver knows the statement from now on
    outside = await asyncpg.connect(database)
    async with outside.transaction():
        await outside.execute("LOCK TABLE catalogue IN EXCLUSIVE MODE")
        inserting = asyncio.create_task(insert_many(organisation))
        while not await outside.fetchval(f"SELECT count(*) {WAITING}"):  # noqa: ASYNC110 - the database has no event for it
            await asyncio.sleep(0.01)
        await outside.execute(end(inserting))
        async with asyncio.timeout(30):
            await asyncio.wait([inserting])
    await outside.close()
    return inserting


WAITING = "FROM pg_locks WHERE NOT granted"


async def test_a_connection_lost_among_many_rows_is_noticed(
    organisation: UUID, database: str
) -> None:
    inserting = await while_many_rows_wait(
        organisation, database, lambda _: f"SELECT pg_terminate_backend(pid) {WAITING}"
    )

    assert isinstance(inserting.exception(), asyncpg.PostgresConnectionError)
    assert await count_of(organisation) == 200


async def test_inserting_many_rows_can_be_cancelled(organisation: UUID, database: str) -> None:
    inserting = await while_many_rows_wait(
        organisation, database, lambda task: f"SELECT {task.cancel()}"
    )

    assert inserting.cancelled()
    assert await count_of(organisation) == 200


async def test_inserting_many_rows_can_be_cancelled_before_all_are_sent(
    organisation: UUID,
) -> None:
    def contents() -> Iterator[str]:
        for row in range(200):
            if row == 100:
                inserting.cancel()
            yield json.dumps(["x" * 20_000])

    inserting = asyncio.create_task(insert_evidence(organisation, contents()))
    async with asyncio.timeout(30):
        await asyncio.wait([inserting])

    assert inserting.cancelled()
    assert await count_of(organisation) == 0
