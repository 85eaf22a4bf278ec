"""Other people of the same units might have answered: means of resampled respondents."""

from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from analytics.study.unit_means import Deviations

__all__ = ["RESAMPLES", "resampled_shifts"]

RESAMPLES = 200
"""B, how many resamples stability rests on (method 1.7)."""


def resampled_shifts(
    deviations: Deviations, *, seed: int, resamples: int = RESAMPLES
) -> NDArray[np.float64]:
    """Draw by how much each unit's means differ when its people are drawn anew.

    Parameters
    ----------
    deviations : Deviations
        Of people from their units, on p constructs.
    seed : int
        The release's. Every unit draws from a stream of its own, named by its code, so that
        neither the order of units nor the presence of others changes its draws.
    resamples : int, default=200
        How many.

    Returns
    -------
    ndarray of shape (resamples, n_units, p)
        x*_b - x_b = sqrt(n_b / (n_b - 1)) (mean of the resample - mean), points; 0 for units
        of one person, whose uncertainty a resample cannot show.

    References
    ----------
    .. [1] Rao & Wu (1988), Resampling inference with complex survey data; method.md 1.7.
    """
    size, p = len(deviations.units), deviations.values.shape[1]
    shifts = np.zeros((resamples, size, p))
    order = np.argsort(deviations.rows, kind="stable")
    bounds = np.searchsorted(deviations.rows[order], np.arange(size + 1))
    for place, unit in enumerate(deviations.units):
        people = deviations.values[order[bounds[place] : bounds[place + 1]]]
        if len(people) > 1:
            rng = np.random.default_rng([seed, crc32(unit.encode())])
            shifts[:, place] = _shifts(people, rng, resamples)
    return shifts


def _shifts(
    people: NDArray[np.float64], rng: np.random.Generator, resamples: int
) -> NDArray[np.float64]:
    n = len(people)
    drawn = rng.integers(n, size=(resamples, n)) + n * np.arange(resamples)[:, None]
    counts = np.bincount(drawn.ravel(), minlength=resamples * n).reshape(resamples, n)
    # Not a matrix product, whose last digits depend on the number of threads.
    means = np.einsum("rb,bj->rj", counts, people - people.mean(axis=0)) / n
    return np.asarray(np.sqrt(n / (n - 1)) * means, dtype=np.float64)
