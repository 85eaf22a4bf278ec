"""Invitations of an open campaign: sent again, and followed by reminders."""

from datetime import datetime

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.response import Response

from api.description.problems import problems
from api.http.addresses import CampaignId
from api.http.auth import requires
from api.http.idempotency import Once
from api.schemas.wire import InvitationSending, Reminding
from survey.access.keys import Principal
from survey.campaigns.errors import (
    CampaignNotFound,
    CampaignNotRunning,
    PeopleNotInvited,
    UnitNotInCampaign,
)
from survey.campaigns.reminders import remind_now
from survey.campaigns.sending import QueuedMessages, send_invitations
from survey.errors import FieldInvalid

__all__ = ["InvitationController"]


class InvitationController(Controller):
    """Write to those who are invited."""

    path = "/campaigns/{campaignId:uuid}/invitations"
    tags = ("Campaigns",)

    @post(
        "/send",
        operation_id="SendInvitations",
        summary="Send invitations again",
        status_code=200,
        guards=[requires("campaigns:write", whole=True)],
        responses=problems(
            CampaignNotFound, CampaignNotRunning, FieldInvalid, PeopleNotInvited
        ),
    )
    async def send(
        self,
        campaign_id: CampaignId,
        data: JSONBody[InvitationSending],
        principal: NamedDependency[Principal],
        once: NamedDependency[Once],
        now: NamedDependency[datetime],
    ) -> Response[QueuedMessages]:
        """Send the invitation to people by name again, or to all whom it has not reached.

        Who has answered gets none, and the answer does not tell how many these are.
        """
        return await once(
            lambda: send_invitations(
                principal.organisation,
                campaign_id,
                people=data.recipients(),
                now=now,
                by=principal.actor,
            )
        )

    @post(
        "/remind",
        operation_id="RemindInvited",
        summary="Remind those who have not answered",
        status_code=200,
        guards=[requires("campaigns:write", whole=True)],
        responses=problems(CampaignNotFound, CampaignNotRunning, UnitNotInCampaign),
    )
    async def remind(
        self,
        campaign_id: CampaignId,
        data: JSONBody[Reminding],
        principal: NamedDependency[Principal],
        once: NamedDependency[Once],
    ) -> Response[QueuedMessages]:
        """Remind now, apart from the plan; nobody gets two messages within 24 hours.

        The answer has no number: it would tell how many people have answered.
        """
        return await once(
            lambda: remind_now(
                principal.organisation,
                campaign_id,
                unit=data.unit,
                by=principal.actor,
            )
        )
