"""McDonald's omega total of a one-factor model, with a bootstrap interval.

The model is fitted to covariances by maximum likelihood. A stack of matrices is fitted at once,
which makes resamples cheap: each one reweights the same sums.
"""

from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

__all__ = ["Bags", "OneFactor", "fit_one_factor", "omega_interval", "omega_total"]

RESAMPLES = 200
_MOST_BAGS = 500
_ITERATIONS, _TOLERANCE = 5000, 1e-9
_LEAST_UNIQUENESS = 0.005
"""Least share of an item's variance that is unique, which avoids Heywood cases."""


@dataclass(frozen=True)
class OneFactor:
    """Covariance = loadings loadings' + diag(uniquenesses).

    Attributes
    ----------
    loadings, uniquenesses : ndarray of shape (..., items)
        In the items' own units; uniquenesses are squared units.
    """

    loadings: NDArray[np.float64]
    uniquenesses: NDArray[np.float64]


@dataclass(frozen=True)
class Bags:
    """People dealt into bags, as the sums that a resample of the bags needs.

    Attributes
    ----------
    n : ndarray of shape (n_bags,)
        People in the bag.
    sums : ndarray of shape (n_bags, items)
        Sums of their answers.
    products : ndarray of shape (n_bags, items, items)
        Sums of the products of their answers.
    """

    n: NDArray[np.float64]
    sums: NDArray[np.float64]
    products: NDArray[np.float64]

    @classmethod
    def deal(cls, answers: NDArray[np.float64], *, seed: int) -> "Bags":
        """Deal people into at most 500 bags at random; up to 500 people get one each.

        Parameters
        ----------
        answers : ndarray of shape (n_people, items)
            Complete answers, in an order independent of the file's. Whole numbers add up
            without rounding in any order.
        seed : int
            Seed of the random dealing.
        """
        people, items = answers.shape
        bags = min(people, _MOST_BAGS)
        lots = np.random.default_rng(seed).permutation(people) % bags

        def added(values: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.bincount(lots, weights=values, minlength=bags).astype(np.float64)

        products = np.empty((bags, items, items))
        for one, other in combinations_with_replacement(range(items), 2):
            products[:, one, other] = added(answers[:, one] * answers[:, other])
            products[:, other, one] = products[:, one, other]
        sums = np.stack([added(column) for column in answers.T], axis=1)
        return cls(np.bincount(lots, minlength=bags).astype(np.float64), sums, products)

    def covariance(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the covariance of the people under weights of the bags, shape (..., p, p)."""
        people = (weights @ self.n)[..., None]
        mean = weights @ self.sums / people
        square = np.tensordot(weights, self.products, axes=1) / people[..., None]
        return np.asarray(square - mean[..., :, None] * mean[..., None, :], dtype=np.float64)


def fit_one_factor(
    covariance: NDArray[np.float64], *, tolerance: float = _TOLERANCE
) -> OneFactor:
    """Fit one common factor to covariance matrices by maximum likelihood.

    Parameters
    ----------
    covariance : ndarray of shape (..., items, items)
        At least three items; fewer do not determine the model.
    tolerance : float, default=1e-9
        Largest change of a standardised loading at which the iteration ends.

    Returns
    -------
    OneFactor
        Loadings whose sum is not negative; an item that does not vary loads zero.

    Notes
    -----
    Expectation-maximisation on the correlation matrix R, which climbs the likelihood at every
    step. With P the inverse uniquenesses and v = 1 / (1 + l'P l): scores b = v P l, then
    l <- R b / (v + b'R b) and uniquenesses 1 - l (R b), at least .005 each.
    O(iterations items²) per matrix; at most 5000 iterations.

    References
    ----------
    .. [1] Rubin & Thayer (1982), EM algorithms for ML factor analysis.
    """
    deviation = np.sqrt(np.diagonal(covariance, axis1=-2, axis2=-1))
    scale = np.where(deviation > 0.0, deviation, 1.0)
    correlation = covariance / (scale[..., :, None] * scale[..., None, :])
    loadings = _first_loadings(correlation)
    unique = np.clip(1.0 - loadings**2, _LEAST_UNIQUENESS, None)
    for _ in range(_ITERATIONS):
        before = loadings
        loadings, unique = _step(correlation, loadings, unique)
        if np.abs(loadings - before).max(initial=0.0) < tolerance:
            break
    sign = np.where(loadings.sum(axis=-1, keepdims=True) < 0.0, -1.0, 1.0)
    return OneFactor(sign * loadings * deviation, unique * deviation**2)


def omega_total(covariance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share of the sum's variance that the common factor explains.

    Parameters
    ----------
    covariance : ndarray of shape (..., items, items)
        Covariance of three items or more, after reversal.

    Returns
    -------
    ndarray of shape (...)
        (sum l)² / ((sum l)² + sum of uniquenesses); NaN if no item varies.

    References
    ----------
    .. [1] McDonald (1999), Test theory, chapter 6.
    """
    return _omega(fit_one_factor(covariance))


def omega_interval(
    bags: Bags, *, seed: int, resamples: int = RESAMPLES, level: float = 0.95
) -> tuple[float, float]:
    """Return the percentile bootstrap interval of omega total.

    Parameters
    ----------
    bags : Bags
        People as sums.
    seed : int
        Of the resamples.
    resamples : int, default=200
        How many; all are fitted at once.
    level : float, default=0.95
        Coverage.

    Notes
    -----
    Multinomial weights on the bags. Bags of several people dealt at random serve as well as
    people: their sums are independent and identically distributed. 1e-5 on a loading suffices
    here.
    """
    rng = np.random.default_rng(seed)
    count = len(bags.n)
    weights = rng.multinomial(count, np.full(count, 1.0 / count), size=resamples)
    covariance = bags.covariance(weights.astype(np.float64))
    found = _omega(fit_one_factor(covariance, tolerance=1e-5))
    tail = (1.0 - level) / 2.0
    low, high = np.nanquantile(found, (tail, 1.0 - tail))
    return float(low), float(high)


def _omega(model: OneFactor) -> NDArray[np.float64]:
    common = model.loadings.sum(axis=-1) ** 2
    total = common + model.uniquenesses.sum(axis=-1)
    return np.where(total > 0.0, common / np.where(total > 0.0, total, 1.0), np.nan)


def _first_loadings(correlation: NDArray[np.float64]) -> NDArray[np.float64]:
    """Start from the first principal axis, shrunk so that every item keeps unique variance."""
    values, vectors = np.linalg.eigh(correlation)
    first = vectors[..., -1] * np.sqrt(np.maximum(values[..., -1:], 0.0))
    return np.asarray(0.9 * first, dtype=np.float64)


def _step(
    correlation: NDArray[np.float64],
    loadings: NDArray[np.float64],
    unique: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Take one step: expect the factor given the items, then regress the items on it."""
    weighted = loadings / unique
    information = 1.0 + (loadings * weighted).sum(axis=-1, keepdims=True)
    scoring = weighted / information
    shared = np.matmul(correlation, scoring[..., None])[..., 0]
    second_moment = 1.0 / information + (scoring * shared).sum(axis=-1, keepdims=True)
    updated = shared / second_moment
    variance = np.diagonal(correlation, axis1=-2, axis2=-1)
    return updated, np.clip(variance - updated * shared, _LEAST_UNIQUENESS, None)
