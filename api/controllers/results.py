"""The results of a release, page by page; every figure was decided when it was made."""

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from api.auth import requires
from api.conditional import Revalidated
from api.description.problems import problems
from api.paging import PageRequest, link_headers
from api.refusals import MalformedCursor
from api.schemas.releases import (
    ConstraintRead,
    RecommendationRead,
    ReleaseRead,
    Results,
    ScoreRead,
    SponsorshipRead,
)
from survey import release_results, sight
from survey.directory_errors import UnitNotFound
from survey.keys import Principal
from survey.release_errors import ReleaseNotFound
from survey.release_reading import read_release
from survey.release_results import ResultKind, ScoreView

__all__ = ["ResultController"]

T = TypeVar("T", ConstraintRead, RecommendationRead, SponsorshipRead)
_SCORE_KEY = "\t"  # between unit, construct and cut, none of which holds one


class ResultController(Controller):
    """Read scores, constraints, recommendations and sponsorship gaps."""

    path = "/releases/{release_id:uuid}"
    tags = ("Results",)
    response_class = Revalidated

    @get(
        "/scores",
        operation_id="ListScores",
        summary="Read scores",
        guards=[requires("analytics:read")],
        responses=problems(ReleaseNotFound),
    )
    async def scores(
        self,
        request: Request[Any, Any, Any],
        release_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        page: NamedDependency[PageRequest],
    ) -> Response[Results[ScoreRead]]:
        """Return the score of each construct in each unit and cut."""
        rows = await release_results.read_scores(
            principal.organisation,
            release_id,
            within=principal.unit,
            after=_place(page.after),
            limit=page.limit + 1,
        )
        shown = [ScoreRead.of(row) for row in rows[: page.limit]]
        following = _key(rows[page.limit - 1]) if len(rows) > page.limit else None
        return await _results(request, release_id, principal, page, shown, following)

    @get(
        "/constraints",
        operation_id="ListConstraints",
        summary="Read hidden constraints",
        guards=[requires("analytics:read")],
        responses=problems(ReleaseNotFound),
    )
    async def constraints(
        self,
        request: Request[Any, Any, Any],
        release_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        page: NamedDependency[PageRequest],
    ) -> Response[Results[ConstraintRead]]:
        """Return what holds each unit back, with the probability of each root cause."""
        return await _records(
            request, release_id, principal, page, "constraints", ConstraintRead
        )

    @get(
        "/recommendations",
        operation_id="ListRecommendations",
        summary="Read recommendations",
        guards=[requires("recommendations:read")],
        responses=problems(ReleaseNotFound),
    )
    async def recommendations(
        self,
        request: Request[Any, Any, Any],
        release_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        page: NamedDependency[PageRequest],
    ) -> Response[Results[RecommendationRead]]:
        """Return the operating model recommended to each unit, and how far to trust it."""
        return await _records(
            request, release_id, principal, page, "recommendations", RecommendationRead
        )

    @get(
        "/recommendations/{unit:str}",
        operation_id="ReadRecommendation",
        summary="Read the recommendation of a unit",
        guards=[requires("recommendations:read")],
        responses=problems(ReleaseNotFound, UnitNotFound),
    )
    async def recommendation(
        self,
        release_id: FromPath[UUID],
        unit: FromPath[str],
        principal: NamedDependency[Principal],
    ) -> RecommendationRead:
        """Return the operating model recommended to one unit."""
        record = await sight.one_record(
            principal.organisation,
            release_id,
            "recommendations",
            unit,
            within=principal.unit,
        )
        return RecommendationRead.of_record(record)

    @get(
        "/sponsorship-gap",
        operation_id="ListSponsorshipGaps",
        summary="Read sponsorship gaps",
        guards=[requires("analytics:read")],
        responses=problems(ReleaseNotFound),
    )
    async def sponsorship_gaps(
        self,
        request: Request[Any, Any, Any],
        release_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        page: NamedDependency[PageRequest],
    ) -> Response[Results[SponsorshipRead]]:
        """Return the gap between claimed and perceived sponsorship of each unit."""
        return await _records(
            request, release_id, principal, page, "sponsorship-gap", SponsorshipRead
        )


async def _records(
    request: Request[Any, Any, Any],
    release_id: UUID,
    principal: Principal,
    page: PageRequest,
    kind: ResultKind,
    shape: type[T],
) -> Response[Results[T]]:
    rows = await release_results.read_records(
        principal.organisation,
        release_id,
        kind,
        within=principal.unit,
        after=page.after or "",
        limit=page.limit + 1,
    )
    shown = shape.of_records(rows[: page.limit])
    following = rows[page.limit - 1].unit if len(rows) > page.limit else None
    return await _results(request, release_id, principal, page, shown, following)


async def _results(
    request: Request[Any, Any, Any],
    release_id: UUID,
    principal: Principal,
    page: PageRequest,
    shown: Sequence[Any],
    following: str | None,
) -> Response[Results[Any]]:
    """Return a page of results, each of which carries what it was computed from."""
    release = ReleaseRead.of(await read_release(principal.organisation, release_id))
    cursor, headers = link_headers(request, page, following)
    body = Results(release=release, items=tuple(shown), next_cursor=cursor)
    return Revalidated(body, headers=headers)


def _key(score: ScoreView) -> str:
    return _SCORE_KEY.join((score.unit, score.construct, score.cut))


def _place(after: str | None) -> tuple[str, str, str] | None:
    if after is None:
        return None
    parts = after.split(_SCORE_KEY)
    if len(parts) != 3:
        raise MalformedCursor
    return parts[0], parts[1], parts[2]
