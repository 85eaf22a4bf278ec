"""The parameters of the mixture, and those that a company too small to learn from gets."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.recommender.components import Components

__all__ = [
    "REACH",
    "SPREAD",
    "UNIT_ELEVATION",
    "Parameters",
    "Trust",
    "elevation",
    "without_learning",
]

REACH = 0.65
"""c0: how far real units are expected to reach from the centre towards the pure model."""

SPREAD = 0.33
"""tau0: SD between units of one model on a cell that defines it, points."""

UNIT_ELEVATION = 0.20
"""tau_a0: SD of a unit's halo and response style, common to all constructs, points."""

_UNITS_BEHIND_PRIOR = 2.0


@dataclass(frozen=True)
class Trust:
    """How far a company may lie off the theory, as standard deviations in points.

    Attributes
    ----------
    cells : float
        sd_d: error of the theory, cell by cell.
    offsets : float
        sd_o: what shifts one construct for all models of the company.
    """

    cells: float = 0.12
    offsets: float = 0.10


@dataclass(frozen=True)
class Parameters:
    """What the mixture believes of a company.

    Attributes
    ----------
    centroids : ndarray of shape (m, p)
        Profile of each model in this company, mu_k, points.
    spread : float
        tau, points.
    unit_elevation : float
        tau_a, points.
    mix : ndarray of shape (c,)
        Probability of each component, pi_c; sums to 1.
    trust : Trust
        How far this company lies off the theory.
    """

    centroids: NDArray[np.float64]
    spread: float
    unit_elevation: float
    mix: NDArray[np.float64]
    trust: Trust = Trust()

    def covariances(self, components: Components) -> NDArray[np.float64]:
        """Return T_c = tau² diag(s_c) + tau_a² 11', shape (c, p, p), points squared."""
        p = components.scales.shape[1]
        diagonal = components.scales[:, :, None] * np.eye(p)
        return np.asarray(self.spread**2 * diagonal + self.unit_elevation**2, dtype=np.float64)

    def means(self, components: Components) -> NDArray[np.float64]:
        """Return m_c = sum_k a_ck mu_k, shape (c, p), points."""
        return np.asarray(components.weights @ self.centroids, dtype=np.float64)


def elevation(
    means: NDArray[np.float64], centre: NDArray[np.float64], *, units_behind_prior: float
) -> float:
    """Return how far the company lies above the centre as a whole, one number in points.

    Parameters
    ----------
    means : ndarray of shape (n, p)
        Unit means in points; NaN where nobody answered.
    centre : ndarray of shape (p,)
        Mean profile of the models.
    units_behind_prior : float
        How many units the belief "no elevation" is worth.

    Returns
    -------
    float
        The mean of ``means - centre`` over every cell that is known, times
        n / (n + units_behind_prior); 0 without units.
    """
    known = np.isfinite(means)
    if not known.any():
        return 0.0
    n = len(means)
    return float((means - centre)[known].mean()) * n / (n + units_behind_prior)


def without_learning(
    means: NDArray[np.float64], anchors: NDArray[np.float64], components: Components
) -> Parameters:
    """Match the company to the theory: only its overall elevation is taken from the data.

    Parameters
    ----------
    means : ndarray of shape (n, p)
        Means of the units with answers on the constructs, points; NaN where missing.
    anchors : ndarray of shape (m, p)
        Profiles of the models, points.
    components : Components
        What a unit can be.

    Returns
    -------
    parameters
        Centroids at centre + c0 D + elevation with n / (n + 2), everything else at its prior.

    References
    ----------
    .. [1] method.md 1.9.
    """
    centre = anchors.mean(axis=0)
    shift = elevation(means, centre, units_behind_prior=_UNITS_BEHIND_PRIOR)
    return Parameters(
        centroids=centre + REACH * (anchors - centre) + shift,
        spread=SPREAD,
        unit_elevation=UNIT_ELEVATION,
        mix=components.prior,
    )
