"""Variance between true means of units and between items, and the reliability of a mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

from analytics.inference.anova import Groups

__all__ = [
    "Components",
    "between_variance",
    "item_sampling_variance",
    "item_variance",
    "mean_reliability",
    "restricted_likelihood",
    "variance_components",
]

_TYPICAL_ITEM_VARIANCE = 0.2**2


@dataclass(frozen=True)
class Components:
    """Variance between the true means of units and among the people of one, squared points."""

    between: float
    within: float

    @property
    def icc1(self) -> float:
        """Return the share of the variance that lies between units; 0 if there is none."""
        total = self.between + self.within
        return self.between / total if total > 0.0 else 0.0


def restricted_likelihood(groups: Groups, share: ArrayLike) -> NDArray[np.float64]:
    """Return -2 log of the restricted likelihood, the common variance profiled out.

    Parameters
    ----------
    groups : Groups
        One construct.
    share : array_like
        Values of ICC(1), 0 to below 1.

    Returns
    -------
    ndarray, shape of ``share``

    Notes
    -----
    With r = share / (1 - share), w_b = n_b / (1 + n_b r) and m the w-weighted mean:
    (N - 1) log(SSW + sum w (mean - m)²) + sum log(1 + n_b r) + log sum w, up to a constant.
    Units of the same size have the same w, so they are taken together.
    """
    shares = np.asarray(share, dtype=np.float64)[..., None]
    ratio = shares / (1.0 - shares)
    size, units, mean, spread = _by_size(groups)
    weight = size / (1.0 + size * ratio)
    total = weight @ units
    centre = weight @ (units * mean) / total
    around = spread + units * (mean - centre[..., None]) ** 2
    squares = groups.within + (weight * around).sum(axis=-1)
    logs = np.log1p(size * ratio) @ units + np.log(total)
    return np.asarray((groups.people - 1.0) * np.log(squares) + logs)


def _by_size(groups: Groups) -> tuple[NDArray[np.float64], ...]:
    """Return, per size of unit: the size, the units, their mean, and the squares around it."""
    size, place, units = np.unique(groups.n, return_inverse=True, return_counts=True)
    mean = np.bincount(place, weights=groups.mean) / units
    around = np.bincount(place, weights=(groups.mean - mean[place]) ** 2)
    return size, units.astype(np.float64), mean, around.astype(np.float64)


def variance_components(groups: Groups) -> Components | None:
    """Estimate both variances by restricted maximum likelihood.

    Parameters
    ----------
    groups : Groups
        One construct.

    Returns
    -------
    Components or None
        None for fewer than two units or if no unit has two people, because the two variances
        cannot then be told apart. If nobody differs from their own unit, ``between`` is the
        variance of the means, which is Paule and Mandel's estimate without errors.

    References
    ----------
    .. [1] Patterson & Thompson (1971), Recovery of inter-block information when block sizes
       are unequal; Paule & Mandel (1982).
    """
    if groups.units < 2 or groups.people <= groups.units:
        return None
    if groups.within <= 0.0:
        return Components(float(np.var(groups.mean, ddof=1)), 0.0)
    share = _best_share(groups)
    ratio = share / (1.0 - share)
    weight = groups.n / (1.0 + groups.n * ratio)
    centre = (weight * groups.mean).sum() / weight.sum()
    squares = groups.within + (weight * (groups.mean - centre) ** 2).sum()
    within = float(squares / (groups.people - 1.0))
    return Components(ratio * within, within)


def between_variance(means: NDArray[np.float64], errors: NDArray[np.float64]) -> float:
    """Return the variance of true means, given the error of each, by Paule and Mandel.

    Parameters
    ----------
    means, errors : ndarray of shape (n_units,)
        Observed means, points, and their positive error variances.

    Returns
    -------
    float
        The root of Q(tau²) = n_units - 1; zero if the means differ less than their errors
        explain.

    References
    ----------
    .. [1] Paule & Mandel (1982), Consensus values and weighting factors.
    """

    def excess(tau2: float) -> float:
        weights = 1.0 / (errors + tau2)
        centre = weights @ means / weights.sum()
        return float(weights @ (means - centre) ** 2) - (len(means) - 1)

    if excess(0.0) <= 0.0:
        return 0.0
    # At this tau² Q cannot exceed n_units - 1 any more, whatever the errors.
    most = float(((means - means.mean()) ** 2).sum()) / (len(means) - 1)
    return float(brentq(excess, 0.0, 1.01 * most, xtol=1e-12))


def mean_reliability(components: Components, n: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the reliability of the mean of n people as the mean of their unit.

    Parameters
    ----------
    components : Components
        Of the construct.
    n : ndarray
        People behind the mean, at least 1.

    Returns
    -------
    ndarray, shape as given
        between / (between + within / n), 0 if nothing varies.

    Examples
    --------
    >>> mean_reliability(Components(0.108, 0.892), np.array([5.0, 20.0])).round(2).tolist()
    [0.38, 0.71]

    References
    ----------
    .. [1] Raudenbush & Bryk (2002), Hierarchical linear models, p. 46.
    """
    total = components.between + components.within / n
    known = np.where(total > 0.0, total, 1.0)
    return np.where(total > 0.0, components.between / known, 0.0)


