"""Releases: made once per campaign, then read."""

from datetime import datetime

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from api.controllers.jobs import shown_job
from api.description.problems import problems
from api.http.addresses import CampaignId, ReleaseId
from api.http.auth import requires
from api.http.conditional import Revalidated
from api.http.idempotency import Once
from api.schemas.jobs import JobRead
from api.schemas.releases import ReleaseCreate
from survey.access.keys import Principal
from survey.campaigns.errors import CampaignNotFound
from survey.catalogue.errors import CatalogueNotFound
from survey.jobs.store import JobUnderWay
from survey.releases import compute as release
from survey.releases import store as release_reading
from survey.releases.errors import (
    AlreadyReleased,
    CampaignNotClosed,
    MoreAnswersThanInvitations,
    NothingToRelease,
    ReleaseNotFound,
)
from survey.releases.store import ReleaseView

__all__ = ["ReleaseController"]

_READERS = requires("analytics:read", "recommendations:read")


class ReleaseController(Controller):
    """Make and find releases."""

    tags = ("Releases",)

    @get(
        "/campaigns/{campaignId:uuid}/releases/latest",
        operation_id="ReadLatestRelease",
        summary="Read the latest release of a campaign",
        guards=[_READERS],
        response_class=Revalidated,
        responses=problems(ReleaseNotFound),
    )
    async def latest(
        self, campaign_id: CampaignId, principal: NamedDependency[Principal]
    ) -> ReleaseView:
        """Return the release that holds now."""
        return await release_reading.latest_release(principal.organisation, campaign_id)

    @get(
        "/releases/{releaseId:uuid}",
        operation_id="ReadRelease",
        summary="Read a release",
        guards=[_READERS],
        response_class=Revalidated,
        responses=problems(ReleaseNotFound),
    )
    async def read(
        self, release_id: ReleaseId, principal: NamedDependency[Principal]
    ) -> ReleaseView:
        """Return a release and everything that it was computed from."""
        return await release_reading.read_release(principal.organisation, release_id)

    @post(
        "/campaigns/{campaignId:uuid}/releases",
        operation_id="ReleaseCampaign",
        summary="Release a campaign",
        status_code=202,
        guards=[requires("campaigns:write", whole=True)],
        responses=problems(
            CampaignNotFound,
            CampaignNotClosed,
            AlreadyReleased,
            NothingToRelease,
            MoreAnswersThanInvitations,
            CatalogueNotFound,
            JobUnderWay,
        ),
    )
    async def create(
        self,
        campaign_id: CampaignId,
        data: JSONBody[ReleaseCreate],
        principal: NamedDependency[Principal],
        once: NamedDependency[Once],
        now: NamedDependency[datetime],
    ) -> Response[JobRead]:
        """Start a job that computes the results of a closed campaign, once for every reader.

        What can be found out at once is answered at once. The result of the job is the address
        of the release.
        """

        async def work() -> JobRead:
            return shown_job(
                await release.start_release(
                    principal.organisation,
                    campaign_id,
                    seed=data.seed,
                    by=principal.actor,
                    now=now,
                )
            )

        return await once(work, location=JobRead.location)

    @get(
        "/campaigns/{campaignId:uuid}/releases",
        operation_id="ListReleases",
        summary="List the releases of a campaign",
        guards=[_READERS],
        response_class=Revalidated,
        responses=problems(CampaignNotFound),
    )
    async def list_all(
        self, campaign_id: CampaignId, principal: NamedDependency[Principal]
    ) -> list[ReleaseView]:
        """Return the releases of a campaign: none before it has closed, then one."""
        return await release_reading.releases_of(principal.organisation, campaign_id)
