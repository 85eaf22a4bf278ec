"""Errors in reaching and using the database.

DatabaseError
├── DatabaseNotConfigured   no address and no embedded server
├── DatabaseUnreachable     no connection can be opened, or no answer comes in time
├── EmbeddedServerFailed    our own server did not start, or ended
├── EngineNotStarted        a query before ``start_engine``
└── TransactionMisuse       a query outside a transaction, or from another task
"""

import asyncpg

__all__ = [
    "DatabaseError",
    "DatabaseNotConfigured",
    "DatabaseUnreachable",
    "EmbeddedServerFailed",
    "EngineNotStarted",
    "TransactionMisuse",
    "database_is_lost",
    "is_outage",
]


class DatabaseError(Exception):
    """Root of this package's own errors; errors of the driver propagate unchanged."""


class DatabaseNotConfigured(DatabaseError):  # noqa: N818 - an error is named for what happened
    """No address of PostgreSQL is configured; the message says what to set."""


class DatabaseUnreachable(DatabaseError, ConnectionError):  # noqa: N818 - an error is named for what happened
    """The server is down, has not started yet, or does not answer in time."""

    @classmethod
    def because(cls, error: OSError) -> "DatabaseUnreachable":
        """Say what happened, which for a deadline is that no answer came."""
        return cls(f"The database cannot be reached: {str(error) or 'no answer in time'}.")


class EmbeddedServerFailed(DatabaseError):  # noqa: N818 - an error is named for what happened
    """The embedded server cannot run here; the message gives the reason if its log has one."""


class EngineNotStarted(DatabaseError):  # noqa: N818 - an error is named for what happened
    """A transaction was requested before the engine was started."""


class TransactionMisuse(DatabaseError):  # noqa: N818 - an error is named for what happened
    """A programming mistake that would otherwise read or write in the wrong place."""


_LOST = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # starting, shutting down, cancelled, out of time
    asyncpg.LockNotAvailableError,  # somebody else has held it for too long
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.TransactionRollbackError,  # two transactions met, and this one gave way
    asyncpg.TooManyConnectionsError,
    asyncpg.DiskFullError,
    asyncpg.InternalClientError,  # of a connection whose server was killed
    ConnectionError,
)
_TABLES_GROW_IN = {"mdextend", "mdzeroextend"}
"""Functions of the server that fail if a file may not grow: only a full disk has a code."""
_OF_A_CLOSED_CONNECTION = ("clos", "released back to the pool")
"""The pool takes a connection back that was lost while it was lent, and only then."""


def database_is_lost(error: BaseException) -> bool:
    """Tell whether the same work may succeed later, because the database is what failed.

    This is the only definition. Everything else that the driver raises, such as a missing
    table, a broken statement or a value that a constraint refuses, fails again each time.

    Parameters
    ----------
    error : BaseException
        What was raised.
    """
    if isinstance(error, asyncpg.InterfaceError):
        # The driver has one class for a closed connection and for mistakes in using one.
        return any(words in str(error) for words in _OF_A_CLOSED_CONNECTION)
    if isinstance(error, asyncpg.InternalServerError):
        return error.server_source_function in _TABLES_GROW_IN
    return isinstance(error, _LOST)


def is_outage(error: BaseException) -> bool:
    """Tell whether the database was lost to everybody, and not to two transactions that met."""
    return database_is_lost(error) and not isinstance(error, asyncpg.TransactionRollbackError)
