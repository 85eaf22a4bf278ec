"""The tree of business units."""

from typing import Any

from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency

from api.description.problems import problems
from api.http.addresses import UnitCode
from api.http.auth import requires
from api.http.paging import PageRequest, paged
from api.schemas.wire import Page
from survey.access.keys import Principal
from survey.directory import units
from survey.directory.errors import UnitNotFound
from survey.directory.units import UnitView

__all__ = ["UnitController"]


class UnitController(Controller):
    """Read the tree; it is uploaded as a file."""

    path = "/units"
    tags = ("Organisation",)

    @get(operation_id="ListUnits", summary="List business units", guards=[requires("org:read")])
    async def list(
        self,
        request: Request[Any, Any, Any],
        principal: NamedDependency[Principal],
        page: NamedDependency[PageRequest],
    ) -> Response[Page[UnitView]]:
        """List units by code, inactive ones included."""
        found = await units.list_units(
            principal.organisation, within=principal.unit, after=page.after, limit=page.limit
        )
        return paged(request, page, found)

    @get(
        "/{unit:str}",
        operation_id="ReadUnit",
        summary="Read a business unit",
        guards=[requires("org:read")],
        responses=problems(UnitNotFound),
    )
    async def read(self, unit: UnitCode, principal: NamedDependency[Principal]) -> UnitView:
        """Return one unit."""
        return await units.read_unit(principal.organisation, unit, within=principal.unit)
