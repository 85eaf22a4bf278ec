"""The people who can be invited."""

from typing import Any

from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency

from api.description.problems import problems
from api.http.addresses import ExternalId
from api.http.auth import requires
from api.http.paging import PageRequest, paged
from api.schemas.wire import Page
from survey.access.keys import Principal
from survey.directory import people
from survey.directory.errors import PersonNotFound
from survey.directory.people import PersonView

__all__ = ["PersonController"]


class PersonController(Controller):
    """Read people; they are uploaded as files."""

    path = "/people"
    tags = ("Organisation",)

    @get(operation_id="ListPeople", summary="List people", guards=[requires("people:read")])
    async def list(
        self,
        request: Request[Any, Any, Any],
        principal: NamedDependency[Principal],
        page: NamedDependency[PageRequest],
    ) -> Response[Page[PersonView]]:
        """List people by external id, inactive ones included."""
        found = await people.list_people(
            principal.organisation, within=principal.unit, after=page.after, limit=page.limit
        )
        return paged(request, page, found)

    @get(
        "/{externalId:str}",
        operation_id="ReadPerson",
        summary="Read a person",
        guards=[requires("people:read")],
        responses=problems(PersonNotFound),
    )
    async def read(
        self, external_id: ExternalId, principal: NamedDependency[Principal]
    ) -> PersonView:
        """Return one person."""
        return await people.read_person(
            principal.organisation, external_id, within=principal.unit
        )
