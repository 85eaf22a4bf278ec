"""Previews: addresses at which an office sees a form before anybody else does."""

from datetime import datetime
from typing import Any

from litestar import Controller, Request, post
from litestar.di import NamedDependency

from api.description.problems import problems
from api.http.addresses import CampaignId, InstrumentKey, InstrumentVersion
from api.http.auth import requires
from api.http.services import services_of
from api.pages.preview_pages import preview_address
from api.pages.tickets import PREVIEW_LASTS
from api.schemas.wire import PreviewRead
from survey.access.keys import Principal
from survey.campaigns.errors import CampaignNotFound
from survey.capture.previews import Previewed, preview_form
from survey.instruments.errors import InstrumentIncomplete, InstrumentNotFound

__all__ = ["PreviewController"]


class PreviewController(Controller):
    """Show forms in every role and language; nothing is stored, and nobody is invited."""

    guards = (requires("campaigns:read", "campaigns:write"),)

    @post(
        "/instruments/{key:str}/{version:int}/preview",
        tags=("Instruments",),
        operation_id="PreviewInstrument",
        summary="Preview the form of an instrument",
        status_code=200,
        responses=problems(InstrumentNotFound, InstrumentIncomplete),
    )
    async def preview_instrument(
        self,
        request: Request[Any, Any, Any],
        key: InstrumentKey,
        version: InstrumentVersion,
        principal: NamedDependency[Principal],
        now: NamedDependency[datetime],
    ) -> PreviewRead:
        """Return an address that shows the form for an hour, without a key.

        Drafts have one too, as soon as no text is missing.
        """
        return await _preview(request, principal, Previewed(key=key, version=version), now)

    @post(
        "/campaigns/{campaignId:uuid}/preview",
        tags=("Campaigns",),
        operation_id="PreviewCampaign",
        summary="Preview the form of a campaign",
        status_code=200,
        responses=problems(CampaignNotFound, InstrumentIncomplete),
    )
    async def preview_campaign(
        self,
        request: Request[Any, Any, Any],
        campaign_id: CampaignId,
        principal: NamedDependency[Principal],
        now: NamedDependency[datetime],
    ) -> PreviewRead:
        """Return an address that shows the form for an hour, without a key.

        Mode and thresholds are the campaign's, which may be a draft.
        """
        return await _preview(request, principal, Previewed(campaign=campaign_id), now)


async def _preview(
    request: Request[Any, Any, Any], principal: Principal, what: Previewed, now: datetime
) -> PreviewRead:
    await preview_form(principal.organisation, what, role="contributor", now=now)
    expires_at = now + PREVIEW_LASTS
    address = preview_address(
        services_of(request).server_key, principal.organisation, what, until=expires_at
    )
    return PreviewRead(address=address, expires_at=expires_at)
