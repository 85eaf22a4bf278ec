"""Units as sums, from the scores of their people."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from analytics.inference.anova import Groups

__all__ = ["groups_of"]


def groups_of(people: Sequence[ArrayLike]) -> Groups:
    units = [np.asarray(unit, dtype=np.float64) for unit in people]
    return Groups(
        np.array([float(len(unit)) for unit in units]),
        np.array([unit.mean() for unit in units]),
        np.array([((unit - unit.mean()) ** 2).sum() for unit in units]),
    )
