"""Nobody waits for the database without end, whatever has become of it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from models.embedded import EmbeddedPostgres
from models.engine import (
    connection,
    pool,
    run_alone,
    start_engine,
    stop_engine,
    transaction,
)
from models.errors import DatabaseUnreachable, database_is_lost
from models.patience import JOB, OPERATOR, REQUEST, Patience
from tests.databases import login_dsn
from tests.models.processes import stopped

HASTY = Patience(opening_s=0.5, statement_s=60, lock_s=0.3, idle_s=0.3)
LIMIT_S = 20
"""For whoever waits here; without the defence it would be a minute, or for ever."""


@pytest.fixture(scope="module")
async def hasty(database: str) -> AsyncIterator[str]:
    """Start the engine with little patience, and as it was before at the end."""
    await stop_engine()
    await start_engine(login_dsn(database), owner=database, pool_max=2, patience=HASTY)
    yield database
    await stop_engine()
    await start_engine(login_dsn(database), owner=database)


@pytest.fixture
def silent(hasty: str, server: EmbeddedPostgres) -> Iterator[None]:
    """Stop the server, as a machine does that has no more memory."""
    assert server.pid is not None
    with stopped(server.pid):
        yield


@asynccontextmanager
async def held(dsn: str, table: str) -> AsyncIterator[None]:
    """Hold a table, so that nobody else can read it."""
    outside = await asyncpg.connect(dsn)
    async with outside.transaction():
        await outside.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield
    await outside.close()


async def failure_of(organisation: UUID, statement: str) -> BaseException:
    try:
        async with asyncio.timeout(LIMIT_S), transaction(organisation):
            await connection().execute(statement)
    except Exception as failure:  # noqa: BLE001 - the caller says which
        return failure
    return AssertionError("it succeeded")


async def works() -> Any:
    async with asyncio.timeout(LIMIT_S), transaction(None):
        return await connection().fetchval("SELECT 1")


async def test_a_lock_that_somebody_holds_is_not_awaited_for_ever(
    organisation: UUID, hasty: str
) -> None:
    async with held(hasty, "business_unit"):
        failure = await failure_of(organisation, "SELECT count(*) FROM business_unit")

    assert isinstance(failure, asyncpg.LockNotAvailableError)
    assert database_is_lost(failure)


async def test_a_statement_is_not_awaited_for_ever(database: str) -> None:
    brief = Patience(opening_s=1, statement_s=0.5, lock_s=None, idle_s=None)
    outside = await asyncpg.connect(database, server_settings=brief.server_settings())
    with pytest.raises(asyncpg.QueryCanceledError) as raised:
        await outside.fetchval("SELECT pg_sleep(600)")
    await outside.close()

    assert database_is_lost(raised.value)


async def test_a_transaction_that_does_nothing_is_ended(organisation: UUID, hasty: str) -> None:
    async def do_nothing() -> None:
        async with transaction(organisation):
            await asyncio.sleep(1)
            await connection().execute("SELECT 1")

    with pytest.raises(Exception) as raised:  # noqa: PT011 - which one, the next line says
        await do_nothing()

    assert database_is_lost(raised.value)
    assert await works() == 1


@pytest.mark.usefixtures("silent")
async def test_a_transaction_on_a_stopped_server_does_not_open() -> None:
    with pytest.raises(DatabaseUnreachable, match="no answer in time"):
        await works()


@pytest.mark.usefixtures("silent")
async def test_a_statement_alone_on_a_stopped_server_fails() -> None:
    async with asyncio.timeout(LIMIT_S):
        with pytest.raises(DatabaseUnreachable, match="no answer in time"):
            await run_alone("SELECT 1")


async def test_a_statement_during_which_the_server_stops_fails(
    organisation: UUID, hasty: str, server: EmbeddedPostgres
) -> None:
    assert server.pid is not None
    async with asyncio.timeout(LIMIT_S):
        with pytest.raises(DatabaseUnreachable), stopped(server.pid):
            # The transaction opens on a server that still answers.
            async with transaction(organisation):
                await connection().fetchval("SELECT 1", timeout=0.5)

    assert await works() == 1


async def test_a_server_that_goes_on_is_used_again(
    hasty: str, server: EmbeddedPostgres
) -> None:
    assert server.pid is not None
    with stopped(server.pid):
        for _ in range(pool().get_max_size() + 1):
            with pytest.raises(DatabaseUnreachable):
                await works()

    assert await works() == 1


async def test_a_pool_in_use_is_not_awaited_for_ever(hasty: str) -> None:
    taken = [await pool().acquire() for _ in range(pool().get_max_size())]

    with pytest.raises(DatabaseUnreachable, match="no answer in time"):
        await works()

    for one in taken:
        await pool().release(one)


async def test_the_server_ends_what_nobody_waits_for(organisation: UUID, hasty: str) -> None:
    """Else a statement whose client was cut off would keep its locks until it has them all."""
    async with held(hasty, "business_unit"):
        waiting = asyncio.create_task(
            failure_of(organisation, "SET LOCAL lock_timeout = 0; TABLE business_unit")
        )
        outside = await asyncpg.connect(hasty)
        asked = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        async with asyncio.timeout(LIMIT_S):
            while not await outside.fetchval(asked):  # noqa: ASYNC110 - the database has no event for it
                await asyncio.sleep(0.01)
            waiting.cancel()
            while await outside.fetchval(asked):  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.01)
        await outside.close()


@pytest.mark.parametrize("patience", [REQUEST, JOB, OPERATOR])
async def test_the_server_is_told_how_long_each_kind_of_work_waits(
    database: str, patience: Patience
) -> None:
    outside = await asyncpg.connect(database, server_settings=patience.server_settings())
    told = [
        await outside.fetchval(
            "SELECT extract(epoch FROM current_setting($1)::interval)::float8", name
        )
        for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    ]
    await outside.close()

    wanted = (patience.statement_s, patience.lock_s, patience.idle_s)
    assert told == [float(seconds or 0) for seconds in wanted]


def test_the_client_outlasts_the_server_which_says_more() -> None:
    for patience in (REQUEST, JOB):
        assert patience.command_s is not None
        assert patience.statement_s is not None
        assert patience.command_s > patience.statement_s
