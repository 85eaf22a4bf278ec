"""How far distributions and shares moved, and whether that is worth a look (drift)."""

from collections.abc import Sequence
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from analytics.results.waves import DistributionShift, ShareShift, Status

__all__ = [
    "distribution_shift",
    "mean_shift",
    "stability_index",
    "status_of",
    "worst",
]

_PSI_WATCH, _PSI_ALERT = 0.10, 0.25
"""Rule of thumb for the population stability index: Siddiqi 2006, Credit Risk Scorecards."""
SHARE_WATCH, SHARE_ALERT = 0.05, 0.10
"""Moves of a share that deserve a look; own choice."""
_LEVEL = 0.05
_ORDER: tuple[Status, ...] = ("stable", "watch", "alert")

Array = NDArray[np.float64]


def status_of(size: float, bounds: tuple[float, float], *, is_clear: bool) -> Status:
    """Return ``watch`` and ``alert`` from their bounds on, if chance does not explain it."""
    if not is_clear or size < bounds[0]:
        return "stable"
    return "alert" if size >= bounds[1] else "watch"


def worst(statuses: Sequence[Status]) -> Status:
    """Return the worst status; stable where there is none."""
    return max(statuses, key=_ORDER.index, default="stable")


def stability_index(current: Array, earlier: Array) -> float:
    """Return the population stability index of two sets of counts.

    Parameters
    ----------
    current, earlier : ndarray of shape (n_bins,)
        Counts per bin.

    Returns
    -------
    float
        Sum over bins of (p - q) ln(p / q); half a count is added to each bin, so that an empty
        one gives no infinity. It is 0 for equal counts, and symmetric.
    """
    p, q = ((counts + 0.5) / (counts + 0.5).sum() for counts in (current, earlier))
    return float(((p - q) * np.log(p / q)).sum())


def distribution_shift(
    current: Array, earlier: Array, *, adjusted_p: float | None = None
) -> DistributionShift:
    """Compare two sets of counts over the same bins.

    Parameters
    ----------
    current, earlier : ndarray of shape (n_bins,)
        Counts per bin.
    adjusted_p : float, optional
        P-value of a finer test of the same distributions; it has to be at most .05, too.

    Notes
    -----
    Where nothing moved the index is about (1/n + 1/m) chi² with bins - 1 degrees of freedom
    [1]_: an index below its 95 % point is chance, however large it looks.

    References
    ----------
    .. [1] Yurdakul & Naranjo 2020, Journal of Risk Model Validation 14(4).
    """
    psi = stability_index(current, earlier)
    sizes = 1 / max(current.sum(), 1) + 1 / max(earlier.sum(), 1)
    chance = float(stats.chi2.ppf(1 - _LEVEL, len(current) - 1) * sizes)
    is_clear = psi > chance and (adjusted_p is None or adjusted_p <= _LEVEL)
    status = status_of(psi, (_PSI_WATCH, _PSI_ALERT), is_clear=is_clear)
    return DistributionShift(status=status, psi=psi, chance=chance, adjusted_p=adjusted_p)


def mean_shift(current: Array, earlier: Array) -> ShareShift | None:
    """Compare the mean of the same units in two waves by a paired t interval.

    Returns
    -------
    ShareShift or None
        None for fewer than two units.
    """
    if len(current) < 2:
        return None
    change = current - earlier
    error = float(change.std(ddof=1)) / sqrt(len(change))
    half = float(stats.t.ppf(1 - _LEVEL / 2, len(change) - 1)) * error
    difference = float(change.mean())
    low, high = difference - half, difference + half
    return ShareShift(
        status=status_of(
            abs(difference), (SHARE_WATCH, SHARE_ALERT), is_clear=low > 0 or high < 0
        ),
        current=float(current.mean()),
        earlier=float(earlier.mean()),
        difference=difference,
        low=low,
        high=high,
    )
