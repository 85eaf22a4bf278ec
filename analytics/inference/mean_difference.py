"""The difference of two means: of the same people, of different people, or of some of each."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

__all__ = ["LEVEL", "MEANINGFUL", "GroupMeans", "MeanDifference", "Overlap", "mean_difference"]

Array = NDArray[np.float64]

LEVEL = 0.05
"""Level of every test."""
MEANINGFUL = 0.2
"""Likert points from which a difference of two groups in time matters (method section 9)."""
_POWER = 0.80


@dataclass(frozen=True)
class GroupMeans:
    """Means of one group in one wave; arrays of shape (p,), one entry per construct.

    Attributes
    ----------
    n : ndarray
        People behind the mean.
    mean : ndarray
        Any unit.
    variance : ndarray
        Squared standard error of the mean; for one unit s² / n.
    spent : ndarray
        Sum over strata of (variance of the stratum's part)² / its degrees of freedom, for
        Satterthwaite's formula; for one unit variance² / (n - 1).
    """

    n: Array
    mean: Array
    variance: Array
    spent: Array


@dataclass(frozen=True)
class Overlap:
    """What two means owe to the people they share; arrays of shape (p,).

    Attributes
    ----------
    n : ndarray
        People in both.
    strata : ndarray
        Units they are in, at least 1.
    covariance : ndarray
        Of the two means; for one unit r s1 s2 n / (n1 n2), with r the correlation of the
        people in both.
    """

    n: Array
    strata: Array
    covariance: Array


@dataclass(frozen=True)
class MeanDifference:
    """Estimates with standard errors and degrees of freedom; arrays of shape (p,)."""

    estimate: Array
    error: Array
    freedom: Array

    def p_values(self) -> Array:
        """Return the two-sided p of "no difference"; NaN if there is no estimate."""
        with np.errstate(divide="ignore", invalid="ignore"):
            t = np.abs(self.estimate) / self.error
        p = 2 * special.stdtr(self.freedom, -t)
        return np.asarray(np.where((self.estimate == 0) & (self.error == 0), 1.0, p))

    def interval(self, level: float = 1 - LEVEL) -> tuple[Array, Array]:
        """Return the ends of the confidence interval."""
        half = special.stdtrit(self.freedom, (1 + level) / 2) * self.error
        return self.estimate - half, self.estimate + half

    def is_within(self, margin: float) -> NDArray[np.bool_]:
        """Tell whether two one-sided tests at 5 % put the difference within ± margin.

        References
        ----------
        .. [1] Schuirmann 1987; Lakens 2017, Social Psychological and Personality Science 8(4).
        """
        low, high = self.interval(1 - 2 * LEVEL)
        return np.asarray((low > -margin) & (high < margin))

    def detectable(self) -> Array:
        """Return the smallest true difference that such samples show with 80 % power.

        (t(.975, v) + t(.80, v)) x SE, the usual approximation to the noncentral t [1]_.

        References
        ----------
        .. [1] Bloom 1995, Evaluation Review 19(5).
        """
        quantiles = (special.stdtrit(self.freedom, p) for p in (1 - LEVEL / 2, _POWER))
        return np.asarray(sum(quantiles) * self.error)


def mean_difference(
    current: GroupMeans, earlier: GroupMeans, overlap: Overlap | None = None
) -> MeanDifference:
    """Compare two means, unequal variances allowed.

    Parameters
    ----------
    current, earlier : GroupMeans
        Means of the two waves.
    overlap : Overlap, optional
        People in both; without it, or if nobody is in both, the comparison is Welch's.

    Returns
    -------
    MeanDifference
        ``current`` less ``earlier``; NaN if one of the means is missing.

    Notes
    -----
    Partially overlapping samples t-test of the Welch type, T_new2 [1]_:
    SE² = s1²/n1 + s2²/n2 - 2 r s1 s2 n_c / (n1 n2), with degrees of freedom
    (n_c - 1) + (g - n_c + 1) (n_a + n_b) / (n_a + n_b + 2 n_c), where n_c people are in both,
    n_a and n_b in one only and g is Welch's. All shared, it is the paired t-test; none shared,
    Welch's. A group of L units takes the stratified variances in place of s²/n and loses L
    degrees of freedom to the people in both.

    References
    ----------
    .. [1] Derrick, Russ, Toher & White 2017, Journal of Modern Applied Statistical Methods
       16(1).
    """
    total = current.variance + earlier.variance
    with np.errstate(divide="ignore", invalid="ignore"):
        welch = total**2 / (current.spent + earlier.spent)
    freedom = np.where(total > 0, welch, np.maximum(current.n + earlier.n - 2, 1))
    variance = total
    if overlap is not None:
        alone = current.n + earlier.n - 2 * overlap.n
        paired = np.maximum(overlap.n - overlap.strata, 1)
        part = alone / np.maximum(current.n + earlier.n, 1)
        shared = overlap.n > 0
        freedom = np.where(shared, paired + (freedom - paired) * part, freedom)
        variance = np.where(shared, total - 2 * overlap.covariance, total)
    return MeanDifference(
        current.mean - earlier.mean, np.sqrt(np.maximum(variance, 0.0)), freedom
    )
