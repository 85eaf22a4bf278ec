"""Jobs: what was started, how far it is, and what came of it."""

import msgspec
from litestar import Controller, get
from litestar.di import NamedDependency

from api.description.kinds import problem_kind
from api.description.problems import problems
from api.http.addresses import JobId
from api.http.auth import requires
from api.http.refusals import MissingScope
from api.schemas.jobs import JobProblemRead, JobRead
from survey.access.keys import Principal
from survey.jobs import store
from survey.jobs.store import JobNotFound, JobProblem, JobView

__all__ = ["JobController", "shown_job"]


class JobController(Controller):
    """Follow jobs to their end."""

    path = "/jobs"
    tags = ("Jobs",)

    @get(
        "/{jobId:uuid}",
        operation_id="ReadJob",
        summary="Read a job",
        guards=[requires("campaigns:write", whole=True)],
        responses=problems(JobNotFound),
    )
    async def read(self, job_id: JobId, principal: NamedDependency[Principal]) -> JobRead:
        """Return how far a job is; a key needs the scope that starts such a job.

        A key without it is told so: that there is a job is no secret within an organisation.
        """
        view = await store.read_job(principal.organisation, job_id)
        if view.scope not in principal.scopes:
            raise MissingScope((view.scope,))
        return shown_job(view)


def shown_job(view: JobView) -> JobRead:
    """Put a job on the wire, with the problem that it failed with, if it has."""
    problem = None if view.problem is None else _shown_problem(view.problem)
    shown = JobRead.of(msgspec.structs.replace(view, problem=None))
    return msgspec.structs.replace(shown, problem=problem)


def _shown_problem(problem: JobProblem) -> JobProblemRead:
    kind = problem_kind(problem.code)
    return JobProblemRead(
        type_=kind.type_, title=kind.title, status=kind.status, detail=problem.detail
    )
