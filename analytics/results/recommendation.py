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
"""``firm``: clear; ``lean``: likely, to be talked about; ``no_clear_model``: none stands
out."""
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
"""Why it is less sure, or how to read it. ``BETWEEN``: it stands between two models;
``CENTRE``: no model fits better than the others; ``FEW``: more answers would settle it;
``UNLIKE``: no model describes the unit; ``SPLIT``: its people fall into two camps; ``SECOND``:
a second method names another model; ``MIX``: it leans on how common the model is elsewhere;
``FEW_UNITS``: too few units to learn the company's pattern; ``UNNAMED``: it resembles other
units more than any model; ``UNRELIABLE``: it rests on unreliable scores."""
Structure = Literal["clear", "weak", "none", "cannot_tell"]
"""``clear``, ``weak``, ``none``: how far units differ along the four models; ``cannot_tell``:
there are fewer than 12 units."""
NoChoice = Literal["unanswered", "indistinct", "unreliable"]
"""``unanswered``: nobody answered about the conditions that choose a model; ``indistinct``:
those answered are the same for two models; ``unreliable``: too few were measured reliably."""


class Reason(Record, frozen=True, kw_only=True):
    """How far one construct speaks for the model against the runner-up, in log-odds."""

    construct: str
    """Key of the construct."""
    weight: float
    """How much it weighs, in log-odds; positive values favour the model."""


class Odds(Record, frozen=True, kw_only=True):
    """The plug-in log-odds of the model against the runner-up, in parts that sum to it.

    The probabilities shown are leave-one-out, so their ratio differs a little.
    """

    constructs: float
    """Sum of the weights of all reasons, in log-odds."""
    company_pattern: float
    """How common the two models are in the company, in log-odds."""
    spread: float
    """How widely the units of each of the two models scatter, in log-odds."""
    total: float
    """Sum of the three parts, in log-odds."""


class Move(Record, frozen=True, kw_only=True):
    """The smallest move of one construct alone that would change the model."""

    construct: str
    """Key of the construct."""
    from_: float = msgspec.field(name="from")
    """Where the unit stands, 0 to 100."""
    to: float
    """Where the model would change, points of 0 to 100."""
    model: str
    """The model that would then lead."""
    standard_errors: float | None = None
    """The move in standard errors of the unit's mean: below 2 it is within chance. Absent if
    the mean has no error because everyone answered alike."""


class MoreAnswers(Record, frozen=True, kw_only=True):
    """Probability of the model if more people had answered with the same means."""

    twice: float
    """With twice as many answers, 0 to 1."""
    four_times: float
    """With four times as many answers, 0 to 1."""


class Recommendation(ModelBased, frozen=True, kw_only=True):
    """The operating model that the evidence favours, and how far to trust it.

    Its probabilities hold only if one of the four profiles describes the unit at all.
    """

    status: Band
    """How clear the model is."""
    model: str
    """Key of the most probable operating model."""
    runner_up: str
    """Key of the second most probable operating model."""
    probabilities: dict[str, float]
    """Probability of each of the four models, of ``none`` and of all blends together
    (``between``), 0 to 1; they sum to 1."""
    conditional: dict[str, float]
    """Probability of each of the four models if one of them fits, 0 to 1; they sum to 1."""
    set90: tuple[str, ...]
    """Keys of the smallest set of models that holds 90 % of the conditional probability."""
    second_opinion: str
    """Key of the model that the k-means partition names."""
    reason_codes: tuple[ReasonCode, ...]
    """What to know before relying on it; empty if nothing."""
    unreliable: tuple[str, ...] = ()
    """Constructs with a reliability below .60 that the choice rests on."""
    reasons: tuple[Reason, ...]
    """What speaks for the model, the strongest reason first."""
    odds: Odds | None = None
    """What the lead over the runner-up consists of; None in older releases."""
    would_change: tuple[Move, ...] | None = None
    """Per construct, the fewest standard errors first; a construct that cannot change the
    model on its own is absent."""
    between: tuple[str, ...] | None = None
    """Keys of the two models of the leading blend; None if no blend leads."""
    more_answers: int | None = None
    """About how many more answers would probably settle it."""
    with_more_answers: MoreAnswers | None = None
    """What more answers would bring; None if that cannot be computed."""
    stability: float | None = None
    """Share of resamples of respondents in which the model is the same, 0 to 1; not a
    confidence."""
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
    """What the theory says, points of 0 to 100."""
    learned: float
    """Estimated position of the company's own units of this model, points of 0 to 100."""
    moved: bool
    """The company contradicts the theory here by more than two prior SD."""


class Cluster(Record, frozen=True, kw_only=True):
    """The shown units of one model, over resamples of their respondents."""

    units: int
    """Number of shown units of the model."""
    jaccard: float | None = None
    """Mean similarity of the cluster to its nearest in a resample, 0 to 1; absent without
    units."""
    verdict: Literal["stable", "doubtful", "dissolves"] | None = None
    """``stable`` from a similarity of .75, ``doubtful`` below, ``dissolves`` below .60."""


class Unnamed(Record, frozen=True, kw_only=True):
    """A profile that several units share and none of the models describes."""

    units: tuple[str, ...]
    """The shown units that more probably follow it than any model."""
    log_bayes_factor: float
    """How much better it predicts the answers, a natural logarithm; 3 is strong."""
    profile: dict[str, float]
    """Mean score of those units per construct, 0 to 100, in whole points."""


class CompanyPattern(Record, frozen=True, kw_only=True, omit_defaults=False):
    """The pattern of the company as a whole; ``reach`` is null if there are too few units."""

    structure: Structure
    """Whether units differ in the way that the four models describe."""
    reach: float | None
    """How far units reach from the centre towards the pure models: 0 is not at all, 1 is all
    the way; None if there are too few units."""
    reach_low: float | msgspec.UnsetType = msgspec.UNSET
    """Lower end of the 95 % interval of the reach, 1 is all the way; absent if it was not
    learned."""
    reach_high: float | msgspec.UnsetType = msgspec.UNSET
    """Upper end of the 95 % interval of the reach, 1 is all the way; absent if it was not
    learned."""
    mix: dict[str, float]
    """Share of each of the four models, 0 to 1; they sum to 1."""
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
