"""The ranking of use cases: a weighted sum in the open, and everything that would change it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analytics.results.scores import Score
from analytics.results.use_cases import (
    Candidate,
    Contribution,
    RankedCandidate,
    Ranking,
    Tie,
    WeightRange,
)
from analytics.use_cases.cautions import cautions
from analytics.use_cases.criteria import (
    HIGHEST_SCORE,
    Criteria,
    require_candidates,
    weight_shares,
)
from analytics.use_cases.order import dominators, possible_ranks, ranked_rows, ties
from analytics.use_cases.totals import Rated, rated, totals
from analytics.use_cases.what_if import acceptability, weight_reach

__all__ = ["rank_use_cases"]

Readiness = Mapping[str, Mapping[str, Score]]


@dataclass(frozen=True)
class _Place:
    """Where one candidate that is not deferred stands, and how firmly."""

    rank: int
    best: int
    worst: int
    dominated_by: tuple[str, ...]
    first_share: float
    central: NDArray[np.float64]
    tie: Tie | None


def rank_use_cases(
    candidates: Sequence[Candidate],
    criteria: Criteria,
    *,
    weights: Mapping[str, float] | None = None,
    readiness: Readiness | None = None,
    seed: int = 0,
) -> Ranking:
    """Rank candidates by the weighted mean of their scores, and say what would change it.

    Parameters
    ----------
    candidates : sequence of Candidate
        In any order; the ranking does not depend on it.
    criteria : Criteria
        What to prefer and what to defer for.
    weights : mapping of str to float, optional
        Criterion to weight; those of ``criteria`` by default.
    readiness : mapping of str to mapping of str to Score, optional
        Unit to its maturity scores, 0 to 100, only those that may be shown. They lead to
        cautions and move nobody up or down: the total stays what the weights make of it.
    seed : int, default=0
        Seed of the weight vectors that are tried.

    Returns
    -------
    Ranking
        Candidates in the order of their rank; those deferred after them by total.

    Raises
    ------
    AnalyticsError
        See ``require_candidates`` and ``weight_shares``.

    Notes
    -----
    total = 100 sum_j w_j s_j / 4. An unknown score counts as 2, the middle, in the total and
    as 0 to 4 in its interval. A ground for deferral that holds takes a candidate out of the
    ranking whatever its total; one that is unknown leaves it in, marked provisional.

    References
    ----------
    .. [1] mission.md, "Choosing use cases"; the criteria are from published research.
    """
    require_candidates(candidates, criteria)
    shares = weight_shares(criteria, weights)
    ordered = sorted(candidates, key=lambda candidate: candidate.key)
    standing = [candidate for candidate in ordered if not _deferred_by(candidate, criteria)]
    deferred = [candidate for candidate in ordered if _deferred_by(candidate, criteria)]
    scores = rated(standing, criteria)
    average = scores.middle.mean(axis=0) if standing else None
    places = _places(standing, scores, shares, criteria, seed=seed)
    describe = _Description(criteria, shares, average, readiness or {})
    first = [
        describe.of(standing[row], place)
        for row, place in sorted(places.items(), key=lambda entry: entry[1].rank)
    ]
    last = [describe.of(candidate, None) for candidate in deferred]
    return Ranking(
        criteria=criteria.version,
        weights=dict(zip(criteria.keys, shares.tolist(), strict=True)),
        candidates=(*first, *sorted(last, key=lambda found: (-found.total, found.key))),
        weight_ranges=_weight_ranges(first, standing, scores, shares, criteria),
    )


def _deferred_by(candidate: Candidate, criteria: Criteria) -> tuple[str, ...]:
    return tuple(key for key in criteria.deferrals if candidate.deferrals.get(key, False))


def _places(
    standing: Sequence[Candidate],
    scores: Rated,
    shares: NDArray[np.float64],
    criteria: Criteria,
    *,
    seed: int,
) -> dict[int, _Place]:
    """Find the place of every candidate that is not deferred, by its row."""
    if not standing:
        return {}
    keys = [candidate.key for candidate in standing]
    found = totals(scores, shares)
    order = ranked_rows(keys, scores, found, shares)
    decided = ties(order, keys, scores, found, shares, criteria.keys)
    best, worst = possible_ranks(found)
    above = dominators(scores)
    accepted = acceptability(scores, seed=seed)
    return {
        row: _Place(
            rank=place,
            best=int(best[row]),
            worst=int(worst[row]),
            dominated_by=tuple(keys[other] for other in above[row]),
            first_share=float(accepted.first[row]),
            central=accepted.central[row],
            tie=decided.get(row),
        )
        for place, row in enumerate(order, start=1)
    }


def _weight_ranges(
    ranked: Sequence[RankedCandidate],
    standing: Sequence[Candidate],
    scores: Rated,
    shares: NDArray[np.float64],
    criteria: Criteria,
) -> tuple[WeightRange, ...]:
    if len(ranked) < 2:
        return ()
    keys = [candidate.key for candidate in standing]
    first = keys.index(ranked[0].key)
    reaches = [
        weight_reach(scores.middle, shares, first, column) for column in range(len(shares))
    ]
    return tuple(
        WeightRange(
            criterion=key,
            weight=float(share),
            low=reach.low,
            high=reach.high,
            first_below=None if reach.below is None else keys[reach.below],
            first_above=None if reach.above is None else keys[reach.above],
        )
        for key, share, reach in zip(criteria.keys, shares, reaches, strict=True)
    )


@dataclass(frozen=True)
class _Description:
    """Puts into records what was found of single candidates."""

    criteria: Criteria
    shares: NDArray[np.float64]
    average: NDArray[np.float64] | None
    """Mean score of the ranked candidates on each criterion; None where there are none."""
    readiness: Readiness

    def of(self, candidate: Candidate, place: _Place | None) -> RankedCandidate:
        """Describe one candidate; without a place it is deferred."""
        scores = rated([candidate], self.criteria)
        found = totals(scores, self.shares)
        unknown = self._unknown(candidate)
        maturity = self.readiness.get(candidate.unit or "", {})
        return RankedCandidate(
            key=candidate.key,
            unit=candidate.unit,
            status=_status(place, unknown),
            rank=None if place is None else place.rank,
            best_rank=None if place is None else place.best,
            worst_rank=None if place is None else place.worst,
            total=float(found.middle[0]),
            low=float(found.low[0]),
            high=float(found.high[0]),
            contributions=self._contributions(candidate, scores.middle[0]),
            unknown=unknown,
            deferred_by=_deferred_by(candidate, self.criteria),
            dominated_by=() if place is None else place.dominated_by,
            first_share=None if place is None else place.first_share,
            central_weights=None if place is None else self._weights(place.central),
            tie=None if place is None else place.tie,
            readiness=_readiness(candidate, maturity),
            cautions=cautions(candidate, self.criteria, maturity),
        )

    def _unknown(self, candidate: Candidate) -> tuple[str, ...]:
        asked = (
            (self.criteria.keys, candidate.scores),
            (self.criteria.deferrals, candidate.deferrals),
        )
        return tuple(key for keys, given in asked for key in keys if key not in given)

    def _contributions(
        self, candidate: Candidate, score: NDArray[np.float64]
    ) -> tuple[Contribution, ...]:
        points = 100.0 * self.shares * score / HIGHEST_SCORE
        typical = score if self.average is None else self.average
        lift = 100.0 * self.shares * (score - typical) / HIGHEST_SCORE
        keys = self.criteria.keys
        return tuple(
            Contribution(
                criterion=keys[j],
                score=candidate.scores.get(keys[j]),
                points=float(points[j]),
                lift=float(lift[j]),
            )
            for j in np.argsort(-lift, kind="stable")
        )

    def _weights(self, central: NDArray[np.float64]) -> dict[str, float] | None:
        if not np.isfinite(central).all():
            return None
        return dict(zip(self.criteria.keys, central.tolist(), strict=True))


def _status(
    place: _Place | None, unknown: tuple[str, ...]
) -> Literal["ranked", "provisional", "deferred"]:
    if place is None:
        return "deferred"
    return "provisional" if unknown else "ranked"


def _readiness(
    candidate: Candidate, maturity: Mapping[str, Score]
) -> Literal["shown", "not_shown", "no_unit"]:
    if candidate.unit is None:
        return "no_unit"
    return "shown" if maturity else "not_shown"
