"""Operating models and evidence: what results are explained with."""

from litestar import Controller, get, put
from litestar.di import NamedDependency
from litestar.params import JSONBody

from api.description.problems import problems
from api.http.auth import requires
from api.http.conditional import Revalidated
from survey.access.keys import Principal
from survey.catalogue import store as catalogue
from survey.catalogue.errors import CatalogueNotFound, CatalogueVersionTaken
from survey.catalogue.evidence import Evidence
from survey.catalogue.loading import (
    OperatingModelsInvalid,
    OperatingModelsReplaced,
    load_operating_models,
)
from survey.catalogue.operating_models import OperatingModels
from survey.errors import FieldInvalid

__all__ = ["CatalogueController"]

_READERS = requires("org:read", "analytics:read", "recommendations:read")


class CatalogueController(Controller):
    """Read content, and load your own operating models; a version is never edited."""

    tags = ("Catalogues",)

    @get(
        "/operating-models",
        operation_id="ReadOperatingModels",
        summary="Read the operating models",
        guards=[_READERS],
        response_class=Revalidated,
        responses=problems(CatalogueNotFound),
    )
    async def operating_models(self, principal: NamedDependency[Principal]) -> OperatingModels:
        """Return the operating models with their anchors and conditions."""
        return await catalogue.read_catalogue(
            principal.organisation, "operating_models", OperatingModels
        )

    @put(
        "/operating-models",
        operation_id="LoadOperatingModels",
        summary="Load your own operating models",
        guards=[requires("org:write", whole=True)],
        responses=problems(
            OperatingModelsInvalid, FieldInvalid, CatalogueVersionTaken, OperatingModelsReplaced
        ),
    )
    async def load(
        self,
        data: JSONBody[OperatingModels],
        principal: NamedDependency[Principal],
    ) -> OperatingModels:
        """Store a version, which releases use from now on; a repeat changes nothing."""
        await load_operating_models(principal.organisation, data, by=principal.actor)
        return data

    @get(
        "/evidence",
        operation_id="ReadEvidence",
        summary="Read the research figures",
        guards=[_READERS],
        response_class=Revalidated,
        responses=problems(CatalogueNotFound),
    )
    async def evidence(self, principal: NamedDependency[Principal]) -> Evidence:
        """Return the research figures with their sources."""
        return await catalogue.read_catalogue(principal.organisation, "evidence", Evidence)
