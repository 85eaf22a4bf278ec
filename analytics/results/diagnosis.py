"""How far a unit has come, where its governance is weak, and what it needs first."""

from typing import Literal

from analytics.results.constraint import Constraint, ConstraintStatus
from analytics.results.record import ModelBased, Record
from analytics.vocabulary import ReportStatus

__all__ = [
    "ComponentResult",
    "Diagnosis",
    "GateResult",
    "GovernanceAudit",
    "Passage",
    "PhaseProgress",
    "PhaseResult",
    "PracticeResult",
    "PracticeStatus",
    "Practices",
    "Prerequisite",
    "PrerequisiteStatus",
]

Passage = Literal["passed", "uncertain", "failed", "not_measured"]
PracticeStatus = Literal["in_place", "uncertain", "not_in_place"]
PrerequisiteStatus = Literal["must_come_first", "uncertain", "met"]


class GateResult(Record, frozen=True, kw_only=True):
    """Whether one gate of a phase is passed, by people's answers."""

    gate: str
    status: Passage
    """``passed`` from .80, ``failed`` up to .20, ``not_measured`` without a question."""
    items: int = 0
    """Number of questions behind it."""
    mean: float | None = None
    """0 to 100, with its 95 % interval."""
    low: float | None = None
    high: float | None = None
    probability: float | None = None
    """Probability that the true mean reaches the threshold."""


class PhaseResult(Record, frozen=True, kw_only=True):
    """Whether a unit has passed one phase of scaling."""

    phase: str
    number: int
    first_week: int
    last_week: int | None = None
    status: Passage
    probability: float | None = None
    """Probability that all measured gates are passed together."""
    gates: tuple[GateResult, ...]


class PhaseProgress(ModelBased, frozen=True, kw_only=True):
    """How far a unit has come through the phases of scaling."""

    status: Literal[ReportStatus, "not_measured"]
    threshold: float | None = None
    """Score, 0 to 100, that a gate has to reach."""
    phase: str | None = None
    """The first phase that is not passed, else the last, which has no end."""
    first_unmet: str | None = None
    """Gate of that phase to begin with: the first not passed, else the least certain."""
    phases: tuple[PhaseResult, ...] = ()
    evidence: tuple[str, ...] = ()
    """Published figures about the phase."""
    plan_evidence: tuple[str, ...] = ()
    """Published figures about how long it takes, to be cited beside any plan."""


class ComponentResult(Record, frozen=True, kw_only=True):
    """One component of governance, 0 to 100, with its 95 % interval."""

    mean: float
    low: float
    high: float
    level: int
    n: int
    probability_weakest: float | None = None
    """None if fewer than two components were asked about."""


class GovernanceAudit(ModelBased, frozen=True, kw_only=True):
    """The components of governance in one unit, and which is the weakest."""

    status: Literal[ConstraintStatus, "suppressed"]
    weakest: tuple[str, ...] = ()
    """One component, two tied ones, or none; the likelier first."""
    components: dict[str, ComponentResult] | None = None
    distance: dict[str, float] | None = None
    """``estimate``, ``low``, ``high``: points (0-100) from the weakest to the next."""
    evidence: tuple[str, ...] = ()


class PracticeResult(Record, frozen=True, kw_only=True):
    """One practice of high performers, 0 to 100, with its 95 % interval."""

    status: PracticeStatus
    """``in_place`` from a probability of .80, ``not_in_place`` up to .20."""
    mean: float
    low: float
    high: float
    level: int
    n: int
    items: int
    """Number of questions behind it."""
    probability: float
    """Probability that the true mean reaches the threshold."""
    evidence: tuple[str, ...] = ()


class Practices(ModelBased, frozen=True, kw_only=True):
    """Which practices of high performers a unit has in place."""

    threshold: float
    """Score, 0 to 100, from which a practice is in place."""
    practices: dict[str, PracticeResult]
    """Those that may be shown."""


class Prerequisite(Record, frozen=True, kw_only=True):
    """A condition of an operating model, compared with one maturity score of a unit."""

    model: str
    construct: str
    status: PrerequisiteStatus
    """``must_come_first`` if ``below`` is .80 or more, ``met`` up to .20."""
    score: float
    """0 to 100, as among the unit's scores."""
    low: float | None = None
    high: float | None = None
    """95 % interval of ``score``; older releases have none."""
    needed: float
    """0 to 100."""
    below: float
    """Probability that the true score lies below what is needed."""
    evidence: tuple[str, ...] = ()


class Diagnosis(Record, frozen=True, kw_only=True):
    """The diagnosis of one unit."""

    constraint: Constraint | None = None
    readiness: PhaseProgress | None = None
    governance_audit: GovernanceAudit | None = None
    practices: Practices | None = None
    prerequisites: tuple[Prerequisite, ...] = ()
