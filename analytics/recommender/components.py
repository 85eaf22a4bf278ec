"""The eleven things a unit can be: one of the models, none of them, or half-way between two."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

__all__ = ["NONE", "Components", "components_of"]

NONE = "none"
"""Name of the component "no clear archetype"."""

_WEIGHT_NONE, _WEIGHT_BLENDS = 0.10, 0.15
_DEFINING, _OTHER = 1.0, 1.5


@dataclass(frozen=True)
class Components:
    """The components of the mixture: models first, then none, then the blends of two.

    Attributes
    ----------
    names : tuple of str, c
        ``coe``, ..., ``none``, ``coe+federated``, ...
    weights : ndarray of shape (c, m)
        How each component's mean is made of the m models' centroids, a_ck; rows sum to 1.
    scales : ndarray of shape (c, p)
        Variance between units per construct, s_cj, relative to a cell that defines a model.
    prior : ndarray of shape (c,)
        Prior probability of each component, pi0_c; sums to 1.
    models : int
        m, how many of the components are models.
    blends : tuple of pairs of int
        The two models of each blend, in the order of the components after none.
    """

    names: tuple[str, ...]
    weights: NDArray[np.float64]
    scales: NDArray[np.float64]
    prior: NDArray[np.float64]
    models: int
    blends: tuple[tuple[int, int], ...]


def components_of(models: tuple[str, ...], defining: NDArray[np.bool_]) -> Components:
    """Build the components of a theory.

    Parameters
    ----------
    models : tuple of str, m
        Keys of the models, at least two.
    defining : ndarray of shape (m, p)
        Cells that define their model: there, units of the model differ less.

    Returns
    -------
    Components
        m models, none, and m(m-1)/2 blends. None and the blends together weigh .25.

    References
    ----------
    .. [1] method.md 1.4.
    """
    m, p = defining.shape
    blends = tuple(combinations(range(m), 2))
    pure = np.eye(m)
    halves = np.array([(pure[one] + pure[other]) / 2 for one, other in blends])
    cells = [
        *defining,
        np.zeros(p, dtype=np.bool_),
        *(defining[one] | defining[other] for one, other in blends),
    ]
    return Components(
        names=(*models, NONE, *(f"{models[one]}+{models[other]}" for one, other in blends)),
        weights=np.vstack([pure, np.full((1, m), 1 / m), halves]),
        scales=np.where(np.array(cells), _DEFINING, _OTHER),
        prior=_prior(m, len(blends)),
        models=m,
        blends=blends,
    )


def _prior(models: int, blends: int) -> NDArray[np.float64]:
    """Share the prior out: what none and the blends leave goes to the models equally."""
    pure = (1.0 - _WEIGHT_NONE - _WEIGHT_BLENDS) / models
    return np.array([pure] * models + [_WEIGHT_NONE] + [_WEIGHT_BLENDS / blends] * blends)
