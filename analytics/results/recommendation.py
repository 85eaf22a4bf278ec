"""The operating model of a group, and what holds for the company."""

from typing import Literal

import msgspec

from analytics.results.record import Record

__all__ = ["Organisation", "Reason", "Recommendation"]


class Reason(Record, frozen=True, kw_only=True):
    """How far one construct speaks for the model against the runner-up, in log-odds."""

    construct: str
    weight: float


class Recommendation(Record, frozen=True, kw_only=True):
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


class Organisation(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What holds for the company as a whole; ``reach`` is null where too few units speak."""

    structure: Literal["clear", "weak", "none", "cannot_tell"]
    reach: float | None
    """How far units reach from the centre towards the pure models; 1 is all the way."""
    mix: dict[str, float]
    """Share of each of the four models, summing to 1."""
