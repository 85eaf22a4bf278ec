"""What can be wrong with a sampling covariance."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["fault_of"]

_TOLERANCE = 1e-8


def fault_of(covariance: NDArray[np.float64]) -> str | None:
    """Return why a square matrix is not a covariance, or None if it is one.

    A covariance of zeros is one: the means are then taken as exact.
    """
    if not np.isfinite(covariance).all():
        return "is not finite"
    if np.abs(covariance - covariance.T).max(initial=0.0) > _TOLERANCE:
        return "is not symmetric"
    if covariance.size and np.linalg.eigvalsh(covariance).min() < -_TOLERANCE:
        return "has a negative eigenvalue"
    return None
