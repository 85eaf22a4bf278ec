"""How much of the differences between people lies between their units: analysis of variance.

Everything follows from the n, mean and sum of squares of every unit; no single person is used.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

__all__ = ["Anova", "Groups", "anova"]


@dataclass(frozen=True)
class Groups:
    """Scores on one construct, summed up by unit; units without people are left out.

    Attributes
    ----------
    n : ndarray of shape (n_units,)
        People, at least 1; not a whole number if people weigh unequally.
    mean : ndarray of shape (n_units,)
        Points.
    squares : ndarray of shape (n_units,)
        Sum of squared deviations from the unit's mean, squared points.
    """

    n: NDArray[np.float64]
    mean: NDArray[np.float64]
    squares: NDArray[np.float64]

    @property
    def units(self) -> int:
        """Return the number of units."""
        return len(self.n)

    @property
    def people(self) -> float:
        """Return the number of people."""
        return float(self.n.sum())

    @property
    def within(self) -> float:
        """Return the sum of squares within units."""
        return float(self.squares.sum())

    @property
    def centre(self) -> float:
        """Return the mean over people, points."""
        return float((self.n * self.mean).sum() / self.n.sum())


@dataclass(frozen=True)
class Anova:
    """One-way analysis of variance with units as a random factor.

    Attributes
    ----------
    between, within : float
        Mean squares, squared points.
    n0 : float
        Typical size of unequal units, (N - sum n² / N) / (K - 1).
    F, p : float
        Test of the hypothesis that units do not differ.
    icc1, icc1_low, icc1_high : float
        (MSB - MSW) / (MSB + (n0 - 1) MSW) and its 95 % interval, exact in equal units.
    icc1_mean_n : float
        The same with the mean size in place of n0.
    icc2 : float
        (MSB - MSW) / MSB: reliability of the means of units of typical size.
    """

    between: float
    within: float
    n0: float
    F: float
    p: float
    icc1: float
    icc1_low: float
    icc1_high: float
    icc1_mean_n: float
    icc2: float


def anova(groups: Groups, *, level: float = 0.95) -> Anova | None:
    """Analyse the variance between and within units.

    Parameters
    ----------
    groups : Groups
        One construct.
    level : float, default=0.95
        Coverage of the interval of ICC(1).

    Returns
    -------
    Anova or None
        None for fewer than two units, if no unit has two people, or if people do not differ
        within units.

    Notes
    -----
    With F the ratio of mean squares, its interval is (F / f_high, F / f_low), f the quantiles
    of F(K - 1, N - K); ICC(1) is (F - 1) / (F + n0 - 1) of each.

    References
    ----------
    .. [1] Bliese (2000), Within-group agreement, non-independence, and reliability.
    .. [2] Shrout & Fleiss (1979), Intraclass correlations, p. 424, on the interval.
    """
    between_freedom, within_freedom = groups.units - 1, groups.people - groups.units
    if between_freedom < 1 or within_freedom <= 0 or groups.within <= 0.0:
        return None
    spread = float((groups.n * (groups.mean - groups.centre) ** 2).sum())
    between, within = spread / between_freedom, groups.within / within_freedom
    n0 = (groups.people - float((groups.n**2).sum()) / groups.people) / between_freedom
    ratio = between / within
    freedom = (between_freedom, within_freedom)
    low, high = stats.f.ppf([(1.0 - level) / 2.0, (1.0 + level) / 2.0], *freedom).tolist()
    return Anova(
        between=between,
        within=within,
        n0=n0,
        F=ratio,
        p=float(stats.f.sf(ratio, *freedom)),
        icc1=_icc1(ratio, n0),
        icc1_low=_icc1(ratio / high, n0),
        icc1_high=_icc1(ratio / low, n0),
        icc1_mean_n=_icc1(ratio, groups.people / groups.units),
        icc2=1.0 - 1.0 / ratio if ratio > 0.0 else -np.inf,
    )


def _icc1(ratio: float, size: float) -> float:
    return (ratio - 1.0) / (ratio + size - 1.0)
