"""Internal consistency of a scale, from the covariance of its items; no item is dropped.

Everything follows from the covariance matrix, which one pass over the answers can compute. A
stack of matrices gives a stack of coefficients.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import stats

__all__ = [
    "alpha_if_dropped",
    "corrected_item_total",
    "cronbach_alpha",
    "feldt_interval",
    "standardised_alpha",
]

_ROUNDING = 1e-12
"""Share of the items' variances below which the variance of their sum is rounding."""


def cronbach_alpha(covariance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return Cronbach's alpha of the sum of a scale's items.

    Parameters
    ----------
    covariance : ndarray of shape (..., items, items)
        Covariance of the items after reversal, any divisor.

    Returns
    -------
    ndarray of shape (...)
        J / (J - 1) (1 - sum of item variances / variance of the sum). NaN for a single item
        and if the sum does not vary. Negative if items run against each other.

    References
    ----------
    .. [1] Cronbach (1951), Coefficient alpha and the internal structure of tests.

    Examples
    --------
    >>> float(cronbach_alpha(np.array([[1.0, 0.5], [0.5, 1.0]])).round(4))
    0.6667
    """
    items = covariance.shape[-1]
    parts = np.trace(covariance, axis1=-2, axis2=-1)
    total = covariance.sum(axis=(-2, -1))
    if items == 1:
        return np.full_like(total, np.nan)
    share = _ratio(parts, np.where(total > _ROUNDING * parts, total, 0.0))
    return np.asarray(items / (items - 1) * (1.0 - share), dtype=np.float64)


def standardised_alpha(covariance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return alpha of the items scaled to equal variance; for two items, Spearman-Brown.

    Parameters
    ----------
    covariance : ndarray of shape (..., items, items)
        Covariance of the items after reversal.

    Returns
    -------
    ndarray of shape (...)
        J r / (1 + (J - 1) r) with r the mean correlation. For two items this is the
        coefficient of choice. NaN for a single item and if an item does not vary.

    References
    ----------
    .. [1] Eisinga, te Grotenhuis & Pelzer (2013), The reliability of a two-item scale:
       Pearson, Cronbach, or Spearman-Brown?
    """
    deviation = np.sqrt(np.diagonal(covariance, axis1=-2, axis2=-1))
    scale = deviation[..., :, None] * deviation[..., None, :]
    return cronbach_alpha(_ratio(covariance, scale))


def alpha_if_dropped(covariance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return alpha of the other items, for every item.

    Parameters
    ----------
    covariance : ndarray of shape (items, items)
        Covariance of the items after reversal.

    Returns
    -------
    ndarray of shape (items,)
        NaN if fewer than two items would remain.
    """
    items = np.arange(len(covariance))
    if len(items) < 3:
        return np.full(len(items), np.nan)
    rest = np.stack([np.delete(np.delete(covariance, i, 0), i, 1) for i in items])
    return cronbach_alpha(rest)


def corrected_item_total(covariance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the correlation of every item with the sum of the others.

    Parameters
    ----------
    covariance : ndarray of shape (items, items)
        Covariance of the items after reversal.

    Returns
    -------
    ndarray of shape (items,)
        NaN if the item or the sum of the others does not vary.
    """
    variance = np.diagonal(covariance)
    shared = covariance.sum(axis=1) - variance
    others = covariance.sum() - 2.0 * shared - variance
    known = others > _ROUNDING * np.trace(covariance)
    return _ratio(shared, np.sqrt(np.where(known, variance * others, 0.0)))


def feldt_interval(
    alpha: float, *, people: int, items: int, level: float = 0.95
) -> tuple[float, float]:
    """Return the interval of alpha by Feldt's F distribution.

    Parameters
    ----------
    alpha : float
        Alpha in the sample.
    people, items : int
        Number of people who answered all items, and of items; at least 2 each.
    level : float, default=0.95
        Coverage.

    Returns
    -------
    tuple of float
        (1 - true alpha) / (1 - alpha) follows F with n - 1 and (n - 1)(J - 1) degrees.

    References
    ----------
    .. [1] Feldt (1965), The approximate sampling distribution of Kuder-Richardson
       reliability coefficient twenty.
    """
    tails = [(1.0 + level) / 2.0, (1.0 - level) / 2.0]
    ratios = stats.f.ppf(tails, people - 1, (people - 1) * (items - 1))
    low, high = (1.0 - (1.0 - alpha) * ratios).tolist()
    return low, high


def _ratio(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """Divide, NaN if there is nothing to divide by."""
    known = whole > 0.0
    return np.where(known, part / np.where(known, whole, 1.0), np.nan)
