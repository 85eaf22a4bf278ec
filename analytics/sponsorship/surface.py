"""How an outcome relates to claimed and perceived sponsorship, rather than to their gap."""

from collections.abc import Mapping

import numpy as np
from scipy.special import stdtrit

from analytics.results.sponsorship import ResponseSurface, Surface
from analytics.sponsorship.scope import Contrast

__all__ = ["FEWEST_UNITS", "response_surface"]

FEWEST_UNITS = 50
"""Units below which no surface is fitted (method 2)."""
_MIDDLE = 3.0
_TESTS = {
    "a1": (0, 1, 1, 0, 0, 0),
    "a2": (0, 0, 0, 1, 1, 1),
    "a3": (0, 1, -1, 0, 0, 0),
    "a4": (0, 0, 0, 1, -1, 1),
}
"""Weights of the coefficients 1, s, e, s², s e, e²."""


def response_surface(
    units: Mapping[str, Contrast], outcome: Mapping[str, float]
) -> ResponseSurface | None:
    """Fit a second-degree surface of an outcome over claimed and perceived sponsorship.

    Parameters
    ----------
    units : mapping of str to Contrast
        Composites of shown units.
    outcome : mapping of str to float
        Outcome of the units that show it, points.

    Returns
    -------
    ResponseSurface or None
        None with fewer than 50 units, or if both sides vary too little to tell the six
        coefficients apart.

    Notes
    -----
    z = b0 + b1 s + b2 e + b3 s² + b4 s e + b5 e², s and e from the middle of the scale, by
    least squares with errors that may differ between units (HC3). Along agreement (s = e) slope
    a1 = b1 + b2 and curvature a2 = b3 + b4 + b5; along disagreement (s = -e) a3 = b1 - b2 and
    a4 = b3 - b4 + b5. Measurement error of unit means is not corrected for; it
    flattens the surface.

    References
    ----------
    .. [1] Edwards (1994), Regression analysis as an alternative to difference scores;
       Shanock et al. (2010), Polynomial regression with response surface analysis.
    .. [2] MacKinnon & White (1985), Some heteroskedasticity-consistent covariance matrix
       estimators with improved finite sample properties.
    """
    codes = sorted(units.keys() & outcome.keys())
    if len(codes) < FEWEST_UNITS:
        return None
    own = np.array([units[code].claimed.mean for code in codes]) - _MIDDLE
    seen = np.array([units[code].seen.mean for code in codes]) - _MIDDLE
    reached = np.array([outcome[code] for code in codes])
    design = np.column_stack([np.ones_like(own), own, seen, own**2, own * seen, seen**2])
    total = float(((reached - reached.mean()) ** 2).sum())
    if np.linalg.matrix_rank(design) < design.shape[1] or total <= 0.0:
        return None
    inverse = np.linalg.inv(design.T @ design)
    coefficients = inverse @ design.T @ reached
    residuals = reached - design @ coefficients
    leverage = np.einsum("ij,jk,ik->i", design, inverse, design)
    scaled = design * (residuals / np.maximum(1.0 - leverage, 1e-9))[:, None]
    covariance = inverse @ (scaled.T @ scaled) @ inverse
    quantile = float(stdtrit(len(codes) - design.shape[1], 0.975))
    found = {}
    for name, weights in _TESTS.items():
        estimate = float(np.array(weights) @ coefficients)
        half = quantile * float(np.sqrt(np.array(weights) @ covariance @ np.array(weights)))
        found[name] = Surface(estimate=estimate, low=estimate - half, high=estimate + half)
    explained = 1.0 - float((residuals**2).sum()) / total
    return ResponseSurface(units=len(codes), r_squared=explained, **found)
