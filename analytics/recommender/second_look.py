"""A second look at a company that may have one model everywhere.

If all units of a company follow one model, nothing tells their distance from the theory from an
offset of the whole company. Trust in the theory is learned, so EM may end with large offsets
and a share of every model: a second optimum, in which a third of the units get a wrong model.
The second look starts from the most common model alone and holds the offsets to what the theory
expects. The company keeps the reading with more evidence.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from analytics.recommender.learning import (
    CONCENTRATION,
    Learning,
    learn,
    strength_of_priors,
)
from analytics.recommender.parameters import (
    SPREAD,
    UNIT_ELEVATION,
    CentroidPrior,
    Components,
    Parameters,
)
from analytics.recommender.predictive import believed_centroids, plug_in

__all__ = ["evidence", "second_look"]

_LEAST_SHARE = 1e-9
"""Share of every other component at the start: they may come back, but have to earn it."""


def second_look(
    X: NDArray[np.float64],
    unit_cov: NDArray[np.float64],
    components: Components,
    prior: CentroidPrior,
    found: Learning,
    *,
    max_iter: int,
    tol: float,
) -> Learning:
    """Return the reading of the company, with its offsets free or held, with more evidence.

    Parameters
    ----------
    X : ndarray of shape (n, p)
        Unit means in points; NaN if missing.
    unit_cov : ndarray of shape (n, p, p)
        V_b, points squared.
    components : Components
        What a unit can be.
    prior : CentroidPrior
        Belief about the centroids.
    found : Learning
        What EM found. It stays unless its offsets exceed those that the theory expects.
    max_iter, tol
        As for ``learn``.
    """
    if found.parameters.trust.offsets <= prior.trust.offsets:
        return found
    start = _one_model(X, components, prior, found.parameters)
    other = learn(
        X, unit_cov, components, prior, start, max_iter=max_iter, tol=tol, hold_offsets=True
    )
    facts = (X, unit_cov, components, prior)
    better = evidence(*facts, other.parameters) > evidence(*facts, found.parameters)
    return other if better else found


def _one_model(
    X: NDArray[np.float64], components: Components, prior: CentroidPrior, found: Parameters
) -> Parameters:
    """Place the most common model at the company's elevation, and all units in it."""
    common = int(found.mix[: components.models].argmax())
    mix = np.full(len(components.prior), _LEAST_SHARE)
    mix[common] = 1.0
    elevation = float(np.nanmean(np.nanmean(X, axis=0) - prior.mean[common]))
    return replace(
        found,
        centroids=prior.mean + elevation,
        mix=mix / mix.sum(),
        spread=SPREAD,
        unit_elevation=UNIT_ELEVATION,
        trust=prior.trust,
    )


def evidence(
    X: NDArray[np.float64],
    unit_cov: NDArray[np.float64],
    components: Components,
    prior: CentroidPrior,
    parameters: Parameters,
) -> float:
    """Return the log evidence of one reading, up to a constant that all readings share.

    log p(X | theta) + log p(theta), with the centroids integrated out by Laplace's method:
    - (log |Lambda| + log |H| + e' Lambda^-1 e) / 2 with e = vec(mu) - mu0; spread, elevation
    and trust have scaled inverse chi-squared priors of the strengths that learning gives them,
    the mix a Dirichlet one.

    References
    ----------
    .. [1] Kass & Raftery (1995), Bayes factors, section 4.1.
    """
    fitted = plug_in(len(X), components, parameters).posterior(X, unit_cov)
    believed = prior.covariance(parameters.trust)
    together, _, _ = believed_centroids(X, unit_cov, components, parameters, prior)
    moved = (parameters.centroids - prior.mean).ravel()
    volume = np.linalg.slogdet(believed)[1] + np.linalg.slogdet(together.precision)[1]
    weights = (CONCENTRATION - 1) * components.models * components.prior
    return float(
        fitted.log_densities.sum()
        - (volume + moved @ np.linalg.solve(believed, moved)) / 2
        + weights @ np.log(parameters.mix)
        + sum(
            -strength / 2 * (2 * np.log(value / expected) + (expected / value) ** 2)
            for value, expected, strength in strength_of_priors(prior, parameters, X.shape[1])
        )
    )
