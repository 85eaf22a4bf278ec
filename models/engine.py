"""The only access to the database: an engine that has no address until it is started.

Every statement of the application runs inside :func:`transaction`, as the role
``opmodel_app``, which sees the rows of one organisation and nothing else. The login behind it
owns nothing. Work on all organisations uses the owner's address, if this process has it.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
from piccolo.engine.postgres import PostgresEngine
from piccolo.query.base import Query
from piccolo.querystring import QueryString

from models.errors import DatabaseUnreachable, EngineNotStarted, TransactionMisuse
from models.moments import read_moments_in_range
from models.patience import OPERATOR, Patience
from models.safe_transaction import Isolation, SafeBatch, SafeTransaction, give_back

__all__ = [
    "APP_ROLE",
    "DB",
    "OpmodelEngine",
    "connection",
    "insert_rows",
    "operator_pool",
    "operator_transaction",
    "pool",
    "reading",
    "rehearsed",
    "run_alone",
    "start_engine",
    "stop_engine",
    "transaction",
]

APP_ROLE = "opmodel_app"
"""Neither superuser nor owner, and subject to row-level security."""
CLOSE_S = 10.0
"""How long closing the pool waits for connections in use, in seconds."""
_OPERATORS = 4
"""Largest number of connections with the owner's address."""
_LONGEST_STATEMENT = 2**30  # bytes; what the server itself takes

_log = logging.getLogger(__name__)


class OpmodelEngine(PostgresEngine):
    """Piccolo's engine; connects when started and refuses queries outside a transaction."""

    operator_pool: Any = None
    """Connections with the owner's address; ``pool`` itself if there is only one address."""
    patience: Patience = OPERATOR
    """How long this process waits for the database."""

    async def check_version(self) -> None:
        """Do nothing: Piccolo would connect at import."""

    async def prep_database(self) -> None:
        """Do nothing: the migrations prepare the database."""

    async def get_new_connection(self) -> Any:
        """Refuse: a connection outside the pool would escape role and organisation."""
        msg = "The engine is not started; call start_engine(dsn) first."
        raise EngineNotStarted(msg)

    def live_connection(self) -> Any:
        """Return the connection of the current transaction.

        Raises
        ------
        TransactionMisuse
            There is no transaction, it has ended, or it belongs to another task.
        """
        current: Any = self.current_transaction.get()
        if current is None:
            msg = "No transaction is open; use `async with transaction(organisation)`."
            raise TransactionMisuse(msg)
        return current.live_connection()

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> Any:  # noqa: FBT001, FBT002 Piccolo's signature
        """Run one of Piccolo's queries in the current transaction."""
        self.live_connection()
        return await super().run_querystring(querystring, in_pool)

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> Any:  # noqa: FBT001, FBT002 Piccolo's signature
        """Run a statement in the current transaction."""
        self.live_connection()
        return await super().run_ddl(ddl, in_pool)

    async def run_ddl_script(self, script: str) -> None:
        """Run several statements, separated by semicolons, in the current transaction."""
        await self.live_connection().execute(script)

    async def batch(
        self,
        query: Query[Any, Any],
        batch_size: int = 100,
        node: str | None = None,  # noqa: ARG002 Piccolo's signature; there is one node
    ) -> SafeBatch:
        """Read in batches inside the current transaction; the caller's errors propagate."""
        return SafeBatch(connection=self.live_connection(), query=query, batch_size=batch_size)

    def transaction(
        self,
        allow_nested: bool = True,  # noqa: ARG002, FBT001, FBT002 Piccolo's signature; nested is a savepoint
        *,
        isolation: Isolation | None = None,
        preamble: Sequence[str] = (),
        scope: object = None,
        readonly: bool = False,
        by_operator: bool = False,
    ) -> SafeTransaction:
        """Open a transaction, or a savepoint inside the current one."""
        return SafeTransaction(
            self,
            isolation=isolation,
            preamble=preamble,
            scope=scope,
            readonly=readonly,
            by_operator=by_operator,
            opening_s=self.patience.opening_s,
        )


DB = OpmodelEngine(config={})


