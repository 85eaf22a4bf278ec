"""The results of a release, page by page; every figure was decided when it was made."""

from typing import Any

from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency

from api.description.problems import problems
from api.http.addresses import ReleaseId
from api.http.auth import requires
from api.http.conditional import Revalidated
from api.http.paging import PageRequest
from api.http.result_pages import findings_of, result_page, unit_results
from api.schemas.releases import Results, SponsorshipRead
from models.enums import FindingKind
from survey.access.keys import Principal
from survey.releases.errors import ReleaseNotFound
from survey.releases.pages import ScoreView, read_scores

__all__ = ["ResultController"]

_SCORE_KEY = "\t"  # between unit, construct and cut, none of which holds one


class ResultController(Controller):
    """Read scores and sponsorship gaps."""

    path = "/releases/{releaseId:uuid}"
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
        release_id: ReleaseId,
        principal: NamedDependency[Principal],
        page: NamedDependency[PageRequest],
    ) -> Response[Results[ScoreView]]:
        """Return the score of each construct in each unit and cut."""
        found = await read_scores(
            principal.organisation,
            release_id,
            within=principal.unit,
            after=_score_after(page.after),
            limit=page.limit,
        )
        body, headers = result_page(request, page, found, found.items, key=_key)
        return Revalidated(body, headers=headers)

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
        release_id: ReleaseId,
        principal: NamedDependency[Principal],
        page: NamedDependency[PageRequest],
    ) -> Response[Results[SponsorshipRead]]:
        """Return the gap between claimed and perceived sponsorship of each unit."""
        found = await findings_of(release_id, principal, page, FindingKind.SPONSORSHIP)
        body, headers = unit_results(request, page, found, SponsorshipRead)
        return Revalidated(body, headers=headers)


def _key(score: ScoreView) -> str:
    return _SCORE_KEY.join((score.unit, score.construct, score.cut))


def _score_after(after: str | None) -> tuple[str, str, str] | None:
    if after is None:
        return None
    unit, construct, cut = after.split(_SCORE_KEY)
    return unit, construct, cut
