"""The base of all records on the wire, and two that many of them share."""

import msgspec

__all__ = ["Estimate", "Record", "Score"]


class Record(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A record on the wire: camelCase, absent if ``None``."""


class Estimate(Record, frozen=True, kw_only=True):
    """A figure with its 95 % interval."""

    estimate: float
    """The figure; its unit is that of the member that holds it."""
    low: float
    """Lower end of the 95 % interval, same unit."""
    high: float
    """Upper end of the 95 % interval, same unit."""


class Score(Record, frozen=True, kw_only=True):
    """The level of one construct in one group of people, 0 to 100, with its 95 % interval."""

    mean: float
    """Mean, points of 0 to 100."""
    low: float
    """Lower end of the 95 % interval of the mean, points of 0 to 100."""
    high: float
    """Upper end of the 95 % interval of the mean, points of 0 to 100."""
    level: int
    """Maturity level 1 to 5 of the mean."""
    n: int
    """Respondents behind the mean."""
