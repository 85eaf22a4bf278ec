"""Jobs that somebody has started, shown from their start to their end.

The queue decides when a job is done; its row here tells how far it is. Both are written in the
transaction of the work itself, so that a job has succeeded exactly if its work is there.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import msgspec

from models.engine import connection, reading, transaction
from survey.errors import Conflict, NotFound, SurveyError, Unavailable
from survey.jobs.kind import Attempt, JobKind
from survey.jobs.queue import enqueue

__all__ = [
    "GAVE_UP",
    "Clock",
    "JobNotFound",
    "JobProblem",
    "JobUnderWay",
    "JobView",
    "StartedJob",
    "carry_out",
    "read_job",
    "report_progress",
    "start_job",
    "succeed_job",
]

GAVE_UP = "internal-error"
"""Code of the problem of a job that failed for no reason that a caller could mend."""

Clock = Callable[[], datetime]

_START = """
INSERT INTO job (id, organisation, kind, subject, scope, started_by, state, progress,
                 created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, 'queued', 0, $7, $7)
ON CONFLICT (organisation, kind, subject) WHERE state IN ('queued', 'running') DO NOTHING
"""
_UNFINISHED = """
SELECT id FROM job WHERE kind = $1 AND subject = $2 AND state IN ('queued', 'running')
"""
_READ = """
SELECT id, kind, subject, scope, state, progress, result, problem, created_at, updated_at
FROM job WHERE id = $1
"""
_ADVANCE = """
UPDATE job SET state = 'running', progress = greatest(progress, $2), updated_at = $3
WHERE id = $1 AND state IN ('queued', 'running')
"""
_SUCCEED = """
UPDATE job SET state = 'succeeded', progress = 1, result = $2, updated_at = $3
WHERE id = $1 AND state IN ('queued', 'running')
"""
_FAIL = """
UPDATE job SET state = 'failed', problem = $2, updated_at = $3
WHERE id = $1 AND state IN ('queued', 'running')
"""


class StartedJob(msgspec.Struct, frozen=True, kw_only=True):
    """What the queue knows of a job that is shown; each kind adds what it is about."""

    organisation: UUID
    job: UUID


S = TypeVar("S", bound=StartedJob)


class _JobOver(Exception):  # noqa: N818 - named for what happened
    """Another worker has ended this job meanwhile: what this one has done is undone."""


class JobProblem(msgspec.Struct, frozen=True, kw_only=True):
    """Why a job failed."""

    code: str
    """Stable name of the failure."""
    detail: str
    """What happened, in words for people."""


class JobView(msgspec.Struct, frozen=True, kw_only=True):
    """A job as shown to those who may start one."""

    id: UUID
    kind: str
    subject: str
    """Address of what it works on."""
    scope: str
    """What a key needs to see it."""
    state: str
    """queued, running, succeeded or failed."""
    progress: float
    """0 to 1."""
    result: str | None
    """Address of what was made, once it has succeeded."""
    problem: JobProblem | None
    """Why it failed, if it has."""
    created_at: datetime
    updated_at: datetime


class JobNotFound(NotFound):
    """The organisation has no such job."""

    code = "job-not-found"

    def __init__(self, job: UUID) -> None:
        super().__init__("There is no such job.", job=str(job))


class JobUnderWay(Conflict):
    """A job of this kind is at work on the same thing; see it at its address."""

    code = "job-under-way"

    def __init__(self, job: UUID) -> None:
        address = f"/v1/jobs/{job}"
        super().__init__(f"This is being done already; see {address}.", job=address)


async def start_job(
    kind: JobKind[S], payload: S, *, subject: str, by: UUID | None, now: datetime
) -> JobView:
    """Queue a job and show it, in the current transaction of its organisation.

    Parameters
    ----------
    kind
        What is to be done; names the scope that starts it.
    payload
        What it is about, with a new id for the job.
    subject : str
        Address of what it works on.
    by : UUID or None
        The API key that starts it; None is the operator.
    now : datetime
        The moment, UTC.

    Raises
    ------
    JobUnderWay
        An unfinished job of this kind works on the same subject.
    """
    status = await connection().execute(
        _START, payload.job, payload.organisation, kind.name, subject, kind.scope, by, now
    )
    if status == "INSERT 0 0":
        raise JobUnderWay(await connection().fetchval(_UNFINISHED, kind.name, subject))
    await enqueue(kind, [payload])
    return await read_job(payload.organisation, payload.job)


async def read_job(organisation: UUID, job: UUID) -> JobView:
    """Return how far a job is.

    Raises
    ------
    JobNotFound
        The organisation has no such job.
    """
    async with reading(organisation):
        row = await connection().fetchrow(_READ, job)
    if row is None:
        raise JobNotFound(job)
    problem = row["problem"]
    return JobView(
        **{
            **dict(row),
            "problem": None
            if problem is None
            else msgspec.json.decode(problem, type=JobProblem),
        }
    )


async def report_progress(started: StartedJob, progress: float, *, now: datetime) -> bool:
    """Show that a job is running, and how far it is.

    Parameters
    ----------
    progress : float
        0 to 1; never taken back.

    Returns
    -------
    bool
        False if the job has ended already: another worker has taken it over.
    """
    async with transaction(started.organisation):
        status = await connection().execute(_ADVANCE, started.job, progress, now)
    return bool(status == "UPDATE 1")


async def succeed_job(started: StartedJob, *, result: str, now: datetime) -> None:
    """Show that a job has succeeded, in the transaction of its last work.

    Parameters
    ----------
    result : str
        Address of what was made.
    """
    status = await connection().execute(_SUCCEED, started.job, result, now)
    if status != "UPDATE 1":
        raise _JobOver


async def carry_out(
    started: StartedJob,
    attempt: Attempt,
    work: Callable[[], Awaitable[None]],
    *,
    clock: Clock,
) -> None:
    """Do a job that is shown, and show how it ends.

    Parameters
    ----------
    started : StartedJob
        Which one.
    attempt : Attempt
        After the last one a failure is shown; before, the job goes on being tried.
    work : callable
        Does it, and in its last transaction calls `succeed_job`.
    clock : callable
        Returns the present moment, UTC.

    Raises
    ------
    Exception
        What the work raised, unless it is a refusal: that would only be repeated.
    """
    if not await report_progress(started, 0, now=clock()):
        return
    try:
        await work()
    except _JobOver:
        return
    except SurveyError as refusal:
        if isinstance(refusal, Unavailable) and not attempt.last:
            raise
        await _fail(started, refusal.code, refusal.message, now=clock())
    except Exception:
        if attempt.last:
            told = f"It failed {attempt.number + 1} times. The log of the worker says why."
            await _fail(started, GAVE_UP, told, now=clock())
        raise


async def _fail(started: StartedJob, code: str, detail: str, *, now: datetime) -> None:
    problem = msgspec.json.encode(JobProblem(code=code, detail=detail)).decode()
    async with transaction(started.organisation):
        await connection().execute(_FAIL, started.job, problem, now)
