"""The organisation that a key belongs to."""

from litestar import Controller, get, patch
from litestar.di import NamedDependency
from litestar.params import JSONBody

from api.description.problems import problems
from api.http.auth import requires
from api.schemas.organisation import OrganisationChange, OrganisationRead
from survey.access.keys import Principal
from survey.directory import organisations
from survey.errors import FieldInvalid

__all__ = ["OrganisationController"]


class OrganisationController(Controller):
    """Read and change settings."""

    path = "/organisation"
    tags = ("Organisation",)

    @get(
        operation_id="ReadOrganisation",
        summary="Read the settings",
        guards=[requires("org:read")],
    )
    async def read(self, principal: NamedDependency[Principal]) -> OrganisationRead:
        """Return the organisation of this key."""
        view = await organisations.read_organisation(principal.organisation)
        return OrganisationRead.of(view)

    @patch(
        operation_id="ChangeOrganisation",
        summary="Change the settings",
        guards=[requires("org:write", whole=True)],
        responses=problems(FieldInvalid),
    )
    async def change(
        self, data: JSONBody[OrganisationChange], principal: NamedDependency[Principal]
    ) -> OrganisationRead:
        """Change settings; campaigns that exist keep the thresholds they have."""
        view = await organisations.change_organisation(principal.organisation, **data.given())
        return OrganisationRead.of(view)
