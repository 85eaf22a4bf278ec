"""A message leaves at the first moment at which its reader's clock lies in the window."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from survey.campaigns.window import (
    SendingWindow,
    allows,
    next_moment,
    reminder_moment,
    zone_of,
)
from survey.errors import FieldInvalid

BERLIN = ZoneInfo("Europe/Berlin")  # 2026: clocks forward on 29 March, back on 25 October
ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "Africa/Casablanca",
    "America/Santiago",
)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def window(start: str, end: str, *days: str) -> SendingWindow:
    return SendingWindow(start=start, end=end, days=days or DAYS)  # type: ignore[arg-type]  # names of days


def utc(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def test_without_a_window_a_message_leaves_at_once() -> None:
    assert next_moment(None, BERLIN, utc(7, 1, 3)) == utc(7, 1, 3)


def test_within_the_window_a_message_leaves_at_once() -> None:
    assert next_moment(window("09:00", "17:00"), BERLIN, utc(7, 1, 8, 59)) == utc(7, 1, 8, 59)


def test_the_end_of_the_window_is_outside() -> None:
    nine_to_five = window("09:00", "17:00")

    assert next_moment(nine_to_five, BERLIN, utc(7, 1, 15)) == utc(7, 2, 7)
    assert allows(nine_to_five, BERLIN, utc(7, 1, 14, 59))


@pytest.mark.parametrize(("month", "hour"), [(1, 8), (7, 7)])
def test_the_window_follows_the_clocks_of_summer_and_winter(month: int, hour: int) -> None:
    found = next_moment(window("09:00", "17:00"), BERLIN, utc(month, 5, 2))

    assert found == utc(month, 5, hour)


def test_other_days_are_waited_for() -> None:
    # 2026-07-03 is a Friday.
    assert next_moment(window("09:00", "17:00", "mon"), BERLIN, utc(7, 3, 9)) == utc(7, 6, 7)


def test_two_people_ahead_and_behind_have_their_own_days() -> None:
    mondays = window("09:00", "17:00", "mon")
    sunday_noon = utc(7, 5, 12)

    assert next_moment(mondays, ZoneInfo("Pacific/Auckland"), sunday_noon) == utc(7, 5, 21)
    assert next_moment(mondays, ZoneInfo("Pacific/Honolulu"), sunday_noon) == utc(7, 6, 19)


def test_a_window_within_the_hour_that_does_not_exist_waits_for_the_next_day() -> None:
    gap = window("02:15", "02:45")

    assert next_moment(gap, BERLIN, utc(3, 29, 0)) == utc(3, 30, 0, 15)


def test_a_window_that_begins_in_the_gap_begins_when_the_clocks_have_been_changed() -> None:
    assert next_moment(window("02:30", "04:00"), BERLIN, utc(3, 29, 0)) == utc(3, 29, 1)


def test_an_hour_that_comes_twice_opens_the_window_twice() -> None:
    half_past = window("02:30", "02:45")

    assert next_moment(half_past, BERLIN, utc(10, 25, 0)) == utc(10, 25, 0, 30)
    assert next_moment(half_past, BERLIN, utc(10, 25, 0, 50)) == utc(10, 25, 1, 30)


def test_clocks_that_go_back_into_the_window_open_it_again() -> None:
    # 02:50 summer time is past the end; ten minutes later it is 02:00 again.
    assert next_moment(window("01:00", "02:30"), BERLIN, utc(10, 25, 0, 50)) == utc(10, 25, 1)


@given(
    zone=st.sampled_from(ZONES),
    after=st.datetimes(datetime(2025, 12, 1), datetime(2027, 1, 31)),  # noqa: DTZ001 - made UTC below
    start=st.integers(0, 23 * 60),
    length=st.integers(1, 12 * 60),
    days=st.sets(st.sampled_from(DAYS), min_size=1),
)
@example("Europe/Berlin", datetime(2026, 3, 29, 0, 30), 150, 10, {"sun"})  # noqa: DTZ001 - as above
@example("Europe/Berlin", datetime(2026, 10, 25, 0, 50), 60, 90, {"sun"})  # noqa: DTZ001 - as above
@example("Australia/Lord_Howe", datetime(2026, 10, 3, 10), 130, 10, {"sun"})  # noqa: DTZ001 - as above
def test_the_moment_is_the_earliest_in_the_window(
    zone: str, after: datetime, start: int, length: int, days: set[str]
) -> None:
    end = min(start + length, 24 * 60 - 1)
    clock = [f"{minute // 60:02}:{minute % 60:02}" for minute in (start, end)]
    one = window(*clock, *sorted(days))
    moment = after.replace(second=0, microsecond=0, tzinfo=UTC)

    found = next_moment(one, ZoneInfo(zone), moment)

    assert found >= moment
    assert allows(one, ZoneInfo(zone), found)
    # What lies on the wall, minute by minute: the window has whole minutes, and so has UTC.
    searched, limit = moment, min(found, moment + 2 * DAY)
    while searched < limit:
        assert not is_on_the_wall(one, searched.astimezone(ZoneInfo(zone)))
        searched += 7 * MINUTE
    assert found == moment or not allows(one, ZoneInfo(zone), found - MINUTE)


def is_on_the_wall(one: SendingWindow, local: datetime) -> bool:
    return local.strftime("%a").lower() in one.days and one.start <= f"{local:%H:%M}" < one.end


def test_a_reminder_is_due_local_days_after_the_invitation() -> None:
    # Sent on the 1st at 23:30 in Berlin, which is the 1st in UTC as well; at 00:30 it is not.
    late = reminder_moment(None, BERLIN, since=utc(7, 1, 21, 30), days=3, hour=9)
    later = reminder_moment(None, BERLIN, since=utc(7, 1, 22, 30), days=3, hour=9)

    assert (late, later) == (utc(7, 4, 7), utc(7, 5, 7))


def test_three_days_over_a_change_of_clocks_end_at_the_same_local_hour() -> None:
    autumn = reminder_moment(None, BERLIN, since=utc(10, 23, 8), days=3, hour=10)
    spring = reminder_moment(None, BERLIN, since=utc(3, 27, 8), days=3, hour=10)

    assert (autumn, spring) == (utc(10, 26, 9), utc(3, 30, 8))


def test_a_reminder_whose_hour_comes_twice_leaves_at_the_first() -> None:
    due = reminder_moment(None, BERLIN, since=utc(10, 24, 8), days=1, hour=2)

    assert due == utc(10, 25, 0)


def test_a_reminder_whose_hour_does_not_exist_leaves_when_the_clocks_have_been_changed() -> (
    None
):
    due = reminder_moment(None, BERLIN, since=utc(3, 28, 8), days=1, hour=2)

    assert due == utc(3, 29, 1)


@pytest.mark.parametrize(
    ("hour", "one", "expected"),
    [
        (None, None, utc(7, 2, 7)),
        (None, window("10:30", "12:00"), utc(7, 2, 8, 30)),
        (11, window("10:30", "12:00"), utc(7, 2, 9)),
        (None, window("10:30", "12:00", "mon"), utc(7, 6, 8, 30)),
    ],
)
def test_the_hour_is_the_plans_or_the_start_of_the_window_or_nine(
    hour: int | None, one: SendingWindow | None, expected: datetime
) -> None:
    found = reminder_moment(one, BERLIN, since=utc(7, 1, 8), days=1, hour=hour)

    assert found == expected


@given(
    zone=st.sampled_from(ZONES),
    day=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    hour=st.integers(0, 23),
    days=st.integers(1, 30),
)
def test_a_reminder_leaves_on_its_local_day_when_the_clock_first_shows_its_hour(
    zone: str, day: date, hour: int, days: int
) -> None:
    invited_at = datetime.combine(day, time(12), tzinfo=ZoneInfo(zone)).astimezone(UTC)

    due = reminder_moment(None, ZoneInfo(zone), since=invited_at, days=days, hour=hour)

    local = due.astimezone(ZoneInfo(zone))
    before = (due - MINUTE).astimezone(ZoneInfo(zone))
    assert local.date() == day + days * DAY
    assert local.hour >= hour
    assert (before.date(), before.hour) < (local.date(), hour)


def test_a_zone_that_this_machine_has_forgotten_counts_as_utc() -> None:
    assert zone_of("Mars/Olympus").key == "UTC"


@pytest.mark.parametrize(
    "wrong",
    [
        window("17:00", "09:00"),
        window("09:00", "09:00"),
        window("09:00", "17:00", "mon", "mon"),
    ],
)
def test_a_window_that_never_opens_or_names_a_day_twice_is_refused(
    wrong: SendingWindow,
) -> None:
    with pytest.raises(FieldInvalid, match="sending_window"):
        wrong.require()
