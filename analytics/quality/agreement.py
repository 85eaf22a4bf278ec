"""How far the people of one unit answer alike; low agreement never hides a unit.

Everything follows from how often each option of each item was chosen: an array of counts.
Answers are counted in steps of the scale, and the first option is 1.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import get_args

import numpy as np
from numpy.typing import NDArray
from scipy.fft import next_fast_len
from scipy.special import ndtri

from analytics.results.quality import AgreementBand

__all__ = [
    "MODERATE_SKEW_VARIANCE",
    "AnswerSpread",
    "agreement_band",
    "answer_spread",
    "average_deviation_limit",
    "awg",
    "chance_agreement",
    "lindell_agreement",
    "uniform_variance",
    "within_group_agreement",
]

MODERATE_SKEW_VARIANCE = 0.90
"""Variance of five points if people lean moderately to one side (LeBreton & Senter 2008)."""

_BANDS: tuple[AgreementBand, ...] = get_args(AgreementBand)
_BAND_TOPS = (0.305, 0.505, 0.705, 0.905)
"""The bands are published with two digits (.00-.30, .31-.50, ...); these lie in between."""
_EXACT_PEOPLE = 25
"""Up to this many people the exact distribution is used; beyond, it is almost normal."""


@dataclass(frozen=True)
class AnswerSpread:
    """Spread of the answers to every item of a scale in every unit, in steps of the scale.

    Attributes
    ----------
    n : ndarray of shape (n_units,)
        People who answered all items.
    mean, variance, deviation : ndarray of shape (n_units, items)
        Mean; variance with divisor n - 1, NaN for one person; mean absolute deviation from
        the mean. NaN if nobody answered.
    """

    n: NDArray[np.int64]
    mean: NDArray[np.float64]
    variance: NDArray[np.float64]
    deviation: NDArray[np.float64]

    @property
    def mean_variance(self) -> NDArray[np.float64]:
        """Return the variance averaged over items, shape (n_units,)."""
        return np.asarray(self.variance.mean(axis=-1), dtype=np.float64)

    @property
    def mean_deviation(self) -> NDArray[np.float64]:
        """Return AD_M(J), the deviation averaged over items, shape (n_units,).

        References
        ----------
        .. [1] Burke, Finkelstein & Dusig (1999), On average deviation indices.
        """
        return np.asarray(self.deviation.mean(axis=-1), dtype=np.float64)


def answer_spread(counts: NDArray[np.int64]) -> AnswerSpread:
    """Summarise how often each option was chosen.

    Parameters
    ----------
    counts : ndarray of shape (n_units, items, options)
        People of the unit who chose the option; the same people for every item.
    """
    options = np.arange(1.0, counts.shape[-1] + 1.0)
    n = counts[:, 0].sum(axis=-1)
    people = np.where(n > 0, n, np.nan)[:, None]
    mean = (counts * options).sum(axis=-1) / people
    distance = options - mean[..., None]
    squares = (counts * distance**2).sum(axis=-1)
    variance = squares / np.where(people > 1.0, people - 1.0, np.nan)
    deviation = (counts * np.abs(distance)).sum(axis=-1) / people
    return AnswerSpread(n, mean, variance, deviation)


def uniform_variance(options: int) -> float:
    """Return the variance of random answers: (A² - 1) / 12, which is 2 for five options."""
    return (options**2 - 1) / 12.0


def average_deviation_limit(options: int) -> float:
    """Return the greatest AD_M that counts as agreement, A / 6 steps of the scale.

    References
    ----------
    .. [1] Burke & Dunlap (2002), Estimating interrater agreement with the AD index.
    """
    return options / 6.0


def within_group_agreement(
    mean_variance: NDArray[np.float64], *, items: int, null_variance: float
) -> NDArray[np.float64]:
    """Return r_wg(j): how much less people differ than they would without any agreement.

    Parameters
    ----------
    mean_variance : ndarray
        Variance averaged over the items, squared steps.
    items : int
        J, the number of items.
    null_variance : float
        Variance without agreement: ``uniform_variance`` or that of a skewed distribution.

    Returns
    -------
    ndarray, shape as given
        J a / (J a + q) with q = mean_variance / null_variance and a = 1 - q; 0 if q >= 1.

    References
    ----------
    .. [1] James, Demaree & Wolf (1984), Estimating within-group interrater reliability with
       and without response bias.
    """
    quotient = mean_variance / null_variance
    agreed = items * np.maximum(1.0 - quotient, 0.0)
    return np.asarray(agreed / (agreed + quotient), dtype=np.float64)


def lindell_agreement(
    mean_variance: NDArray[np.float64], *, null_variance: float
) -> NDArray[np.float64]:
    """Return r*_wg(j) = 1 - mean_variance / null_variance, which does not rise with J.

    Negative if people differ more than random answers do.

    References
    ----------
    .. [1] Lindell, Brandt & Whitney (1999), A revised index of interrater agreement.
    """
    return np.asarray(1.0 - mean_variance / null_variance, dtype=np.float64)


def awg(spread: AnswerSpread, *, options: int) -> NDArray[np.float64]:
    """Return a_wg(j): agreement relative to the greatest possible spread around the mean.

    Parameters
    ----------
    spread : AnswerSpread
        Of the items of one scale.
    options : int
        A, the options of the scale.

    Returns
    -------
    ndarray of shape (n_units,)
        Mean over items of 1 - 2 s² / ([(H + L) M - M² - H L] n / (n - 1)), L = 1, H = A; items
        are left out if their mean is so near an end of the scale that one answer moves the
        index out of its range. NaN if no item is left.

    References
    ----------
    .. [1] Brown & Hauenstein (2005), Interrater agreement reconsidered: an alternative to
       the r_wg indices.
    """
    n = np.where(spread.n > 1, spread.n, np.nan)[:, None].astype(np.float64)
    low, high = (n - 1.0 + options) / n, (options * (n - 1.0) + 1.0) / n
    usable = (spread.mean >= low) & (spread.mean <= high)
    room = (spread.mean - 1.0) * (options - spread.mean) * n / (n - 1.0)
    item = 1.0 - 2.0 * spread.variance / np.where(usable, room, 1.0)
    count = usable.sum(axis=-1)
    total = np.where(usable, item, 0.0).sum(axis=-1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def agreement_band(agreement: float) -> AgreementBand:
    """Name the band of an r_wg(j): .00-.30, .31-.50, .51-.70, .71-.90, above .90.

    References
    ----------
    .. [1] LeBreton & Senter (2008), Answers to 20 questions about interrater reliability and
       interrater agreement.
    """
    return _BANDS[sum(agreement >= top for top in _BAND_TOPS)]


@lru_cache(maxsize=4096)
def chance_agreement(
    people: int, items: int, options: int = 5, *, share: float = 0.95
) -> float:
    """Return the r_wg(j) below which random answers stay with a given probability.

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
       agreement, on why a fixed cut of .70 is not enough; the distribution is computed here.
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
    normal = float(ndtri(share))
    corrected = normal + skewness * (normal**2 - 1.0) / 6.0
    return float(second + corrected * np.sqrt(spread / items))
