"""The phases of scaling and their gates, as catalogue rows and data files hold them."""

import msgspec

from analytics.diagnosis import phases as bare
from survey.instruments.parts import Texts

__all__ = ["Gate", "Phase", "Phases", "Threshold", "Tie", "Weeks"]


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a file: a misspelt field is an error."""


class Threshold(_Part, frozen=True, kw_only=True):
    """From how many points something holds, and why from there."""

    points: float
    """Likert points, 1 to 5."""
    reason: Texts


class Weeks(_Part, frozen=True, kw_only=True):
    """When a phase runs, counted from the start; the last phase has no end."""

    first: int
    last: int | None = None


class Tie(_Part, frozen=True, kw_only=True):
    """An item that measures a gate, and why it does."""

    item: str
    reason: Texts


class Gate(_Part, frozen=True, kw_only=True):
    """One thing that has to be true to leave a phase.

    Raises
    ------
    ValueError
        A gate is measured and tied to no item, or is not measured and is tied to items or
        names no evidence to bring instead.
    """

    key: str
    text: Texts
    measured: bool = True
    """Whether any item of the instrument measures it."""
    ties: tuple[Tie, ...] = ()
    bring: Texts | None = None
    """Evidence that answers cannot replace."""

    def __post_init__(self) -> None:
        """Refuse a gate that claims to be measured and is not, or the reverse."""
        if self.measured != bool(self.ties):
            expected = "needs a tie to an item" if self.measured else "has ties"
            raise ValueError(f"Gate {self.key!r} is measured = {self.measured} and {expected}.")
        if not self.measured and self.bring is None:
            raise ValueError(f"Gate {self.key!r} is not measured and names no evidence.")


class Phase(_Part, frozen=True, kw_only=True):
    """One phase of scaling."""

    key: str
    number: int
    name: Texts
    weeks: Weeks
    gates: tuple[Gate, ...]


class Phases(_Part, frozen=True, kw_only=True):
    """The phases of scaling of one version, in order."""

    version: str
    threshold: Threshold
    phases: tuple[Phase, ...]

    def measures(self) -> bare.Phases:
        """Return the phases as the diagnosis needs them, without words.

        Raises
        ------
        AnalyticsError
            A gate is named twice, there is no phase, or the threshold is out of range.
        """
        return bare.Phases(
            version=self.version,
            threshold=self.threshold.points,
            phases=tuple(
                bare.Phase(
                    key=phase.key,
                    number=phase.number,
                    first_week=phase.weeks.first,
                    last_week=phase.weeks.last,
                    gates=tuple(
                        bare.Gate(key=gate.key, items=tuple(tie.item for tie in gate.ties))
                        for gate in phase.gates
                    ),
                )
                for phase in self.phases
            ),
        )
