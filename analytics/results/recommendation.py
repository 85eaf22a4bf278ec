"""The operating model of a group, and the pattern of the company."""

from typing import Literal

import msgspec

from analytics.results.diagnosis import Prerequisite
from analytics.results.record import ModelBased, Record
from analytics.results.waves import KeptRecommendation

__all__ = [
    "Band",
    "Cluster",
    "CompanyPattern",
    "MoreAnswers",
    "Move",
    "NoChoice",
    "Odds",
    "ProfileCell",
    "Reason",
    "ReasonCode",
    "Recommendation",
    "Structure",
    "Unnamed",
]

Band = Literal["firm", "lean", "no_clear_model"]
ReasonCode = Literal[
    "BETWEEN",
    "CENTRE",
    "FEW",
    "UNLIKE",
    "SPLIT",
    "SECOND",
    "MIX",
    "FEW_UNITS",
    "UNNAMED",
    "UNRELIABLE",
]
Structure = Literal["clear", "weak", "none", "cannot_tell"]
NoChoice = Literal["unanswered", "indistinct", "unreliable"]
"""Nobody answered about the conditions that choose a model; those answered are the same for two
models; too few were measured reliably."""


class Reason(Record, frozen=True, kw_only=True):
    """How far one construct speaks for the model against the runner-up, in log-odds."""

    construct: str
    weight: float


class Odds(Record, frozen=True, kw_only=True):
    """The plug-in log-odds of the model against the runner-up, in parts that sum to it.

    The probabilities shown are leave-one-out, so their ratio differs a little.
    """

    constructs: float
    """Sum of the weights of all reasons."""
    company_pattern: float
    """How common the two models are in the company."""
    spread: float
    """How widely the units of each of the two models scatter."""
    total: float


class Move(Record, frozen=True, kw_only=True):
    """The smallest move of one construct alone that would change the model."""

    construct: str
    from_: float = msgspec.field(name="from")
    """Where the unit stands, 0 to 100."""
    to: float
    model: str
    """The model that would then lead."""
    standard_errors: float | None = None
    """The move in standard errors of the unit's mean: below 2 it is within chance. Absent if
    the mean has no error because everyone answered alike."""


class MoreAnswers(Record, frozen=True, kw_only=True):
    """Probability of the model if more people had answered with the same means."""

    twice: float
    four_times: float


class Recommendation(ModelBased, frozen=True, kw_only=True):
    """The operating model that the evidence favours, and how far to trust it.

    Its probabilities hold only if one of the four profiles describes the unit at all.
    """

    status: Band
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
    reason_codes: tuple[ReasonCode, ...]
    unreliable: tuple[str, ...] = ()
    """Constructs with a reliability below .60 that the choice rests on."""
    reasons: tuple[Reason, ...]
    odds: Odds | None = None
    would_change: tuple[Move, ...] | None = None
    """Per construct, the fewest standard errors first; a construct that cannot change the
    model on its own is absent."""
    between: tuple[str, ...] | None = None
    """The two models of the leading blend, if a blend leads."""
    more_answers: int | None = None
    """About how many more answers would probably settle it."""
    with_more_answers: MoreAnswers | None = None
    stability: float | None = None
    """Share of resamples of respondents in which the model is the same; not a confidence."""
    silhouette: float | None = None
    """How clearly the k-means partition separates the unit from other clusters, -1 to 1."""
    prerequisites: tuple[Prerequisite, ...] = ()
    """Conditions of the model, by the unit's maturity."""
    since_last_wave: KeptRecommendation | None = None
    """Which model is displayed, if there was a wave before."""
    evidence: tuple[str, ...] = ()
    """Published figures about the model."""


class ProfileCell(Record, frozen=True, kw_only=True):
    """One construct of one model's profile, 0 to 100."""

    anchor: float
    """What the theory says."""
    learned: float
    """Estimated position of the company's own units of this model."""
    moved: bool
    """The company contradicts the theory here by more than two prior SD."""


class Cluster(Record, frozen=True, kw_only=True):
    """The shown units of one model, over resamples of their respondents."""

    units: int
    jaccard: float | None = None
    """Mean similarity of the cluster to its nearest in a resample; absent without units."""
    verdict: Literal["stable", "doubtful", "dissolves"] | None = None
    """``stable`` from .75, ``dissolves`` below .60."""


class Unnamed(Record, frozen=True, kw_only=True):
    """A profile that several units share and none of the models describes."""

    units: tuple[str, ...]
    """The shown units that more probably follow it than any model."""
    log_bayes_factor: float
    """How much better it predicts the answers; 3 is strong."""
    profile: dict[str, float]
    """Mean score of those units per construct, 0 to 100, in whole points."""


class CompanyPattern(Record, frozen=True, kw_only=True, omit_defaults=False):
    """The pattern of the company as a whole; ``reach`` is null if there are too few units."""

    structure: Structure
    reach: float | None
    """How far units reach from the centre towards the pure models; 1 is all the way."""
    reach_low: float | msgspec.UnsetType = msgspec.UNSET
    reach_high: float | msgspec.UnsetType = msgspec.UNSET
    """``reach_low`` to ``reach_high``: 95 % interval of the reach, if it was learned."""
    mix: dict[str, float]
    """Share of each of the four models, summing to 1."""
    left_out: tuple[str, ...] = ()
    """Constructs whose reliability is below .60 by its whole 95 % interval: no choice rests on
    them, and if fewer than five others are left, nothing is recommended."""
    no_choice: NoChoice | msgspec.UnsetType = msgspec.UNSET
    """Why nothing is recommended to any group; absent if something could be."""
    profiles: dict[str, dict[str, ProfileCell]] | msgspec.UnsetType = msgspec.UNSET
    """Model to construct to learned and assumed score; absent if nothing was learned."""
    clusters: dict[str, Cluster] | msgspec.UnsetType = msgspec.UNSET
    """Model to the stability of its cluster; absent if no units are shown."""
    unnamed: Unnamed | msgspec.UnsetType = msgspec.UNSET
    """Absent if no such profile is found."""
