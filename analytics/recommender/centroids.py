"""Where the units pull the centroids: the normal equations of their posterior."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.recommender.components import Components
from analytics.recommender.posterior import Precision

__all__ = ["CentroidPosterior", "pull_of_units"]


@dataclass(frozen=True)
class CentroidPosterior:
    """The normal posterior of vec(mu_1, ..., mu_m) as precision H and right side H vec(mu).

    Attributes
    ----------
    precision : ndarray of shape (..., m p, m p)
        H, per point squared.
    right : ndarray of shape (..., m p)
        H vec(mu), per point.
    """

    precision: NDArray[np.float64]
    right: NDArray[np.float64]

    @classmethod
    def of(
        cls, mean: NDArray[np.float64], covariance: NDArray[np.float64]
    ) -> "CentroidPosterior":
        """Start from the prior: mean of shape (m, p), Lambda of shape (m p, m p)."""
        inverse = np.asarray(np.linalg.inv(covariance), dtype=np.float64)
        return cls(inverse, inverse @ mean.ravel())

    def with_units(self, pulls: "CentroidPosterior") -> "CentroidPosterior":
        """Add what all units say together."""
        return CentroidPosterior(
            self.precision + pulls.precision.sum(axis=0), self.right + pulls.right.sum(axis=0)
        )

    def without_each(self, pulls: "CentroidPosterior") -> "CentroidPosterior":
        """Return one posterior per unit, in which this unit has no say."""
        return CentroidPosterior(self.precision - pulls.precision, self.right - pulls.right)

    @property
    def mean(self) -> NDArray[np.float64]:
        """Return vec(mu), shape (..., m p), points."""
        solved = np.linalg.solve(self.precision, self.right[..., None])
        return np.asarray(solved[..., 0], dtype=np.float64)

    @property
    def covariance(self) -> NDArray[np.float64]:
        """Return H^-1, shape (..., m p, m p), points squared."""
        return np.asarray(np.linalg.inv(self.precision), dtype=np.float64)


def pull_of_units(
    X: NDArray[np.float64],
    precision: Precision,
    chances: NDArray[np.float64],
    components: Components,
) -> CentroidPosterior:
    """Return what each unit adds to the posterior of the centroids.

    Parameters
    ----------
    X : ndarray of shape (n, p)
        Unit means in points; NaN where missing.
    precision : Precision
        P_bc of the same units.
    chances : ndarray of shape (n, c)
        r_bc.
    components : Components
        How each component is made of the models.

    Returns
    -------
    CentroidPosterior, n of them
        sum_c r_bc (a_c a_c') (x) P_bc, and sum_c r_bc a_c (x) P_bc x_b.

    References
    ----------
    .. [1] method.md 1.4, "M mean".
    """
    n, p = X.shape
    size = components.models * p
    weights, known = components.weights, np.nan_to_num(X)
    weighted = chances[:, :, None, None] * precision.matrices
    pairs = np.einsum("ck,cl->ckl", weights, weights)
    H = np.tensordot(weighted, pairs, axes=(1, 0)).transpose(0, 3, 1, 4, 2)
    right = np.einsum("bcij,bj,ck->bki", weighted, known, weights, optimize=True)
    return CentroidPosterior(H.reshape(n, size, size), right.reshape(n, size))
