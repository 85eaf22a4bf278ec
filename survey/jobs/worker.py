"""The worker: takes jobs from the queue in PostgreSQL, one process or many, until told to stop.

It is supervised from within: whatever ends the loop, a lost database included, is logged by its
kind and the loop begins anew. A job that fails is tried again later and in the end held, where
an operator finds it; no error's own text is kept, since it may quote a message.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from pgqueuer.core.qm import QueueManager
from pgqueuer.db import AsyncpgPoolDriver
from pgqueuer.domain.errors import RetryRequested
from pgqueuer.domain.types import QueueExecutionMode
from pgqueuer.models import Job
from pgqueuer.queries import Queries

from models.engine import pool
from survey.campaigns.close import sweep
from survey.jobs.queue import DELIVER, SWEEP, DeliverJob
from survey.messages.delivery import deliver
from survey.messages.message import Channel

__all__ = [
    "MAX_ATTEMPTS",
    "Attempt",
    "Entrypoint",
    "JobHeld",
    "TryAgain",
    "delay_after",
    "delivering",
    "drain_queue",
    "is_last",
    "run_worker",
    "sweeping",
]

MAX_ATTEMPTS = 8
"""So often a job is tried; the last time about two and a half hours after the first."""

_FIRST = timedelta(seconds=5)
_LONGEST = timedelta(hours=1)
_GROWTH = 4
JOBS_AT_ONCE = 4
"""Of one worker; each may hold a connection of the pool, which it shares with requests."""
POLL = timedelta(seconds=2)
"""How often to look for jobs that are due again; of new ones the database tells."""
PAUSE_S = 1.0
"""Before a loop that ended begins anew."""

_log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
Backoff = Callable[[int], timedelta]


def delay_after(attempt: int) -> timedelta:
    """Return how long to wait after an attempt that failed.

    Parameters
    ----------
    attempt : int
        0 for the first one.
    """
    # Beyond this the longest wait is reached in any case.
    return min(_FIRST * int(_GROWTH ** min(attempt, MAX_ATTEMPTS)), _LONGEST)


def is_last(attempt: int) -> bool:
    """Tell whether no further attempt follows this one; the first is 0."""
    return attempt + 1 >= MAX_ATTEMPTS


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One run of one job."""

    payload: bytes
    number: int
    """0 for the first."""
    last: bool
    """Whether the job is held if this run fails."""


class Entrypoint(msgspec.Struct, frozen=True, kw_only=True):
    """What the worker does with jobs of one name."""

    name: str
    run: Callable[[Attempt], Awaitable[None]]
    """Does the job; may be called again with the same payload. Any exception is a failure."""


class TryAgain(Exception):  # noqa: N818 - it asks for something, nothing went wrong
    """The job is not done yet, as its entrypoint knows."""


class JobHeld(Exception):  # noqa: N818 - named for what happened
    """The job failed as often as it may; it stays in the queue until an operator acts."""


def delivering(
    *, server_key: bytes, channels: Mapping[str, Channel], form_url: str, clock: Clock
) -> Entrypoint:
    """Return the entrypoint that sends messages.

    Parameters
    ----------
    server_key : bytes
        From which tokens are derived.
    channels : mapping of name to Channel
        The names are those that campaigns are opened with.
    form_url : str
        Address of the page with the form.
    clock : callable
        Returns the present moment, UTC.
    """

    async def run(attempt: Attempt) -> None:
        report = await deliver(
            msgspec.json.decode(attempt.payload, type=DeliverJob),
            server_key=server_key,
            channels=channels,
            form_url=form_url,
            now=clock(),
            again=attempt.number > 0,
            last=attempt.last,
        )
        if report.waiting:
            raise TryAgain
        if report.failed:
            raise JobHeld

    return Entrypoint(name=DELIVER, run=run)


def sweeping() -> Entrypoint:
    """Return the entrypoint that clears away what closing a campaign has left."""

    async def run(_: Attempt) -> None:
        await sweep()

    return Entrypoint(name=SWEEP, run=run)


async def run_worker(
    entrypoints: Sequence[Entrypoint],
    *,
    stop: asyncio.Event,
    backoff: Backoff = delay_after,
    poll: timedelta = POLL,
) -> None:
    """Take jobs until ``stop`` is set; jobs that have begun are finished first.

    The engine must be started; the worker takes jobs as the login role, and works on rows of
    an organisation as the application does.

    Parameters
    ----------
    entrypoints : sequence of Entrypoint
        What this worker does; jobs of other names are left to others.
    stop : asyncio.Event
        Set it to end.
    backoff : callable
        From the number of a failed attempt to the wait before the next.
    poll : timedelta
        How often to look for jobs that are to be tried again; of new ones the database tells.
    """
    taking = _Taking(entrypoints, backoff, poll)
    while not stop.is_set():
        try:
            await taking.run(stop, QueueExecutionMode.continuous)
        except Exception as error:  # noqa: BLE001 - whatever it is, the worker goes on
            # Without its text and traceback, which may quote a row.
            _log.error("The worker lost its queue: %s.", type(error).__name__)
            await _pause(stop)


async def drain_queue(
    entrypoints: Sequence[Entrypoint],
    *,
    backoff: Backoff = delay_after,
    poll: timedelta = POLL,
) -> None:
    """Take jobs until none of these entrypoints is left, those to be tried again included."""
    await _Taking(entrypoints, backoff, poll).run(asyncio.Event(), QueueExecutionMode.drain)


class _Taking(NamedTuple):
    """How jobs are taken, once the loop runs."""

    entrypoints: Sequence[Entrypoint]
    backoff: Backoff
    poll: timedelta

    async def run(self, stop: asyncio.Event, mode: QueueExecutionMode) -> None:
        """Take jobs until told to stop, until the queue is empty or until it is lost."""
        manager = QueueManager(Queries(AsyncpgPoolDriver(pool())))
        for entrypoint in self.entrypoints:
            manager.entrypoint(entrypoint.name, accepts_context=False, on_failure="hold")(
                _guarded(entrypoint, self.backoff)
            )
        watcher = asyncio.create_task(_pass_on(stop, manager.shutdown), name="worker-stop")
        try:
            await manager.run(
                dequeue_timeout=self.poll,
                batch_size=JOBS_AT_ONCE // 2,
                max_concurrent_tasks=JOBS_AT_ONCE,
                mode=mode,
                shutdown_on_listener_failure=True,
            )
        finally:
            watcher.cancel()


def _guarded(entrypoint: Entrypoint, backoff: Backoff) -> Callable[[Job], Awaitable[None]]:
    """Turn failures of an entrypoint into waiting or holding, without their text."""

    async def run(job: Any) -> None:
        attempt = Attempt(
            payload=job.payload or b"", number=job.attempts, last=is_last(job.attempts)
        )
        try:
            await entrypoint.run(attempt)
        except JobHeld:
            raise
        except Exception as error:  # noqa: BLE001 - the queue would keep its text and traceback
            kind = type(error).__name__
            _log.warning("A job of %s ended with %s.", entrypoint.name, kind)
            if attempt.last:
                raise JobHeld(kind) from None
            raise RetryRequested(delay=backoff(attempt.number), reason=kind) from None

    return run


async def _pass_on(stop: asyncio.Event, shutdown: asyncio.Event) -> None:
    await stop.wait()
    shutdown.set()


async def _pause(stop: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stop.wait(), PAUSE_S)
    except TimeoutError:
        return
