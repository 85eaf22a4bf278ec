"""A queue that does not move is found within a minute, with the reason."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest

from models.engine import connection, operator_transaction, transaction
from survey.jobs.kind import Attempt, JobKind, Work
from survey.jobs.queue import enqueue
from survey.jobs.standstill import DEAD, EVERY_S, LATE, QueueWatch, Standstill, find_standstill
from survey.jobs.worker import run_worker


class Nothing(msgspec.Struct, frozen=True):
    """A job that is about nothing."""


KIND = JobKind(name="standstill", payload=Nothing)
NEXT = JobKind(name="another", payload=Nothing)


@pytest.fixture(autouse=True)
async def empty_queue(database: str) -> AsyncIterator[None]:
    """Take away the jobs of other tests before, and our own afterwards."""
    await tell("DELETE FROM pgqueuer")
    await tell("DELETE FROM pgqueuer_log")
    yield
    await tell("DELETE FROM pgqueuer")
    await tell("DELETE FROM pgqueuer_log")


async def tell(statement: str) -> None:
    async with operator_transaction():
        await connection().execute(statement)


async def put(organisation: UUID, kind: JobKind[Nothing] = KIND) -> None:
    async with transaction(organisation):
        await enqueue(kind, [Nothing()])


async def a_minute_later() -> None:
    """Let everything have happened a minute earlier."""
    await tell(
        "UPDATE pgqueuer SET created = created - interval '1 minute', "
        "updated = updated - interval '1 minute', heartbeat = heartbeat - interval '1 minute', "
        "execute_after = execute_after - interval '1 minute'"
    )
    await tell("UPDATE pgqueuer_log SET created = created - interval '1 minute'")


async def reason() -> str:
    found = await find_standstill()
    assert found is not None
    return found.reason


async def test_an_empty_queue_does_not_stand_still(organisation: UUID) -> None:
    assert await find_standstill() is None


async def test_a_job_that_was_queued_a_moment_ago_may_wait(organisation: UUID) -> None:
    await put(organisation)

    assert await find_standstill() is None


async def test_a_job_that_nobody_takes_means_that_no_worker_is_at_work(
    organisation: UUID,
) -> None:
    await put(organisation)
    await a_minute_later()

    assert (await reason()).startswith("No worker is at work. Jobs wait: 1, the first of kind")


async def test_a_job_whose_worker_died_means_the_same(organisation: UUID) -> None:
    await put(organisation)
    await tell("UPDATE pgqueuer SET status = 'picked'")
    await a_minute_later()

    assert (await reason()).startswith("No worker is at work. Jobs wait: 1, the first of kind")


async def test_a_job_that_sleeps_until_its_time_is_no_standstill(organisation: UUID) -> None:
    await put(organisation)
    await a_minute_later()
    await tell("UPDATE pgqueuer SET execute_after = now() + interval '1 day'")

    assert await find_standstill() is None


async def test_workers_that_are_busy_are_named_by_their_job(organisation: UUID) -> None:
    await put(organisation, NEXT)
    await put(organisation)
    await tell("UPDATE pgqueuer SET status = 'picked' WHERE entrypoint = 'standstill'")
    await a_minute_later()
    await tell("UPDATE pgqueuer SET heartbeat = now()")

    assert "a job of kind standstill has been running since" in await reason()


async def test_a_queue_from_which_jobs_are_taken_moves(organisation: UUID) -> None:
    await put(organisation, NEXT)
    await a_minute_later()
    await put(organisation)
    await work(failures=0, until="SELECT count(*) = 1 FROM pgqueuer")

    assert await find_standstill() is None


async def work(*, failures: int, until: str) -> None:
    """Let a worker take jobs, the first attempts of which fail, until the database says yes."""
    stop = asyncio.Event()

    async def run(_: Nothing, attempt: Attempt) -> None:
        if attempt.number < failures:
            message = "the far side said: secret"
            raise ConnectionRefusedError(message)

    def backoff(attempt: int) -> timedelta:
        return timedelta(0) if attempt + 1 < failures else timedelta(hours=1)

    worker = asyncio.create_task(
        run_worker([Work(kind=KIND, run=run)], stop=stop, backoff=backoff)
    )
    async with asyncio.timeout(30):
        while not await asked(until):  # noqa: ASYNC110 - the database has no event for it
            await asyncio.sleep(0.05)
        stop.set()
        await worker


async def asked(question: str) -> bool:
    async with operator_transaction():
        return bool(await connection().fetchval(question))


FAILED_TWICE = "SELECT max(attempts) = 2 FROM pgqueuer"


async def test_jobs_that_fail_are_named_with_what_they_fail_with(organisation: UUID) -> None:
    await put(organisation)
    await work(failures=2, until=FAILED_TWICE)
    await a_minute_later()

    told = await reason()
    assert told.startswith("Jobs of kind standstill fail: one that was queued at")
    assert told.endswith("has failed 2 times, the last time with ConnectionRefusedError.")
    assert "secret" not in told


async def test_a_kind_of_which_others_succeed_moves(organisation: UUID) -> None:
    await put(organisation)
    await work(failures=2, until=FAILED_TWICE)
    await put(organisation)
    await work(failures=0, until="SELECT count(*) = 1 FROM pgqueuer")
    await a_minute_later()

    assert await find_standstill() is None


def test_a_standstill_is_found_within_a_minute() -> None:
    assert max(LATE, DEAD).total_seconds() + EVERY_S < 60


def test_a_standstill_is_one_line_when_it_begins_and_one_when_it_ends(
    caplog: pytest.LogCaptureFixture,
) -> None:
    watch = QueueWatch()
    for jobs in range(5):
        watch.note(Standstill(cause="no worker", reason=f"No worker. Jobs wait: {jobs}."))
    assert watch.reason() == "No worker. Jobs wait: 4."
    for _ in range(2):
        watch.note(None)

    assert watch.reason() is None
    assert [record.getMessage() for record in caplog.records] == [
        "The queue does not move. No worker. Jobs wait: 0.",
        "The queue moves again.",
    ]
