"""Files of responses to import: the cases that once went wrong, and small files of our own."""

import io
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import polars as pl

from seed.content import standard_instrument
from seed.loader import load_standard_content
from survey.campaigns.draft import draft_campaign
from survey.campaigns.open import open_campaign
from survey.campaigns.plan import CampaignPlan
from survey.capture.importing import ImportReport, import_responses
from survey.directory.people import sync_people
from survey.directory.units import sync_units
from survey.files.people import read_people
from survey.files.units import read_units
from tests.factories.sealed import sealed_sheets
from tests.factories.server import CHANNELS, KEYS, SEALS, SERVER_KEY

__all__ = [
    "CASES",
    "OPENED",
    "Import",
    "case",
    "counts",
    "import_file",
    "noticed",
    "open_case",
    "sheets",
    "written",
]

CASES = Path(__file__).parents[1] / "data" / "imports"
"""Exports of survey tools, and the directory of the company that they are about."""

OPENED = datetime(2026, 10, 31, 9, 0, tzinfo=UTC)
"""Before the days in the files."""

_ITEMS = standard_instrument().item_keys


def case(name: str) -> pl.DataFrame:
    """Return a case as text: what a test changes of it is all that differs."""
    return pl.read_csv(CASES / f"{name}.csv", infer_schema=False)


def written(frame: pl.DataFrame, separator: str = ",") -> bytes:
    """Return a file that holds these rows."""
    file = io.BytesIO()
    frame.write_csv(file, separator=separator)
    return file.getvalue()


def sheets(*people: str, unit: str = "U001", first: int = 0) -> pl.DataFrame:
    """Return a row of many different answers per person, no two of them alike."""
    rows = [
        {"respondent_id": person, "unit": unit, "role": "contributor"}
        | {
            item: str(1 + ((number + first) * 7 + place * (1 + (number + first) % 4)) % 5)
            for place, item in enumerate(_ITEMS[:20])
        }
        | {_ITEMS[20 + place]: str(1 + (number + first) // 5**place % 5) for place in range(5)}
        for number, person in enumerate(people)
    ]
    return pl.DataFrame(rows)


async def open_case(
    organisation: UUID, now: datetime, *, mode: str = "anonymous", name: str = "Autumn"
) -> UUID:
    """Open a campaign of the company that the cases are about, and return its id."""
    await load_standard_content(organisation, now=now)
    units = read_units(CASES / "units.csv", name="units.csv")
    await sync_units(organisation, units)
    codes = units.frame["code"].to_list()
    people = read_people(CASES / "people.csv", name="people.csv", unit_codes=codes)
    await sync_people(organisation, people)
    plan = CampaignPlan(
        name=name,
        instrument_key="ai-scaling-conditions",
        instrument_version=1,
        mode=mode,  # type: ignore[arg-type]  # a test's parameter is any text
    )
    drafted = await draft_campaign(organisation, plan, now=now)
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


async def import_file(
    organisation: UUID, campaign: UUID, source: bytes | str, *, now: datetime
) -> ImportReport:
    """Import a case by its name, or a file."""
    data = (CASES / f"{source}.csv").read_bytes() if isinstance(source, str) else source
    return await import_responses(
        organisation, campaign, data, name="file.csv", seals=SEALS, now=now
    )


class Import:
    """Imports into one campaign, all at the same moment."""

    def __init__(self, organisation: UUID, campaign: UUID, now: datetime) -> None:
        self.organisation = organisation
        self.campaign = campaign
        self.now = now

    async def __call__(self, source: bytes | str | pl.DataFrame) -> ImportReport:
        data = written(source) if isinstance(source, pl.DataFrame) else source
        return await import_file(self.organisation, self.campaign, data, now=self.now)

    async def sheets(self) -> pl.DataFrame:
        """Return what is sealed."""
        return await sealed_sheets(self.organisation, self.campaign)

    async def count(self) -> int:
        """Return how many sheets are sealed."""
        return (await self.sheets()).height


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.rows, report.responses, report.known, report.changed


def noticed(report: ImportReport) -> list[str]:
    return [notice.message for notice in report.notices]
