"""Units whose people fall into two camps along the models: a flag, never the camps."""

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from analytics.study.unit_means import Deviations

__all__ = ["split_units"]

_FEWEST_PEOPLE = 12
_SPLIT = 1.8
_NO_VARIANCE = 1e-12
"""Below so much of it, variance is rounding."""


def split_units(
    deviations: Deviations, within: NDArray[np.float64], centroids: NDArray[np.float64]
) -> frozenset[str]:
    """Find the units whose people differ far more along some pair of models than is usual.

    Parameters
    ----------
    deviations : Deviations
        Of people from their units, on p constructs.
    within : ndarray of shape (p, p)
        Pooled covariance of people within units, W, points squared.
    centroids : ndarray of shape (m, p)
        Profile of each model in this company, points.

    Returns
    -------
    frozenset of str
        Units of at least 12 people in which, for some pair of models k and l, the variance of
        people's projections on W^-1 (mu_k - mu_l) is more than 1.8 times the pooled one.

    References
    ----------
    .. [1] method.md 1.6, SPLIT.
    """
    size = len(deviations.units)
    people = np.bincount(deviations.rows, minlength=size)
    pairs = list(combinations(range(len(centroids)), 2))
    apart = np.stack([centroids[k] - centroids[other] for k, other in pairs])
    # A construct on which nobody differs from their unit has no part in a camp.
    axes = np.linalg.pinv(within, rcond=_NO_VARIANCE, hermitian=True) @ apart.T
    projected = deviations.values @ axes
    variances = _variances(deviations.rows, projected, people)
    pooled = np.einsum("ia,ij,ja->a", axes, within, axes)
    wide = (variances > _SPLIT * pooled) & (pooled > 0)
    split = wide.any(axis=1) & (people >= _FEWEST_PEOPLE) & (np.trace(within) > _NO_VARIANCE)
    return frozenset(deviations.units[place] for place in np.flatnonzero(split))


def _variances(
    rows: NDArray[np.intp], values: NDArray[np.float64], people: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return the variance of every column within each unit, shape (n_units, a)."""
    count = np.maximum(people, 1)[:, None]
    means = np.zeros((len(people), values.shape[1]))
    np.add.at(means, rows, values)
    squares = np.zeros_like(means)
    np.add.at(squares, rows, (values - (means / count)[rows]) ** 2)
    return np.asarray(squares / np.maximum(people - 1, 1)[:, None], dtype=np.float64)
