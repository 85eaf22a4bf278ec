"""Piccolo's transaction without its pitfalls: it always releases its connection."""

import asyncio
import logging
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Literal, Self

from piccolo.engine.postgres import AsyncBatch, PostgresEngine, PostgresTransaction

from models.errors import (
    DatabaseUnreachable,
    EngineNotStarted,
    TransactionMisuse,
    database_is_lost,
)

__all__ = ["Isolation", "OwnerSession", "SafeBatch", "SafeTransaction"]

_log = logging.getLogger(__name__)

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
    ) -> None:
        super().__init__(engine)
        # With a parent Piccolo does nothing; this class opens a savepoint instead.
        outer: Any = self._parent
        self._parent = None
        self.borrowed = outer is not None
        if outer is not None:
            self.connection = outer.live_connection()
        self.isolation = isolation
        self.scope = scope
        self._preamble = preamble
        self._readonly = readonly
        self._by_operator = by_operator
        self._task: asyncio.Task[Any] | None = None
        self._pool: Any = None
        self._closed = False

    async def __aenter__(self) -> Self:
        self._task = asyncio.current_task()
        if not self.borrowed:
            self.connection = await self._connect()
        try:
            await self._begin_on_a_live_connection()
            if self._preamble:
                await self.connection.execute(*self._preamble)
        except BaseException:
            await self._release()
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
        try:
            if exception is not None:
                await self._undo()
            elif not self._committed and not self._rolled_back:
                await self._commit_for_certain()
        finally:
            self._closed = True
            await self._release()
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

    async def _begin_on_a_live_connection(self) -> None:
        """Begin; if the server has restarted meanwhile, try once more on a new connection."""
        try:
            await self._begin()
        except Exception as error:
            if self._pool is None or not database_is_lost(error):
                raise
            await self._release()
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
            msg = f"The database cannot be reached: {error or 'no answer in time'}."
            raise DatabaseUnreachable(msg) from error

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
            except BaseException:
                await self._undo()
                raise
        await self.transaction.commit()
        self._committed = True

    async def _undo(self) -> None:
        """Roll back; a lost connection already has, and must not hide the original error."""
        if self._rolled_back or self._committed:
            return
        try:
            await self.transaction.rollback()
            self._rolled_back = True
        except Exception as error:
            if not database_is_lost(error):
                raise
            _log.warning("Connection lost before rollback; the server has rolled back itself.")

    async def _release(self) -> None:
        if self._pool is not None:
            await self._pool.release(self.connection)


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
