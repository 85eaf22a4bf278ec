"""Which failures may pass by themselves, as the real server and driver raise them."""

import asyncio
from uuid import UUID

import asyncpg
import pytest

from models.engine import connection, transaction
from models.errors import DatabaseUnreachable, database_is_lost

PERMANENT = {
    "a missing table": ("SELECT * FROM no_such_table", ()),
    "a missing column": ("SELECT no_such_column FROM organisation", ()),
    "no SQL": ("SELEC 1", ()),
    "an argument too many": ("SELECT 1", (1,)),
    "an argument of another type": ("SELECT $1::int", ("one",)),
    "a missing right": ("DELETE FROM audit_event", ()),
    "no number": ("SELECT 1 / 0", ()),
}


async def failure_of(organisation: UUID, statement: str, *values: object) -> Exception:
    """Return what a statement raises."""
    with pytest.raises(Exception) as raised:  # noqa: PT011 - which one is the question
        async with transaction(organisation):
            await connection().execute(statement, *values)
    return raised.value


@pytest.mark.parametrize(("statement", "values"), PERMANENT.values(), ids=list(PERMANENT))
async def test_what_fails_again_is_no_lost_database(
    organisation: UUID, statement: str, values: tuple[object, ...]
) -> None:
    assert not database_is_lost(await failure_of(organisation, statement, *values))


async def test_a_connection_that_is_ended_is_a_lost_database(organisation: UUID) -> None:
    ended = await failure_of(
        organisation, "RESET ROLE; SELECT pg_terminate_backend(pg_backend_pid())"
    )

    assert database_is_lost(ended)


async def test_a_closed_connection_is_a_lost_database(database: str) -> None:
    closed = await asyncpg.connect(database)
    await closed.close()

    with pytest.raises(asyncpg.InterfaceError) as raised:
        await closed.execute("SELECT 1")

    assert database_is_lost(raised.value)


async def test_a_statement_that_was_cancelled_from_outside_may_be_repeated(
    organisation: UUID,
) -> None:
    cancelled = await failure_of(
        organisation, "RESET ROLE; SELECT pg_cancel_backend(pg_backend_pid())"
    )

    assert database_is_lost(cancelled)


async def test_whoever_gives_way_in_a_deadlock_may_come_back(
    organisation: UUID, other_organisation: UUID
) -> None:
    both_hold_one = asyncio.Barrier(2)

    async def lock(first: int, second: int) -> None:
        async with transaction(organisation):
            await connection().execute("SELECT pg_advisory_xact_lock($1)", first)
            await both_hold_one.wait()
            await connection().execute("SELECT pg_advisory_xact_lock($1)", second)

    failures = await asyncio.gather(lock(71, 72), lock(72, 71), return_exceptions=True)

    assert [database_is_lost(one) for one in failures if one is not None] == [True]


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.CannotConnectNowError("the database system is starting up"),
        asyncpg.AdminShutdownError("terminating connection"),
        asyncpg.CrashShutdownError("terminating connection"),
        asyncpg.TooManyConnectionsError("sorry, too many clients already"),
        asyncpg.DiskFullError("No space left on device"),
        DatabaseUnreachable("The database cannot be reached."),
        ConnectionResetError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_server_that_is_away_or_full_is_a_lost_database(error: Exception) -> None:
    assert database_is_lost(error)


@pytest.mark.parametrize("error", [FileNotFoundError("x"), TimeoutError(), ValueError()])
def test_what_the_database_did_not_raise_is_no_lost_database(error: Exception) -> None:
    assert not database_is_lost(error)