async def start_engine(
    dsn: str,
    *,
    owner: str | None = None,
    pool_max: int = 8,
    patience: Patience = OPERATOR,
) -> None:
    """Open the connection pool of this process; it belongs to the running event loop.

    Parameters
    ----------
    dsn
        Address as ``postgresql://``, with the application's login.
    owner
        Address with the owner of the tables, for work on all organisations; connected to when
        it is needed. ``None`` if this process does no such work, or has one address for both.
    pool_max
        Largest number of connections. Multiplied by the number of processes, it must stay below
        the server's ``max_connections``.
    patience
        How long the work of this process waits for the database.

    Raises
    ------
    TransactionMisuse
        The engine is already started.
    """
    if DB.pool is not None:
        msg = "The engine is already started; stop it first."
        raise TransactionMisuse(msg)
    DB.config, DB.patience = {"dsn": dsn}, patience
    DB.pool = await _connected(dsn, 1, pool_max, patience)
    DB.operator_pool = DB.pool
    if owner is not None and owner != dsn:
        DB.operator_pool = await _connected(owner, 0, _OPERATORS, patience)


async def _connected(dsn: str, least: int, most: int, patience: Patience) -> Any:
    return await asyncpg.create_pool(
        dsn,
        min_size=least,
        max_size=most,
        init=_prepared,
        reset=_skip_session_reset,
        command_timeout=patience.command_s,
        server_settings={"application_name": "opmodel", **patience.server_settings()},
    )


async def _prepared(opened: Any) -> None:
    _never_wait_to_write(opened)
    await read_moments_in_range(opened)


def _never_wait_to_write(opened: Any) -> None:
    """Let the driver hand over whole statements, however long.

    While it waits for room in between, as it does with many rows, it does not notice that the
    connection is lost: the task would wait forever.
    """
    opened._transport.set_write_buffer_limits(high=_LONGEST_STATEMENT)  # noqa: SLF001 - there is no other way to it


async def _skip_session_reset(_: object) -> None:
    """Save the round trip that resets a session: ours keep no state after a transaction.

    Role, organisation and every lock are local to a transaction (``SET LOCAL``). A transaction
    that was still open has been rolled back before the connection returns to the pool.
    """


async def stop_engine() -> None:
    """Close the pool; do nothing if it is not open.

    Connections in use are awaited for `CLOSE_S` and then cut off, so that stopping always ends.
    """
    if DB.pool is None:
        return
    pools = {DB.pool, DB.operator_pool}
    DB.pool = DB.operator_pool = None
    await asyncio.gather(*map(_close, pools))


async def _close(current: Any) -> None:
    try:
        async with asyncio.timeout(CLOSE_S):
            await current.close()
    except TimeoutError:
        _log.warning("A connection was still in use after %s seconds; it was cut off.", CLOSE_S)
        current.terminate()


def pool() -> Any:
    """Return the asyncpg pool, for work outside any organisation with the login role's rights.

    Raises
    ------
    EngineNotStarted
        ``start_engine`` has not been called.
    """
    return _started(DB.pool)


def operator_pool() -> Any:
    """Return the asyncpg pool of the owner of the tables; never for a request.

    Raises
    ------
    EngineNotStarted
        ``start_engine`` has not been called.
    """
    return _started(DB.operator_pool)


def _started(found: Any) -> Any:
    if found is None:
        msg = "The engine is not started; call start_engine(dsn) first."
        raise EngineNotStarted(msg)
    return found


async def run_alone(statement: str, *values: object) -> list[Any]:
    """Run one short statement as the login role, in a transaction of its own.

    Returns
    -------
    list of asyncpg.Record
        What it returned.

    Raises
    ------
    DatabaseUnreachable
        There was no answer within the ``opening_s`` of this process.
    """
    owner, live = pool(), None
    failure: BaseException | None = None
    try:
        async with asyncio.timeout(DB.patience.opening_s):
            live = await owner.acquire()
            found: list[Any] = await live.fetch(statement, *values)
    except OSError as error:
        failure = DatabaseUnreachable.because(error)
        raise failure from error
    except BaseException as error:
        failure = error
        raise
    finally:
        await give_back(owner, live, failure)
    return found


def connection() -> Any:
    """Return the ``asyncpg`` connection of the current transaction.

    Raises
    ------
    TransactionMisuse
        There is no transaction, it has ended, or it belongs to another task.
    """
    return DB.live_connection()


