"""Criteria and candidates for tests, nothing random."""

from analytics.results.record import Score
from analytics.results.use_cases import Candidate, RankedCandidate, Ranking
from analytics.use_cases.criteria import Criteria, Criterion

__all__ = ["CRITERIA", "candidate", "criteria", "named", "order", "score"]


def criteria(**weights: float) -> Criteria:
    return Criteria(
        version="test",
        scored=tuple(Criterion(key=key, weight=weight) for key, weight in weights.items()),
        deferrals=("needs_infrastructure",),
    )


CRITERIA = criteria(cost=3.0, data=1.0)


def candidate(
    key: str, *, unit: str | None = None, deferred: bool | None = False, **scores: int
) -> Candidate:
    deferrals = {} if deferred is None else {"needs_infrastructure": deferred}
    return Candidate(key=key, unit=unit, scores=scores, deferrals=deferrals)


def named(ranking: Ranking, key: str) -> RankedCandidate:
    return next(one for one in ranking.candidates if one.key == key)


def order(ranking: Ranking) -> list[str]:
    return [one.key for one in ranking.candidates]


def score(mean: float, *, margin: float = 5.0) -> Score:
    return Score(mean=mean, low=mean - margin, high=mean + margin, level=2, n=20)
