"""Moments within a range that every reader can show."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from models.engine import pool
from models.moments import FIRST_MOMENT, LAST_MOMENT, held_moment

INDIA = timezone(timedelta(hours=5, minutes=30))


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("infinity", LAST_MOMENT),
        ("294276-12-31 23:59Z", LAST_MOMENT),
        ("9999-12-31 23:59:59.999999Z", LAST_MOMENT),
        ("2026-11-23 09:00:00.000001Z", datetime(2026, 11, 23, 9, 0, 0, 1, tzinfo=UTC)),
        ("1970-01-01 05:30:00+05:30", datetime(1970, 1, 1, tzinfo=UTC)),
        ("0001-01-01 00:00Z", FIRST_MOMENT),
        ("4713-01-01 00:00Z BC", FIRST_MOMENT),
        ("-infinity", FIRST_MOMENT),
    ],
)
async def test_what_a_table_holds_beyond_the_range_is_read_as_its_end(
    stored: str, shown: datetime
) -> None:
    assert await pool().fetchval(f"SELECT timestamptz '{stored}'") == shown


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    "moment", [FIRST_MOMENT, LAST_MOMENT, datetime(2026, 7, 1, tzinfo=INDIA)]
)
async def test_a_moment_is_read_as_it_was_written(moment: datetime) -> None:
    read = await pool().fetchval("SELECT $1::timestamptz", moment)

    assert (read, read.tzinfo) == (moment, UTC)


def test_a_moment_is_held_in_utc() -> None:
    held = held_moment(datetime(2026, 1, 1, 5, 30, tzinfo=INDIA))

    assert (held, held.tzinfo) == (datetime(2026, 1, 1, tzinfo=UTC), UTC)


@pytest.mark.parametrize(
    "moment",
    [
        FIRST_MOMENT - timedelta(microseconds=1),
        LAST_MOMENT + timedelta(microseconds=1),
        datetime(2026, 1, 1),  # noqa: DTZ001 - without a zone on purpose
        datetime(1900, 1, 1, tzinfo=INDIA),
    ],
)
def test_a_moment_out_of_the_range_or_without_a_zone_is_refused(moment: datetime) -> None:
    with pytest.raises(ValueError, match="from 1900 to 2200"):
        held_moment(moment)
