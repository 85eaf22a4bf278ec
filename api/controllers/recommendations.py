"""Recommendations of a release, and what people decide on them."""

from datetime import datetime
from typing import Any

from litestar import Controller, Request, Response, get, put
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody

from api.description.problems import problems
from api.description.traits import IF_MATCH, IF_NEW
from api.http.addresses import ReleaseId, UnitCode
from api.http.auth import requires
from api.http.conditional import Revalidated, seen_revision_or_none, tag_of
from api.http.paging import PageRequest
from api.http.result_pages import result_page
from api.schemas.releases import RecommendationRead, Results
from survey.access.keys import Principal
from survey.decisions import store as decisions
from survey.decisions.errors import DecisionNotFound, NothingRecommended
from survey.decisions.rules import Choice
from survey.decisions.store import DecisionView
from survey.directory.errors import UnitNotFound
from survey.errors import FieldInvalid
from survey.releases.errors import ReleaseNotFound

__all__ = ["RecommendationController"]

_READERS = requires("recommendations:read")
_FIRST = ResponseSpec(DecisionView, description="The first decision on the unit.")


class RecommendationController(Controller):
    """Read recommendations, accept or override them."""

    path = "/releases/{releaseId:uuid}/recommendations"
    tags = ("Recommendations",)

    @get(
        operation_id="ListRecommendations",
        summary="Read recommendations",
        guards=[_READERS],
        response_class=Revalidated,
        responses=problems(ReleaseNotFound),
    )
    async def recommendations(
        self,
        request: Request[Any, Any, Any],
        release_id: ReleaseId,
        principal: NamedDependency[Principal],
        page: NamedDependency[PageRequest],
    ) -> Response[Results[RecommendationRead]]:
        """Return what is recommended to each unit, how far to trust it, what was decided."""
        found, decided = await decisions.read_recommendations(
            principal.organisation,
            release_id,
            within=principal.unit,
            after=page.after or "",
            limit=page.limit,
        )
        shown = [
            RecommendationRead.decided(item, decided.get(item.unit)) for item in found.items
        ]
        body, headers = result_page(request, page, found, shown, key=lambda item: item.unit)
        return Revalidated(body, headers=headers)

    @get(
        "/{unit:str}",
        operation_id="ReadRecommendation",
        summary="Read the recommendation of a unit",
        guards=[_READERS],
        response_class=Revalidated,
        responses=problems(ReleaseNotFound, UnitNotFound),
    )
    async def recommendation(
        self,
        release_id: ReleaseId,
        unit: UnitCode,
        principal: NamedDependency[Principal],
    ) -> RecommendationRead:
        """Return what is recommended to one unit, and what was decided."""
        found, decision = await decisions.read_recommendation(
            principal.organisation, release_id, unit, within=principal.unit
        )
        return RecommendationRead.decided(found, decision)

    @get(
        "/{unit:str}/decision",
        operation_id="ReadDecision",
        summary="Read the decision on a unit",
        guards=[requires("recommendations:read", "decisions:write")],
        response_class=Revalidated,
        responses=problems(ReleaseNotFound, UnitNotFound, DecisionNotFound),
    )
    async def decision(
        self,
        release_id: ReleaseId,
        unit: UnitCode,
        principal: NamedDependency[Principal],
    ) -> Response[DecisionView]:
        """Return the decision that holds; its ETag is what the next one has to name."""
        view = await decisions.latest_decision(
            principal.organisation, release_id, unit, within=principal.unit
        )
        return Revalidated(view, tag=tag_of(view))

    @get(
        "/{unit:str}/decisions",
        operation_id="ListDecisions",
        summary="Read all decisions on a unit",
        guards=[_READERS],
        response_class=Revalidated,
        responses=problems(ReleaseNotFound, UnitNotFound),
    )
    async def history(
        self,
        release_id: ReleaseId,
        unit: UnitCode,
        principal: NamedDependency[Principal],
    ) -> list[DecisionView]:
        """Return every decision on a unit, the first one first; the last one holds."""
        return await decisions.decisions_of(
            principal.organisation, release_id, unit, within=principal.unit
        )

    @put(
        "/{unit:str}/decision",
        operation_id="DecideRecommendation",
        summary="Accept or override a recommendation",
        guards=[requires("decisions:write")],
        opt={IF_MATCH: True, IF_NEW: True},
        responses={
            201: _FIRST,
            **problems(
                ReleaseNotFound,
                UnitNotFound,
                NothingRecommended,
                FieldInvalid,
            ),
        },
    )
    async def decide(
        self,
        request: Request[Any, Any, Any],
        release_id: ReleaseId,
        unit: UnitCode,
        data: JSONBody[Choice],
        principal: NamedDependency[Principal],
        now: NamedDependency[datetime],
    ) -> Response[DecisionView]:
        """Decide, having seen the decision that held; it stays, and this one holds from now."""
        seen = seen_revision_or_none(request)
        view = await decisions.decide(release_id, unit, data, seen=seen, by=principal, now=now)
        return Response(
            view, status_code=201 if seen == 0 else 200, headers={"ETag": tag_of(view)}
        )
