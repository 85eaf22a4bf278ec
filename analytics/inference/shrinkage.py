"""Means of units, each borrowing strength from the others; which differ from the company."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from analytics.inference.anova import Groups
from analytics.inference.variance_components import Components, mean_reliability

__all__ = ["FEWEST_UNITS", "DifferenceFromMean", "Shrunk", "differences", "shrink"]

FEWEST_UNITS = 5
"""Below this many units nothing is shrunk (method 4)."""

_NO_VARIANCE = 1e-12

DifferenceFromMean = Literal["above", "below", "not_shown"]


@dataclass(frozen=True)
class Shrunk:
    """Means after shrinkage with their intervals, points, arrays of shape (n_units,)."""

    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


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
        Below five units the means as they are, with t intervals of the pooled variance.

    Notes
    -----
    With V = within / n, B = 1 - reliability and m the precision-weighted mean, the mean is
    m + (1 - B)(x - m). With C = B (K - 3) / (K - 1), which is Morris's estimate of B, its
    variance is (1 - C) V + C² var(m) + 2 C² / (K - 3) (x - m)², the last term being the price
    for not knowing the variance between units. With B in place of C, intervals of units that
    hardly differ hold the true mean 88 to 92 times in 100; with C, 93 to 97 times. O(K).

    References
    ----------
    .. [1] Morris (1983), Parametric empirical Bayes inference: theory and applications.
    """
    error = components.within / groups.n
    if groups.units < FEWEST_UNITS:
        return _unshrunk(groups, error, level)
    precision = 1.0 / np.maximum(error + components.between, _NO_VARIANCE)
    centre = float((precision * groups.mean).sum() / precision.sum())
    pull = 1.0 - mean_reliability(components, groups.n)
    deviation = groups.mean - centre
    morris = pull * (groups.units - 3) / (groups.units - 1)
    unknown = 1.0 / precision.sum() + 2.0 / (groups.units - 3) * deviation**2
    variance = (1.0 - morris) * error + morris**2 * unknown
    half = float(stats.norm.ppf((1.0 + level) / 2.0)) * np.sqrt(variance)
    mean = centre + (1.0 - pull) * deviation
    return Shrunk(mean, mean - half, mean + half)


def differences(
    groups: Groups, components: Components, *, level: float = 0.05
) -> tuple[DifferenceFromMean, ...]:
    """Tell which units differ from the mean of all people.

    Parameters
    ----------
    groups : Groups
        One construct.
    components : Components
        Its variances.
    level : float, default=0.05
        Greatest expected share of false findings among the units that are said to differ.

    Returns
    -------
    tuple of DifferenceFromMean, n_units
        ``not_shown`` means that the evidence does not suffice, not that there is no difference.

    Notes
    -----
    A unit is part of the mean it is compared with: t = (x - c) / (s sqrt(1 / n - 1 / N)) with
    N - K degrees of freedom, then Benjamini and Hochberg over units. If people do not
    differ within units, every difference is certain.

    References
    ----------
    .. [1] Nelson (1983), Exact critical points for the analysis of means, on the test;
       Benjamini & Hochberg (1995), Controlling the false discovery rate.
    """
    deviation = groups.mean - groups.centre
    share = np.maximum(1.0 / groups.n - 1.0 / groups.people, 0.0)
    error = np.sqrt(components.within * share)
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = np.where(deviation == 0.0, 0.0, np.abs(deviation) / error)
    p = 2.0 * stats.t.sf(distance, groups.people - groups.units)
    found = stats.false_discovery_control(p) <= level
    return tuple(
        _side(float(gap)) if certain else "not_shown"
        for gap, certain in zip(deviation, found, strict=True)
    )


def _side(deviation: float) -> DifferenceFromMean:
    return "above" if deviation > 0.0 else "below"


def _unshrunk(groups: Groups, error: NDArray[np.float64], level: float) -> Shrunk:
    quantile = float(stats.t.ppf((1.0 + level) / 2.0, groups.people - groups.units))
    half = quantile * np.sqrt(error)
    return Shrunk(groups.mean, groups.mean - half, groups.mean + half)
