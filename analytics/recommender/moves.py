"""What speaks for a recommendation, and which move of a single construct would change it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.recommender.parameters import Components, Parameters
from analytics.recommender.posterior import Precision, gaps_of, posterior, precision
from analytics.recommender.predictive import Predictive

__all__ = ["Explanation", "SmallestMove", "explain", "smallest_moves"]

_GRID: NDArray[np.float64] = np.linspace(1.0, 5.0, 81)
"""Values that a construct is moved to, in steps of .05 points."""


@dataclass(frozen=True)
class SmallestMove:
    """The nearest value of one construct at which another model leads.

    Attributes
    ----------
    construct : int
        Its column.
    to : float
        Points.
    model : int
        The model that leads there.
    standard_errors : float
        The move over sqrt(V_jj); infinite if the mean is taken as exact.
    """

    construct: int
    to: float
    model: int
    standard_errors: float


def smallest_moves(
    x: NDArray[np.float64],
    unit_cov: NDArray[np.float64],
    predictive: Predictive,
    *,
    models: int,
) -> list[SmallestMove]:
    """Find for every construct the smallest move that changes the leading model.

    Parameters
    ----------
    x : ndarray of shape (p,)
        Unit means in points; NaN if missing.
    unit_cov : ndarray of shape (p, p)
        V_b, points squared.
    predictive : Predictive
        What is expected of this one unit.
    models : int
        m, how many of the components are models.

    Returns
    -------
    list of SmallestMove
        Fewest standard errors first. A construct is left out if it is missing, or if no value
        from 1 to 5 changes the model on its own.

    Notes
    -----
    With g_c = P_c (x - m_c), moving x_j by d changes the squared distance from component c by
    2 d g_cj + d² P_cjj, so that no matrix is inverted more than once.

    References
    ----------
    .. [1] method.md 1.8, "What would change it".
    """
    known = np.isfinite(x)
    spread = precision(unit_cov[None], known[None], predictive.covariances)
    leaders = _leaders(x, spread, predictive, models)
    chances = posterior(x[None], spread, predictive.means, predictive.mix).probabilities
    now = int(chances[0, :models].argmax())
    found = []
    for j in np.flatnonzero(known):
        elsewhere = np.flatnonzero(leaders[j] != now)
        if len(elsewhere):
            nearest = elsewhere[np.abs(_GRID[elsewhere] - x[j]).argmin()]
            found.append(
                _move(int(j), float(_GRID[nearest]), int(leaders[j, nearest]), x, unit_cov)
            )
    return sorted(found, key=lambda move: (move.standard_errors, move.construct))


def _move(
    construct: int,
    to: float,
    model: int,
    x: NDArray[np.float64],
    unit_cov: NDArray[np.float64],
) -> SmallestMove:
    error = float(np.sqrt(unit_cov[construct, construct]))
    distance = abs(to - float(x[construct]))
    return SmallestMove(construct, to, model, distance / error if error > 0 else float("inf"))


def _leaders(
    x: NDArray[np.float64], spread: Precision, predictive: Predictive, models: int
) -> NDArray[np.intp]:
    """Return the leading model at every value of the grid, shape (p, values)."""
    P = spread.matrices[0, :models]
    gaps = gaps_of(x[None], predictive.means)[0, :models]
    g = np.einsum("kij,kj->ki", P, gaps)
    steps = _GRID[None, :] - np.nan_to_num(x)[:, None]
    own = np.einsum("kjj->kj", P)
    base = (gaps * g).sum(axis=1)
    distances = base[:, None, None] + 2 * steps * g[:, :, None] + steps**2 * own[:, :, None]
    constant = np.log(predictive.mix[0, :models]) - spread.log_determinants[0, :models] / 2
    return np.asarray((constant[:, None, None] - distances / 2).argmax(axis=0), dtype=np.intp)


@dataclass(frozen=True)
class Explanation:
    """The plug-in log-odds of one component against another, in parts that sum to them.

    Attributes
    ----------
    constructs : ndarray of shape (p,)
        e_j: how far each construct speaks for the winner; 0 if it is missing.
    company_pattern : float
        log(pi_k / pi_l): how common the two are in the company.
    spread : float
        ½ log(|Σ_l| / |Σ_k|): how widely each scatters its units.
    """

    constructs: NDArray[np.float64]
    company_pattern: float
    spread: float


def explain(
    x: NDArray[np.float64],
    unit_cov: NDArray[np.float64],
    components: Components,
    parameters: Parameters,
    *,
    winner: int,
    rival: int,
) -> Explanation:
    """Split the log-odds of ``winner`` against ``rival`` for one unit.

    Parameters
    ----------
    x : ndarray of shape (p,)
        Unit means in points; NaN if missing.
    unit_cov : ndarray of shape (p, p)
        V_b, points squared.
    winner, rival : int
        Indices of the components, k and l.

    Returns
    -------
    Explanation
        e_j = ½ [(x - m_l)_j (P_l (x - m_l))_j - (x - m_k)_j (P_k (x - m_k))_j].

    References
    ----------
    .. [1] method.md 1.8.
    """
    spread = precision(unit_cov[None], np.isfinite(x)[None], parameters.covariances(components))
    gaps = x - parameters.means(components)
    gaps = np.where(np.isfinite(gaps), gaps, 0.0)
    pulls = gaps * np.einsum("cij,cj->ci", spread.matrices[0], gaps)
    log_mix, log_det = np.log(parameters.mix), spread.log_determinants[0]
    return Explanation(
        constructs=np.asarray((pulls[rival] - pulls[winner]) / 2, dtype=np.float64),
        company_pattern=float(log_mix[winner] - log_mix[rival]),
        spread=float(log_det[rival] - log_det[winner]) / 2,
    )
