"""Shrinkage of unit means, each borrowing strength from the others; which units differ."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from analytics.inference.anova import Groups
from analytics.inference.variance_components import Components, between_variance
from analytics.results.quality import DifferenceFromMean

__all__ = [
    "FEWEST_UNITS",
    "MeanPrior",
    "Normal",
    "Shrunk",
    "differences",
    "shrink",
    "shrink_measures",
]

FEWEST_UNITS = 5
"""Below this many units nothing is shrunk (method 4)."""

_NO_VARIANCE = 1e-12

_LEAST_SPREAD = 0.1
"""Least variance within a unit, as a share of the pooled variance, in tests of differences."""


@dataclass(frozen=True)
class Normal:
    """A mean with the variance of its error, in points and squared points."""

    mean: float
    variance: float


@dataclass(frozen=True)
class Shrunk:
    """Means after shrinkage with their intervals, points, arrays of shape (n_units,)."""

    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


@dataclass(frozen=True)
class MeanPrior:
    """The distribution of the true means of units, learned from their observed means.

    Attributes
    ----------
    mean, mean_error : float
        Common mean of the units, weighted by precision, and its squared standard error.
    between : float
        Variance of the true means.
    units : int
        Number of units that it was learned from, at least 4.
    """

    mean: float
    mean_error: float
    between: float
    units: int

    @classmethod
    def of(
        cls, means: NDArray[np.float64], errors: NDArray[np.float64], between: float
    ) -> "MeanPrior":
        """Learn the common mean from observed means and their error variances, (n_units,)."""
        precision = 1.0 / np.maximum(errors + between, _NO_VARIANCE)
        centre = float((precision * means).sum() / precision.sum())
        return cls(centre, float(1.0 / precision.sum()), between, len(means))

    @classmethod
    def learned(cls, observed: Mapping[str, Normal]) -> "MeanPrior | None":
        """Learn both parameters from observed means by unit; None from fewer than five."""
        found = [observed[code] for code in sorted(observed)]
        means = np.array([one.mean for one in found])
        return cls.of_means(means, np.array([one.variance for one in found]))

    @classmethod
    def of_means(
        cls, means: NDArray[np.float64], errors: NDArray[np.float64]
    ) -> "MeanPrior | None":
        """Learn both from arrays of shape (n_units,); None from fewer than five units."""
        if len(means) < FEWEST_UNITS:
            return None
        errors = np.maximum(errors, _NO_VARIANCE)
        return cls.of(means, errors, between_variance(means, errors))

    def posterior(
        self, mean: ArrayLike, error: ArrayLike, *, concentration: ArrayLike = 1.0
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Shrink observed means towards the common mean as far as they are uncertain.

        Parameters
        ----------
        mean, error : array-like of the same shape
            Observed means, points, and their error variances.
        concentration : array-like, default=1.0
            Sum of the squared shares of the units that each mean averages; 1 for one unit.

        Returns
        -------
        mean, variance : ndarray, shape as given

        Notes
        -----
        With V the error variance, t = between x concentration the variance of the true mean of
        such an average, B = V / (V + t) and m the common mean, the posterior mean is
        m + (1 - B)(x - m). With C = B (K - 3) / (K - 1), which is Morris's estimate of B, its
        variance is (1 - C) V + C² var(m) + 2 C² / (K - 3) (x - m)²; the last term is the price
        for not knowing the variance between units. With B in place of C, intervals of units
        that hardly differ are too narrow (tests/benchmarks/README.md has the coverage). An
        average of units is shrunk as a whole: the sum of its units' posteriors would weight
        people differently than its mean does, a second equation about hidden units.

        References
        ----------
        .. [1] Morris (1983), Parametric empirical Bayes inference: theory and applications.
        """
        observed, error = np.asarray(mean, np.float64), np.asarray(error, np.float64)
        between = self.between * np.asarray(concentration, np.float64)
        total = error + between
        pull = 1.0 - np.where(total > 0.0, between / np.where(total > 0.0, total, 1.0), 0.0)
        deviation = observed - self.mean
        morris = pull * (self.units - 3) / (self.units - 1)
        unknown = self.mean_error + 2.0 / (self.units - 3) * deviation**2
        variance = (1.0 - morris) * error + morris**2 * unknown
        return np.asarray(self.mean + (1.0 - pull) * deviation), np.asarray(variance)


def shrink(groups: Groups, components: Components, *, level: float = 0.95) -> Shrunk:
    """Shrink the means of units towards their common mean as far as they are uncertain.

    Parameters
    ----------
    groups : Groups
        One construct.
    components : Components
        Its variances.
    level : float, default=0.95
        Coverage of the intervals.

    Returns
    -------
    Shrunk
        By ``MeanPrior.posterior``, with normal intervals. Below five units the means as they
        are, with t intervals of the pooled variance.
    """
    error = components.within / groups.n
    if groups.units < FEWEST_UNITS:
        return _unshrunk(groups, error, level)
    prior = MeanPrior.of(groups.mean, error, components.between)
    mean, variance = prior.posterior(groups.mean, error)
    half = float(stats.norm.ppf((1.0 + level) / 2.0)) * np.sqrt(variance)
    return Shrunk(mean, mean - half, mean + half)


