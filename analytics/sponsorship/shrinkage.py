"""Empirical-Bayes estimates of group means: each borrows strength from the others."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

__all__ = ["FEWEST_GROUPS", "Normal", "Prior", "between_variance"]

FEWEST_GROUPS = 5
"""Below this many groups nothing is said of how groups differ (method 4)."""

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
        The root of Q(tau²) = n_groups - 1; zero if the means differ less than their
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


@dataclass(frozen=True)
class Prior:
    """How the true means of groups are spread, learned from the groups themselves.

    Attributes
    ----------
    mean, mean_error : float
        The groups' common mean and its squared standard error.
    between : float
        tau², the variance of true means.
    groups : int
        How many groups it was learned from.
    """

    mean: float
    mean_error: float
    between: float
    groups: int

    @classmethod
    def of(cls, groups: Mapping[str, Normal]) -> "Prior | None":
        """Learn from observed means with their error variances; none from fewer than five."""
        if len(groups) < FEWEST_GROUPS:
            return None
        codes = sorted(groups)
        means = np.array([groups[code].mean for code in codes])
        errors = np.array([max(groups[code].variance, _NO_VARIANCE) for code in codes])
        tau2 = between_variance(means, errors)
        weights = 1.0 / (errors + tau2)
        centre = float(weights @ means / weights.sum())
        return cls(centre, float(1.0 / weights.sum()), tau2, len(codes))

    def posterior(self, observed: Normal, *, concentration: float = 1.0) -> Normal:
        """Draw an observed mean towards the common mean as far as it is uncertain.

        Parameters
        ----------
        observed : Normal
            A mean with its error variance.
        concentration : float, default=1.0
            Sum of the squared shares of the groups that the mean averages; 1 for one group.

        Notes
        -----
        With V the error variance, t = tau² x concentration the variance of the true mean of
        such an average, B = V / (V + t) and mu the common mean: mean mu + (1 - B)(x - mu),
        variance (1 - B) V + B² var(mu) + 2 B² / (K - 3) (x - mu)², the last term being
        Morris's price for not knowing tau². An average of groups is drawn as a whole: the
        sum of its groups' posteriors would weigh people otherwise than its mean does, a second
        equation about groups that are hidden.

        References
        ----------
        .. [1] method.md 4, "Shrinkage"; Morris (1983), Parametric empirical Bayes inference.
        """
        error = max(observed.variance, _NO_VARIANCE)
        pull = error / (error + self.between * concentration)
        away = observed.mean - self.mean
        morris = 2.0 * pull**2 / (self.groups - 3) * away**2
        variance = (1.0 - pull) * error + pull**2 * self.mean_error + morris
        return Normal(self.mean + (1.0 - pull) * away, variance)
