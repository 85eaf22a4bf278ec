"""Stage B: the mixture learns a company's own pattern from its units, by EM in closed form."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analytics.recommender.parameters import (
    SPREAD,
    UNIT_ELEVATION,
    CentroidPrior,
    Components,
    Parameters,
    Trust,
)
from analytics.recommender.posterior import (
    CentroidPosterior,
    ComponentPosterior,
    Precision,
    gaps_of,
    posterior,
    precision,
    pull_of_components,
)

__all__ = [
    "CONCENTRATION",
    "FEWEST_UNITS_TO_LEARN",
    "Learning",
    "learn",
    "mix_of",
    "strength_of_priors",
]

FEWEST_UNITS_TO_LEARN = 8
"""Below this, a company's own pattern is not learned (method 1.9)."""

_SPREAD_UNITS, _ELEVATION_UNITS = 12.0, 20.0
_CELL_UNITS, _OFFSET_UNITS = 12.0, 5.0
CONCENTRATION = 4.0
"""Dirichlet alpha on the mix: the prior mix weighs (alpha - 1) x 4 = 12 units."""


@dataclass(frozen=True)
class Learning:
    """The learned parameters, and the rounds it took.

    Attributes
    ----------
    parameters : Parameters
        The company's own.
    iterations : int
        Rounds of EM.
    """

    parameters: Parameters
    iterations: int


@dataclass(frozen=True)
class _Expectation:
    """The E step: every unit under the current parameters."""

    posterior: ComponentPosterior
    precision: Precision


def learn(
    X: NDArray[np.float64],
    unit_cov: NDArray[np.float64],
    components: Components,
    prior: CentroidPrior,
    start: Parameters,
    *,
    max_iter: int = 100,
    tol: float = 1e-6,
    hold_offsets: bool = False,
) -> Learning:
    """Learn centroids, spread, unit elevation, mix and trust in the theory.

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
    start : Parameters
        Where EM starts; the optimum does not depend on it in practice.
    max_iter : int, default=100
        Most rounds.
    tol : float, default=1e-6
        Stop when the log-likelihood changes by a smaller share of itself.
    hold_offsets : bool, default=False
        Leave the company-wide offsets at the SD that the theory expects.

    Returns
    -------
    Learning
        Deterministic. O(rounds x n x c x p²) time.

    References
    ----------
    .. [1] method.md 1.4; Dempster, Laird & Rubin (1977) for EM, Bovy, Hogg & Roweis (2011)
       for its form with an error covariance per row.
    """
    parameters, before = start, -np.inf
    rounds = 0
    while rounds < max_iter:
        rounds += 1
        expected = _expect(X, unit_cov, components, parameters)
        parameters = _maximise(X, components, prior, parameters, expected)
        if hold_offsets:
            held = replace(parameters.trust, offsets=prior.trust.offsets)
            parameters = replace(parameters, trust=held)
        now = float(expected.posterior.log_densities.sum())
        if abs(now - before) < tol * abs(now):
            break
        before = now
    return Learning(parameters, rounds)


def _expect(
    X: NDArray[np.float64],
    unit_cov: NDArray[np.float64],
    components: Components,
    parameters: Parameters,
) -> _Expectation:
    spread = precision(unit_cov, np.isfinite(X), parameters.covariances(components))
    found = posterior(X, spread, parameters.means(components), parameters.mix)
    return _Expectation(found, spread)


def _maximise(
    X: NDArray[np.float64],
    components: Components,
    prior: CentroidPrior,
    old: Parameters,
    expected: _Expectation,
) -> Parameters:
    chances, spread = expected.posterior.probabilities, expected.precision
    believed = CentroidPosterior.of(prior.mean, prior.covariance(old.trust))
    pulled = believed.plus(
        pull_of_components(
            np.einsum("bc,bcij->cij", chances, spread.matrices),
            np.einsum(
                "bc,bcij,bj->ci", chances, spread.matrices, np.nan_to_num(X), optimize=True
            ),
            components,
        )
    )
    centroids = pulled.mean.reshape(prior.mean.shape)
    residuals = gaps_of(X, components.weights @ centroids)
    g = np.einsum("bcij,bcj->bci", spread.matrices, residuals)
    return Parameters(
        centroids=centroids,
        spread=_spread(X, components, old, chances, spread, g),
        unit_elevation=_unit_elevation(old, chances, spread, g),
        mix=mix_of(chances.sum(axis=0), components),
        trust=_trust(prior, old.trust, centroids, believed, pulled),
    )


