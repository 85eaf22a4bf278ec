"""Whether a distribution over ordered levels has one middle or two ends; it draws no line."""

from functools import lru_cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

__all__ = ["ordinal_consensus"]


def ordinal_consensus(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return van der Eijk's A of distributions over ordered levels.

    Parameters
    ----------
    counts : ndarray of shape (n_units, levels)
        People or shares per level, three levels or more.

    Returns
    -------
    ndarray of shape (n_units,)
        1 where all are at one level, 0 where all levels are equally filled, -1 where one half
        is at each end. NaN where nobody is.

    Notes
    -----
    A distribution is cut into layers of equal height; each layer is a pattern of filled
    levels, whose A is U (1 - (S - 1) / (K - 1)) with S filled of K levels and U its
    unimodality; the layers count by their share of the people. O(units levels log levels).

    References
    ----------
    .. [1] van der Eijk (2001), Measuring agreement in ordered rating scales.

    Examples
    --------
    >>> ordinal_consensus(np.array([[5.0, 0, 0, 0, 5], [0, 0, 7, 0, 0]])).tolist()
    [-1.0, 1.0]
    """
    levels = counts.shape[1]
    heights = np.sort(counts, axis=1)
    steps = np.diff(heights, axis=1, prepend=0.0)
    filled = counts[:, None, :] >= heights[:, :, None]
    pattern = (filled << np.arange(levels)).sum(axis=-1)
    total = counts.sum(axis=1)
    share = steps * filled.sum(axis=-1) / np.where(total > 0, total, np.nan)[:, None]
    return np.asarray((share * _pattern_consensus(levels)[pattern]).sum(axis=1))


@lru_cache(maxsize=16)
def _pattern_consensus(levels: int) -> NDArray[np.float64]:
    """Return A of every pattern of filled levels, by its bits."""
    patterns = (np.arange(2**levels)[:, None] >> np.arange(levels)) & 1
    return np.array([_consensus(tuple(map(int, pattern))) for pattern in patterns])


def _consensus(pattern: tuple[int, ...]) -> float:
    levels, filled = len(pattern), sum(pattern)
    if filled <= 1:
        return 1.0
    triples = list(combinations(pattern, 3))
    one_middle = triples.count((1, 1, 0)) + triples.count((0, 1, 1))
    two_ends = triples.count((1, 0, 1))
    if not one_middle + two_ends:
        return 0.0
    unimodality = ((levels - 2) * one_middle - (levels - 1) * two_ends) / (
        (levels - 2) * (one_middle + two_ends)
    )
    return unimodality * (1.0 - (filled - 1) / (levels - 1))
