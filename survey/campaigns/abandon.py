"""Abandoning a campaign: it ends without its answers, because nobody can open them any more."""

from datetime import datetime
from uuid import UUID

from models.engine import connection, transaction
from models.enums import AuditAction
from survey.access.actors import Actor
from survey.access.audit import record_event
from survey.campaigns.errors import IllegalMove
from survey.campaigns.forgetting import forget_traces
from survey.campaigns.read import CampaignView, locked_campaign, read_campaign
from survey.sealing.key_folder import KeyFolder

__all__ = ["abandon_campaign"]

_ABANDON = """
UPDATE campaign SET state = 'abandoned', closed_at = $2, revision = revision + 1,
                    public_key = NULL, public_key_mark = NULL
WHERE id = $1
"""
_INVITED = "SELECT count(*) FILTER (WHERE completed) FROM invitation WHERE campaign = $1"


async def abandon_campaign(
    organisation: UUID,
    campaign_id: UUID,
    *,
    keys: KeyFolder,
    by: Actor,
    now: datetime,
) -> CampaignView:
    """End a campaign that takes answers or is closing, and destroy every answer to it.

    Parameters
    ----------
    keys : KeyFolder
        Loses what is left of the campaign's keys.
    by : Actor
        Who abandons it; the audit trail keeps that.

    Raises
    ------
    CampaignNotFound
        No campaign of the organisation has this id.
    IllegalMove
        It is a draft, or has ended.
    """
    async with transaction(organisation):
        campaign = await locked_campaign(campaign_id)
        if campaign.state not in {"open", "closing"}:
            raise IllegalMove(current=campaign.state, wanted="abandoned")
        lost = await connection().fetchval(_INVITED, campaign_id)
        await forget_traces(organisation, campaign_id)
        await connection().execute(_ABANDON, campaign_id, now)
        abandoned = await read_campaign(organisation, campaign_id)
        await record_event(
            organisation,
            AuditAction.CAMPAIGN_ABANDONED,
            f"/v1/campaigns/{campaign_id}",
            facts={"submissionsLost": lost},
            by=by,
        )
    keys.destroy(campaign_id)
    return abandoned
