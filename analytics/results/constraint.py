"""The root cause that holds a group back."""

from typing import Literal

from analytics.results.record import Record

__all__ = ["Constraint"]


class Constraint(Record, frozen=True, kw_only=True):
    """Which root cause is the lowest of a unit, and how sure that is."""

    status: Literal["identified", "tied", "insufficient_evidence"]
    dimensions: tuple[str, ...]
    """The verdict: one root cause, two tied ones, or none."""
    probabilities: dict[str, float] | None = None
    """Probability that each root cause is the lowest."""
    distance: dict[str, float] | None = None
    """``estimate``, ``low``, ``high``: points (0-100) from the lowest to the next lowest."""
