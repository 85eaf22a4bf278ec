"""The four pure profiles in Likert points, copied from the method's table."""

import itertools

import numpy as np
from numpy.typing import NDArray

__all__ = ["ANCHORS", "BLENDS", "CENTRE", "DEFINING", "MODELS"]

MODELS = ("coe", "federated", "hybrid_squad", "managed_service")

ANCHORS: NDArray[np.float64] = np.array(
    [
        [4.4, 4.4, 2.3, 2.8, 2.5, 3.0, 3.0, 3.2, 3.2],
        [2.4, 2.4, 4.4, 4.3, 4.3, 3.2, 3.0, 3.2, 3.3],
        [3.2, 3.2, 3.2, 3.4, 3.6, 4.4, 4.4, 3.9, 3.7],
        [2.8, 3.0, 2.7, 2.3, 2.4, 3.3, 3.5, 4.4, 1.7],
    ]
)
"""One row per model, one column per context construct, shape (4, 9)."""

CENTRE: NDArray[np.float64] = ANCHORS.mean(axis=0)

DEFINING: NDArray[np.bool_] = np.array(
    [
        [1, 1, 0, 0, 0, 0, 0, 0, 0],
        [0, 0, 1, 1, 1, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 1, 1, 0, 0],
        [0, 0, 0, 0, 0, 0, 0, 1, 1],
    ],
    dtype=bool,
)
"""The cells that define each model, shape (4, 9)."""

BLENDS = tuple(itertools.combinations(range(len(MODELS)), 2))
"""The six pairs of models between which a unit may stand."""
