"""The kinds of problems: what the ``type`` of a problem links to."""

from litestar import Controller, get

from api.description.kinds import problem_kind
from api.description.problems import problems
from api.http.addresses import ProblemCode
from api.http.refusals import RouteNotFound
from api.http.routes import QUIET
from api.schemas.problem import ProblemKind

__all__ = ["ProblemController"]


class ProblemController(Controller):
    """Explains problems; anybody may read it."""

    path = "/problems"
    tags = ("Problems",)
    opt = {QUIET: True}  # noqa: RUF012 - Litestar reads it so

    @get(
        "/{code:str}",
        operation_id="ReadProblemKind",
        summary="Explain a kind of problem",
        responses=problems(RouteNotFound),
    )
    async def read(self, code: ProblemCode) -> ProblemKind:
        """Return what a kind of problem means."""
        return problem_kind(code)
