"""Releases: the figures of a file, stored once, for everybody the same."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import msgspec
import polars as pl
import pytest

from analytics.results import Thresholds
from models.engine import connection, transaction
from models.enums import FindingKind
from seed.content import operating_models, standard_instrument, theory
from survey.access.actors import COMMAND_LINE
from survey.campaigns.errors import CampaignNotFound
from survey.capture.errors import CampaignNotOpen
from survey.capture.importing import FileAlreadyImported, import_responses
from survey.catalogue.loading import load_operating_models
from survey.errors import Conflict
from survey.releases import compute as release_module
from survey.releases.errors import (
    AlreadyReleased,
    CampaignNotClosed,
    NothingToRelease,
    ReleaseNotFound,
)
from survey.releases.material import load_material
from survey.releases.of_files import analyse_files
from survey.releases.pages import read_findings, read_scores
from survey.releases.store import latest_release, read_analysis, read_release
from tests.factories.campaigns import close_campaign, release_campaign
from tests.factories.north import NORTH, open_north, with_consent
from tests.factories.open_campaign import open_standard_campaign
from tests.factories.server import SEALS


@pytest.fixture
async def campaign(organisation: UUID, now: datetime) -> UUID:
    """Give a closed campaign that holds company north's responses."""
    opened = await open_north(organisation, now)
    await import_responses(
        organisation, opened, with_consent(), name="north", seals=SEALS, now=now
    )
    await close_campaign(organisation, opened, now=now)
    return opened


async def test_a_release_says_what_the_analysis_of_the_file_says(
    organisation: UUID, campaign: UUID, now: datetime, tmp_path: Path
) -> None:
    from_file = analyse_files(
        in_the_order_of_the_form(tmp_path),
        NORTH / "units.csv",
        instrument=standard_instrument(),
        theory=theory(),
        thresholds=Thresholds(),
        seed=7,
    ).findings.analysis

    release = await release_campaign(organisation, campaign, seed=7, now=now)
    released, names = await read_analysis(organisation, release)

    assert names["U001"] == "Unit 001"
    told, in_the_file = _rounded(released), _rounded(from_file)
    # Sheets that were filled in too fast have exchanged their answers at close. They count in
    # what the scores would be without screening, and in nothing else.
    for one in (told, in_the_file):
        del one["quality"]["screening"]["effects"]
    assert told == in_the_file


async def test_what_is_read_back_is_what_was_computed(
    organisation: UUID, campaign: UUID, now: datetime
) -> None:
    computed = release_module._compute(await load_material(organisation, campaign), 7)

    release = await release_campaign(organisation, campaign, seed=7, now=now)
    released, _ = await read_analysis(organisation, release)

    assert released == computed.analysis


async def test_a_release_names_the_operating_models_of_the_organisations_own_that_it_used(
    organisation: UUID, campaign: UUID, now: datetime
) -> None:
    own = msgspec.structs.replace(operating_models(), version="acme-1")
    await load_operating_models(organisation, own, by=COMMAND_LINE)

    release = await release_campaign(organisation, campaign, seed=0, now=now)

    view = await read_release(organisation, release)
    assert view.lineage.anchors == "acme-1"


def in_the_order_of_the_form(folder: Path) -> Path:
    """Write the file with its items in the order shown, which screening looks at."""
    frame = pl.read_csv(NORTH / "responses.csv")
    shown = [key for key in standard_instrument().item_keys if key in frame.columns]
    facts = [name for name in frame.columns if name not in shown]
    path = folder / "responses.csv"
    frame.select(*facts, *shown).write_csv(path)
    return path


def _rounded(record: msgspec.Struct) -> Any:
    """Return plain values, floats to nine digits: the order of sums may differ."""

    def shorten(value: object) -> object:
        if isinstance(value, float):
            return round(value, 9) + 0.0
        if isinstance(value, dict):
            return {key: shorten(item) for key, item in value.items()}
        if isinstance(value, list):
            return [shorten(item) for item in value]
        return value

    return shorten(msgspec.json.decode(msgspec.json.encode(record)))


async def test_a_campaign_is_released_once(
    organisation: UUID, campaign: UUID, now: datetime
) -> None:
    await release_campaign(organisation, campaign, seed=0, now=now)

    with pytest.raises(AlreadyReleased):
        await release_campaign(organisation, campaign, seed=1, now=now)


async def test_one_of_two_releases_at_once_wins(
    organisation: UUID, campaign: UUID, now: datetime
) -> None:
    results = await asyncio.gather(
        *(release_campaign(organisation, campaign, seed=0, now=now) for _ in range(2)),
        return_exceptions=True,
    )

    assert [isinstance(result, Conflict) for result in results].count(True) == 1
    assert [isinstance(result, UUID) for result in results].count(True) == 1