def mix_of(counts: NDArray[np.float64], components: Components) -> NDArray[np.float64]:
    """Return pi_c ∝ counts_c + (alpha - 1) 4 pi0_c, shape (..., c), from expected counts."""
    total = counts + (CONCENTRATION - 1) * components.models * components.prior
    return np.asarray(total / total.sum(axis=-1, keepdims=True), dtype=np.float64)


def strength_of_priors(
    prior: CentroidPrior, parameters: Parameters, constructs: int
) -> tuple[tuple[float, float, float], ...]:
    """Return each learned SD, the SD expected of it, and how many errors the latter weighs."""
    trust, expected = parameters.trust, prior.trust
    return (
        (parameters.spread, SPREAD, _SPREAD_UNITS * constructs),
        (parameters.unit_elevation, UNIT_ELEVATION, _ELEVATION_UNITS),
        (trust.cells, expected.cells, _CELL_UNITS),
        (trust.offsets, expected.offsets, _OFFSET_UNITS),
    )


def _unit_elevation(
    old: Parameters,
    chances: NDArray[np.float64],
    spread: Precision,
    g: NDArray[np.float64],
) -> float:
    """Return the new tau_a; a unit's shift is believed N(tau_a² 1'g, tau_a² - tau_a⁴ 1'P1)."""
    variance = old.unit_elevation**2
    total = spread.matrices.sum(axis=(2, 3))
    expected = (variance * g.sum(axis=2)) ** 2 + variance - variance**2 * total
    squares = float((chances * expected).sum()) + _ELEVATION_UNITS * UNIT_ELEVATION**2
    return float(np.sqrt(squares / (len(chances) + _ELEVATION_UNITS)))


def _spread(
    X: NDArray[np.float64],
    components: Components,
    old: Parameters,
    chances: NDArray[np.float64],
    spread: Precision,
    g: NDArray[np.float64],
) -> float:
    """Return the new tau from the known cells; missing cells carry no information on it."""
    variance = old.spread**2 * components.scales
    own = np.einsum("bcjj->bcj", spread.matrices)
    expected = ((variance * g) ** 2 + variance - variance**2 * own) / components.scales
    known = np.isfinite(X)[:, None, :]
    squares = float((chances[:, :, None] * np.where(known, expected, 0.0)).sum())
    behind_prior = _SPREAD_UNITS * X.shape[1]
    total = squares + behind_prior * SPREAD**2
    return float(np.sqrt(total / (known.sum() + behind_prior)))


def _trust(
    prior: CentroidPrior,
    old: Trust,
    centroids: NDArray[np.float64],
    believed: CentroidPosterior,
    pulled: CentroidPosterior,
) -> Trust:
    """Estimate the errors of the theory from the moves of the centroids (empirical Bayes).

    With e = Lambda^-1 (vec mu - mu0) and Q the share of Lambda^-1 that the data explain,
    cell errors are believed to have mean sd_d² e and variance sd_d² - sd_d⁴ Q; offsets the same
    summed over the models.
    """
    m, p = centroids.shape
    inverse = believed.precision
    e = inverse @ (centroids - prior.mean).ravel()
    Q = inverse - inverse @ np.linalg.solve(pulled.precision, inverse)
    over_models = np.kron(np.ones((m, 1)), np.eye(p))
    return Trust(
        cells=_sd(prior.trust.cells, _CELL_UNITS, old.cells, e, Q),
        offsets=_sd(
            prior.trust.offsets,
            _OFFSET_UNITS,
            old.offsets,
            over_models.T @ e,
            over_models.T @ Q @ over_models,
        ),
    )


def _sd(
    expected: float,
    units: float,
    old: float,
    e: NDArray[np.float64],
    Q: NDArray[np.float64],
) -> float:
    """Return the new SD of errors; the expected SD weighs as much as ``units`` errors."""
    moved = float(((old**2 * e) ** 2).sum())
    unsure = len(e) * old**2 - old**4 * float(np.trace(Q))
    return float(np.sqrt((units * expected**2 + moved + unsure) / (units + len(e))))
