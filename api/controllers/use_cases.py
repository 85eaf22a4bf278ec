"""Use cases: proposed, rated, changed and ranked."""

import re
from datetime import datetime
from typing import Annotated, Any

from litestar import Controller, Request, Response, get, patch, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter

from api.description.problems import problems
from api.description.traits import IF_MATCH
from api.http.addresses import UseCaseId
from api.http.auth import requires
from api.http.conditional import Revalidated, seen_revision, tag_of
from api.http.idempotency import Once
from api.http.paging import PageRequest, paged
from api.http.refusals import FieldError, MalformedParameter
from api.schemas.wire import Page
from survey.access.keys import Principal
from survey.catalogue.errors import CatalogueNotFound
from survey.errors import FieldInvalid, shown
from survey.use_cases import ranking as use_case_ranking
from survey.use_cases import store as use_cases
from survey.use_cases.errors import UseCaseNotFound, WeightsInvalid
from survey.use_cases.ranking import UseCaseRanking
from survey.use_cases.rules import UseCaseChange, UseCasePlan
from survey.use_cases.store import UseCaseView

__all__ = ["UseCaseController"]

_READERS = requires("recommendations:read")
_WRITERS = requires("decisions:write")
_WEIGHT = re.compile(
    r"(?P<criterion>[^:]+):(?P<weight>-?([0-9]{1,9}(\.[0-9]{1,9})?|nan|inf))", re.ASCII
)


class UseCaseController(Controller):
    """Read, propose, change and rank use cases."""

    path = "/use-cases"
    tags = ("Use cases",)

    @get(operation_id="ListUseCases", summary="List use cases", guards=[_READERS])
    async def list_all(
        self,
        request: Request[Any, Any, Any],
        principal: NamedDependency[Principal],
        page: NamedDependency[PageRequest],
    ) -> Response[Page[UseCaseView]]:
        """List use cases in the order in which they were proposed."""
        found = await use_cases.list_use_cases(by=principal, after=page.after, limit=page.limit)
        return paged(request, page, found)

    @get(
        "/{useCaseId:uuid}",
        operation_id="ReadUseCase",
        summary="Read a use case",
        guards=[requires("recommendations:read", "decisions:write")],
        response_class=Revalidated,
        responses=problems(UseCaseNotFound),
    )
    async def read(
        self, use_case_id: UseCaseId, principal: NamedDependency[Principal]
    ) -> Response[UseCaseView]:
        """Return one use case; its ETag is what a change has to name."""
        found = await use_cases.read_use_case(use_case_id, by=principal)
        return Revalidated(found, tag=tag_of(found))

    @post(
        operation_id="ProposeUseCase",
        summary="Propose a use case",
        guards=[_WRITERS],
        responses=problems(FieldInvalid, CatalogueNotFound),
    )
    async def propose(
        self,
        data: JSONBody[UseCasePlan],
        principal: NamedDependency[Principal],
        once: NamedDependency[Once],
        now: NamedDependency[datetime],
    ) -> Response[UseCaseView]:
        """Propose a use case, rated as far as possible."""
        return await once(
            lambda: use_cases.create_use_case(data, by=principal, now=now),
            location=lambda made: f"/v1/use-cases/{made.id}",
        )

    @patch(
        "/{useCaseId:uuid}",
        operation_id="ChangeUseCase",
        summary="Change a use case",
        guards=[_WRITERS],
        opt={IF_MATCH: True},
        responses=problems(UseCaseNotFound, FieldInvalid, CatalogueNotFound),
    )
    async def change(
        self,
        request: Request[Any, Any, Any],
        use_case_id: UseCaseId,
        data: JSONBody[UseCaseChange],
        principal: NamedDependency[Principal],
        now: NamedDependency[datetime],
    ) -> Response[UseCaseView]:
        """Change a use case that nobody else has changed since it was read."""
        changed = await use_cases.change_use_case(
            use_case_id, data, revision=seen_revision(request), by=principal, now=now
        )
        return Response(changed, headers={"ETag": tag_of(changed)})

    @get(
        "/ranking",
        operation_id="RankUseCases",
        summary="Rank use cases",
        guards=[_READERS],
        response_class=Revalidated,
        responses=problems(CatalogueNotFound, WeightsInvalid),
    )
    async def ranking(
        self,
        principal: NamedDependency[Principal],
        weight: Annotated[
            list[str] | None,
            QueryParameter(
                description="What if: `criterion:weight`, once per criterion; the others have "
                "their default weights. Only proportions count."
            ),
        ] = None,
    ) -> UseCaseRanking:
        """Return the candidates in their order, with everything that would change it."""
        return await use_case_ranking.rank_candidates(
            by=principal, weights=_weights(weight or [])
        )


def _weights(given: list[str]) -> dict[str, float]:
    """Read the weights of a what-if.

    Raises
    ------
    MalformedParameter
        Some are not ``criterion:weight``, or name a criterion twice.
    """
    weights: dict[str, float] = {}
    errors = []
    for one in given:
        match = _WEIGHT.fullmatch(one)
        if match is None or match["criterion"] in weights:
            errors.append(
                FieldError(
                    parameter="weight",
                    code="not-a-weight",
                    detail="Expected criterion:weight, once per criterion.",
                    value=shown(one),
                )
            )
        else:
            weights[match["criterion"]] = float(match["weight"])
    if errors:
        raise MalformedParameter("A weight cannot be read.", errors)
    return weights
