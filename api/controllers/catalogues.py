"""Operating models and evidence: what results are explained with."""

from litestar import Controller, get
from litestar.di import NamedDependency

from api.auth import requires
from api.conditional import Revalidated
from api.description.problems import problems
from api.schemas.catalogue import EvidenceRead, OperatingModelsRead
from survey import catalogue
from survey.instrument_errors import CatalogueNotFound
from survey.keys import Principal

__all__ = ["CatalogueController"]


class CatalogueController(Controller):
    """Read content; it is loaded with the program and never edited."""

    tags = ("Catalogues",)
    guards = (requires("org:read", "analytics:read", "recommendations:read"),)
    response_class = Revalidated

    @get(
        "/operating-models",
        operation_id="ReadOperatingModels",
        summary="Read the operating models",
        responses=problems(CatalogueNotFound),
    )
    async def operating_models(
        self, principal: NamedDependency[Principal]
    ) -> OperatingModelsRead:
        """Return the operating models with their anchors and conditions."""
        return await catalogue.read_catalogue(
            principal.organisation, "operating_models", OperatingModelsRead
        )

    @get(
        "/evidence",
        operation_id="ReadEvidence",
        summary="Read the research figures",
        responses=problems(CatalogueNotFound),
    )
    async def evidence(self, principal: NamedDependency[Principal]) -> EvidenceRead:
        """Return the research figures with their sources."""
        return await catalogue.read_catalogue(principal.organisation, "evidence", EvidenceRead)
