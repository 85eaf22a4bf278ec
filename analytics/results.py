"""What an analysis says: records whose field names in camelCase are the JSON of opmodel.

A figure that may not be shown is ``None`` and left out; its holder's status says why.
"""

from typing import Literal

import msgspec

__all__ = [
    "Analysis",
    "Behaviour",
    "Constraint",
    "Gap",
    "Lineage",
    "Organisation",
    "Reason",
    "Recommendation",
    "Score",
    "Sponsorship",
    "Thresholds",
    "UnitResult",
]


class _Record(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A record on the wire: camelCase, absent where ``None``."""


class Thresholds(msgspec.Struct, frozen=True, kw_only=True):
    """How many people a figure needs (privacy rules); locked when a campaign opens."""

    scores: int = 5
    """Respondents behind any score, share or count."""
    comments: int = 10
    """Respondents of a unit whose comments are shown."""
    drivers: int = 100
    """Respondents behind a driver or impact claim."""


class Lineage(_Record, frozen=True, kw_only=True):
    """What a result was computed from, enough to compute it again."""

    instrument: str
    method: str
    anchors: str
    seed: int
    thresholds: Thresholds
    responses_read: int
    responses_used: int
    sponsors: int


class Score(_Record, frozen=True, kw_only=True):
    """The level of one construct in one group of people, 0 to 100, with its 95 % interval."""

    mean: float
    low: float
    high: float
    level: int
    """Maturity level 1 to 5 of the mean."""
    n: int
    """Respondents behind the mean."""


class Constraint(_Record, frozen=True, kw_only=True):
    """Which root cause is the lowest of a unit, and how sure that is."""

    status: Literal["identified", "tied", "insufficient_evidence"]
    dimensions: tuple[str, ...]
    """The verdict: one root cause, two tied ones, or none."""
    probabilities: dict[str, float] | None = None
    """Probability that each root cause is the lowest."""
    distance: dict[str, float] | None = None
    """``estimate``, ``low``, ``high``: points (0-100) from the lowest to the next lowest."""


class Reason(_Record, frozen=True, kw_only=True):
    """How far one construct speaks for the model against the runner-up, in log-odds."""

    construct: str
    weight: float


class Recommendation(_Record, frozen=True, kw_only=True):
    """The operating model that the evidence leans to, and how far to trust it."""

    status: Literal["firm", "lean", "no_clear_model"]
    model: str
    runner_up: str
    probabilities: dict[str, float]
    """Posterior of the four models, of ``none`` and of all blends together (``between``)."""
    conditional: dict[str, float]
    """The four models' posteriors, renormalised to 1."""
    set90: tuple[str, ...]
    """Smallest set of models that holds 90 % of the conditional probability."""
    second_opinion: str
    """What the k-means partition names."""
    reason_codes: tuple[str, ...]
    reasons: tuple[Reason, ...]
    between: tuple[str, ...] | None = None
    """The two models of the leading blend, where that is what the evidence says."""
    more_answers: int | None = None
    """About how many more answers would probably settle it."""


class Gap(_Record, frozen=True, kw_only=True):
    """Claimed minus perceived sponsorship, in points of 0 to 100, with its 95 % interval."""

    estimate: float
    low: float
    high: float


class Behaviour(_Record, frozen=True, kw_only=True):
    """One behaviour of sponsors: what they claim and what others see, 0 to 100."""

    claimed: float
    gap: float
    low: float
    high: float
    managers: float | None = None
    contributors: float | None = None
    perceived: float | None = None
    """Managers and contributors together, where one of the two groups is too small alone."""


class Sponsorship(_Record, frozen=True, kw_only=True):
    """The gap between the sponsorship that is claimed and the one that is felt."""

    status: Literal["reported", "suppressed", "no_sponsor"]
    perceived_by: Literal["contributors", "all"] | None = None
    sponsor_of: str | None = None
    sponsors: int | None = None
    """How many sponsors' answers the claim rests on; 1 is one person's self-view."""
    gap: Gap | None = None
    quadrant: (
        Literal[
            "blind_spot",
            "visible_sponsor",
            "acknowledged_gap",
            "hidden_strength",
            "too_close_to_call",
        ]
        | None
    ) = None
    behaviours: dict[str, Behaviour] | None = None


class UnitResult(_Record, frozen=True, kw_only=True):
    """Everything that may be said of one business unit and those below it."""

    unit: str
    parent: str | None = None
    status: Literal["reported", "suppressed"]
    respondents: int | None = None
    response_rate: float | None = None
    scores: dict[str, Score] | None = None
    constraint: Constraint | None = None
    recommendation: Recommendation | None = None
    sponsorship: Sponsorship | None = None


class Organisation(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What holds for the company as a whole; ``reach`` is null where too few units speak."""

    structure: Literal["clear", "weak", "none", "cannot_tell"]
    reach: float | None
    """How far units reach from the centre towards the pure models; 1 is all the way."""
    mix: dict[str, float]
    """Share of each of the four models, summing to 1."""


class Analysis(_Record, frozen=True, kw_only=True):
    """The whole result: lineage, company, units in the order of their code."""

    lineage: Lineage
    organisation: Organisation
    units: tuple[UnitResult, ...]
