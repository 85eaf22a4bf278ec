"""How long each kind of work waits for the database; the reasons are in models/DECISIONS.md."""

import msgspec

__all__ = ["JOB", "MIGRATION", "OPERATOR", "REQUEST", "Patience"]

_NOTICE_S = 1
"""How often the server looks, during a statement, whether the client is still there."""
_GRACE_S = 5.0
"""How much longer the client waits than the server: it speaks first if it can speak at all."""


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """How long one kind of work waits; None is without end.

    Attributes
    ----------
    opening_s
        For a connection and for the first answer on it, in seconds. Work in progress cannot
        delay that answer, so a server that does not give it is stopped, gone or overrun.
    statement_s
        For one statement, in seconds.
    lock_s
        For a lock that somebody else holds, in seconds.
    idle_s
        How long a transaction may do nothing, in seconds; it holds locks meanwhile.
    """

    opening_s: float
    statement_s: float | None
    lock_s: float | None
    idle_s: float | None

    @property
    def command_s(self) -> float | None:
        """Return how long the client waits for one statement, in seconds."""
        return None if self.statement_s is None else self.statement_s + _GRACE_S

    def server_settings(self) -> dict[str, str]:
        """Return what a new connection tells the server, without a round trip of its own."""
        return {
            "statement_timeout": _milliseconds(self.statement_s),
            "lock_timeout": _milliseconds(self.lock_s),
            "idle_in_transaction_session_timeout": _milliseconds(self.idle_s),
            # Else a statement whose client was cut off would keep its locks to its end.
            "client_connection_check_interval": _milliseconds(_NOTICE_S),
        }


def _milliseconds(seconds: float | None) -> str:
    return str(0 if seconds is None else round(seconds * 1000))


REQUEST = Patience(opening_s=4, statement_s=30, lock_s=5, idle_s=60)
"""Somebody waits for the answer."""
JOB = Patience(opening_s=30, statement_s=900, lock_s=60, idle_s=900)
"""Nobody waits, and a job that fails is tried again."""
OPERATOR = Patience(opening_s=30, statement_s=None, lock_s=60, idle_s=None)
"""An operator watches, and can end it by hand."""
MIGRATION = Patience(opening_s=30, statement_s=None, lock_s=None, idle_s=None)
"""Others may be migrating, and take as long as they must."""
