"""The organisation that a key belongs to."""

from litestar import Controller, get, patch
from litestar.di import NamedDependency
from litestar.params import JSONBody

from api.description.problems import problems
from api.http.auth import requires
from survey.access.keys import Principal
from survey.directory import organisations
from survey.directory.organisations import OrganisationChange, OrganisationView
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
    async def read(self, principal: NamedDependency[Principal]) -> OrganisationView:
        """Return the organisation of this key."""
        return await organisations.read_organisation(principal.organisation)

    @patch(
        operation_id="ChangeOrganisation",
        summary="Change the settings",
        guards=[requires("org:write", whole=True)],
        responses=problems(FieldInvalid),
    )
    async def change(
        self, data: JSONBody[OrganisationChange], principal: NamedDependency[Principal]
    ) -> OrganisationView:
        """Change settings; campaigns that exist keep the thresholds they have."""
        return await organisations.change_organisation(
            principal.organisation, data, by=principal.actor
        )
