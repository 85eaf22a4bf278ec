"""The phases of scaling and their gates as the diagnosis needs them, without texts."""

import msgspec

from analytics.errors import AnalyticsError

__all__ = ["Gate", "Phase", "Phases"]


class Gate(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that has to be true to leave a phase."""

    key: str
    items: tuple[str, ...] = ()
    """Items that measure it; empty if no question of the instrument does."""


class Phase(msgspec.Struct, frozen=True, kw_only=True):
    """One phase of scaling."""

    key: str
    number: int
    first_week: int
    last_week: int | None = None
    """None for the last phase, which has no end."""
    gates: tuple[Gate, ...]


class Phases(msgspec.Struct, frozen=True, kw_only=True):
    """The phases of one version, in order.

    Attributes
    ----------
    version
        Recorded with every result.
    threshold
        Points (1 to 5) that the true mean of a gate's items has to reach.
    phases
        First to last.

    Raises
    ------
    AnalyticsError
        There is no phase, a gate is named twice, or the threshold lies outside 1 to 5.
    """

    version: str
    threshold: float
    phases: tuple[Phase, ...]

    def __post_init__(self) -> None:
        """Refuse phases that no unit could stand in."""
        if not self.phases:
            raise AnalyticsError("There is no phase.")
        keys = [gate.key for gate in self.gates]
        repeated = sorted({key for key in keys if keys.count(key) > 1})
        if repeated:
            raise AnalyticsError(f"A gate is named twice: {repeated[0]!r}.")
        if not 1 <= self.threshold <= 5:
            raise AnalyticsError(f"threshold must lie in 1 to 5 points, is {self.threshold}.")

    @property
    def gates(self) -> tuple[Gate, ...]:
        """Return every gate, phase by phase."""
        return tuple(gate for phase in self.phases for gate in phase.gates)
