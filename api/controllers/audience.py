"""Whom a campaign invites: how many for whoever runs it, and who for those who see people."""

from collections.abc import Mapping
from typing import Annotated, Any

from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from api.description.problems import problems
from api.http.addresses import CampaignId
from api.http.auth import requires
from api.http.paging import PageRequest, paged
from api.http.services import services_of
from api.schemas.wire import Page
from survey.access.keys import Principal
from survey.campaigns.errors import (
    AudienceRolesNotAsked,
    AudienceTooSmall,
    AudienceUnitsUnknown,
    CampaignNotFound,
    NobodyToInvite,
)
from survey.campaigns.invitees import AudiencePlan, Invitee, audience_plan, list_invitees
from survey.messages.channels import MAX_KIND, ChannelNotConfigured, channels_of
from survey.messages.message import Channel

__all__ = ["AudienceController"]

_REFUSALS = (
    CampaignNotFound,
    ChannelNotConfigured,
    AudienceUnitsUnknown,
    AudienceRolesNotAsked,
    NobodyToInvite,
    AudienceTooSmall,
)

ChannelKind = Annotated[
    str | None,
    QueryParameter(
        max_length=MAX_KIND,
        schema_extra={"max_length": MAX_KIND},
        description="Kind of the channel that a draft is to be opened with, to see who can be "
        "reached by it. A campaign that has opened has its channel.",
    ),
]
OnlyOutOfReach = Annotated[
    bool,
    QueryParameter(
        name="outOfReach", description="Only people whom the channel does not reach."
    ),
]


class AudienceController(Controller):
    """See who is invited, before a campaign opens and after."""

    path = "/campaigns/{campaignId:uuid}/audience"
    tags = ("Campaigns",)

    @get(
        operation_id="ReadAudience",
        summary="Count the people invited",
        guards=[requires("campaigns:read")],
        responses=problems(*_REFUSALS),
    )
    async def counts(
        self,
        request: Request[Any, Any, Any],
        campaign_id: CampaignId,
        principal: NamedDependency[Principal],
        channel: ChannelKind = None,
    ) -> AudiencePlan:
        """Return how many are to be invited per unit and role, and how many cannot be reached.

        Of a draft it is computed from the directory as it is now, of any other campaign read
        from its invitations. It never tells who has answered.
        """
        return await audience_plan(
            principal.organisation,
            campaign_id,
            channel=channel,
            channels=await _channels(request, principal, channel),
            within=principal.unit,
        )

    @get(
        "/people",
        operation_id="ListInvitees",
        summary="List the people invited",
        guards=[requires("people:read")],
        responses=problems(*_REFUSALS),
    )
    async def people(
        self,
        request: Request[Any, Any, Any],
        campaign_id: CampaignId,
        principal: NamedDependency[Principal],
        page: NamedDependency[PageRequest],
        channel: ChannelKind = None,
        out_of_reach: OnlyOutOfReach = False,  # noqa: FBT002 - a query parameter is given by name
    ) -> Response[Page[Invitee]]:
        """List the people who are to be invited, or have been, by external id.

        Each with the channel, and the reason if it does not reach them. It never tells who has
        answered.
        """
        found = await list_invitees(
            principal.organisation,
            campaign_id,
            channel=channel,
            channels=await _channels(request, principal, channel),
            out_of_reach=out_of_reach,
            within=principal.unit,
            after=page.after,
            limit=page.limit,
        )
        return paged(request, page, found)


async def _channels(
    request: Request[Any, Any, Any], principal: Principal, channel: str | None
) -> Mapping[str, Channel]:
    if channel is None:
        return {}
    services = services_of(request)
    return await channels_of(
        principal.organisation, installed=services.channels, server_key=services.server_key
    )
