"""Levels of constructs."""

from analytics.results.record import Record

__all__ = ["Score"]


class Score(Record, frozen=True, kw_only=True):
    """The level of one construct in one group of people, 0 to 100, with its 95 % interval."""

    mean: float
    low: float
    high: float
    level: int
    """Maturity level 1 to 5 of the mean."""
    n: int
    """Respondents behind the mean."""
