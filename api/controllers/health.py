"""Whether the process lives, and whether it can serve; for load balancers and containers."""

from typing import Any

from litestar import Controller, Request, Response, get
from litestar.openapi.datastructures import ResponseSpec

from api.http.routes import QUIET
from api.http.services import services_of
from api.schemas.wire import Health
from survey.database import Ready

__all__ = ["HealthController"]


class HealthController(Controller):
    """Two questions that anybody may ask."""

    path = "/health"
    tags = ("Health",)
    opt = {QUIET: True}  # noqa: RUF012 - Litestar reads it so

    @get("/live", operation_id="IsAlive", summary="Is the process alive?")
    async def live(self) -> Health:
        """Answer as long as the process can; looks at nothing else."""
        return Health(status="alive")

    @get(
        "/ready",
        operation_id="IsReady",
        summary="Can the process serve?",
        responses={503: ResponseSpec(Ready, description="It cannot, and says why not.")},
    )
    async def ready(self, request: Request[Any, Any, Any]) -> Response[Ready]:
        """Look whether the database answers and has the present tables; 503 if not."""
        found = await services_of(request).readiness.look()
        return Response(found, status_code=200 if found.ready else 503)
