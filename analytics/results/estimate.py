"""A figure with its interval, whatever it is a figure of."""

from analytics.results.record import Record

__all__ = ["Estimate"]


class Estimate(Record, frozen=True, kw_only=True):
    """A figure with its 95 % interval."""

    estimate: float
    low: float
    high: float
