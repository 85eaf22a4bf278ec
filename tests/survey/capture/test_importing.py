"""Files of responses: no row counts twice, and whoever is named answers once."""

import asyncio
import io
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import polars as pl
import pytest

from models.engine import connection, transaction
from survey.capture.errors import AlreadySubmitted, ServerKeyDiffers
from survey.capture.importing import FileAlreadyImported, ImportReport, import_responses
from survey.capture.queue import Capture
from survey.files.complaints import FileRejected
from tests.factories.campaigns import close_campaign, rows_of
from tests.factories.imports import case, import_file, open_case, sheets, written
from tests.factories.open_campaign import (
    ITEMS,
    OpenCampaign,
    answer_sheet,
    open_standard_campaign,
)

OPENED = datetime(2026, 10, 31, 9, 0, tzinfo=UTC)
"""Before the days in the files."""


class Import:
    """Imports into one campaign, all at the same moment."""

    def __init__(self, organisation: UUID, campaign: UUID, now: datetime) -> None:
        self.organisation = organisation
        self.campaign = campaign
        self.now = now

    async def __call__(self, source: bytes | str | pl.DataFrame) -> ImportReport:
        data = written(source) if isinstance(source, pl.DataFrame) else source
        return await import_file(self.organisation, self.campaign, data, now=self.now)

    async def count(self, table: str = "response") -> int:
        return await OpenCampaign(self.organisation, self.campaign).count(table)


@pytest.fixture
async def anonymous(organisation: UUID, now: datetime) -> Import:
    return Import(organisation, await open_case(organisation, OPENED), now)


@pytest.fixture
async def confidential(organisation: UUID, now: datetime) -> Import:
    campaign = await open_case(organisation, OPENED, mode="confidential")
    return Import(organisation, campaign, now)


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.rows, report.responses, report.known, report.changed


def noticed(report: ImportReport) -> list[str]:
    return [notice.message for notice in report.notices]


# Rows that arrive twice


async def test_a_cumulative_export_brings_only_what_is_new(anonymous: Import) -> None:
    first = await anonymous("export_week1")
    resaved = await anonymous("export_week1_resaved")
    cumulative = await anonymous("export_week2_cumulative")

    assert counts(first) == (400, 400, 0, 0)
    assert counts(resaved) == (400, 0, 400, 0)
    assert counts(cumulative) == (805, 405, 400, 0)
    assert await anonymous.count() == 805


async def test_without_ids_a_file_that_brings_rows_again_is_refused(
    anonymous: Import,
) -> None:
    await anonymous("export_week1")

    with pytest.raises(FileRejected, match="400 of these rows were imported before") as refusal:
        await anonymous(case("export_week2_cumulative").drop("respondent_id"))

    assert refusal.value.total == 1
    assert await anonymous.count() == 400


async def test_without_ids_the_same_rows_are_refused_twice_over(anonymous: Import) -> None:
    rows = case("export_week1").drop("respondent_id")
    await anonymous(rows)

    with pytest.raises(FileRejected, match="400 of these rows were imported before"):
        await anonymous(rows.reverse())

    assert await anonymous.count() == 400


async def test_one_row_without_an_id_is_enough_to_refuse_a_file(anonymous: Import) -> None:
    await anonymous(sheets("a", "b"))
    more = pl.concat([sheets("a"), sheets("c", first=2)]).drop("respondent_id")

    with pytest.raises(FileRejected, match="1 of these rows was imported before"):
        await anonymous(more)


async def test_equal_sheets_without_ids_count_as_often_as_they_stand_in_a_file(
    anonymous: Import,
) -> None:
    one = sheets("a").drop("respondent_id")

    first = await anonymous(pl.concat([one, one]))

    assert first.responses == 2
    with pytest.raises(FileRejected, match="2 of these rows were imported before"):
        await anonymous(pl.concat([one, one, one]))


async def test_equal_sheets_of_other_ids_are_other_people(anonymous: Import) -> None:
    await anonymous(sheets("a"))

    assert counts(await anonymous(sheets("b"))) == (1, 1, 0, 0)


def in_parquet(rows: pl.DataFrame) -> bytes:
    file = io.BytesIO()
    numbers = [pl.col(item).cast(pl.Float64) for item in ITEMS if item in rows.columns]
    rows.with_columns(numbers).write_parquet(file)
    return file.getvalue()


