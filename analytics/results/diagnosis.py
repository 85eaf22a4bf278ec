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
"""``passed``, ``failed``: the evidence is clear; ``uncertain``: it is not; ``not_measured``: no
question asks for it."""
PracticeStatus = Literal["in_place", "uncertain", "not_in_place"]
"""``in_place``, ``not_in_place``: the evidence is clear; ``uncertain``: it is not."""
PrerequisiteStatus = Literal["must_come_first", "uncertain", "met"]
"""``must_come_first``: the unit is not there yet; ``met``: it is; ``uncertain``: the evidence
does not tell."""


class GateResult(Record, frozen=True, kw_only=True):
    """Whether one gate of a phase is passed, by people's answers."""

    gate: str
    """Key of the gate."""
    status: Passage
    """``passed`` from .80, ``failed`` up to .20, ``not_measured`` without a question."""
    items: int = 0
    """Number of questions behind it."""
    mean: float | None = None
    """Mean of the answers, points of 0 to 100; None without a question."""
    low: float | None = None
    """Lower end of the 95 % interval of the mean, points of 0 to 100."""
    high: float | None = None
    """Upper end of the 95 % interval of the mean, points of 0 to 100."""
    probability: float | None = None
    """Probability that the true mean reaches the threshold, 0 to 1."""


class PhaseResult(Record, frozen=True, kw_only=True):
    """Whether a unit has passed one phase of scaling."""

    phase: str
    """Key of the phase."""
    number: int
    """Place of the phase in the order, from 1."""
    first_week: int
    """First week of the phase in the plan, counted from 1."""
    last_week: int | None = None
    """Last week of the phase in the plan; None for the last phase, which has no end."""
    status: Passage
    """Whether the phase is passed."""
    probability: float | None = None
    """Probability that all measured gates are passed together, 0 to 1."""
    gates: tuple[GateResult, ...]
    """What has to be true to leave the phase, in order."""


class PhaseProgress(ModelBased, frozen=True, kw_only=True):
    """How far a unit has come through the phases of scaling."""

    status: Literal[ReportStatus, "not_measured"]
    """``not_measured``: no question asks for any gate."""
    threshold: float | None = None
    """Score that a gate has to reach, points of 0 to 100."""
    phase: str | None = None
    """Key of the first phase that is not passed, else of the last, which has no end."""
    first_unmet: str | None = None
    """Key of the gate of that phase to begin with: the first not passed, else the least
    certain."""
    phases: tuple[PhaseResult, ...] = ()
    """All phases, in order; empty if nothing may be shown."""
    evidence: tuple[str, ...] = ()
    """Keys of published figures about the phase."""
    plan_evidence: tuple[str, ...] = ()
    """Keys of published figures about how long it takes, to be cited beside any plan."""


class ComponentResult(Record, frozen=True, kw_only=True):
    """One component of governance, 0 to 100, with its 95 % interval."""

    mean: float
    """Mean, points of 0 to 100."""
    low: float
    """Lower end of the 95 % interval of the mean, points of 0 to 100."""
    high: float
    """Upper end of the 95 % interval of the mean, points of 0 to 100."""
    level: int
    """Maturity level of the mean, 1 to 5."""
    n: int
    """Respondents behind the mean."""
    probability_weakest: float | None = None
    """Probability that it is the weakest, 0 to 1; None if fewer than two components were asked
    about."""


class GovernanceAudit(ModelBased, frozen=True, kw_only=True):
    """The components of governance in one unit, and which is the weakest."""

    status: Literal[ConstraintStatus, "suppressed"]
    """Whether the weakest component can be named; ``suppressed``: it may not be shown."""
    weakest: tuple[str, ...] = ()
    """Keys of one component, two tied ones, or none; the likelier first."""
    components: dict[str, ComponentResult] | None = None
    """By component; None if nothing may be shown."""
    distance: dict[str, float] | None = None
    """From the weakest component to the next, points of 0 to 100: ``estimate``, ``low``,
    ``high``."""
    evidence: tuple[str, ...] = ()
    """Keys of published figures about governance."""


class PracticeResult(Record, frozen=True, kw_only=True):
    """One practice of high performers, 0 to 100, with its 95 % interval."""

    status: PracticeStatus
    """``in_place`` from a probability of .80, ``not_in_place`` up to .20."""
    mean: float
    """Mean, points of 0 to 100."""
    low: float
    """Lower end of the 95 % interval of the mean, points of 0 to 100."""
    high: float
    """Upper end of the 95 % interval of the mean, points of 0 to 100."""
    level: int
    """Maturity level of the mean, 1 to 5."""
    n: int
    """Respondents behind the mean."""
    items: int
    """Number of questions behind it."""
    probability: float
    """Probability that the true mean reaches the threshold, 0 to 1."""
    evidence: tuple[str, ...] = ()
    """Keys of published figures about the practice."""


class Practices(ModelBased, frozen=True, kw_only=True):
    """Which practices of high performers a unit has in place."""

    threshold: float
    """Score from which a practice is in place, points of 0 to 100."""
    practices: dict[str, PracticeResult]
    """By practice, those that may be shown."""


class Prerequisite(Record, frozen=True, kw_only=True):
    """A condition of an operating model, compared with one maturity score of a unit."""

    model: str
    """Key of the operating model that needs it."""
    construct: str
    """Key of the construct whose score is compared."""
    status: PrerequisiteStatus
    """``must_come_first`` if ``below`` is .80 or more, ``met`` up to .20."""
    score: float
    """The unit's score, points of 0 to 100, as among its scores."""
    low: float | None = None
    """Lower end of the 95 % interval of ``score``, points of 0 to 100; None in older
    releases."""
    high: float | None = None
    """Upper end of the 95 % interval of ``score``, points of 0 to 100; None in older
    releases."""
    needed: float
    """The score from which the condition is met, points of 0 to 100."""
    below: float
    """Probability that the true score lies below what is needed, 0 to 1."""
    evidence: tuple[str, ...] = ()
    """Keys of published figures about the condition."""


class Diagnosis(Record, frozen=True, kw_only=True):
    """The diagnosis of one unit."""

    constraint: Constraint | None = None
    readiness: PhaseProgress | None = None
    governance_audit: GovernanceAudit | None = None
    practices: Practices | None = None
    prerequisites: tuple[Prerequisite, ...] = ()
