"""The root cause that holds a group back."""

from typing import Literal

from analytics.results.record import ModelBased, Record

__all__ = ["Constraint", "ConstraintStatus", "Importance"]

ConstraintStatus = Literal["identified", "tied", "insufficient_evidence"]
"""``identified``: one is the lowest; ``tied``: two are about equally low;
``insufficient_evidence``: the answers do not tell."""


class Importance(Record, frozen=True, kw_only=True):
    """How far colleagues' differences in realised value go together with a root cause."""

    share: float
    """Share of the explained differences, 0 to 1, with its 95 % interval."""
    low: float
    """Lower end of the 95 % interval, 0 to 1."""
    high: float
    """Upper end of the 95 % interval, 0 to 1."""
    merged_with: tuple[str, ...] = ()
    """Constructs that overlap with it so much that they share this figure."""


class Constraint(ModelBased, frozen=True, kw_only=True):
    """Which root cause of a unit is the lowest, and how certain that is."""

    status: ConstraintStatus
    """Whether one root cause can be named."""
    dimensions: tuple[str, ...]
    """Keys of the verdict: one root cause, two tied ones, or none."""
    probabilities: dict[str, float] | None = None
    """Probability that each root cause is the lowest, 0 to 1."""
    distance: dict[str, float] | None = None
    """From the lowest to the next lowest, points of 0 to 100: ``estimate``, ``low``,
    ``high``."""
    importance: dict[str, Importance] | None = None
    """Per root cause of the verdict, for the company, if driver claims are allowed."""
    evidence: tuple[str, ...] = ()
    """Keys of published figures about the root causes of the verdict."""
