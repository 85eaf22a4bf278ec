"""Files of responses: no row counts twice, and whoever is named answers once."""

import asyncio
import io
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

import polars as pl
import pytest

from models.engine import connection, transaction
from survey.capture.importing import FileAlreadyImported
from survey.files.complaints import FileRejected
from survey.sealing.errors import KeysMissing
from tests.factories.campaigns import close_campaign, rows_of
from tests.factories.imports import (
    OPENED,
    Import,
    case,
    counts,
    import_file,
    noticed,
    open_case,
    sheets,
    written,
)
from tests.factories.open_campaign import (
    ITEMS,
)
from tests.factories.sealed import sealed_sheets
from tests.factories.server import KEYS


@pytest.fixture
async def anonymous(organisation: UUID, now: datetime) -> Import:
    return Import(organisation, await open_case(organisation, OPENED), now)


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
    before = await anonymous.sheets()

    report = await anonymous(changed)

    assert counts(report) == (3, 1, 2, 1)
    after = (await anonymous.sheets())["answers"].to_list()
    assert all(answers in after for answers in before["answers"].to_list())


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


async def test_without_the_keys_of_the_campaign_nothing_is_imported(anonymous: Import) -> None:
    KEYS.destroy(anonymous.campaign)

    with pytest.raises(KeysMissing):
        await anonymous(sheets("a"))


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

    for table, rows in (("imported_rows", 0), ("imported_file", 0), ("response", 400)):
        assert (
            len(await rows_of(anonymous.organisation, f"SELECT id FROM {table}")) == rows  # noqa: S608 - our own names
        )


async def test_no_text_of_a_file_is_stored_in_the_open(anonymous: Import) -> None:
    await anonymous(sheets("the-only-respondent"))

    async with transaction(anonymous.organisation):
        for table in ("imported_rows", "imported_file", "envelope"):
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
    days = (await sealed_sheets(organisation, campaign))["submitted_on"]
    assert days.to_list() == [None] * 30


async def test_days_in_the_future_are_said_and_not_used(anonymous: Import) -> None:
    days = ["2026-11-24", "2026-11-25", "2099-12-31", "2026-10-31", "2026-10-30", None]
    rows = sheets(*"abcdef").with_columns(submitted_on=pl.Series(days))

    report = await anonymous(rows)

    assert noticed(report) == [
        "file.csv: one day in submitted_on is before the campaign opened, so it is not used.",
        "file.csv: 2 days in submitted_on are in the future, so they are not used.",
    ]
    stored = (await anonymous.sheets())["submitted_on"].to_list()
    assert Counter(stored) == {date(2026, 10, 31): 1, date(2026, 11, 24): 1, None: 4}