SPELLINGS: dict[str, Callable[[pl.DataFrame], bytes]] = {
    "other order": lambda rows: written(rows.reverse()),
    "other delimiter": lambda rows: written(rows, separator=";"),
    "more columns": lambda rows: written(rows.with_columns(x_source=pl.lit("tool"))),
    "columns moved": lambda rows: written(rows.select(sorted(rows.columns))),
    "4.0 for 4": lambda rows: written(rows.with_columns(pl.col(ITEMS[0]) + ".0")),
    "529.0 for 529": lambda rows: written(rows.with_columns(pl.col("duration_s") + ".0")),
    "saved by a spreadsheet": lambda rows: (
        b"\xef\xbb\xbf" + written(rows).replace(b"\n", b"\r\n")
    ),
    "blanks around units": lambda rows: written(
        rows.with_columns(pl.format(" {} ", pl.col("unit")).alias("unit"))
    ),
    "empty columns left out": lambda rows: written(
        rows.select(column for column in rows.columns if rows[column].count())
    ),
    "Parquet": in_parquet,
}
IDS = {
    "blanks": " {} ",
    "zero-width space": "\u200b{}",
    "byte order mark": "\ufeff{}",
    "no-break space": "{}\u00a0",
}


def dated() -> pl.DataFrame:
    return case("anon_1980").with_columns(submitted_on=pl.lit("2026-11-02"))


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_the_same_rows_are_recognised_however_a_file_spells_them(
    anonymous: Import, spelling: str
) -> None:
    await anonymous(dated())

    assert counts(await anonymous(SPELLINGS[spelling](dated()))) == (30, 0, 30, 0)
    with pytest.raises(FileRejected, match="30 of these rows were imported before"):
        await anonymous(SPELLINGS[spelling](dated().drop("respondent_id")))
    assert await anonymous.count() == 30


@pytest.mark.parametrize("spelling", IDS)
async def test_ids_are_compared_as_people_read_them(anonymous: Import, spelling: str) -> None:
    await anonymous(dated())
    respelled = pl.format(IDS[spelling], pl.col("respondent_id")).alias("respondent_id")

    assert counts(await anonymous(dated().with_columns(respelled))) == (30, 0, 30, 0)


async def test_a_known_row_that_differs_now_is_skipped_and_counted(anonymous: Import) -> None:
    await anonymous(sheets("a", "b"))
    changed = sheets("a", "b", "c").with_columns(
        pl.when(pl.col("respondent_id") == "b")
        .then(pl.lit(None, dtype=pl.String))
        .otherwise(pl.col(ITEMS[3]))
        .alias(ITEMS[3])
    )
    before = await rows_of(anonymous.organisation, "SELECT id, answers FROM response")

    report = await anonymous(changed)

    assert counts(report) == (3, 1, 2, 1)
    after = await rows_of(anonymous.organisation, "SELECT id, answers FROM response")
    assert all(row in after for row in before)


async def test_ids_that_lost_their_zeros_are_noticed_by_their_answers(
    anonymous: Import,
) -> None:
    await anonymous(sheets(*(f"00{number}" for number in range(10))))

    with pytest.raises(FileRejected, match=r"10 of these rows.*another spelling.*zeros"):
        await anonymous(sheets(*(f"{number}" for number in range(12))))

    assert await anonymous.count() == 10


async def test_ids_that_were_added_later_are_noticed_by_their_answers(
    anonymous: Import,
) -> None:
    await anonymous(case("export_week1").drop("respondent_id"))

    with pytest.raises(
        FileRejected, match="of these rows were imported before, without a resp"
    ):
        await anonymous("export_week2_cumulative")

    assert await anonymous.count() == 400


async def test_the_same_answers_under_quite_other_ids_are_stored_and_said(
    anonymous: Import,
) -> None:
    await anonymous(sheets(*"abcdef"))

    report = await anonymous(sheets(*"uvwxyz"))

    assert report.responses == 6
    assert noticed(report) == [
        "file.csv: 6 rows with a new respondent_id have the same answers as rows that were "
        "imported before; are they the same people?"
    ]


async def test_rows_of_one_campaign_are_new_to_another(
    organisation: UUID, anonymous: Import
) -> None:
    await anonymous(sheets("a", "b"))
    other = await open_case(organisation, OPENED, name="Spring")

    report = await import_file(
        organisation, other, written(sheets("a", "b")), now=anonymous.now
    )

    assert counts(report) == (2, 2, 0, 0)


async def test_two_rows_of_one_file_with_the_same_id_are_refused(anonymous: Import) -> None:
    with pytest.raises(FileRejected, match="respondent_id"):
        await anonymous(pl.concat([sheets("a"), sheets("a", first=1)]))

    assert await anonymous.count() == 0


async def test_a_rejected_file_is_not_remembered(anonymous: Import) -> None:
    broken = sheets("a", "b").with_columns(unit=pl.Series(["U001", "NOWHERE"]))
    with pytest.raises(FileRejected):
        await anonymous(broken)

    assert counts(await anonymous(sheets("a", "b"))) == (2, 2, 0, 0)


