"""The messages of a campaign: how each fares, what they say, and how they look."""

from typing import Annotated, Any

from litestar import Controller, Request, Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter

from api.description.problems import problems
from api.http.addresses import CampaignId
from api.http.auth import requires
from api.http.idempotency import Once
from api.http.paging import PageRequest, paged
from api.schemas.wire import Page
from survey.access.keys import Principal
from survey.campaigns import deliveries, wording
from survey.campaigns.deliveries import (
    DeliveryView,
    Requeue,
    Requeued,
    State,
    UnreachedPerson,
)
from survey.campaigns.errors import CampaignLocked, CampaignNotFound, CampaignNotRunning
from survey.campaigns.wording import CampaignWords, MessageDraft, MessagePreview
from survey.errors import FieldInvalid

__all__ = ["MessageController"]

_READERS = requires("campaigns:read", whole=True)
_WRITERS = requires("campaigns:write", whole=True)


class MessageController(Controller):
    """Follow messages, queue them again, and word them."""

    path = "/campaigns/{campaignId:uuid}"
    tags = ("Campaigns",)

    @get(
        "/deliveries",
        operation_id="ListDeliveries",
        summary="List the messages of a campaign",
        guards=[_READERS],
        responses=problems(CampaignNotFound),
    )
    async def deliveries(
        self,
        request: Request[Any, Any, Any],
        campaign_id: CampaignId,
        principal: NamedDependency[Principal],
        page: NamedDependency[PageRequest],
        in_state: Annotated[
            State | None,
            QueryParameter(name="state", description="Only messages in this state."),
        ] = None,
    ) -> Response[Page[DeliveryView]]:
        """List how each invitation fares, without its contents and without its person.

        There are none once the campaign has closed: they have become counts.
        """
        found = await deliveries.list_deliveries(
            principal.organisation,
            campaign_id,
            state=in_state,
            after=page.after,
            limit=page.limit,
        )
        return paged(request, page, found)

    @post(
        "/deliveries/requeue",
        operation_id="RequeueDeliveries",
        summary="Queue messages again",
        status_code=200,
        guards=[_WRITERS],
        responses=problems(CampaignNotFound, CampaignNotRunning),
    )
    async def requeue(
        self,
        campaign_id: CampaignId,
        data: JSONBody[Requeue],
        principal: NamedDependency[Principal],
        once: NamedDependency[Once],
    ) -> Response[Requeued]:
        """Queue messages again that were given up, once what was in their way is mended."""
        return await once(
            lambda: deliveries.requeue_deliveries(
                principal.organisation, campaign_id, data, by=principal.actor
            )
        )

    @get(
        "/deliveries/unreached",
        operation_id="ListUnreached",
        summary="List people whom no message has reached",
        guards=[requires("people:read", whole=True)],
        responses=problems(CampaignNotFound),
    )
    async def unreached(
        self,
        request: Request[Any, Any, Any],
        campaign_id: CampaignId,
        principal: NamedDependency[Principal],
        page: NamedDependency[PageRequest],
    ) -> Response[Page[UnreachedPerson]]:
        """List the people whom no invitation has reached, with the reasons.

        It says nothing about answers: people may answer by another way, and stay in the list.
        """
        found = await deliveries.list_unreached(
            principal.organisation, campaign_id, after=page.after, limit=page.limit
        )
        return paged(request, page, found)

    @get(
        "/wording",
        operation_id="ReadWording",
        summary="Read the own words of a campaign",
        guards=[requires("campaigns:read", "campaigns:write", whole=True)],
        responses=problems(CampaignNotFound),
    )
    async def wording(
        self, campaign_id: CampaignId, principal: NamedDependency[Principal]
    ) -> CampaignWords:
        """Return what messages of this campaign say instead of the words of the platform."""
        return await wording.read_wording(principal.organisation, campaign_id)

    @put(
        "/wording",
        operation_id="SetWording",
        summary="Set the own words of a campaign",
        guards=[_WRITERS],
        responses=problems(CampaignNotFound, CampaignLocked, FieldInvalid),
    )
    async def set_wording(
        self,
        campaign_id: CampaignId,
        data: JSONBody[CampaignWords],
        principal: NamedDependency[Principal],
    ) -> CampaignWords:
        """Replace all own words of a campaign; messages that leave from now on have them."""
        return await wording.set_wording(
            principal.organisation, campaign_id, data, by=principal.actor
        )

    @post(
        "/messages/preview",
        operation_id="PreviewMessage",
        summary="Preview a message",
        status_code=200,
        guards=[requires("campaigns:read", "campaigns:write", whole=True)],
        responses=problems(CampaignNotFound, FieldInvalid),
    )
    async def preview(
        self,
        campaign_id: CampaignId,
        data: JSONBody[MessageDraft],
        principal: NamedDependency[Principal],
    ) -> MessagePreview:
        """Return a message as a made-up person would read it; nothing is stored or sent."""
        return await wording.preview_message(principal.organisation, campaign_id, data)