def item_sampling_variance(item_means: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Return the variance that a construct's mean owes to the choice of its items.

    Parameters
    ----------
    item_means : mapping of str to sequence of float
        Per root cause the company's mean of each of its items, in points, after reversal.

    Returns
    -------
    dict of str to float, squared points
        v / (number of items) per construct, v being the variance of item means within a
        construct, averaged over the constructs weighted by items - 1. A construct without
        items is left out.

    Notes
    -----
    If no construct has two items, v cannot be measured. Items are then taken to differ by an
    SD of .20 points, the typical item difficulty of simulator.md; zero would mean that the
    choice of the one question does not matter.

    References
    ----------
    .. [1] method.md, "Hidden constraint"; Cronbach et al. (1972), The dependability of
       behavioral measurements; Brennan (2001), Generalizability theory.
    """
    v = item_variance(item_means)
    return {key: v / len(means) for key, means in item_means.items() if len(means)}


def item_variance(item_means: Mapping[str, Sequence[float]]) -> float:
    """Return v, the variance of item means within a construct, squared points.

    See ``item_sampling_variance`` for the formula, its source and the fallback.
    """
    known = [np.asarray(means, float) for means in item_means.values() if len(means)]
    freedom = sum(len(means) - 1 for means in known)
    squares = sum(float(((means - means.mean()) ** 2).sum()) for means in known)
    return squares / freedom if freedom else _TYPICAL_ITEM_VARIANCE


def _best_share(groups: Groups) -> float:
    """Return the share of greatest likelihood, the ends included.

    The likelihood can have two peaks in unusual data, hence the grid before the search.
    """
    grid = np.concatenate([np.linspace(0.0, 0.95, 40), 1.0 - np.geomspace(0.04, 1e-9, 25)])
    best = int(np.argmin(restricted_likelihood(groups, grid)))
    low, high = float(grid[max(best - 1, 0)]), float(grid[min(best + 1, len(grid) - 1)])
    if _slope(low, groups) >= 0.0 or _slope(high, groups) <= 0.0:
        return float(grid[best])
    return float(brentq(_slope, low, high, args=(groups,), xtol=1e-14))


def _slope(share: float, groups: Groups) -> float:
    """Return how the restricted likelihood, -2 log, changes with r = share / (1 - share)."""
    ratio = share / (1.0 - share)
    weight = groups.n / (1.0 + groups.n * ratio)
    squared = (groups.mean - (weight * groups.mean).sum() / weight.sum()) ** 2
    squares = groups.within + (weight * squared).sum()
    fit = (groups.people - 1.0) * (weight**2 * squared).sum() / squares
    return float(weight.sum() - (weight**2).sum() / weight.sum() - fit)
