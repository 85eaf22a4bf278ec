"""Totals of candidates with the interval that unknown scores leave, and their order."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from analytics.results.use_cases import Candidate, Tie
from analytics.use_cases.criteria import HIGHEST_SCORE, Criteria

__all__ = [
    "LEVEL",
    "Rated",
    "Totals",
    "dominators",
    "possible_ranks",
    "ranked_rows",
    "rated",
    "ties",
    "totals",
]

LEVEL = 1e-9
"""Totals (0 to 100) closer than this count as equal: the rest is rounding."""

_MIDDLE = HIGHEST_SCORE / 2


@dataclass(frozen=True)
class Rated:
    """Scores of candidates on the criteria, arrays of shape (n_candidates, n_criteria).

    Attributes
    ----------
    known : ndarray of bool
        Whether anybody has rated the cell.
    middle, low, high : ndarray of float
        The score from 0 to 4; if it is unknown: 2, 0 and 4.
    """

    known: NDArray[np.bool_]
    middle: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


@dataclass(frozen=True)
class Totals:
    """Weighted means of the scores, 0 to 100, shape (n_candidates,) each."""

    middle: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def rated(candidates: Sequence[Candidate], criteria: Criteria) -> Rated:
    """Lay out what is known of each candidate; an unknown score spans the whole scale."""
    given = np.array(
        [
            [candidate.scores.get(key, np.nan) for key in criteria.keys]
            for candidate in candidates
        ],
        dtype=np.float64,
    ).reshape(len(candidates), len(criteria.keys))
    known = np.isfinite(given)
    return Rated(
        known,
        np.where(known, given, _MIDDLE),
        np.where(known, given, 0.0),
        np.where(known, given, float(HIGHEST_SCORE)),
    )


def totals(scores: Rated, shares: NDArray[np.float64]) -> Totals:
    """Weigh the scores: 100 sum_j w_j s_j / 4, with the shares w summing to 1."""
    scale = 100.0 / HIGHEST_SCORE
    middle, low, high = (
        scale * (cells * shares).sum(axis=1)
        for cells in (scores.middle, scores.low, scores.high)
    )
    return Totals(middle, low, high)


def ranked_rows(
    keys: Sequence[str], scores: Rated, found: Totals, shares: NDArray[np.float64]
) -> list[int]:
    """Return the rows of the candidates, first place first.

    Notes
    -----
    By total. If totals are equal, by the least that the total can be (fewer unknown scores);
    then by the score on the heaviest criterion, the next heaviest and so on; then by key.
    Criteria of equal weight count in their own order.
    """
    heaviest = np.argsort(-shares, kind="stable")
    total, least = _levelled(found.middle), _levelled(found.low)

    def place(row: int) -> tuple[float, float, tuple[float, ...], str]:
        by_criterion = tuple(-scores.middle[row, heaviest])
        return -total[row], -least[row], by_criterion, keys[row]

    return sorted(range(len(keys)), key=place)


def _levelled(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give equal totals exactly the same value: that of the least of them."""
    order = np.argsort(values, kind="stable")
    steps = np.diff(values[order], prepend=values[order[:1]])
    starts = np.where(steps > LEVEL, np.arange(len(values)), 0)
    level = np.empty_like(values)
    level[order] = values[order][np.maximum.accumulate(starts)]
    return level


def ties(
    order: Sequence[int],
    keys: Sequence[str],
    scores: Rated,
    found: Totals,
    shares: NDArray[np.float64],
    names: Sequence[str],
) -> dict[int, Tie]:
    """Say what decided each tie, by the row that came out below."""
    heaviest = np.argsort(-shares, kind="stable")
    decided = {}
    for above, below in pairwise(order):
        if found.middle[above] - found.middle[below] > LEVEL:
            continue
        differing = [j for j in heaviest if scores.middle[above, j] != scores.middle[below, j]]
        if found.low[above] - found.low[below] > LEVEL:
            decided[below] = Tie(above=keys[above], decided_by="fewer_unknown")
        elif differing:
            decided[below] = Tie(
                above=keys[above],
                decided_by="heavier_criterion",
                criterion=names[differing[0]],
            )
        else:
            decided[below] = Tie(above=keys[above], decided_by="key")
    return decided


def possible_ranks(found: Totals) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the best and the worst place that unknown scores leave possible, shape (n,) each.

    Notes
    -----
    Unknown scores of two candidates are independent of each other. So another candidate is
    above for sure if its least total exceeds this one's greatest, and may be above if its
    greatest exceeds this one's least.
    """
    surely = (found.low[None, :] > found.high[:, None] + LEVEL).sum(axis=1)
    maybe = found.high[None, :] > found.low[:, None] + LEVEL
    np.fill_diagonal(maybe, val=False)
    return 1 + surely, 1 + maybe.sum(axis=1)


def dominators(scores: Rated) -> list[NDArray[np.intp]]:
    """Return for each row the rows that dominate it (Pareto), whatever the unknown scores.

    A candidate dominates another if its least score reaches the other's greatest on every
    criterion and exceeds it on one.
    """
    least, greatest = scores.low[None, :, :], scores.high[:, None, :]
    dominates = np.logical_and((least >= greatest).all(axis=2), (least > greatest).any(axis=2))
    return [np.flatnonzero(dominates[row]) for row in range(len(scores.known))]
