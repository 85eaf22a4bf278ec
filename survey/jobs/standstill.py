"""Whether the queue moves, and if not, why: no worker, workers that are busy, or failures.

Messages are jobs too, so that an outbox that does not move is found here as well.
"""

import asyncio
import logging
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import msgspec

from models.engine import run_alone
from models.errors import database_is_lost

__all__ = ["QueueWatch", "Standstill", "find_standstill"]

LATE = timedelta(seconds=30)
"""A job that has been due for so long should have been taken: workers look every 2 seconds."""
DEAD = timedelta(seconds=40)
"""A worker that was silent for so long has died, and no other has taken its jobs over."""
EVERY_S = 10.0
"""How often to look; with `LATE` or `DEAD` this stays below a minute."""

_LATE = """
SELECT entrypoint AS kind, execute_after AS since, count(*) OVER () AS jobs FROM pgqueuer
WHERE status = 'queued' AND execute_after < now() - $1::interval
ORDER BY execute_after LIMIT 1
"""
_ORPHANED = """
SELECT entrypoint AS kind, heartbeat AS since, count(*) OVER () AS jobs FROM pgqueuer
WHERE status = 'picked' AND heartbeat < now() - $1::interval ORDER BY heartbeat LIMIT 1
"""
# All other events are of jobs that a worker has taken.
_MOVED = """
SELECT id FROM pgqueuer_log WHERE created > now() - $1::interval AND status <> 'queued' LIMIT 1
"""
_BUSY = """
SELECT entrypoint AS kind, updated AS since FROM pgqueuer
WHERE status = 'picked' AND heartbeat > now() - $1::interval ORDER BY updated LIMIT 1
"""
_FAILING = "SELECT kind, attempts, since, failure FROM failing_job($1)"

_log = logging.getLogger(__name__)


class Standstill(msgspec.Struct, frozen=True, kw_only=True):
    """A queue that does not move."""

    cause: str
    """Stays the same while the queue stands still for the same reason."""
    reason: str
    """A sentence for operators."""


async def find_standstill() -> Standstill | None:
    """Return why the queue does not move; None if it moves or has nothing to do."""
    late = await _first(_LATE, LATE) or await _first(_ORPHANED, DEAD)
    if late is not None and await _first(_MOVED, LATE) is None:
        busy = await _first(_BUSY, DEAD)
        return _no_worker(late) if busy is None else _all_busy(late, busy)
    failing = await _first(_FAILING, LATE)
    return None if failing is None else _failing(failing)


async def _first(statement: str, duration: timedelta) -> Any:
    return next(iter(await run_alone(statement, duration)), None)


def _no_worker(late: Any) -> Standstill:
    reason = (
        f"No worker is at work. Jobs wait: {late['jobs']}, the first of kind {late['kind']} "
        f"since {_moment(late['since'])}. Start `opmodel worker`."
    )
    return Standstill(cause="no worker", reason=reason)


def _all_busy(late: Any, busy: Any) -> Standstill:
    reason = (
        f"Jobs wait: {late['jobs']}, the first of kind {late['kind']} since "
        f"{_moment(late['since'])}. The workers are busy: a job of kind {busy['kind']} has "
        f"been running since {_moment(busy['since'])}."
    )
    return Standstill(cause=f"busy with {busy['kind']}", reason=reason)


def _failing(failing: Any) -> Standstill:
    reason = (
        f"Jobs of kind {failing['kind']} fail: one that was queued at "
        f"{_moment(failing['since'])} has failed {failing['attempts']} times, the last time "
        f"with {failing['failure'] or 'no reason given'}."
    )
    return Standstill(cause=f"failing {failing['kind']}", reason=reason)


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


class QueueWatch:
    """Looks after the queue: a line in the log when it stops, and one when it moves again."""

    def __init__(self) -> None:
        self._found: Standstill | None = None
        self._watching: asyncio.Task[None] | None = None

    def reason(self) -> str | None:
        """Return why the queue does not move, as was last seen; None if it does."""
        return None if self._found is None else self._found.reason

    def start(self) -> None:
        """Begin to look, now and then."""
        self._watching = asyncio.create_task(self._watch(), name="queue-watch")

    async def stop(self) -> None:
        """End."""
        if self._watching is not None:
            self._watching.cancel()
            with suppress(asyncio.CancelledError):
                await self._watching

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                self.note(await find_standstill())
            except Exception as error:  # noqa: BLE001 - whatever it is, the watch goes on
                if not database_is_lost(error):
                    # Without its text, which may quote a row.
                    _log.error("Nobody could look at the queue: %s.", type(error).__name__)

    def note(self, found: Standstill | None) -> None:
        """Keep what was found, and log it if it is new."""
        before, self._found = self._found, found
        if found is not None and (before is None or before.cause != found.cause):
            _log.error("The queue does not move. %s", found.reason)
        elif found is None and before is not None:
            _log.warning("The queue moves again.")
