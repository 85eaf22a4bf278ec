"""Why this model and not the next one: the log-odds, split over the constructs exactly."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.recommender.components import Components
from analytics.recommender.parameters import Parameters
from analytics.recommender.posterior import precision

__all__ = ["Explanation", "explain"]


@dataclass(frozen=True)
class Explanation:
    """The plug-in log-odds of one component against another, in parts that sum to them.

    Attributes
    ----------
    constructs : ndarray of shape (p,)
        e_j: what each construct says for the winner; 0 where it is missing.
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
        Unit means in points; NaN where missing.
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
