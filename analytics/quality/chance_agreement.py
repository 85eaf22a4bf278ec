"""What r_wg(j) looks like among people who answer by lot; exact, so that no seed is needed."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.fft import next_fast_len

from analytics.quality.agreement import uniform_variance, within_group_agreement

__all__ = ["chance_agreement"]

_EXACT_PEOPLE = 25
"""Up to so many people the distribution is worked out; beyond, it is all but normal."""


@lru_cache(maxsize=4096)
def chance_agreement(
    people: int, items: int, options: int = 5, *, share: float = 0.95
) -> float:
    """Return the r_wg(j) that people who answer by lot stay below with a given probability.

    Parameters
    ----------
    people : int
        At least 2.
    items : int
        J, answered independently of each other.
    options : int, default=5
        A, all equally likely.
    share : float, default=0.95
        Probability.

    Returns
    -------
    float
        The quantile of r_wg(j) under the uniform null.

    Notes
    -----
    n S2 - S1² (S1 and S2 the sums of answers and of their squares) is a whole number whose
    distribution follows from that of (S1, S2), a power of the characteristic function; that of
    its sum over items is one more power. O(n³) by fast Fourier transform. From 26 people on
    the mean variance is taken as normal with its exact variance, corrected for skewness.

    References
    ----------
    .. [1] Cohen, Doveh & Eick (2001), Statistical properties of the r_wg(j) index of
       agreement, on why a fixed cut of .70 will not do; the distribution is worked out here.
    """
    if people <= _EXACT_PEOPLE:
        variance = _exact_quantile(people, items, options, 1.0 - share)
    else:
        variance = _normal_quantile(people, items, options, 1.0 - share)
    null = uniform_variance(options)
    return float(within_group_agreement(np.array(variance), items=items, null_variance=null))


def _exact_quantile(people: int, items: int, options: int, share: float) -> float:
    """Return the quantile of the variance averaged over items."""
    single = _square_sums(people, options)
    size = items * (len(single) - 1) + 1
    padded = next_fast_len(size, real=True)
    total = np.fft.irfft(np.fft.rfft(single, padded) ** items, padded)[:size]
    place = int(np.searchsorted(np.cumsum(total), share))
    return place / (items * people * (people - 1))


def _square_sums(people: int, options: int) -> NDArray[np.float64]:
    """Return the distribution of n S2 - S1² of one item over 0, 1, 2, ..."""
    top = options - 1
    answer = np.arange(options)
    shape = (people * top + 1, people * top**2 + 1)
    padded = tuple(next_fast_len(length, real=True) for length in shape)
    one = np.zeros(padded)
    one[answer, answer**2] = 1.0 / options
    joint = np.fft.irfft2(np.fft.rfft2(one) ** people, padded)[: shape[0], : shape[1]]
    sums, squares = np.indices(shape)
    value = people * squares - sums**2
    possible = value >= 0
    weights = np.maximum(joint[possible], 0.0)
    return np.bincount(value[possible], weights=weights).astype(np.float64)


def _normal_quantile(people: int, items: int, options: int, share: float) -> float:
    """Return the same from the first three moments of the variance (Cornish and Fisher)."""
    centred = np.arange(options) - (options - 1) / 2.0
    second, fourth, sixth = (float((centred**power).mean()) for power in (2, 4, 6))
    spread = (fourth - second**2 * (people - 3) / (people - 1)) / people
    # To the order 1 / n², in which the sample variance is a mean of squared deviations.
    third = (sixth - 3.0 * second * fourth + 2.0 * second**3) / people**2
    skewness = third / spread**1.5 / np.sqrt(items)
    normal = float(stats.norm.ppf(share))
    corrected = normal + skewness * (normal**2 - 1.0) / 6.0
    return float(second + corrected * np.sqrt(spread / items))
