"""Empirical-Bayes estimates of group means: each borrows strength from the others."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

__all__ = ["Normal", "between_variance", "shrunk", "weighted_sum"]

FEWEST_GROUPS = 5
"""Below this many groups nothing is shrunk (method 4)."""

_NO_VARIANCE = 1e-12


@dataclass(frozen=True)
class Normal:
    """A normal posterior of a mean, in points and squared points."""

    mean: float
    variance: float


def between_variance(means: NDArray[np.float64], errors: NDArray[np.float64]) -> float:
    """Return tau², the variance of true means, by Paule and Mandel's equation.

    Parameters
    ----------
    means, errors : ndarray of shape (n_groups,)
        Observed means, and their positive error variances.

    Returns
    -------
    float
        The root of Q(tau²) = n_groups - 1; zero where the means differ less than their
        errors explain.

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
    # At this tau² Q cannot exceed n_groups - 1 any more, whatever the errors.
    most = float(((means - means.mean()) ** 2).sum()) / (len(means) - 1)
    return float(brentq(excess, 0.0, 1.01 * most, xtol=1e-12))


def shrunk(groups: Mapping[str, Normal]) -> dict[str, Normal]:
    """Shrink group means towards their common mean as far as they are uncertain.

    Parameters
    ----------
    groups : mapping of str to Normal
        Observed means with their error variances.

    Returns
    -------
    dict of str to Normal
        Posteriors; fewer than five groups are returned as they are.

    Notes
    -----
    With V the error variance, B = V / (V + tau²) and mu the precision-weighted mean:
    mean mu + (1 - B)(x - mu), variance (1 - B) V + B² var(mu) + 2 B² / (K - 3) (x - mu)²,
    the last term being Morris's price for not knowing tau². O(K).

    References
    ----------
    .. [1] method.md 4, "Shrinkage"; Morris (1983), Parametric empirical Bayes inference.
    """
    if len(groups) < FEWEST_GROUPS:
        return dict(groups)
    codes = sorted(groups)
    means = np.array([groups[code].mean for code in codes])
    errors = np.array([max(groups[code].variance, _NO_VARIANCE) for code in codes])
    tau2 = between_variance(means, errors)
    weights = 1.0 / (errors + tau2)
    centre = weights @ means / weights.sum()
    pull = errors * weights
    morris = 2.0 * pull**2 / (len(codes) - 3) * (means - centre) ** 2
    variances = (1.0 - pull) * errors + pull**2 / weights.sum() + morris
    posterior = centre + (1.0 - pull) * (means - centre)
    return {
        code: Normal(float(mean), float(variance))
        for code, mean, variance in zip(codes, posterior, variances, strict=True)
    }


def weighted_sum(groups: Mapping[str, Normal], shares: Mapping[str, float]) -> Normal:
    """Return the posterior of a weighted sum of groups, errors taken as independent."""
    return Normal(
        sum(share * groups[code].mean for code, share in shares.items()),
        sum(share**2 * groups[code].variance for code, share in shares.items()),
    )
