"""Posteriors of components and of centroids, given the parameters; all in logarithms."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.recommender.parameters import Components, Parameters

__all__ = [
    "CentroidPosterior",
    "ComponentPosterior",
    "Precision",
    "gaps_of",
    "plug_in_posterior",
    "posterior",
    "precision",
    "pull_of_components",
    "pull_of_units",
]


@dataclass(frozen=True)
class Precision:
    """Inverse of T_c + V_b for every unit and component, on the constructs a unit has.

    Attributes
    ----------
    matrices : ndarray of shape (n, c, p, p)
        P_bc, per point squared; rows and columns of missing constructs are 0.
    log_determinants : ndarray of shape (n, c)
        log |T_c + V_b| on the constructs present.
    """

    matrices: NDArray[np.float64]
    log_determinants: NDArray[np.float64]


@dataclass(frozen=True)
class ComponentPosterior:
    """How well each component explains each unit.

    Attributes
    ----------
    probabilities : ndarray of shape (n, c)
        Posterior r_bc; rows sum to 1.
    distances : ndarray of shape (n, c)
        Squared Mahalanobis distance d²_bc of the unit from the component.
    log_densities : ndarray of shape (n,)
        log sum_c pi_c N(x_b; m_c, T_c + V_b): density of the unit under the whole mixture.
    """

    probabilities: NDArray[np.float64]
    distances: NDArray[np.float64]
    log_densities: NDArray[np.float64]


def precision(
    unit_cov: NDArray[np.float64], known: NDArray[np.bool_], covariances: NDArray[np.float64]
) -> Precision:
    """Invert the covariance of every unit under every component.

    Parameters
    ----------
    unit_cov : ndarray of shape (n, p, p)
        V_b, points squared; entries of missing constructs are ignored.
    known : ndarray of shape (n, p)
        Which constructs each unit has.
    covariances : ndarray of shape (c, p, p) or (n, c, p, p)
        T_c, or what it is for each unit.

    Returns
    -------
    Precision
        A missing construct is dropped from x_b, V_b and T_c, for that unit only.

    References
    ----------
    .. [1] method.md 1.4 and 1.9.
    """
    total = unit_cov[:, None] + covariances
    partial = np.flatnonzero(~known.all(axis=1))
    pairs = (known[partial, :, None] & known[partial, None, :])[:, None]
    # A missing construct gets variance 1 and no covariances. It then adds nothing to the
    # inverse of the rest or to the determinant, and its own 1 is removed again.
    total[partial] = np.where(pairs, total[partial], np.eye(known.shape[1]))
    matrices = np.asarray(np.linalg.inv(total), dtype=np.float64)
    matrices[partial] = np.where(pairs, matrices[partial], 0.0)
    return Precision(matrices, np.linalg.slogdet(total)[1])


def posterior(
    X: NDArray[np.float64],
    precision: Precision,
    means: NDArray[np.float64],
    mix: NDArray[np.float64],
) -> ComponentPosterior:
    """Apply Bayes' rule to every unit.

    Parameters
    ----------
    X : ndarray of shape (n, p)
        Unit means in points; NaN if missing.
    precision : Precision
        Of the same units.
    means : ndarray of shape (c, p) or (n, c, p)
        m_c, points; the same for every unit, or one set for each.
    mix : ndarray of shape (c,) or (n, c)
        pi_c.

    Returns
    -------
    ComponentPosterior
        r_bc ∝ pi_c N(x_b; m_c, T_c + V_b). A unit without any construct gets the mix.
    """
    gaps = gaps_of(X, means)
    distances = np.einsum("bci,bcij,bcj->bc", gaps, precision.matrices, gaps)
    log_joint = np.log(mix) - (precision.log_determinants + distances) / 2
    highest = log_joint.max(axis=1, keepdims=True)
    joint = np.exp(log_joint - highest)
    total = joint.sum(axis=1, keepdims=True)
    constant = np.isfinite(X).sum(axis=1) * np.log(2 * np.pi) / 2
    return ComponentPosterior(
        joint / total, distances, (highest + np.log(total))[:, 0] - constant
    )


def gaps_of(X: NDArray[np.float64], means: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return x_b - m_c, shape (n, c, p), 0 if a construct is missing."""
    gaps = X[:, None, :] - means
    return np.where(np.isfinite(gaps), gaps, 0.0)


def plug_in_posterior(
    X: NDArray[np.float64],
    unit_cov: NDArray[np.float64],
    components: Components,
    parameters: Parameters,
) -> ComponentPosterior:
    """Return the posterior of units under given parameters (plug-in, no leave-one-out)."""
    spread = precision(unit_cov, np.isfinite(X), parameters.covariances(components))
    return posterior(X, spread, parameters.means(components), parameters.mix)


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
        """Add the contributions of all units."""
        return self.plus(
            CentroidPosterior(pulls.precision.sum(axis=0), pulls.right.sum(axis=0))
        )

    def plus(self, pull: "CentroidPosterior") -> "CentroidPosterior":
        """Add a contribution, or each of several."""
        return CentroidPosterior(self.precision + pull.precision, self.right + pull.right)

    def without_each(self, pulls: "CentroidPosterior") -> "CentroidPosterior":
        """Return one posterior per unit, without that unit's contribution."""
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
    """Return each unit's contribution to the posterior of the centroids.

    Parameters
    ----------
    X : ndarray of shape (n, p)
        Unit means in points; NaN if missing.
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
    weighted = chances[:, :, None, None] * precision.matrices
    right = np.einsum("bcij,bj->bci", weighted, np.nan_to_num(X))
    return pull_of_components(weighted, right, components)


def pull_of_components(
    weighted: NDArray[np.float64], right: NDArray[np.float64], components: Components
) -> CentroidPosterior:
    """Return what units contribute to the posterior of the centroids, given each component.

    Parameters
    ----------
    weighted : ndarray of shape (..., c, p, p)
        r_bc P_bc of one unit, or their sum over units.
    right : ndarray of shape (..., c, p)
        r_bc P_bc x_b, or their sum over units.
    components : Components
        How each component is made of the models.

    Returns
    -------
    CentroidPosterior
        sum_c (a_c a_c') (x) weighted_c, and sum_c a_c (x) right_c.
    """
    weights = components.weights
    size = components.models * right.shape[-1]
    H = np.einsum("ck,cl,...cij->...kilj", weights, weights, weighted, optimize=True)
    pulled = np.einsum("ck,...ci->...ki", weights, right)
    return CentroidPosterior(
        H.reshape(*right.shape[:-2], size, size), pulled.reshape(*right.shape[:-2], size)
    )
