"""The Shapley (LMG) decomposition of R², exact over all subsets of predictors."""

from math import factorial

import numpy as np
from numpy.typing import NDArray

from analytics.errors import AnalyticsError

__all__ = ["MOST_PREDICTORS", "shapley_shares", "subset_r_squared"]

MOST_PREDICTORS = 12
"""More would need more than 2^12 regressions for every resample."""

_NO_VARIANCE = 1e-10
"""Share of a variance below which a variable adds rounding, not information."""


def shapley_shares(correlation: NDArray[np.float64]) -> NDArray[np.float64]:
    """Split R² among the predictors: the mean gain of each over all orders of entry.

    Parameters
    ----------
    correlation : ndarray of shape (..., p + 1, p + 1)
        Correlations of p predictors and, last, the outcome; any number of matrices at once.
        A variable without variance has zeros beside its diagonal.

    Returns
    -------
    ndarray of shape (..., p)
        Not negative, summing to R².

    Raises
    ------
    AnalyticsError
        There are more than 12 predictors.

    Notes
    -----
    share_j = sum over subsets S without j of |S|! (p - |S| - 1)! / p! [R²(S + j) - R²(S)].
    The mean over all p! orders of entry (Lindeman, Merenda & Gold 1980) is the Shapley value
    of the game whose worth is R²; also general dominance (Budescu 1993). Time O(2^p p).

    References
    ----------
    .. [1] R. H. Lindeman, P. F. Merenda & R. Z. Gold (1980), Introduction to bivariate and
       multivariate analysis, p. 119.
    .. [2] U. Grömping (2007), Estimators of relative importance in linear regression based on
       variance decomposition, The American Statistician 61, 139-147.
    """
    worth = subset_r_squared(correlation)
    p = correlation.shape[-1] - 1
    subsets = np.arange(2**p)
    sizes = np.bitwise_count(subsets).astype(int)
    weight = np.array(
        [factorial(size) * factorial(p - size - 1) / factorial(p) for size in range(p)] + [0.0]
    )
    shares = []
    for j in range(p):
        without = subsets[subsets & (1 << j) == 0]
        gain = worth[without | (1 << j)] - worth[without]
        shares.append(np.einsum("s,s...->...", weight[sizes[without]], gain))
    return np.stack(shares, axis=-1)


def subset_r_squared(correlation: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return R² of the outcome on every subset of the predictors.

    Parameters
    ----------
    correlation : ndarray of shape (..., p + 1, p + 1)
        As for ``shapley_shares``.

    Returns
    -------
    ndarray of shape (2^p, ...)
        Predictor j is in subset s if bit j of s is set; the empty subset has 0.

    Raises
    ------
    AnalyticsError
        There are more than 12 predictors.

    Notes
    -----
    The predictors are taken one by one. Each splits every covariance so far into two: as it is,
    and given the predictor (a Schur complement, one step of Gaussian elimination). The
    outcome's unexplained variance for every subset remains in the end. A predictor that others
    determine leaves the covariance as it is.
    """
    p = correlation.shape[-1] - 1
    if p > MOST_PREDICTORS:
        raise AnalyticsError(f"{p} predictors are more than the {MOST_PREDICTORS} possible.")
    left = correlation[None]
    for _ in range(p):
        pivot, link, rest = left[..., :1, :1], left[..., 1:, :1], left[..., 1:, 1:]
        informs = pivot > _NO_VARIANCE
        step = np.where(informs, link / np.where(informs, pivot, 1.0), 0.0)
        left = np.concatenate([rest, rest - step * np.swapaxes(link, -1, -2)])
    return np.asarray(1.0 - left[..., 0, 0])