async def test_an_open_campaign_has_no_release(organisation: UUID, now: datetime) -> None:
    opened = await open_standard_campaign(organisation, now=now)

    with pytest.raises(CampaignNotClosed, match="open"):
        await release_campaign(organisation, opened.campaign, seed=0, now=now)


async def test_nobody_answered_nothing_to_release(organisation: UUID, now: datetime) -> None:
    opened = await open_standard_campaign(organisation, now=now)
    await close_campaign(organisation, opened.campaign, now=now)

    with pytest.raises(NothingToRelease):
        await release_campaign(organisation, opened.campaign, seed=0, now=now)


async def test_another_organisation_cannot_release_or_read(
    organisation: UUID, other_organisation: UUID, campaign: UUID, now: datetime
) -> None:
    with pytest.raises(CampaignNotFound):
        await release_campaign(other_organisation, campaign, seed=0, now=now)

    release = await release_campaign(organisation, campaign, seed=0, now=now)
    with pytest.raises(ReleaseNotFound):
        await read_release(other_organisation, release)


async def test_a_missing_release_is_named(organisation: UUID) -> None:
    with pytest.raises(ReleaseNotFound):
        await latest_release(organisation, uuid4())


async def test_nothing_of_a_release_can_be_changed(
    organisation: UUID, campaign: UUID, now: datetime
) -> None:
    await release_campaign(organisation, campaign, seed=0, now=now)

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction(organisation):
            await connection().execute("UPDATE score SET mean = 50")


async def test_results_are_read_page_by_page(
    organisation: UUID, campaign: UUID, now: datetime
) -> None:
    release = await release_campaign(organisation, campaign, seed=0, now=now)

    kind = FindingKind.RECOMMENDATION
    first = await read_findings(organisation, release, kind, limit=5)
    rest = await read_findings(
        organisation, release, kind, after=first.items[-1].unit, limit=100
    )

    assert [found.unit for found in first.items] == ["C", "D01", "D02", "D03", "D04"]
    assert len(first.items) + len(rest.items) == 29
    assert (first.more, rest.more) == (True, False)


async def test_a_reader_of_one_division_sees_it_and_below(
    organisation: UUID, campaign: UUID, now: datetime
) -> None:
    release = await release_campaign(organisation, campaign, seed=0, now=now)

    scores = await read_scores(organisation, release, within="D01", limit=10_000)

    seen = {score.unit for score in scores.items}
    assert seen == {"D01", "U001", "U005", "U009", "U013", "U017", "U021"}


async def test_sponsors_who_did_not_consent_enter_no_result(
    organisation: UUID, now: datetime
) -> None:
    opened = await open_north(organisation, now)
    silent = with_consent().replace(b",yes", b",no")
    await import_responses(organisation, opened, silent, name="north", seals=SEALS, now=now)
    await close_campaign(organisation, opened, now=now)

    release = await release_campaign(organisation, opened, seed=0, now=now)

    analysis, _ = await read_analysis(organisation, release)
    assert analysis.lineage.sponsors == 0
    assert {unit.sponsorship.status for unit in analysis.units} == {"no_sponsor"}


async def test_a_file_is_imported_once(organisation: UUID, now: datetime) -> None:
    opened = await open_north(organisation, now)
    await import_responses(
        organisation, opened, with_consent(), name="north", seals=SEALS, now=now
    )

    with pytest.raises(FileAlreadyImported):
        await import_responses(
            organisation, opened, with_consent(), name="again", seals=SEALS, now=now
        )


async def test_a_campaign_past_its_end_takes_no_file(organisation: UUID, now: datetime) -> None:
    opened = await open_standard_campaign(
        organisation, now=now, closes_at=now + timedelta(hours=1)
    )
    late = now + timedelta(hours=1)

    with pytest.raises(CampaignNotOpen):
        await import_responses(
            organisation,
            opened.campaign,
            with_consent(),
            name="late",
            seals=SEALS,
            now=late,
        )


async def test_an_anonymous_import_keeps_no_respondent_id(
    organisation: UUID, now: datetime
) -> None:
    opened = await open_north(organisation, now)
    await import_responses(
        organisation, opened, with_consent(), name="north", seals=SEALS, now=now
    )

    await close_campaign(organisation, opened, now=now)

    async with transaction(organisation):
        rows = await connection().fetch("SELECT * FROM response")
    assert len(rows) == 805
    assert not any("R00001" in str(tuple(row)) for row in rows)
