"""Files for confidential campaigns: rows belong to those they name, who answer once."""

import asyncio
from datetime import datetime
from uuid import UUID

import polars as pl
import pytest

from survey.capture.errors import AlreadySubmitted
from survey.capture.queue import Capture
from survey.files.complaints import FileRejected
from tests.factories.campaigns import rows_of
from tests.factories.imports import OPENED, Import, case, counts, noticed, open_case, sheets
from tests.factories.open_campaign import OpenCampaign, answer_sheet, open_standard_campaign


@pytest.fixture
async def confidential(organisation: UUID, now: datetime) -> Import:
    campaign = await open_case(organisation, OPENED, mode="confidential")
    return Import(organisation, campaign, now)


async def test_a_confidential_file_belongs_to_the_people_it_names(confidential: Import) -> None:
    report = await confidential("conf_people")

    assert counts(report) == (30, 30, 0, 0)
    invited = await rows_of(
        confidential.organisation,
        "SELECT person::text, unit_code, role FROM invitation WHERE completed",
    )
    sheets = (await confidential.sheets()).select("person", "unit_code", "role").rows()
    assert sorted(sheets) == sorted(tuple(row.values()) for row in invited)
    assert len(sheets) == 30


async def test_roles_that_differ_from_the_campaigns_are_counted(confidential: Import) -> None:
    report = await confidential("conf_people")

    assert noticed(report) == [
        "file.csv: 6 rows have another role than the person has in this campaign, whose role "
        "counts."
    ]


async def test_units_that_are_not_the_persons_are_refused_one_by_one(
    confidential: Import,
) -> None:
    with pytest.raises(FileRejected) as refusal:
        await confidential("conf_wrong_unit")

    assert refusal.value.total == 5
    assert "line 2, column unit: found 'U005', expected U001, the unit of 000031" in str(
        refusal.value
    )
    assert await confidential.count() == 0


async def test_ids_that_nobody_has_are_refused_one_by_one(confidential: Import) -> None:
    rows = case("conf_people").with_columns(pl.col("respondent_id").replace("000007", "X7"))

    with pytest.raises(FileRejected) as refusal:
        await confidential(rows)

    assert refusal.value.total == 1
    assert "line 8, column respondent_id: found 'X7', expected the id of somebody" in str(
        refusal.value
    )
    assert await confidential.count() == 0


async def test_ids_that_lost_their_zeros_are_recognised_as_such(confidential: Import) -> None:
    rows = case("conf_people").with_columns(pl.col("respondent_id").str.strip_chars_start("0"))

    with pytest.raises(FileRejected, match="Did 000001 lose its leading zeros"):
        await confidential(rows)


@pytest.mark.parametrize("without", ["column", "cell"])
async def test_a_confidential_file_must_name_everybody(
    confidential: Import, without: str
) -> None:
    rows = case("conf_people")
    named = pl.when(pl.col("respondent_id") != "000003").then(pl.col("respondent_id"))
    rows = rows.with_columns(named) if without == "cell" else rows.drop("respondent_id")

    with pytest.raises(FileRejected, match="each row names its own"):
        await confidential(rows)

    assert await confidential.count() == 0


async def test_ids_and_units_are_compared_as_people_read_them(confidential: Import) -> None:
    rows = case("conf_people").with_columns(
        pl.format("\u200b{}", pl.col("respondent_id")).alias("respondent_id"),
        pl.format("{}\u00a0", pl.col("unit")).alias("unit"),
    )

    assert counts(await confidential(rows)) == (30, 30, 0, 0)


async def test_a_contributors_row_cannot_be_a_sponsors(
    organisation: UUID, confidential: Import
) -> None:
    row = pl.DataFrame(
        {"respondent_id": ["000001"], "unit": ["U001"], "role": ["sponsor"], "consent": ["yes"]}
        | {"executive_sponsorship_1": ["4"]}
    )

    with pytest.raises(
        FileRejected, match="column role: found 'sponsor', expected contributor"
    ):
        await confidential(row)


async def test_a_confidential_export_may_be_cumulative(confidential: Import) -> None:
    rows = case("conf_people")
    await confidential(rows.head(20))

    report = await confidential(rows)

    assert counts(report) == (30, 10, 20, 0)
    assert await confidential.count() == 30


@pytest.fixture
async def invited(organisation: UUID, now: datetime) -> OpenCampaign:
    return await open_standard_campaign(organisation, now=now, mode="confidential")


async def test_a_file_brings_nobody_who_has_answered_by_form(
    invited: OpenCampaign, capture: Capture, now: datetime
) -> None:
    await capture.submit(invited.tokens["P0000"], answer_sheet(1))
    bring = Import(invited.organisation, invited.campaign, now)

    with pytest.raises(FileRejected, match="line 2, column respondent_id: found 'P0000'"):
        await bring(
            sheets("P0000", "P0001").with_columns(unit=pl.Series(["U0", "U1"])),
        )

    assert await bring.count() == 1
    for table in ("imported_file", "imported_rows"):
        assert await rows_of(bring.organisation, f"SELECT id FROM {table}") == []  # noqa: S608 - our own names


async def test_whoever_came_in_a_file_cannot_answer_by_form(
    invited: OpenCampaign, capture: Capture, now: datetime
) -> None:
    bring = Import(invited.organisation, invited.campaign, now)
    await bring(sheets("P0000", unit="U0"))

    with pytest.raises(AlreadySubmitted):
        await capture.submit(invited.tokens["P0000"], answer_sheet(1))

    assert await bring.count() == 1


async def test_an_anonymous_import_spends_no_invitation(
    organisation: UUID, capture: Capture, now: datetime
) -> None:
    opened = await open_standard_campaign(organisation, now=now)
    bring = Import(organisation, opened.campaign, now)
    await bring(sheets("P0000", unit="U0"))

    await capture.submit(opened.tokens["P0000"], answer_sheet(1))

    assert await bring.count() == 2


async def test_a_person_who_answers_by_form_and_by_file_at_once_counts_once(
    invited: OpenCampaign, capture: Capture, now: datetime
) -> None:
    bring = Import(invited.organisation, invited.campaign, now)

    results = await asyncio.gather(
        bring(sheets("P0000", unit="U0")),
        capture.submit(invited.tokens["P0000"], answer_sheet(1)),
        return_exceptions=True,
    )

    assert sum(isinstance(result, AlreadySubmitted | FileRejected) for result in results) == 1
    assert await bring.count() == 1