def shrink_measures(
    means: NDArray[np.float64],
    covariance: NDArray[np.float64],
    units: NDArray[np.bool_],
    concentration: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Shrink several measures of every group, each towards its common mean over units.

    Parameters
    ----------
    means : ndarray of shape (n_groups, p)
        Points; NaN if hidden.
    covariance : ndarray of shape (n_groups, p, p)
        Of their errors.
    units : ndarray of bool, shape (n_groups,)
        Groups that the common mean and the variance between units are learned from, if their
        mean is shown: those without units below them.
    concentration : ndarray of shape (n_groups,)
        Sum of the squared shares of the units in each group, see ``MeanPrior.posterior``.

    Returns
    -------
    mean, covariance : ndarray, shapes as given
        By ``MeanPrior.posterior``, measure by measure; the posterior errors of two measures
        correlate as the errors of their means do. As given with fewer than five units.
    """
    mean, scale = means.copy(), np.ones_like(means)
    for column in range(means.shape[1]):
        observed, error = means[:, column], covariance[:, column, column]
        known = units & np.isfinite(observed)
        prior = MeanPrior.of_means(observed[known], error[known])
        if prior is not None:
            shrunk = prior.posterior(observed, error, concentration=concentration)
            mean[:, column] = shrunk[0]
            scale[:, column] = np.sqrt(shrunk[1] / np.maximum(error, _NO_VARIANCE))
    return mean, scale[:, :, None] * covariance * scale[:, None, :]


def differences(groups: Groups, *, level: float = 0.05) -> tuple[DifferenceFromMean, ...]:
    """Tell which units differ from the mean of all people.

    Parameters
    ----------
    groups : Groups
        One construct; more people than units.
    level : float, default=0.05
        Greatest expected share of false findings among the units that are said to differ.

    Returns
    -------
    tuple of DifferenceFromMean, n_units
        ``not_shown`` means that the evidence does not suffice, not that there is no difference.

    Notes
    -----
    A unit is part of the mean it is compared with, so unit b deviates by (1 - w_b) times its
    distance from the others, w being shares of the people. Every unit has its own spread
    (Welch): the squared error is (1 - w_b)² s_b² / n_b + the sum over the others of
    w_i² s_i² / n_i. Then Benjamini and Hochberg over units. If people do not differ
    within units, every difference is certain.

    Satterthwaite's degrees of freedom assume equal spreads: with s_b², few people who agree by
    chance get a small error and many degrees of freedom at once, and 8 to 10 % of companies of
    units of 5 to 9 people have a false finding. On coarse answers such people may even agree
    completely, so s_b² counts as a tenth of the pooled variance at least.

    References
    ----------
    .. [1] Welch (1951), On the comparison of several mean values; Satterthwaite (1946), An
       approximate distribution of estimates of variance components; Benjamini & Hochberg
       (1995), Controlling the false discovery rate.
    """
    deviation = groups.mean - groups.centre
    residual = groups.people - groups.units
    pooled = groups.within / residual
    freedom = np.where(groups.n > 1.0, groups.n - 1.0, residual)
    own = np.where(groups.n > 1.0, groups.squares / freedom, pooled)
    error = _error_terms(groups, np.maximum(own, _LEAST_SPREAD * pooled))
    typical = _error_terms(groups, np.ones_like(own))
    satterthwaite = typical.sum(axis=1) ** 2 / (typical**2 / freedom).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = np.abs(deviation) / np.sqrt(error.sum(axis=1))
    p = 2.0 * stats.t.sf(np.where(deviation == 0.0, 0.0, distance), satterthwaite)
    found = stats.false_discovery_control(p) <= level
    return tuple(
        _side(float(gap)) if certain else "not_shown"
        for gap, certain in zip(deviation, found, strict=True)
    )


def _error_terms(groups: Groups, variance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what each unit adds to the squared error of each deviation, shape (K, K)."""
    share = groups.n / groups.people
    return np.asarray((np.eye(groups.units) - share) ** 2 * (variance / groups.n))


def _side(deviation: float) -> DifferenceFromMean:
    return "above" if deviation > 0.0 else "below"


def _unshrunk(groups: Groups, error: NDArray[np.float64], level: float) -> Shrunk:
    quantile = float(stats.t.ppf((1.0 + level) / 2.0, groups.people - groups.units))
    half = quantile * np.sqrt(error)
    return Shrunk(groups.mean, groups.mean - half, groups.mean + half)
