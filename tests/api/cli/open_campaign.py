"""A program that makes the organisation ``north`` and opens a campaign in it, at once.

Run as ``python -m tests.api.cli.open_campaign UNITS PEOPLE [MODE]``, with the environment of
the installation. No command opens a campaign.
"""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from api.cli.environment import configured_keys, configured_server_key, on_database
from models.location import data_directory
from seed.loader import load_standard_content
from survey.campaigns.draft import draft_campaign
from survey.campaigns.open import open_campaign
from survey.campaigns.plan import CampaignPlan
from survey.directory.organisations import create_organisation
from survey.directory.people import sync_people
from survey.directory.units import sync_units
from survey.files.people import read_people
from survey.files.units import read_units
from survey.messages.channels import configured_channels

__all__ = ["CAMPAIGN"]

CAMPAIGN = "Autumn"


async def _open() -> None:
    now = datetime.now(UTC)
    owner = await create_organisation(key="north", name="Company North", now=now)
    await load_standard_content(owner.id, now=now)
    units = read_units(Path(sys.argv[1]), name="units")
    await sync_units(owner.id, units)
    codes = units.frame["code"].to_list()
    await sync_people(owner.id, read_people(Path(sys.argv[2]), name="people", unit_codes=codes))
    plan = CampaignPlan(
        name=CAMPAIGN,
        instrument_key="ai-scaling-conditions",
        instrument_version=1,
        mode="confidential" if "confidential" in sys.argv else "anonymous",
    )
    drafted = await draft_campaign(owner.id, plan, now=now)
    await open_campaign(
        owner.id,
        drafted.id,
        server_key=configured_server_key(),
        keys=configured_keys(),
        channel="console",
        channels=configured_channels(os.environ, home=data_directory(os.environ)),
        now=now,
    )


if __name__ == "__main__":
    on_database(_open)
