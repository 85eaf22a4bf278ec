"""Jobs that are shown: what whoever started one sees, from its start to its end."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest
from uuid_utils.compat import uuid7

from models.engine import connection, operator_transaction, transaction
from survey.errors import Conflict, Unavailable
from survey.jobs.kind import Attempt, JobKind
from survey.jobs.store import (
    JobNotFound,
    JobUnderWay,
    JobView,
    StartedJob,
    carry_out,
    read_job,
    report_progress,
    start_job,
    succeed_job,
)
from tests.factories.campaigns import rows_of
from tests.factories.server import NOW

KIND = JobKind(name="try", payload=StartedJob, scope="campaigns:write")
FIRST, LAST = Attempt(number=0, last=False), Attempt(number=2, last=True)


class Refused(Conflict):
    """It cannot be done, however often it is tried."""

    code = "refused-by-the-test"

    def __init__(self) -> None:
        super().__init__("This is not possible.")


class Later(Unavailable):
    """It can be done later."""

    code = "later-by-the-test"

    def __init__(self) -> None:
        super().__init__("This is not possible now.")


async def start(organisation: UUID, subject: str = "/v1/things/1") -> StartedJob:
    job = StartedJob(organisation=organisation, job=uuid7())
    async with transaction(organisation):
        await start_job(KIND, job, subject=subject, by=None, now=NOW)
    return job


async def run(
    job: StartedJob, work: Callable[[], Awaitable[None]], attempt: Attempt = FIRST
) -> JobView:
    await carry_out(job, attempt, work, clock=lambda: NOW + timedelta(seconds=9))
    return await read_job(job.organisation, job.job)


def succeeding(job: StartedJob) -> Callable[[], Awaitable[None]]:
    async def work() -> None:
        async with transaction(job.organisation):
            await succeed_job(job, result="/v1/things/1", now=NOW)

    return work


def failing(error: Exception) -> Callable[[], Awaitable[None]]:
    async def work() -> None:
        raise error

    return work


async def test_a_job_that_was_started_is_queued(organisation: UUID) -> None:
    job = await start(organisation)

    view = await read_job(organisation, job.job)

    assert (view.state, view.progress, view.result, view.problem) == ("queued", 0, None, None)
    assert (view.kind, view.subject, view.scope) == ("try", "/v1/things/1", "campaigns:write")
    assert (view.created_at, view.updated_at) == (NOW, NOW)
    assert len(await queued(job)) == 1


async def test_a_job_whose_start_was_undone_is_neither_shown_nor_queued(
    organisation: UUID,
) -> None:
    job = StartedJob(organisation=organisation, job=uuid7())

    async with transaction(organisation) as undone:
        await start_job(KIND, job, subject="/v1/things/1", by=None, now=NOW)
        await undone.rollback()

    with pytest.raises(JobNotFound):
        await read_job(organisation, job.job)
    assert await queued(job) == []


async def test_nothing_is_worked_on_by_two_jobs_of_a_kind(organisation: UUID) -> None:
    first = await start(organisation)

    with pytest.raises(JobUnderWay) as refusal:
        await start(organisation)

    assert refusal.value.facts == {"job": f"/v1/jobs/{first.job}"}
    await start(organisation, "/v1/things/2")


async def test_what_failed_may_be_started_again(organisation: UUID) -> None:
    await run(await start(organisation), failing(Refused()))

    again = await start(organisation)

    assert (await run(again, succeeding(again))).state == "succeeded"


async def test_success_is_shown_with_its_result(organisation: UUID) -> None:
    job = await start(organisation)

    view = await run(job, succeeding(job))

    assert (view.state, view.progress, view.result) == ("succeeded", 1, "/v1/things/1")


async def test_a_refusal_ends_a_job_at_once_with_its_own_words(organisation: UUID) -> None:
    view = await run(await start(organisation), failing(Refused()))

    assert view.state == "failed"
    assert view.problem is not None
    assert (view.problem.code, view.problem.detail) == (Refused.code, "This is not possible.")


@pytest.mark.parametrize("error", [Later(), RuntimeError("secret")])
async def test_a_failure_is_not_shown_while_the_job_is_tried_again(
    organisation: UUID, error: Exception
) -> None:
    job = await start(organisation)

    with pytest.raises(type(error)):
        await run(job, failing(error))

    assert (await read_job(organisation, job.job)).state == "running"


async def test_the_last_failure_is_shown_without_its_words(organisation: UUID) -> None:
    job = await start(organisation)

    with pytest.raises(RuntimeError):
        await run(job, failing(RuntimeError("secret")), LAST)

    view = await read_job(organisation, job.job)
    assert view.state == "failed"
    assert view.problem is not None
    assert view.problem.code == "internal-error"
    assert "It failed 3 times." in view.problem.detail
    assert "secret" not in view.problem.detail


async def test_progress_is_never_taken_back(organisation: UUID) -> None:
    job = await start(organisation)
    await report_progress(job, 0.9, now=NOW)

    await report_progress(job, 0.1, now=NOW)

    assert (await read_job(organisation, job.job)).progress == 0.9


async def test_a_job_that_has_ended_is_not_done_again(organisation: UUID) -> None:
    job = await start(organisation)
    ended = await run(job, succeeding(job))

    assert await run(job, failing(AssertionError("it was done again"))) == ended


async def test_a_worker_that_comes_too_late_undoes_what_it_has_done(
    organisation: UUID,
) -> None:
    job = await start(organisation)

    async def work() -> None:
        async with transaction(organisation):
            await connection().execute("UPDATE organisation SET name = 'Too late'")
            await succeeding(job)()
            await succeed_job(job, result="/v1/things/2", now=NOW)

    await run(job, work)

    assert await rows_of(organisation, "SELECT name FROM organisation") == [{"name": "Example"}]


async def test_a_job_of_another_organisation_is_not_found(
    organisation: UUID, other_organisation: UUID
) -> None:
    job = await start(organisation)

    with pytest.raises(JobNotFound):
        await read_job(other_organisation, job.job)


async def queued(job: StartedJob) -> list[asyncpg.Record]:
    async with operator_transaction():
        found = await connection().fetch(
            "SELECT id FROM pgqueuer WHERE convert_from(payload, 'UTF8')::jsonb ->> 'job' = $1",
            str(job.job),
        )
    return list(found)