async def test_files_that_arrive_together_bring_each_row_once(anonymous: Import) -> None:
    rows = sheets("a", "b", "c")
    files = [rows, rows.reverse(), rows.head(2), sheets("d", first=3)]

    reports = await asyncio.gather(*map(anonymous, files))

    assert sum(report.responses for report in reports) == 4
    assert await anonymous.count() == 4


async def test_the_same_file_that_arrives_twice_together_is_taken_once(
    anonymous: Import,
) -> None:
    results = await asyncio.gather(
        *(anonymous("export_week1") for _ in range(3)), return_exceptions=True
    )

    assert sorted(type(result).__name__ for result in results) == [
        "FileAlreadyImported",
        "FileAlreadyImported",
        "ImportReport",
    ]
    assert await anonymous.count() == 400


async def test_the_same_bytes_are_refused_as_such(anonymous: Import) -> None:
    await anonymous("export_week1")

    with pytest.raises(FileAlreadyImported):
        await anonymous("export_week1")


async def test_a_server_with_another_key_would_not_recognise_rows(anonymous: Import) -> None:
    with pytest.raises(ServerKeyDiffers, match="OPMODEL_SECRET_KEY"):
        await import_responses(
            anonymous.organisation,
            anonymous.campaign,
            written(sheets("a")),
            name="file.csv",
            server_key=b"another key",
            now=anonymous.now,
        )


# What is remembered


async def test_hashes_are_kept_in_one_row_without_an_order(anonymous: Import) -> None:
    await anonymous(sheets("b", "c"))
    await anonymous(sheets("a", "d", first=2))

    (row,) = await rows_of(anonymous.organisation, "SELECT * FROM imported_rows")
    for joined in (row["respondents"], row["sheets"]):
        hashes = [joined[start : start + 32] for start in range(0, len(joined), 32)]
        assert hashes
        assert hashes == sorted(hashes)


async def test_nothing_is_remembered_once_a_campaign_has_closed(anonymous: Import) -> None:
    await anonymous("export_week1")
    await close_campaign(anonymous.organisation, anonymous.campaign, now=anonymous.now)

    assert await anonymous.count("imported_rows") == 0
    assert await anonymous.count("imported_file") == 0
    assert await anonymous.count() == 400


async def test_no_text_of_a_file_is_stored_but_in_responses(anonymous: Import) -> None:
    await anonymous(sheets("the-only-respondent"))

    async with transaction(anonymous.organisation):
        for table in ("imported_rows", "imported_file", "response"):
            rows = await connection().fetch(f"SELECT * FROM {table}")  # noqa: S608 - our own names
            assert "the-only-respondent" not in str(rows)


# Days


async def test_days_before_the_opening_are_said_and_not_used(
    organisation: UUID, now: datetime
) -> None:
    campaign = await open_case(organisation, now)

    report = await import_file(organisation, campaign, "anon_1980", now=now)

    assert report.responses == 30
    assert noticed(report) == [
        "file.csv: 30 days in submitted_on are before the campaign opened, so they are not "
        "used."
    ]
    days = await rows_of(organisation, "SELECT DISTINCT submitted_on FROM response")
    assert days == [{"submitted_on": None}]


async def test_days_in_the_future_are_said_and_not_used(anonymous: Import) -> None:
    days = ["2026-11-23", "2026-11-24", "2099-12-31", "2026-10-31", "2026-10-30", None]
    rows = sheets(*"abcdef").with_columns(submitted_on=pl.Series(days))

    report = await anonymous(rows)

    assert noticed(report) == [
        "file.csv: one day in submitted_on is before the campaign opened, so it is not used.",
        "file.csv: 2 days in submitted_on are in the future, so they are not used.",
    ]
    stored = await rows_of(
        anonymous.organisation,
        "SELECT submitted_on::text AS day, count(*) AS n FROM response GROUP BY 1 ORDER BY 1",
    )
    assert [(row["day"], row["n"]) for row in stored] == [
        ("2026-10-31", 1),
        ("2026-11-23", 1),
        (None, 4),
    ]


# Whoever is named answers once


async def test_a_confidential_file_belongs_to_the_people_it_names(confidential: Import) -> None:
    report = await confidential("conf_people")

    assert counts(report) == (30, 30, 0, 0)
    linked = await rows_of(
        confidential.organisation,
        "SELECT count(DISTINCT r.person) AS people FROM response r JOIN invitation i "
        "ON i.person = r.person AND i.unit_code = r.unit_code AND i.role = r.role "
        "AND i.completed",
    )
    assert linked == [{"people": 30}]


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
    assert await bring.count("imported_file") == 0
    assert await bring.count("imported_rows") == 0


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
