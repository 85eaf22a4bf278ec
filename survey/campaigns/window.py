"""When a message may leave: local hours and days, as wall time in the zone of its reader.

Wall time and zone are kept; moments are computed for each person and day, and compared in UTC.
Python compares two times of one zone by their wall clocks, which is wrong by an hour when the
clocks change.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Annotated, Literal, get_args
from zoneinfo import ZoneInfo

import msgspec

from survey.directory.settings import known_time_zones
from survey.errors import FieldInvalid

__all__ = [
    "SendingWindow",
    "allows",
    "next_moment",
    "reminder_moment",
    "zone_of",
]

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_DAYS: tuple[Day, ...] = get_args(Day)
_CLOCK = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"

WallTime = Annotated[str, msgspec.Meta(pattern=_CLOCK, max_length=5)]
"""A local time, HH:MM, from 00:00 to 23:59."""

_MORNING = time(9)
"""When reminders leave if neither hour nor window is set."""
_DAY = timedelta(days=1)
_HORIZON = 22
"""Days. A window on one day of the week can fall into a gap of that day, and of no two in a
row."""
_STEP = timedelta(hours=6)
_SECOND = timedelta(seconds=1)


class SendingWindow(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True
):
    """Hours and days on which messages may leave, in the time zone of each reader."""

    start: WallTime
    """From when on, local time, HH:MM."""
    end: WallTime
    """Until when, local time, HH:MM; after ``start``, and not included."""
    days: Annotated[tuple[Day, ...], msgspec.Meta(min_length=1, max_length=7)] = _DAYS
    """On which days: ``mon``, ``tue``, ``wed``, ``thu``, ``fri``, ``sat`` and ``sun``; all
    seven if left out."""

    def require(self) -> None:
        """Check that the window opens before it ends, and names no day twice.

        Raises
        ------
        FieldInvalid
            It does not.
        """
        if self.end <= self.start:
            raise FieldInvalid(
                "sending_window", self.end, expected=f"an end after {self.start}"
            )
        if len(set(self.days)) < len(self.days):
            raise FieldInvalid("sending_window", list(self.days), expected="each day once")

    def holds(self, wall: time) -> bool:
        """Tell whether a local time lies in the window."""
        return time.fromisoformat(self.start) <= wall < time.fromisoformat(self.end)


def zone_of(name: str) -> ZoneInfo:
    """Return a time zone; UTC if this machine does not know the name any more."""
    return ZoneInfo(name if name in known_time_zones() else "UTC")


def allows(window: SendingWindow | None, zone: ZoneInfo, moment: datetime) -> bool:
    """Tell whether a message may leave at a moment; without a window it always may.

    Parameters
    ----------
    moment : datetime
        UTC.
    """
    if window is None:
        return True
    local = moment.astimezone(zone)
    return _DAYS[local.weekday()] in window.days and window.holds(local.time())


def next_moment(window: SendingWindow | None, zone: ZoneInfo, after: datetime) -> datetime:
    """Return the earliest moment, from a given one on, at which a message may leave.

    Parameters
    ----------
    after : datetime
        UTC.

    Returns
    -------
    datetime
        UTC; ``after`` itself if the window is open then.
    """
    if window is None or allows(window, zone, after):
        return after
    start = time.fromisoformat(window.start)
    today = after.astimezone(zone).date()
    for count in range(_HORIZON):
        # Two days: where clocks go back across midnight, the later day begins first.
        days = (today + count * _DAY, today + (count + 1) * _DAY)
        found = [
            moment
            for day in days
            for moment in _edges(zone, day, start)
            if moment > after and allows(window, zone, moment)
        ]
        if found:
            return min(found)
    return after + _HORIZON * _DAY  # unreachable in any zone of this planet


def reminder_moment(
    window: SendingWindow | None,
    zone: ZoneInfo,
    *,
    since: datetime,
    days: int,
    hour: int | None,
) -> datetime:
    """Return when somebody is to be reminded.

    Parameters
    ----------
    since : datetime
        When the person's invitation was sent, UTC.
    days : int
        Local days from then on.
    hour : int or None
        Local hour; None is the start of the window, or 9 without one.

    Returns
    -------
    datetime
        UTC; in the window.
    """
    day = since.astimezone(zone).date() + days * _DAY
    if hour is not None:
        wall = time(hour)
    else:
        wall = _MORNING if window is None else time.fromisoformat(window.start)
    return next_moment(window, zone, _first(zone, day, wall))


def _first(zone: ZoneInfo, day: date, wall: time) -> datetime:
    """Return the first moment of a local day at which a clock shows a time or a later one."""
    found = []
    for moment in _edges(zone, day, wall):
        local = moment.astimezone(zone)
        if local.date() == day and local.time() >= wall:
            found.append(moment)
    return min(found, default=_moment(zone, day, wall, fold=0))


def _edges(zone: ZoneInfo, day: date, wall: time) -> Iterator[datetime]:
    """Yield the moments at which a clock may come to show a time; it may do so twice."""
    yield _moment(zone, day, wall, fold=0)
    yield _moment(zone, day, wall, fold=1)
    yield from _changes(zone, day)


def _moment(zone: ZoneInfo, day: date, wall: time, *, fold: int) -> datetime:
    return datetime.combine(day, wall, tzinfo=zone).replace(fold=fold).astimezone(UTC)


@lru_cache(maxsize=4096)
def _changes(zone: ZoneInfo, day: date) -> tuple[datetime, ...]:
    """Return the moments, around a local day, at which the clocks are changed."""
    middle = datetime.combine(day, time(12), tzinfo=UTC)
    steps = [middle + count * _STEP for count in range(-5, 6)]
    return tuple(
        _change_between(zone, low, low + _STEP)
        for low in steps
        if _offset(zone, low) != _offset(zone, low + _STEP)
    )


def _change_between(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    before = _offset(zone, low)
    while high - low > _SECOND:
        middle = low + (high - low) // _SECOND // 2 * _SECOND
        if _offset(zone, middle) == before:
            low = middle
        else:
            high = middle
    return high


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta | None:
    return moment.astimezone(zone).utcoffset()
