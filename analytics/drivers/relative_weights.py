"""Johnson's relative weights, the customary approximation, as a cross-check."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["relative_weights"]

_NO_VARIANCE = 1e-10


def relative_weights(correlation: NDArray[np.float64]) -> NDArray[np.float64]:
    """Split R² among the predictors through their nearest orthogonal counterparts.

    Parameters
    ----------
    correlation : ndarray of shape (p + 1, p + 1)
        Correlations of p predictors and, last, the outcome.

    Returns
    -------
    ndarray of shape (p,)
        Not negative, summing to R².

    Notes
    -----
    With R = Q D Q' the predictors' correlations and r those with the outcome, L = Q D^½ Q',
    b = L^-1 r and weight_j = sum_k L_jk² b_k². Thomas et al. [2]_ show that the derivation
    does not hold as claimed, so the Shapley shares decide and this is shown beside them.

    References
    ----------
    .. [1] J. W. Johnson (2000), A heuristic method for estimating the relative weight of
       predictor variables in multiple regression, Multivariate Behavioral Research 35, 1-19.
    .. [2] D. R. Thomas, B. D. Zumbo, E. Kwan & L. Schweitzer (2014), On Johnson's (2000)
       relative weights method for assessing variable importance: A reanalysis.
    """
    among, outcome = correlation[:-1, :-1], correlation[:-1, -1]
    values, vectors = np.linalg.eigh(among)
    kept = values > _NO_VARIANCE
    root = np.sqrt(np.where(kept, values, 0.0))
    inverse = np.where(kept, 1.0 / np.where(kept, root, 1.0), 0.0)
    linked = (vectors * root) @ vectors.T
    weights = (vectors * inverse) @ (vectors.T @ outcome)
    return np.asarray((linked**2) @ (weights**2))
