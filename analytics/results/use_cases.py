"""Use cases as candidates, and their ranking with what would change it."""

from typing import Literal

import msgspec

from analytics.results.record import Record

__all__ = [
    "Candidate",
    "Caution",
    "Contribution",
    "RankedCandidate",
    "Ranking",
    "RankingStatus",
    "ScoresShown",
    "Tie",
    "WeightRange",
]

RankingStatus = Literal["ranked", "provisional", "deferred"]
"""``ranked``; ``provisional``: ranked while something is unknown; ``deferred``: not ranked."""
ScoresShown = Literal["shown", "not_shown", "no_unit"]
"""``shown``, ``not_shown``: whether scores of the unit may be shown; ``no_unit``: no unit owns
it."""


class Candidate(Record, frozen=True, kw_only=True):
    """A use case that may be chosen, as people have rated it."""

    key: str
    """Identifies the candidate among the others."""
    unit: str | None = None
    """Code of the unit that would own it."""
    scores: dict[str, int] = msgspec.field(default_factory=dict)
    """Criterion to its score, 0 (not at all) to 4 (fully); one left out is unknown."""
    deferrals: dict[str, bool] = msgspec.field(default_factory=dict)
    """Ground for deferral to whether it holds; one left out is unknown."""


class Contribution(Record, frozen=True, kw_only=True):
    """What one criterion adds to a candidate's total."""

    criterion: str
    """Key of the criterion."""
    score: int | None = None
    """None if unknown: it then counts as the middle of the scale, as 0 to 4 in the interval."""
    points: float
    """Points of the total, 0 to 100; the points of all criteria add up to it."""
    lift: float
    """``points`` less those of the average ranked candidate, points of 0 to 100; positive
    values lift the total."""


class Tie(Record, frozen=True, kw_only=True):
    """Why this candidate stands below another of the same total."""

    above: str
    """Key of the candidate right above."""
    decided_by: Literal["fewer_unknown", "heavier_criterion", "key"]
    """``fewer_unknown``: the other has fewer unknown scores; ``heavier_criterion``: it is
    better on the heaviest criterion on which they differ; ``key``: nothing but the order of
    keys."""
    criterion: str | None = None
    """The heaviest criterion on which the two differ, if that decided."""


class Caution(Record, frozen=True, kw_only=True):
    """A low maturity score of the owning unit, which speaks against starting right away."""

    criterion: str
    """The criterion that rests on the construct."""
    construct: str
    """Key of the construct that is low."""
    mean: float
    """Score of the unit, points of 0 to 100."""
    low: float
    """Lower end of the 95 % interval of the score, points of 0 to 100."""
    high: float
    """Upper end of the 95 % interval of the score, points of 0 to 100."""
    sure: bool
    """The whole interval lies below the threshold, not only the mean."""
    contradicts: bool
    """The candidate's own score on the criterion is 3 or 4, so people disagree."""


class RankedCandidate(Record, frozen=True, kw_only=True):
    """One candidate with its place and the reasons for it."""

    key: str
    """Key of the candidate, which is the id of its use case."""
    unit: str | None = None
    """Code of the unit that would own it; None if nobody has named one."""
    status: RankingStatus
    """``provisional``: ranked, while a score or a ground for deferral is still unknown."""
    rank: int | None = None
    """Place among those not deferred, 1 is first."""
    best_rank: int | None = None
    """Best place that the unknown scores leave possible; None if deferred."""
    worst_rank: int | None = None
    """Worst place that the unknown scores leave possible; None if deferred."""
    total: float
    """Weighted mean of the scores, points of 0 to 100."""
    low: float
    """``total`` with all unknown scores at 0, points of 0 to 100."""
    high: float
    """``total`` with all unknown scores at 4, points of 0 to 100."""
    contributions: tuple[Contribution, ...]
    """Largest lift first."""
    unknown: tuple[str, ...]
    """Criteria and grounds for deferral that nobody has rated."""
    deferred_by: tuple[str, ...]
    """Grounds for deferral that hold; one is enough, whatever the total."""
    dominated_by: tuple[str, ...]
    """Candidates that are not worse on any criterion and better on one: they rank above this
    one whatever the weights."""
    first_share: float | None = None
    """Share of all possible weights for which this candidate is first, 0 to 1."""
    central_weights: dict[str, float] | None = None
    """Criterion to the mean of the weights for which it is first, shares of 0 to 1; absent if
    there are none."""
    tie: Tie | None = None
    """Why it stands below the candidate before it; None if their totals differ."""
    readiness: ScoresShown
    """``not_shown``: no scores of the unit may be shown, so missing cautions say nothing."""
    cautions: tuple[Caution, ...]
    """Lowest score first."""


class WeightRange(Record, frozen=True, kw_only=True):
    """How far one weight may move, the others keeping their proportions."""

    criterion: str
    """Key of the criterion."""
    weight: float
    """Share of all weights, 0 to 1."""
    low: float
    """Lower end of the range, a share of 0 to 1."""
    high: float
    """Upper end of the range, a share of 0 to 1: in it the first candidate stays first, or tied
    for first."""
    first_below: str | None = None
    """Who is first just below ``low``; absent if nobody is."""
    first_above: str | None = None
    """Who is first just above ``high``; absent if nobody is."""


class Ranking(Record, frozen=True, kw_only=True):
    """All candidates: those in the order of their rank, then the deferred by their total."""

    criteria: str
    """Version of the criteria."""
    weights: dict[str, float]
    """Criterion to its share of all weights; they sum to 1."""
    candidates: tuple[RankedCandidate, ...]
    """Every candidate with its place."""
    weight_ranges: tuple[WeightRange, ...]
    """One per criterion; empty if fewer than two candidates are ranked."""
