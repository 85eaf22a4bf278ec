"""Errors in reaching and using the database.

DatabaseError
├── DatabaseNotConfigured   no address and no embedded server
├── EmbeddedServerFailed    our own server did not start, or ended
├── EngineNotStarted        a query before ``start_engine``
└── TransactionMisuse       a query outside a transaction, or from another task
"""

__all__ = [
    "DatabaseError",
    "DatabaseNotConfigured",
    "EmbeddedServerFailed",
    "EngineNotStarted",
    "TransactionMisuse",
]


class DatabaseError(Exception):
    """Root of this package's own errors; errors of the driver propagate unchanged."""


class DatabaseNotConfigured(DatabaseError):  # noqa: N818 - an error is named for what happened
    """No address of PostgreSQL is configured; the message says what to set."""


class EmbeddedServerFailed(DatabaseError):  # noqa: N818 - an error is named for what happened
    """The embedded server cannot run here; the message gives the reason if its log has one."""


class EngineNotStarted(DatabaseError):  # noqa: N818 - an error is named for what happened
    """A transaction was requested before the engine was started."""


class TransactionMisuse(DatabaseError):  # noqa: N818 - an error is named for what happened
    """A programming mistake that would otherwise read or write in the wrong place."""
