"""An organisation with an open campaign, made by the use cases; nothing in it is random."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from models.engine import connection, transaction
from seed.content import standard_instrument
from seed.loader import load_standard_content
from survey.campaigns.draft import draft_campaign
from survey.campaigns.invitations import invitation_tokens
from survey.campaigns.open import open_campaign
from survey.campaigns.plan import CampaignPlan
from survey.capture.submission import Submission
from survey.directory.people import sync_people
from survey.directory.units import sync_units
from survey.files.people import read_people
from survey.files.units import read_units
from tests.factories.sealed import sealed_sheets
from tests.factories.server import CHANNELS, KEYS, SERVER_KEY

__all__ = ["OpenCampaign", "answer_sheet", "open_standard_campaign"]

ITEMS = standard_instrument().item_keys


@dataclass(frozen=True)
class OpenCampaign:
    """An open campaign with the tokens of its people.

    Attributes
    ----------
    tokens : dict of str to str
        External id of a person to the person's token.
    """

    organisation: UUID
    campaign: UUID
    tokens: dict[str, str] = field(default_factory=dict)

    async def count(self, table: str) -> int:
        """Return how many rows of the campaign a table holds."""
        async with transaction(self.organisation):
            found = await connection().fetchval(
                f"SELECT count(*) FROM {table} WHERE campaign = $1",  # noqa: S608 - the test's own
                self.campaign,
            )
        return int(found)

    async def answers(self) -> list[list[int | None]]:
        """Return the sealed answers, sorted."""
        sheets = await sealed_sheets(self.organisation, self.campaign)
        return sorted(sheets["answers"].to_list(), key=str)

    async def sheets(self) -> int:
        """Return how many sheets are sealed."""
        return len(await self.answers())


async def open_standard_campaign(
    organisation: UUID,
    *,
    now: datetime,
    people: int = 12,
    units: int = 2,
    sponsors: int = 1,
    name: str = "Conditions",
    **plan: object,
) -> OpenCampaign:
    """Open a campaign for ``people`` contributors spread over ``units``, and some sponsors."""
    await load_standard_content(organisation, now=now)
    await sync_units(organisation, read_units(_units(units, people), name="units"))
    rows = _people(units, people, sponsors)
    codes = ["C", *(f"U{number}" for number in range(units))]
    await sync_people(organisation, read_people(rows, name="people", unit_codes=codes))
    drafted = await draft_campaign(
        organisation,
        CampaignPlan(
            **(
                {
                    "name": name,
                    "instrument_key": "ai-scaling-conditions",
                    "instrument_version": 1,
                }
                | plan
            )
        ),
        now=now,
    )
    await open_campaign(
        organisation,
        drafted.id,
        server_key=SERVER_KEY,
        keys=KEYS,
        channel="console",
        channels=CHANNELS,
        now=now,
    )
    tokens = await invitation_tokens(organisation, drafted.id, server_key=SERVER_KEY)
    return OpenCampaign(organisation, drafted.id, tokens)


def answer_sheet(number: int, **fields: object) -> Submission:
    """Return a whole sheet of answers that no other number gives."""
    answers = {key: 1 + (number // 5**place) % 5 for place, key in enumerate(ITEMS[:8])}
    answers |= {key: 1 + place % 5 for place, key in enumerate(ITEMS[8:])}
    return Submission(**({"answers": answers, "duration_s": 400} | fields))


def _units(units: int, people: int) -> bytes:
    rows = [f"U{number},Unit {number},C,{people // units}" for number in range(units)]
    return "\n".join(["code,name,parent_code,headcount", "C,Company,,0", *rows]).encode()


def _people(units: int, people: int, sponsors: int) -> bytes:
    header = "external_id,email,display_name,unit_code,role"
    rows = [
        f"P{number:04},p{number}@x.example,Person {number},U{number % units},contributor"
        for number in range(people)
    ]
    rows += [
        f"S{number:04},s{number}@x.example,Sponsor {number},U{number % units},sponsor"
        for number in range(sponsors)
    ]
    return "\n".join([header, *rows]).encode()
