"""Company north: its files, and a campaign on its tree."""

from datetime import datetime
from uuid import UUID

import polars as pl

from seed.loader import load_standard_content
from survey.campaigns.draft import draft_campaign
from survey.campaigns.open import open_campaign
from survey.campaigns.plan import CampaignPlan
from survey.directory.people import sync_people
from survey.directory.units import sync_units
from survey.files.people import read_people
from survey.files.units import read_units
from tests.data import DATA
from tests.factories.server import CHANNELS, KEYS, SERVER_KEY

__all__ = ["NORTH", "ONE_PERSON", "PLAN", "open_north", "with_consent"]

NORTH = DATA / "company-north"
ONE_PERSON = (
    b"external_id,email,display_name,unit_code,role\nP1,p@x.example,P,U001,contributor\n"
)
PLAN = CampaignPlan(name="North", instrument_key="ai-scaling-conditions", instrument_version=1)


def with_consent() -> bytes:
    """Return the responses as a file for import: their sponsors consent."""
    sponsor = pl.col("role") == "sponsor"
    frame = pl.read_csv(NORTH / "responses.csv")
    return frame.with_columns(consent=pl.when(sponsor).then(pl.lit("yes"))).write_csv().encode()


async def open_north(organisation: UUID, now: datetime) -> UUID:
    """Open a campaign on the company's tree and return its id."""
    await load_standard_content(organisation, now=now)
    units = read_units(NORTH / "units.csv", name="units.csv")
    await sync_units(organisation, units)
    people = read_people(ONE_PERSON, name="people", unit_codes=units.frame["code"].to_list())
    await sync_people(organisation, people)
    drafted = await draft_campaign(organisation, PLAN, now=now)
    await open_campaign(
        organisation,
        drafted.id,
        server_key=SERVER_KEY,
        keys=KEYS,
        channel="console",
        channels=CHANNELS,
        now=now,
    )
    return drafted.id
