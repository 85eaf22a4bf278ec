"""How large a gap is, whatever the number of people: three effect sizes of one unit's cells."""

from math import exp, lgamma, log
from typing import Literal, TypeAlias

import numpy as np

from analytics.sponsorship.cells import Cell

__all__ = [
    "FAVOURABLE",
    "Band",
    "cliffs_delta",
    "delta_band",
    "favourable_share",
    "small_sample_factor",
]

Band: TypeAlias = Literal["negligible", "small", "medium", "large"]

FAVOURABLE = 4.0
"""A score from here on is favourable: 4 or 5 on average."""

_BANDS: tuple[tuple[float, Band], ...] = (
    (0.15, "negligible"),
    (0.33, "small"),
    (0.47, "medium"),
)
_ROUNDING = 1e-9


def small_sample_factor(freedom: int) -> float:
    """Return J, which takes the bias off a standardised difference.

    Parameters
    ----------
    freedom : int
        Degrees of freedom of the standard deviation, at least 1. J of 1 is 0: its expectation
        does not exist.

    Notes
    -----
    J(m) = gamma(m/2) / (sqrt(m/2) gamma((m - 1)/2)), about 1 - 3 / (4 m - 1).

    References
    ----------
    .. [1] Hedges (1981), Distribution theory for Glass's estimator of effect size.
    """
    if freedom < 2:
        return 0.0
    return exp(lgamma(freedom / 2) - log(freedom / 2) / 2 - lgamma((freedom - 1) / 2))


def cliffs_delta(one: Cell, other: Cell) -> float:
    """Return how much more often a score of one group exceeds the other's than falls short.

    Notes
    -----
    (pairs with x > y less pairs with x < y) / all pairs, from -1 to 1; only the order of scores
    counts. O((n + m) log m).

    References
    ----------
    .. [1] Cliff (1993), Dominance statistics: ordinal analyses to answer ordinal questions.
    """
    below = np.searchsorted(other.scores, one.scores - _ROUNDING, side="left")
    up_to = np.searchsorted(other.scores, one.scores + _ROUNDING, side="right")
    return float(below.sum() - (other.n - up_to).sum()) / (one.n * other.n)


def delta_band(delta: float) -> Band:
    """Return the word for the size of Cliff's delta: limits .15, .33 and .47."""
    return next((band for limit, band in _BANDS if abs(delta) < limit), "large")


def favourable_share(cell: Cell) -> float:
    """Return the share of people whose score is 4 or more."""
    return 1.0 - int(np.searchsorted(cell.scores, FAVOURABLE - _ROUNDING)) / cell.n
