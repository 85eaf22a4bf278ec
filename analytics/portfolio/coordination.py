"""How mixed a set of units is: models to run, and pairs that work differently.

The cost of a mix is counted, not priced. Every model in use has to be run (its own roles, rules
and tools). Every pair of units under one parent with different models has to coordinate across
them: who owns shared data, whose standards hold, who is called at night. If one model serves
all, there is one model to run and no pair to coordinate.
"""

import numpy as np
from numpy.typing import NDArray

from analytics.results.record import Estimate

__all__ = ["distinct", "effective", "expected", "pairs", "shares_of", "split_pairs"]

_INTERVAL = (0.025, 0.975)


def shares_of(
    assigned: NDArray[np.intp], models: int, weights: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """Return each model's share of the units, or of their weight, shape (draws, models).

    Parameters
    ----------
    assigned : ndarray of int, shape (draws, n)
        Model of every unit in every draw.
    models : int
        How many there are.
    weights : ndarray of shape (n,), optional
        People of the units; without it, every unit counts once.
    """
    weight = np.ones(assigned.shape[1]) if weights is None else weights
    held = [((assigned == model) * weight).sum(axis=1) for model in range(models)]
    return np.asarray(np.stack(held, axis=1) / weight.sum())


def distinct(shares: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return how many models are in use, shape (draws,)."""
    return np.asarray((shares > 0).sum(axis=1), dtype=np.int64)


def effective(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the effective number of models, exp(-sum_k s_k log s_k), shape (draws,).

    References
    ----------
    .. [1] M. O. Hill (1973), Diversity and evenness, Ecology 54, 427-432: the number of equally
       common kinds with the same diversity.
    """
    logs = np.log(np.where(shares > 0, shares, 1.0))
    return np.asarray(np.exp(-(shares * logs).sum(axis=1)))


def pairs(division_of: NDArray[np.intp]) -> int:
    """Return how many pairs of units have the same parent."""
    sizes = np.bincount(division_of)
    return int((sizes * (sizes - 1) // 2).sum())


def split_pairs(
    assigned: NDArray[np.intp], division_of: NDArray[np.intp], models: int
) -> NDArray[np.int64]:
    """Return how many pairs of units under one parent have different models, shape (draws,)."""
    split = np.zeros(len(assigned), dtype=np.int64)
    for place in np.unique(division_of):
        members = assigned[:, division_of == place]
        alike = np.stack([(members == model).sum(axis=1) for model in range(models)])
        size = members.shape[1]
        split += size * (size - 1) // 2 - (alike * (alike - 1) // 2).sum(axis=0)
    return split


def expected(drawn: NDArray[np.float64] | NDArray[np.int64]) -> Estimate:
    """Return the mean of the draws and their central 95 %.

    Few values are possible, so nearly all draws may be equal. The interval is extended to
    include the mean, which the remaining draws moved.
    """
    low, high = np.quantile(drawn, _INTERVAL)
    mean = drawn.mean()
    return Estimate(
        estimate=float(mean), low=float(min(low, mean)), high=float(max(high, mean))
    )
