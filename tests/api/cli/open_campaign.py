"""A program that opens a campaign in the organisation ``north``, since no command does.

Run as ``python -m tests.api.cli.open_campaign``, with the environment of the installation.
"""

from datetime import UTC, datetime

from api.cli.environment import configured_server_key, on_database
from survey.campaigns.draft import draft_campaign
from survey.campaigns.open import open_campaign
from survey.organisations import organisation_by_key
from survey.rules.plan import CampaignPlan

__all__ = ["CAMPAIGN"]

CAMPAIGN = "Autumn"


async def _open() -> None:
    now = datetime.now(UTC)
    owner = await organisation_by_key("north")
    plan = CampaignPlan(
        name=CAMPAIGN, instrument_key="ai-scaling-conditions", instrument_version=1
    )
    drafted = await draft_campaign(owner.id, plan, now=now)
    await open_campaign(
        owner.id, drafted.id, server_key=configured_server_key(), channel="console", now=now
    )


if __name__ == "__main__":
    on_database(_open)
