"""The people who can be invited."""

from typing import Any

from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from api.description.problems import problems
from api.http.auth import requires
from api.http.paging import PageRequest, paged
from api.schemas.directory import PersonRead
from api.schemas.wire import Page
from survey.access.keys import Principal
from survey.directory import people
from survey.directory.errors import PersonNotFound

__all__ = ["PersonController"]


class PersonController(Controller):
    """Read people; files of them are uploaded."""

    path = "/people"
    tags = ("Organisation",)

    @get(operation_id="ListPeople", summary="List people", guards=[requires("people:write")])
    async def list(
        self,
        request: Request[Any, Any, Any],
        principal: NamedDependency[Principal],
        page: NamedDependency[PageRequest],
    ) -> Response[Page[PersonRead]]:
        """List people by external id, inactive ones included."""
        found = await people.list_people(
            principal.organisation, within=principal.unit, after=page.after, limit=page.limit
        )
        return paged(request, page, map(PersonRead.of, found.items), following=found.next)

    @get(
        "/{external_id:str}",
        operation_id="ReadPerson",
        summary="Read a person",
        guards=[requires("people:write")],
        responses=problems(PersonNotFound),
    )
    async def read(
        self, external_id: FromPath[str], principal: NamedDependency[Principal]
    ) -> PersonRead:
        """Return one person."""
        view = await people.read_person(
            principal.organisation, external_id, within=principal.unit
        )
        return PersonRead.of(view)
