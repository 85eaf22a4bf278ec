"""The worker: takes jobs from the queue in PostgreSQL, one process or many, until told to stop.

It is supervised from within: whatever ends the loop, a lost database included, is logged by its
kind and the loop begins anew. A job that fails is tried again later and finally held, where
an operator finds it; no error's own text is kept, since it may quote a message.
"""

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import msgspec
from pgqueuer.core.qm import QueueManager
from pgqueuer.db import AsyncpgPoolDriver
from pgqueuer.domain.errors import RetryRequested
from pgqueuer.domain.types import QueueExecutionMode
from pgqueuer.models import Job
from pgqueuer.queries import Queries

from models.engine import operator_pool
from models.errors import DatabaseUnreachable, database_is_lost
from models.outage import OUTAGE
from survey.jobs.kind import Attempt, JobHeld, Work

__all__ = ["drain_queue", "run_worker"]

JOBS_AT_ONCE = 4
"""Of one worker; each may hold a connection of the pool, which it shares with requests."""
POLL = timedelta(seconds=2)
"""How often to look for jobs that are due again; of new ones the database tells."""
SILENCE = timedelta(seconds=30)
"""A worker that has not been heard of for so long is dead, and another takes its jobs over."""
PAUSE_S = 1.0
"""Before a loop that ended begins anew."""

_log = logging.getLogger(__name__)

Backoff = Callable[[int], timedelta]


async def run_worker(
    workload: Sequence[Work[Any]],
    *,
    stop: asyncio.Event,
    backoff: Backoff | None = None,
    poll: timedelta = POLL,
) -> None:
    """Take jobs until ``stop`` is set; jobs that have begun are finished first.

    The engine must be started with the owner's address: the worker takes jobs as the owner, and
    works on rows of an organisation as the application does.

    Parameters
    ----------
    workload : sequence of Work
        What this worker does; jobs of other kinds are left to others.
    stop : asyncio.Event
        Set it to end.
    backoff : callable, optional
        From the number of a failed attempt to the wait before the next, instead of what each
        kind says.
    poll : timedelta
        How often to look for jobs that are to be tried again; of new ones the database tells.
    """
    loop = _QueueLoop(workload, backoff, poll)
    while not stop.is_set():
        try:
            await loop.run(stop, QueueExecutionMode.continuous)
        except Exception as error:  # noqa: BLE001 - whatever it is, the worker goes on
            if not stop.is_set():
                _tell(
                    DatabaseUnreachable.because(error) if isinstance(error, OSError) else error
                )
            await _pause(stop)


async def drain_queue(
    workload: Sequence[Work[Any]],
    *,
    backoff: Backoff | None = None,
    poll: timedelta = POLL,
) -> None:
    """Take jobs until none of these kinds is left, those to be tried again included.

    A job that another worker has begun is left to it.
    """
    await _QueueLoop(workload, backoff, poll).run(asyncio.Event(), QueueExecutionMode.drain)


class _QueueLoop(NamedTuple):
    """How jobs are taken, once the loop runs."""

    workload: Sequence[Work[Any]]
    backoff: Backoff | None
    poll: timedelta

    async def run(self, stop: asyncio.Event, mode: QueueExecutionMode) -> None:
        """Take jobs until told to stop, until the queue is empty or until it is lost."""
        manager = QueueManager(Queries(AsyncpgPoolDriver(operator_pool())))
        for work in self.workload:
            manager.entrypoint(work.kind.name, accepts_context=False, on_failure="hold")(
                _guarded(work, self.backoff or work.kind.retry.delay_after)
            )
        watcher = asyncio.create_task(_pass_on(stop, manager.shutdown), name="worker-stop")
        try:
            await manager.run(
                dequeue_timeout=self.poll,
                batch_size=JOBS_AT_ONCE // 2,
                max_concurrent_tasks=JOBS_AT_ONCE,
                mode=mode,
                shutdown_on_listener_failure=True,
                heartbeat_timeout=SILENCE,
            )
        finally:
            watcher.cancel()


def _guarded(work: Work[Any], backoff: Backoff) -> Callable[[Job], Awaitable[None]]:
    """Turn failures of a job into waiting or holding, without their text."""
    kind = work.kind

    async def run(job: Any) -> None:
        attempt = Attempt(number=job.attempts, last=kind.retry.is_last(job.attempts))
        try:
            await work.run(
                msgspec.json.decode(job.payload or b"{}", type=kind.payload), attempt
            )
        except JobHeld:
            raise
        except Exception as error:  # noqa: BLE001 - the queue would keep its text and traceback
            failure = type(error).__name__
            _log.warning(
                "A job of %s ended with %s.",
                kind.name,
                failure,
                extra={"frames": _places(error)},
            )
            if attempt.last:
                raise JobHeld(failure) from None
            raise RetryRequested(delay=backoff(attempt.number), reason=failure) from None

    return run


def _places(error: BaseException) -> list[str]:
    """Return where in the code it happened; its words may quote a row."""
    return [
        f"{frame.filename}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]


async def _pass_on(stop: asyncio.Event, shutdown: asyncio.Event) -> None:
    await stop.wait()
    shutdown.set()


def _tell(error: Exception) -> None:
    if database_is_lost(error):
        OUTAGE.failed(error)
    else:
        # Without its text and traceback, which may quote a row.
        _log.error("The worker lost its queue: %s.", type(error).__name__)


async def _pause(stop: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stop.wait(), PAUSE_S)
    except TimeoutError:
        return
