"""How a campaign is going: participation and messages."""

from datetime import datetime

from litestar import Controller, get
from litestar.di import NamedDependency

from api.description.problems import problems
from api.http.addresses import CampaignId
from api.http.auth import requires
from survey.access.keys import Principal
from survey.campaigns.errors import CampaignNotFound
from survey.campaigns.invitations import InvitationCounts, invitation_counts
from survey.campaigns.participation import Participation, participation

__all__ = ["ParticipationController"]


class ParticipationController(Controller):
    """Watch a campaign."""

    path = "/campaigns/{campaignId:uuid}"
    tags = ("Campaigns",)

    @get(
        "/participation",
        operation_id="ReadParticipation",
        summary="Read participation",
        guards=[requires("campaigns:read")],
        responses=problems(CampaignNotFound),
    )
    async def participation(
        self,
        campaign_id: CampaignId,
        principal: NamedDependency[Principal],
        now: NamedDependency[datetime],
    ) -> Participation:
        """Return how many were invited, have started and have completed, per unit.

        While the campaign is open, the numbers move in steps: at most once an hour, and those
        of a unit by k people or more. They say "at least". A forecast of the final rate follows
        from them and from nothing else.
        """
        return await participation(
            principal.organisation, campaign_id, within=principal.unit, now=now
        )

    @get(
        "/invitations",
        operation_id="CountInvitations",
        summary="Count the messages of a campaign",
        guards=[requires("campaigns:read", whole=True)],
        responses=problems(CampaignNotFound),
    )
    async def invitations(
        self, campaign_id: CampaignId, principal: NamedDependency[Principal]
    ) -> InvitationCounts:
        """Return how many invitations are queued, sent, failed, or waiting for an address."""
        return await invitation_counts(principal.organisation, campaign_id)
