"""Totals of candidates with the interval that unknown scores leave; it orders nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.results.use_cases import Candidate
from analytics.use_cases.criteria import HIGHEST_SCORE, Criteria

__all__ = ["LEVEL", "Rated", "Totals", "rated", "totals"]

LEVEL = 1e-9
"""Totals (0 to 100) closer than this are level: what is left is rounding."""

_MIDDLE = HIGHEST_SCORE / 2


@dataclass(frozen=True)
class Rated:
    """Scores of candidates on the criteria, arrays of shape (n_candidates, n_criteria).

    Attributes
    ----------
    known : ndarray of bool
        Whether anybody has rated the cell.
    middle, low, high : ndarray of float
        The score from 0 to 4; where unknown 2, 0 and 4.
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
    """Lay out what is known of each candidate; an unknown score is every score at once."""
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