@asynccontextmanager
async def transaction(
    organisation: UUID | None, *, isolation: Isolation | None = None
) -> AsyncIterator[SafeTransaction]:
    """Open a transaction as the application on the rows of one organisation; commit on success.

    Inside another transaction of the same organisation it is a savepoint: an error that is
    caught outside rolls back only the inner part.

    Parameters
    ----------
    organisation
        Its rows are visible; with ``None`` none are.
    isolation
        Isolation level of the outermost transaction; the server's default is read committed.

    Raises
    ------
    EngineNotStarted
        ``start_engine`` has not been called.
    TransactionMisuse
        The surrounding transaction belongs to another organisation or to the operator.
    asyncpg.PostgresError
        The database reports an error, possibly at COMMIT.
    """
    named = _scope_of(organisation)
    _require_same_scope(named)
    preamble = () if DB.transaction_exists() else (_AS_APPLICATION, named)
    async with DB.transaction(isolation=isolation, preamble=preamble, scope=named) as opened:
        yield opened


@asynccontextmanager
async def reading(organisation: UUID | None) -> AsyncIterator[None]:
    """Open a read-only transaction as the application on the rows of one organisation.

    Inside another transaction of the same organisation it sends no statement of its own, so
    that reads can be combined without extra round trips.

    Parameters
    ----------
    organisation
        Its rows are visible, as for `transaction`.

    Raises
    ------
    EngineNotStarted, TransactionMisuse
        As for `transaction`.
    """
    named = _scope_of(organisation)
    _require_same_scope(named)
    if DB.transaction_exists():
        yield
        return
    preamble = (_AS_APPLICATION, named)
    async with DB.transaction(preamble=preamble, scope=named, readonly=True):
        yield


def _scope_of(organisation: UUID | None) -> str:
    return "" if organisation is None else str(UUID(str(organisation)))


# The organisation is a parameter: sessions of one login see each other's statements.
_AS_APPLICATION = (
    f"SELECT set_config('role', '{APP_ROLE}', true), "
    "set_config('opmodel.organisation', $1, true)"
)


@asynccontextmanager
async def operator_transaction() -> AsyncIterator[SafeTransaction]:
    """Open a transaction as the owner, to list the organisations; never for a request.

    Row-level security applies to the owner too (``FORCE``) unless it is a superuser, as on the
    embedded server. It may always read the table ``organisation``.
    """
    _require_same_scope(_OPERATOR)
    async with DB.transaction(scope=_OPERATOR, by_operator=True) as opened:
        yield opened


_OPERATOR = "operator"


def _require_same_scope(scope: str) -> None:
    current: Any = DB.current_transaction.get()
    if current is not None and current.scope != scope:
        msg = "A transaction of another organisation, or of the operator, is open."
        raise TransactionMisuse(msg)


async def insert_rows(
    table: str, columns: Sequence[str], rows: Iterable[tuple[object, ...]]
) -> None:
    """Insert rows in the current transaction, in one pipelined batch.

    Parameters
    ----------
    table : str
        Name of the table; must never come from a client.
    columns : sequence of str
        Names of the columns, in the order of each row's values.
    rows : iterable of tuple
        The values.
    """
    places = ", ".join(f"${place}" for place in range(1, len(columns) + 1))
    names = ", ".join(columns)
    statement = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608 - names of our own
    await _or_cut_off(connection(), connection().executemany(statement, rows))


async def _or_cut_off(live: Any, sending: Coroutine[Any, Any, None]) -> None:
    """Await a batch; if the task is cancelled, close the connection.

    If the driver is cancelled between two parts of a batch, it waits for the server, and the
    server for the rest.
    """
    sent = asyncio.ensure_future(sending)
    try:
        await asyncio.shield(sent)
    except asyncio.CancelledError:
        live.terminate()
        await asyncio.gather(sent, return_exceptions=True)
        raise


@asynccontextmanager
async def rehearsed(organisation: UUID, *, dry_run: bool) -> AsyncIterator[None]:
    """Run the block in one transaction, which a dry run rolls back.

    Parameters
    ----------
    organisation : UUID
        The organisation whose rows the block changes.
    dry_run
        Whether to roll back. Otherwise all changes are committed, or none.
    """
    async with transaction(organisation) as work:
        yield
        if dry_run:
            await work.rollback()  # type: ignore[no-untyped-call]  # Piccolo's
