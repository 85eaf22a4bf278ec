"""What a file's durations and days measure, if they can be what they are called."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

import polars as pl

from survey.files.notices import NoticeCode, Notices, Reading

__all__ = ["EARLIEST_DAY", "last_day", "read_durations", "without_days_outside"]

EARLIEST_DAY = date(2000, 1, 1)
"""Earlier days are stand-ins of programs, such as 1900, 1970 or 1980."""

_FEWEST_PEOPLE = 3
_FEWEST_ITEMS = 10  # answered by the median person; fewer say nothing about a pace
_FASTEST_PACE_S, _SLOWEST_PACE_S = 0.75, 200.0
"""Medians outside are none of people who read a question: see `read_durations`."""
_LONGEST_MEDIAN_S = 20_000  # five and a half hours
_SHORTEST_MEDIAN_S = 60


class _Unit(NamedTuple):
    notice: NoticeCode
    seconds: float


_MINUTES = _Unit("minutes", 60.0)
_MILLISECONDS = _Unit("milliseconds", 0.001)


def read_durations(
    responses: pl.DataFrame, items: Sequence[str], notices: Notices
) -> pl.DataFrame:
    """Return the responses with durations in seconds; 0 is null, which is not measured.

    Parameters
    ----------
    responses : polars.DataFrame
        ``duration_s`` (Float64), and the items.
    items : sequence of str
        Columns of items.
    notices : Notices
        Told of noughts, and of a unit that was guessed.

    Notes
    -----
    The unit is told from the median of the duration per answered item, m. People take 2 to 20
    seconds for a statement (Malhotra 2008 counts below 2 as too fast to have read it). On a
    logarithmic scale, the middle between 6 seconds and what 6 seconds are in minutes (0.1) is
    0.77, and the middle between 6 seconds and 6 000 milliseconds is 190. So m below 0.75 is
    minutes and m above 200 milliseconds, provided that the median itself is below a minute or
    above five and a half hours: the file may hold only a part of the items that were asked.
    """
    nought = responses["duration_s"] == 0
    if nought.any():
        notices.add("not_measured", columns=["duration_s"], count=int(nought.sum()))
        seconds = pl.when(pl.col("duration_s") > 0).then(pl.col("duration_s"))
        responses = responses.with_columns(seconds.alias("duration_s"))
    unit = _unit_of(responses, items)
    if unit is None:
        return responses
    given = responses["duration_s"]
    first = given.drop_nulls()[0]
    notices.add(
        unit.notice,
        columns=["duration_s"],
        count=given.count(),
        examples=[Reading(f"{first:g}", f"{first * unit.seconds:g} s")],
    )
    return responses.with_columns(given * unit.seconds)


def _unit_of(responses: pl.DataFrame, items: Sequence[str]) -> _Unit | None:
    """Return the unit of the durations, None if they can be seconds."""
    answered = pl.sum_horizontal(pl.col(items).is_not_null())
    known = responses.select("duration_s", answered=answered).drop_nulls("duration_s")
    known = known.filter(pl.col("answered") >= _FEWEST_ITEMS)
    if known.height < _FEWEST_PEOPLE:
        return None
    median, pace = known.select(
        pl.col("duration_s").median(),
        (pl.col("duration_s") / pl.col("answered")).median().alias("pace"),
    ).row(0)
    if pace < _FASTEST_PACE_S and median < _SHORTEST_MEDIAN_S:
        return _MINUTES
    if pace > _SLOWEST_PACE_S and median > _LONGEST_MEDIAN_S:
        return _MILLISECONDS
    return None


def last_day(today: date) -> date:
    """Return the last day that can be right: east of here, tomorrow has begun already."""
    return today + timedelta(days=1)


def without_days_outside(
    responses: pl.DataFrame, notices: Notices, *, first: date = EARLIEST_DAY, last: date
) -> pl.DataFrame:
    """Return the responses without days on which nobody can have answered.

    Parameters
    ----------
    responses : polars.DataFrame
        ``submitted_on`` (Date).
    notices : Notices
        Told of the days that are not used.
    first, last : date
        The first and the last day that can be right.
    """
    days = responses["submitted_on"]
    outside = ~days.is_between(first, last).fill_null(value=True)
    if not outside.any():
        return responses
    found = days.filter(outside)
    shown = [Reading(str(day), "") for day in found.unique(maintain_order=True).head(3)]
    notices.add(
        "days_unused", columns=["submitted_on"], count=int(outside.sum()), examples=shown
    )
    used = pl.when(~outside).then(pl.col("submitted_on")).alias("submitted_on")
    return responses.with_columns(used)
