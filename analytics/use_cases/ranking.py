"""The ranking of use cases: a transparent weighted sum, and what would change it."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from analytics.results.use_cases import Candidate, RankedCandidate, Ranking, WeightRange
from analytics.use_cases.criteria import Criteria, require_candidates, weight_shares
from analytics.use_cases.description import Description, Place, UnitScores, deferred_by
from analytics.use_cases.totals import (
    Rated,
    dominators,
    possible_ranks,
    ranked_rows,
    rated,
    ties,
    totals,
)
from analytics.use_cases.what_if import acceptability, weight_reach

__all__ = ["rank_use_cases"]


def rank_use_cases(
    candidates: Sequence[Candidate],
    criteria: Criteria,
    *,
    weights: Mapping[str, float] | None = None,
    unit_scores: UnitScores | None = None,
    seed: int = 0,
) -> Ranking:
    """Rank candidates by the weighted mean of their scores, and say what would change it.

    Parameters
    ----------
    candidates : sequence of Candidate
        In any order; the ranking does not depend on it.
    criteria : Criteria
        Criteria to weigh, and grounds for deferral.
    weights : mapping of str to float, optional
        Criterion to weight; those of ``criteria`` by default.
    unit_scores : mapping of str to mapping of str to Score, optional
        Unit to its maturity scores, 0 to 100, only those that may be shown. They lead to
        cautions and never move a candidate: the total depends on the weights alone.
    seed : int, default=0
        Seed of the weight vectors.

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
    as 0 to 4 in its interval. A ground for deferral that holds removes a candidate from the
    ranking, whatever its total. If it is unknown whether a ground holds, the candidate stays,
    marked provisional.

    References
    ----------
    .. [1] mission.md, "Choosing use cases"; the criteria are from published research.
    """
    require_candidates(candidates, criteria)
    shares = weight_shares(criteria, weights)
    ordered = sorted(candidates, key=lambda candidate: candidate.key)
    standing = [candidate for candidate in ordered if not deferred_by(candidate, criteria)]
    deferred = [candidate for candidate in ordered if deferred_by(candidate, criteria)]
    scores = rated(standing, criteria)
    average = scores.middle.mean(axis=0) if standing else None
    places = _places(standing, scores, shares, criteria, seed=seed)
    describe = Description(criteria, shares, average, unit_scores or {})
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


def _places(
    standing: Sequence[Candidate],
    scores: Rated,
    shares: NDArray[np.float64],
    criteria: Criteria,
    *,
    seed: int,
) -> dict[int, Place]:
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
        row: Place(
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
            first_below=None if reach.first_below is None else keys[reach.first_below],
            first_above=None if reach.first_above is None else keys[reach.first_above],
        )
        for key, share, reach in zip(criteria.keys, shares, reaches, strict=True)
    )
