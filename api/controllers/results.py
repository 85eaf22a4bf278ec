"""The results of a release, page by page; every figure was decided when it was made."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from api.description.problems import problems
from api.http.auth import requires
from api.http.conditional import Revalidated
from api.http.paging import PageRequest
from api.http.refusals import MalformedCursor
from api.http.result_pages import page_of_records, page_of_results
from api.schemas.releases import Results, ScoreRead, SponsorshipRead
from survey.access.keys import Principal
from survey.releases import pages as release_results
from survey.releases.errors import ReleaseNotFound
from survey.releases.pages import ScoreView

__all__ = ["ResultController"]

_SCORE_KEY = "\t"  # between unit, construct and cut, none of which holds one


class ResultController(Controller):
    """Read scores and sponsorship gaps."""

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
        return await page_of_results(request, release_id, principal, page, shown, following)

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
        return await page_of_records(
            request, release_id, principal, page, "sponsorship-gap", SponsorshipRead
        )


def _key(score: ScoreView) -> str:
    return _SCORE_KEY.join((score.unit, score.construct, score.cut))


def _place(after: str | None) -> tuple[str, str, str] | None:
    if after is None:
        return None
    parts = after.split(_SCORE_KEY)
    if len(parts) != 3:
        raise MalformedCursor
    return parts[0], parts[1], parts[2]
