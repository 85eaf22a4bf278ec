"""The audit trail: who did what and when."""

from typing import Any

from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency

from api.http.auth import requires
from api.http.paging import PageRequest, paged
from api.schemas.wire import Page
from survey.access import audit
from survey.access.audit import AuditEventView
from survey.access.keys import Principal

__all__ = ["AuditController"]


class AuditController(Controller):
    """Read the trail."""

    path = "/audit"
    tags = ("Audit",)

    @get(
        operation_id="ListAuditEvents",
        summary="Read the audit trail",
        guards=[requires("audit:read", whole=True)],
    )
    async def list(
        self,
        request: Request[Any, Any, Any],
        principal: NamedDependency[Principal],
        page: NamedDependency[PageRequest],
    ) -> Response[Page[AuditEventView]]:
        """Return what was done, oldest first; go on later from the last cursor."""
        found = await audit.list_events(
            principal.organisation, after=page.after, limit=page.limit
        )
        return paged(request, page, found)
