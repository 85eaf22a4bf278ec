"""Piccolo's transaction without its pitfalls: it always releases its connection."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Literal, Self

import asyncpg
from piccolo.engine.postgres import AsyncBatch, PostgresEngine, PostgresTransaction

from models.errors import (
    DatabaseUnreachable,
    EngineNotStarted,
    TransactionMisuse,
    database_is_lost,
)
from models.outage import OUTAGE

__all__ = ["Isolation", "OwnerSession", "SafeBatch", "SafeTransaction", "give_back"]

Isolation = Literal["read_committed", "repeatable_read", "serializable"]


class SafeTransaction(PostgresTransaction):
    """A transaction that belongs to one task and cleans up even if COMMIT fails.

    Piccolo's own class leaks its connection and stays current if COMMIT fails, ignores nested
    transactions, and can be used from any task. Here a nested transaction is a savepoint, and
    the connection is released and the context variable reset on every path.
    """

    __slots__ = (
        "_by_operator",
        "_closed",
        "_opening_s",
        "_pool",
        "_preamble",
        "_readonly",
        "_task",
        "borrowed",
        "isolation",
        "scope",
    )

    def __init__(
        self,
        engine: PostgresEngine,
        *,
        isolation: Isolation | None = None,
        preamble: Sequence[str] = (),
        scope: object = None,
        readonly: bool = False,
        by_operator: bool = False,
        opening_s: float | None = None,
    ) -> None:
        super().__init__(engine)
        # With a parent Piccolo does nothing; this class opens a savepoint instead.
        outer: Any = self._parent
        self._parent = None
        self.borrowed = outer is not None
        self.connection = None if outer is None else outer.live_connection()
        self.isolation = isolation
        self.scope = scope
        self._preamble = preamble
        self._readonly = readonly
        self._by_operator = by_operator
        self._opening_s = opening_s
        self._task: asyncio.Task[Any] | None = None
        self._pool: Any = None
        self._closed = False

    async def __aenter__(self) -> Self:
        self._task = asyncio.current_task()
        try:
            async with asyncio.timeout(self._opening_s):
                await self._open()
        except BaseException as error:
            await self._release(error)
            if isinstance(error, TimeoutError):
                raise DatabaseUnreachable.because(error) from error
            raise
        self.context = self.engine.current_transaction.set(self)
        return self

    async def __aexit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        self.engine.current_transaction.reset(self.context)
        failure = exception
        try:
            if exception is not None:
                await self._undo(exception)
            elif not self._committed and not self._rolled_back:
                await self._commit_for_certain()
        except BaseException as error:
            failure = error
            raise
        finally:
            self._closed = True
            await self._release(failure)
            if isinstance(failure, TimeoutError):
                raise DatabaseUnreachable.because(failure) from failure
        return False

    def live_connection(self) -> Any:
        """Return the connection, to the task that opened the transaction and until it ends.

        Raises
        ------
        TransactionMisuse
            The transaction has ended, or the caller is another task: two tasks on one
            connection would mix their statements. Inside a transaction use
            ``asyncio.timeout``, not ``wait_for``, and do not start tasks.
        """
        if self._closed:
            msg = "This transaction has ended; do not use it after its block."
            raise TransactionMisuse(msg)
        if self._task is not asyncio.current_task():
            msg = "A transaction belongs to the task that opened it; do not start tasks in it."
            raise TransactionMisuse(msg)
        return self.connection

    async def _open(self) -> None:
        if not self.borrowed:
            self.connection = await self._connect()
        await self._begin_on_a_live_connection()
        if self._preamble:
            await self.connection.execute(*self._preamble)

    async def _begin_on_a_live_connection(self) -> None:
        """Begin; if the server has restarted meanwhile, try once more on a new connection."""
        try:
            await self._begin()
        except Exception as error:
            if self._pool is None or not database_is_lost(error):
                raise
            lost, self.connection = self.connection, None
            await self._pool.release(lost)
            await self._pool.expire_connections()
            self.connection = await self._connect()
            await self._begin()

    async def _connect(self) -> Any:
        # Keep the pool: the engine drops its reference before it waits for our release.
        engine: Any = self.engine
        self._pool = engine.operator_pool if self._by_operator else engine.pool
        if self._pool is None:
            msg = "The engine is not started; call start_engine(dsn) first."
            raise EngineNotStarted(msg)
        try:
            return await self._pool.acquire()
        except OSError as error:
            raise DatabaseUnreachable.because(error) from error

    async def _begin(self) -> None:
        self.transaction = self.connection.transaction(
            isolation=self.isolation, readonly=self._readonly
        )
        await self.transaction.start()

    async def _commit_for_certain(self) -> None:
        """Commit, or raise: PostgreSQL reports success for COMMIT of a failed transaction.

        A read-only transaction has nothing to lose, and skips the check.
        """
        if not self.borrowed and not self._readonly:
            try:
                await self.connection.execute("SELECT 1")
            except BaseException as error:
                await self._undo(error)
                raise
        await self.transaction.commit()
        self._committed = True

    async def _undo(self, failure: BaseException) -> None:
        """Roll back; a lost connection already has, and must not hide the original error."""
        if self._rolled_back or self._committed or _is_cut_short(failure):
            return
        try:
            await self.transaction.rollback()
            self._rolled_back = True
        except Exception as error:
            if not database_is_lost(error):
                raise
            OUTAGE.failed(error)

    async def _release(self, failure: BaseException | None) -> None:
        if self._pool is not None:
            await give_back(self._pool, self.connection, failure)


_CUT_SHORT = (asyncio.CancelledError, TimeoutError, DatabaseUnreachable)


def _is_cut_short(failure: BaseException | None) -> bool:
    """Tell whether the server may still be at work on what nobody waits for any more."""
    return isinstance(failure, _CUT_SHORT)


async def give_back(pool: Any, live: Any, failure: BaseException | None) -> None:
    """Return a connection to its pool, and note what it tells about the database.

    After work that was cut short the connection is cut off, and the server rolls back. The
    driver would wait until the server has cancelled it: without end if the server is stopped.

    Parameters
    ----------
    pool, live
        The pool, and its connection; None if there was none to be had.
    failure
        What ended the work; None if it is done.
    """
    if failure is None:
        OUTAGE.worked()
    else:
        OUTAGE.failed(failure)
    if live is None:
        return
    if _is_cut_short(failure):
        with suppress(asyncpg.InterfaceError):  # it is closed already
            live.terminate()
    await pool.release(live)


class OwnerSession(SafeTransaction):
    """One connection of the login role outside a transaction, for migrations."""

    __slots__ = ()

    def __init__(self, engine: PostgresEngine, connection: Any) -> None:
        super().__init__(engine)
        self.connection = connection
        self._task = asyncio.current_task()


class SafeBatch(AsyncBatch):
    """A cursor inside the current transaction; its errors reach the caller."""

    async def __aexit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        if exception is None:
            await self.transaction.commit()
        else:
            await self.transaction.rollback()
        return False
