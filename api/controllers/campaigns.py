"""Campaigns: drafted, changed, opened and closed."""

from datetime import datetime
from typing import Any

from litestar import Controller, Request, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from api.controllers.jobs import shown_job
from api.description.problems import problems
from api.description.traits import IF_MATCH
from api.http.addresses import CampaignId
from api.http.auth import requires
from api.http.conditional import Revalidated, seen_revision, tag_of
from api.http.idempotency import Once
from api.http.paging import PageRequest, paged
from api.http.services import services_of
from api.schemas.jobs import JobRead
from api.schemas.wire import CampaignOpen, Page
from survey.access.keys import Principal
from survey.campaigns import close, draft, open, read  # noqa: A004 - the use case's own name
from survey.campaigns.errors import (
    AudiencePeopleUnknown,
    AudienceRolesNotAsked,
    AudienceTooSmall,
    AudienceUnitsUnknown,
    CampaignLocked,
    CampaignNotDraft,
    CampaignNotFound,
    ClosesTooSoon,
    DuplicateCampaign,
    IllegalMove,
    InstrumentNotPublished,
    NobodyToInvite,
)
from survey.campaigns.plan import CampaignChange, CampaignPlan
from survey.campaigns.read import CampaignView
from survey.errors import FieldInvalid
from survey.instruments.errors import InstrumentNotFound
from survey.jobs.store import JobUnderWay
from survey.messages.channels import ChannelNotConfigured, ChannelNotWorking
from survey.sealing.errors import KeysNotKept

__all__ = ["CampaignController"]


class CampaignController(Controller):
    """Read, draft, change, delete, open and close campaigns."""

    path = "/campaigns"
    tags = ("Campaigns",)

    @get(
        operation_id="ListCampaigns",
        summary="List campaigns",
        guards=[requires("campaigns:read")],
    )
    async def list(
        self,
        request: Request[Any, Any, Any],
        principal: NamedDependency[Principal],
        page: NamedDependency[PageRequest],
    ) -> Response[Page[CampaignView]]:
        """List campaigns in the order in which they were drafted."""
        found = await read.list_campaigns(
            principal.organisation, after=page.after, limit=page.limit
        )
        return paged(request, page, found)

    @get(
        "/{campaignId:uuid}",
        operation_id="ReadCampaign",
        summary="Read a campaign",
        guards=[requires("campaigns:read", "campaigns:write")],
        response_class=Revalidated,
        responses=problems(CampaignNotFound),
    )
    async def read(
        self, campaign_id: CampaignId, principal: NamedDependency[Principal]
    ) -> Response[CampaignView]:
        """Return one campaign; its ETag is what a change has to name."""
        found = await read.read_campaign(principal.organisation, campaign_id)
        return Revalidated(found, tag=tag_of(found))

    @post(
        operation_id="DraftCampaign",
        summary="Draft a campaign",
        guards=[requires("campaigns:write", whole=True)],
        responses=problems(
            FieldInvalid,
            InstrumentNotFound,
            DuplicateCampaign,
            AudienceUnitsUnknown,
            AudiencePeopleUnknown,
        ),
    )
    async def draft(
        self,
        data: JSONBody[CampaignPlan],
        principal: NamedDependency[Principal],
        once: NamedDependency[Once],
        now: NamedDependency[datetime],
    ) -> Response[CampaignView]:
        """Draft a campaign; until it opens, everything about it may change."""
        return await once(
            lambda: draft.draft_campaign(
                principal.organisation, data, now=now, by=principal.actor
            ),
            location=lambda made: f"/v1/campaigns/{made.id}",
        )

    @patch(
        "/{campaignId:uuid}",
        operation_id="ChangeCampaign",
        summary="Change a campaign",
        guards=[requires("campaigns:write", whole=True)],
        opt={IF_MATCH: True},
        responses=problems(
            CampaignNotFound,
            CampaignLocked,
            FieldInvalid,
            InstrumentNotFound,
            DuplicateCampaign,
            AudienceUnitsUnknown,
            AudiencePeopleUnknown,
        ),
    )
    async def change(
        self,
        request: Request[Any, Any, Any],
        campaign_id: CampaignId,
        data: JSONBody[CampaignChange],
        principal: NamedDependency[Principal],
        now: NamedDependency[datetime],
    ) -> Response[CampaignView]:
        """Change a campaign that nobody else has changed since it was read."""
        changed = await draft.change_campaign(
            principal.organisation,
            campaign_id,
            revision=seen_revision(request),
            change=data,
            now=now,
            by=principal.actor,
        )
        return Response(changed, headers={"ETag": tag_of(changed)})

    @delete(
        "/{campaignId:uuid}",
        operation_id="DeleteCampaign",
        summary="Delete a draft",
        guards=[requires("campaigns:write", whole=True)],
        opt={IF_MATCH: True},
        responses=problems(CampaignNotFound, CampaignNotDraft),
    )
    async def remove(
        self,
        request: Request[Any, Any, Any],
        campaign_id: CampaignId,
        principal: NamedDependency[Principal],
    ) -> None:
        """Delete a draft that nobody else has changed since it was read."""
        await draft.delete_draft(campaign_id, revision=seen_revision(request), by=principal)

    @post(
        "/{campaignId:uuid}/open",
        operation_id="OpenCampaign",
        summary="Open a campaign",
        status_code=200,
        guards=[requires("campaigns:write", whole=True)],
        responses=problems(
            CampaignNotFound,
            IllegalMove,
            ClosesTooSoon,
            InstrumentNotPublished,
            NobodyToInvite,
            AudienceUnitsUnknown,
            AudienceRolesNotAsked,
            AudienceTooSmall,
            ChannelNotConfigured,
            ChannelNotWorking,
            KeysNotKept,
        ),
    )
    async def open(
        self,
        request: Request[Any, Any, Any],
        campaign_id: CampaignId,
        data: JSONBody[CampaignOpen],
        principal: NamedDependency[Principal],
        once: NamedDependency[Once],
        now: NamedDependency[datetime],
    ) -> Response[CampaignView]:
        """Freeze mode, thresholds, audience, tree and memberships, and invite the audience.

        The channel is tried out first, without a message: it must connect and log in, unless
        `force` is true. Invitations of people without an address wait until they have one.
        """
        return await once(
            lambda: open.open_campaign(
                principal.organisation,
                campaign_id,
                server_key=services_of(request).server_key,
                keys=services_of(request).seals.keys,
                channel=data.channel,
                channels=services_of(request).channels,
                now=now,
                by=principal.actor,
                force=data.force,
            ),
            afterwards=True,
        )

    @post(
        "/{campaignId:uuid}/close",
        operation_id="CloseCampaign",
        summary="Close a campaign",
        status_code=202,
        guards=[requires("campaigns:write", whole=True)],
        responses=problems(CampaignNotFound, IllegalMove, JobUnderWay),
    )
    async def close(
        self,
        campaign_id: CampaignId,
        principal: NamedDependency[Principal],
        once: NamedDependency[Once],
        now: NamedDependency[datetime],
    ) -> Response[JobRead]:
        """Take no more answers from now on, and start a job that closes the campaign.

        It destroys what could lead from an answer to a person. The campaign is `closing` until
        the job has succeeded.
        """

        async def work() -> JobRead:
            return shown_job(
                await close.start_closing(
                    principal.organisation, campaign_id, by=principal.actor, now=now
                )
            )

        return await once(work, location=JobRead.location)
