"""Means, spread and covariances in points, computed from sums of whole numbers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.study.scale_sums import ScaleSums

__all__ = ["Moments", "item_covariance", "score_moments"]

_POINTS = 4.0
"""Points from the first option to the last."""


@dataclass(frozen=True)
class Moments:
    """Count, mean and spread of a set of scores.

    Attributes
    ----------
    n : ndarray
        How many there are.
    mean : ndarray
        In points 1 to 5; zero if there is none.
    squares : ndarray
        Sum of squared deviations from the mean, points squared.
    """

    n: NDArray[np.float64]
    mean: NDArray[np.float64]
    squares: NDArray[np.float64]


def score_moments(sums: ScaleSums, *, roles: slice = slice(None)) -> Moments:
    """Return the moments of the person scores of one scale in every unit.

    Parameters
    ----------
    sums : ScaleSums
        Cells of shape (n_units, n_roles).
    roles : slice, default=slice(None)
        Roles to take together; all of them by default.

    Returns
    -------
    Moments of shape (n_units,)

    Notes
    -----
    A person's score is the mean of the items answered. People who answered the same number of
    items form a group: their deviations come from whole numbers, centred on the whole number
    next to their mean, so that nothing cancels. The usual decomposition adds the differences
    between these groups. Equal scores have no spread at all, not even a rounding error.
    """
    people, totals, of_squares = (
        part[:, roles].sum(axis=1) for part in (sums.people, sums.totals, sums.squares)
    )
    answered = np.maximum(np.arange(sums.items + 1), 1)
    some = np.maximum(people, 1)
    centre, rest = np.divmod(totals, some)
    centred = of_squares - 2 * centre * totals + people * centre**2
    inside = (centred - rest**2 / some) / answered**2
    means = totals / (some * answered)
    n = people.sum(axis=-1).astype(np.float64)
    mean = (people * means).sum(axis=-1) / np.maximum(n, 1.0)
    between = people * (means - mean[..., None]) ** 2
    step = _POINTS / (sums.options - 1)
    squares = (inside + between).sum(axis=-1) * step**2
    return Moments(n, np.where(n > 0, 1.0 + (mean - 1.0) * step, 0.0), squares)


def item_covariance(sums: ScaleSums) -> NDArray[np.float64]:
    """Return the covariance of the items among people who answered all of them.

    Returns
    -------
    ndarray of shape (..., items, items)
        In squared steps of the scale, divisor n - 1; NaN for fewer than two people.
    """
    n = sums.complete[..., None, None].astype(np.float64)
    totals = (sums.chosen @ np.arange(1, sums.options + 1)).astype(np.float64)
    product = totals[..., :, None] * totals[..., None, :]
    with np.errstate(invalid="ignore", divide="ignore"):
        found = (sums.products - product / n) / (n - 1.0)
    return np.where(n > 1, found, np.nan)
