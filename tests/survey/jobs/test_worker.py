"""The worker takes jobs from the queue, tries again, holds what fails and stops when told."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from models.engine import connection, operator_transaction, transaction
from survey.jobs.kind import Attempt, JobKind, Work
from survey.jobs.queue import enqueue
from survey.jobs.worker import SILENCE, drain_queue, run_worker
from survey.messages.delivery import delivering
from survey.messages.message import Outcome
from survey.messages.outbox import DELIVER, DeliverJob
from tests.factories.campaigns import make_open, rows_of
from tests.factories.server import SERVER_KEY
from tests.survey.messages.remembering import RememberingChannel

pytestmark = pytest.mark.usefixtures("empty_queue")

PATIENCE_S = 30


def at_once(_: int) -> timedelta:
    return timedelta(milliseconds=1)


SOON: Any = {"backoff": at_once, "poll": timedelta(milliseconds=20)}


@pytest.fixture
async def empty_queue(database: str) -> AsyncIterator[None]:
    """Take away the jobs of other tests before, and our own afterwards."""
    await clear()
    yield
    await clear()


async def clear() -> None:
    async with operator_transaction():
        await connection().execute("DELETE FROM pgqueuer")
        await connection().execute("DELETE FROM pgqueuer_log")


async def queue() -> list[tuple[Any, ...]]:
    async with operator_transaction():
        rows = await connection().fetch(
            "SELECT entrypoint, status, attempts FROM pgqueuer ORDER BY id"
        )
    return [tuple(row) for row in rows]


class Record(msgspec.Struct, frozen=True):
    """A job that says nothing."""


RECORD = JobKind(name="record", payload=Record)
ATTEMPTS = RECORD.retry.attempts


async def put(organisation: UUID, jobs: int = 1, *, kind: JobKind[Record] = RECORD) -> None:
    async with transaction(organisation):
        await enqueue(kind, [Record()] * jobs)


def sending(channel: RememberingChannel, now: datetime) -> Work[DeliverJob]:
    return delivering(
        server_key=SERVER_KEY,
        channels={"console": channel},
        form_url="http://localhost/answer",
        clock=lambda: now,
    )


class Recorder:
    """Work that fails so many times."""

    def __init__(self, failures: int = 0) -> None:
        self.attempts: list[Attempt] = []
        self._failures = failures
        self._ran = asyncio.Semaphore(0)

    async def run(self, _: Record, attempt: Attempt) -> None:
        self.attempts.append(attempt)
        self._ran.release()
        if len(self.attempts) <= self._failures:
            message = "the far side said: secret"
            raise RuntimeError(message)

    async def has_run(self, times: int) -> None:
        """Wait until so many more attempts have begun."""
        async with asyncio.timeout(PATIENCE_S):
            for _ in range(times):
                await self._ran.acquire()

    @property
    def work(self) -> Work[Record]:
        return Work(kind=RECORD, run=self.run)


async def test_everybody_gets_their_message(organisation: UUID, now: datetime) -> None:
    await make_open(organisation, {"U1": 30, "U2": 25})
    channel = RememberingChannel()

    await drain_queue([sending(channel, now)])

    states = await rows_of(organisation, "SELECT DISTINCT state FROM delivery")
    assert len({message.link for message in channel.messages}) == 55
    assert states == [{"state": "sent"}]
    assert await queue() == []


async def test_messages_that_wait_are_tried_again(organisation: UUID, now: datetime) -> None:
    await make_open(organisation, {"U1": 5})
    channel = RememberingChannel(*[Outcome.RETRY] * 7)

    await drain_queue([sending(channel, now)], **SOON)

    assert len(channel.messages) == 12
    assert await queue() == []


async def test_messages_that_never_get_through_are_given_up(
    organisation: UUID, now: datetime
) -> None:
    await make_open(organisation, {"U1": 1})
    channel = RememberingChannel(*[Outcome.RETRY.because("busy")] * 100)

    await drain_queue([sending(channel, now)], **SOON)

    assert len(channel.messages) == DELIVER.retry.attempts
    assert await queue() == []
    states = await rows_of(organisation, "SELECT state, attempts, reason FROM delivery")
    assert states == [{"state": "failed", "attempts": ATTEMPTS, "reason": "busy"}]


async def test_a_message_given_up_holds_no_job(organisation: UUID, now: datetime) -> None:
    await make_open(organisation, {"U1": 2})
    channel = RememberingChannel(Outcome.GIVE_UP)

    await drain_queue([sending(channel, now)], **SOON)

    assert len(channel.messages) == 2
    assert await queue() == []


async def test_a_job_that_fails_is_tried_again_until_it_succeeds(organisation: UUID) -> None:
    recorder = Recorder(failures=2)
    await put(organisation)

    await drain_queue([recorder.work], **SOON)

    assert [attempt.number for attempt in recorder.attempts] == [0, 1, 2]
    assert await queue() == []


async def test_a_job_that_always_fails_is_held(organisation: UUID) -> None:
    recorder = Recorder(failures=100)
    await put(organisation)

    await drain_queue([recorder.work], **SOON)

    assert [attempt.last for attempt in recorder.attempts] == [False] * (ATTEMPTS - 1) + [True]
    assert await queue() == [("record", "failed", ATTEMPTS - 1)]


async def test_the_text_of_a_failure_is_kept_nowhere(
    organisation: UUID, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    await put(organisation)

    await drain_queue([Recorder(failures=100).work], **SOON)

    async with operator_transaction():
        kept = await connection().fetch("SELECT traceback::text FROM pgqueuer_log")
    assert "RuntimeError" in caplog.text
    assert "secret" not in caplog.text + "".join(row["traceback"] or "" for row in kept)


async def test_jobs_of_other_names_are_left_alone(organisation: UUID) -> None:
    await put(organisation, kind=JobKind(name="something-else", payload=Record))

    await drain_queue([Recorder().work])

    assert await queue() == [("something-else", "queued", 0)]


async def test_two_workers_share_the_jobs(organisation: UUID) -> None:
    first, second = Recorder(), Recorder()
    await put(organisation, jobs=40)

    await asyncio.gather(drain_queue([first.work]), drain_queue([second.work]))

    assert len(first.attempts) + len(second.attempts) == 40


async def test_a_job_of_a_transaction_that_failed_is_never_run(organisation: UUID) -> None:
    async def fail() -> None:
        async with transaction(organisation):
            await enqueue(RECORD, [Record()])
            raise ZeroDivisionError

    recorder = Recorder()
    with pytest.raises(ZeroDivisionError):
        await fail()

    await drain_queue([recorder.work])

    assert recorder.attempts == []


async def test_a_running_worker_takes_new_jobs_and_stops_when_told(
    organisation: UUID,
) -> None:
    recorder, stop = Recorder(), asyncio.Event()
    worker = asyncio.create_task(run_worker([recorder.work], stop=stop))
    await put(organisation, jobs=3)

    await recorder.has_run(3)
    stop.set()
    async with asyncio.timeout(PATIENCE_S):
        await worker

    assert await queue() == []


async def test_a_worker_whose_queue_is_lost_begins_anew(organisation: UUID) -> None:
    recorder, stop = Recorder(), asyncio.Event()
    worker = asyncio.create_task(run_worker([recorder.work], stop=stop))
    await put(organisation)
    await recorder.has_run(1)

    await end_other_connections()
    await put(organisation)
    await recorder.has_run(1)

    stop.set()
    async with asyncio.timeout(PATIENCE_S):
        await worker


async def test_the_jobs_of_a_dead_worker_are_taken_over(organisation: UUID) -> None:
    recorder = Recorder()
    await put(organisation)
    await begun_by_another_worker(silent_for=SILENCE + timedelta(seconds=1))

    await drain_queue([recorder.work], **SOON)

    assert len(recorder.attempts) == 1
    assert await queue() == []


async def test_the_jobs_of_a_living_worker_are_left_to_it(organisation: UUID) -> None:
    recorder = Recorder()
    await put(organisation)
    await begun_by_another_worker(silent_for=SILENCE / 2)

    await drain_queue([recorder.work], **SOON)

    assert recorder.attempts == []


async def begun_by_another_worker(*, silent_for: timedelta) -> None:
    """Make of every job one that another worker has begun, and has not spoken of since."""
    async with operator_transaction():
        await connection().execute(
            "UPDATE pgqueuer SET status = 'picked', queue_manager_id = gen_random_uuid(), "
            "heartbeat = now() - $1::interval",
            silent_for,
        )


async def end_other_connections() -> None:
    """Do to this process what a restart of the server does."""
    async with operator_transaction():
        await connection().execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
