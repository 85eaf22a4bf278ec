"""Components, parameters and priors of the mixture, and the parameters without learning."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "NONE",
    "REACH",
    "SPREAD",
    "UNIT_ELEVATION",
    "CentroidPrior",
    "Components",
    "Parameters",
    "Trust",
    "components_of",
    "elevation",
    "prior_of",
    "without_learning",
]

NONE = "none"
"""Name of the component "no clear archetype"."""

_WEIGHT_NONE, _WEIGHT_BLENDS = 0.10, 0.15
_DEFINING, _OTHER = 1.0, 1.5
REACH = 0.65
"""c0: how far real units are expected to reach from the centre towards the pure model."""

SPREAD = 0.33
"""tau0: SD between units of one model on a cell that defines it, points."""

UNIT_ELEVATION = 0.20
"""tau_a0: SD of a unit's halo and response style, common to all constructs, points."""

_UNITS_BEHIND_PRIOR = 2.0
_REACH_SD, _ELEVATION_SD = 0.16, 0.28


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
    """Return the prior: the models share equally what none and the blends leave."""
    pure = (1.0 - _WEIGHT_NONE - _WEIGHT_BLENDS) / models
    return np.array([pure] * models + [_WEIGHT_NONE] + [_WEIGHT_BLENDS / blends] * blends)


@dataclass(frozen=True)
class Trust:
    """How far a company may lie off the theory, as standard deviations in points.

    Attributes
    ----------
    cells : float
        sd_d: error of the theory, cell by cell.
    offsets : float
        sd_o: shift of one construct for all models of the company.
    """

    cells: float = 0.12
    offsets: float = 0.10


@dataclass(frozen=True)
class Parameters:
    """What the mixture knows about a company.

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
        Unit means in points; NaN if nobody answered.
    centre : ndarray of shape (p,)
        Mean profile of the models.
    units_behind_prior : float
        Number of units that the prior "no elevation" is worth.

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
    """Return the parameters of a company too small to learn from: only elevation is estimated.

    Parameters
    ----------
    means : ndarray of shape (n, p)
        Means of the units with answers on the constructs, points; NaN if missing.
    anchors : ndarray of shape (m, p)
        Profiles of the models, points.
    components : Components
        What a unit can be.

    Returns
    -------
    parameters : Parameters
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


@dataclass(frozen=True)
class CentroidPrior:
    """A normal prior on vec(mu_1, ..., mu_m), model after model.

    Attributes
    ----------
    mean : ndarray of shape (m, p)
        Where the centroids are expected, points.
    directions : ndarray of shape (m, p)
        How each model differs from the centre of the anchors (D), points: a greater reach
        moves all centroids along them.
    trust : Trust
        The trust in the theory from which a company's own is learned.
    """

    mean: NDArray[np.float64]
    directions: NDArray[np.float64]
    trust: Trust

    def covariance(self, trust: Trust) -> NDArray[np.float64]:
        """Return Lambda, shape (m p, m p), points squared.

        Lambda = sd_c² vec(D) vec(D)' + 11' (x) (sd_u² 11' + sd_o² I) + sd_d² I: the company's
        reach, its elevation, its offset per construct, and errors of single cells.

        References
        ----------
        .. [1] method.md 1.4.
        """
        m, p = self.directions.shape
        shared = _ELEVATION_SD**2 + trust.offsets**2 * np.eye(p)
        return self.theory_error(trust) + np.kron(np.ones((m, m)), shared)

    def theory_error(self, trust: Trust) -> NDArray[np.float64]:
        """Return the part of Lambda that tells the models' profiles apart, shape (m p, m p).

        sd_c² vec(D) vec(D)' + sd_d² I: the company's reach, and errors of single cells.
        """
        reach = self.directions.ravel()
        of_reach = _REACH_SD**2 * np.outer(reach, reach)
        return np.asarray(of_reach + trust.cells**2 * np.eye(len(reach)), dtype=np.float64)


def prior_of(
    anchors: NDArray[np.float64], earlier: NDArray[np.float64] | None = None
) -> CentroidPrior:
    """Build the prior of a theory, or of a company whose last wave is known.

    Parameters
    ----------
    anchors : ndarray of shape (m, p)
        Profiles of the models, points.
    earlier : ndarray of shape (m, p), optional
        Centroids learned in the wave before. They become the mean, and the SD of single
        cells is halved.

    References
    ----------
    .. [1] method.md 1.4 and the last rule of 1.9.
    """
    centre = anchors.mean(axis=0)
    directions = anchors - centre
    if earlier is None:
        return CentroidPrior(centre + REACH * directions, directions, Trust())
    return CentroidPrior(earlier, directions, Trust(cells=Trust().cells / 2))
