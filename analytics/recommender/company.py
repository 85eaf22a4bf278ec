"""What holds for a company as a whole: its mix of models, its reach, its structure."""

from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from analytics.recommender.anchors import Anchors
from analytics.recommender.components import Components
from analytics.recommender.parameters import REACH, Parameters
from analytics.recommender.posterior import Precision, posterior, precision
from analytics.recommender.rows import ContextRows
from analytics.results import Organisation

__all__ = ["FEWEST_UNITS_TO_LEARN", "company_pattern", "structure_of"]

FEWEST_UNITS_TO_LEARN = 8
"""Below this, a company's own pattern is not learned (method 1.9)."""

_FEWEST_UNITS_TO_JUDGE = 12
_NO_STRUCTURE, _WEAK_STRUCTURE, _DOMINANT = 0.25, 0.35, 0.60
_REACH_SD, _ELEVATION_SD, _OFFSET_SD = 0.16, 0.28, 0.10
_MIX_PRIOR_UNITS = 12.0
_ITERATIONS, _TOLERANCE = 200, 1e-8

Structure = Literal["clear", "weak", "none", "cannot_tell"]


def company_pattern(
    units: ContextRows, theory: Anchors, components: Components, start: Parameters
) -> Organisation:
    """Describe the company from all its units.

    Parameters
    ----------
    units : ContextRows
        The units with respondents of their own, n of them.
    theory : Anchors
        Profiles of the m models.
    components : Components
        What a unit can be.
    start : Parameters
        Those without learning; their variances are kept.

    Returns
    -------
    Organisation
        Below 8 units nothing is learned: ``reach`` is null and ``mix`` the prior.

    Notes
    -----
    Reach, construct offsets and mix are learned by EM in the model of [1]_ with the theory's
    own cells fixed: m_c = centre + o + reach (a_c D), reach ~ N(.65, .16²), o ~ N(0, .28² 11'
    + .10² I), pi as in the method. The centroids of the k-means partition would not do for
    the reach: the anchors among their units hold them out, at .57 in a company without any
    structure where the learned reach is .14. Recommendations do not use what is learned here.

    References
    ----------
    .. [1] method.md 1.4 and the end of 1.6.
    """
    n = len(units.units)
    if n < FEWEST_UNITS_TO_LEARN:
        return _organisation("cannot_tell", None, start.mix, theory)
    reach, mix = _learned(units, theory.matrix, components, start)
    found = _organisation("cannot_tell", reach, mix, theory)
    structure = structure_of(n, reach, max(found.mix.values()))
    return msgspec.structs.replace(found, structure=structure)


def structure_of(units: int, reach: float, largest_share: float) -> Structure:
    """Say whether the units of a company differ in the way the theory says.

    Where one model holds most of the mix, there are hardly two models to measure the reach
    between, so that a small one is no sign of a lack of structure.
    """
    if units < _FEWEST_UNITS_TO_JUDGE:
        return "cannot_tell"
    if reach < _NO_STRUCTURE:
        return "clear" if largest_share > _DOMINANT else "none"
    return "weak" if reach < _WEAK_STRUCTURE else "clear"


def _organisation(
    structure: Structure, reach: float | None, mix: NDArray[np.float64], theory: Anchors
) -> Organisation:
    pure = mix[: len(theory.models)]
    shares = (pure / pure.sum()).tolist()
    return Organisation(
        structure=structure, reach=reach, mix=dict(zip(theory.models, shares, strict=True))
    )


def _learned(
    units: ContextRows, anchors: NDArray[np.float64], components: Components, start: Parameters
) -> tuple[float, NDArray[np.float64]]:
    """Learn reach and mix; the offsets are learned on the way."""
    X = units.means
    centre = anchors.mean(axis=0)
    precisions = precision(units.covariance, np.isfinite(X), start.covariances(components))
    # Design of the mean of a component: how far it lies from the centre, and every offset.
    away = components.weights @ (anchors - centre)
    design = np.stack([np.column_stack([a, np.eye(len(centre))]) for a in away])
    gaps = np.where(np.isfinite(X), X - centre, 0.0)
    believed = np.concatenate([[REACH], (start.centroids - anchors).mean(axis=0)])
    mix = start.mix
    for _ in range(_ITERATIONS):
        means = centre + design @ believed
        chances = posterior(X, precisions, means, mix).probabilities
        counts = chances.sum(axis=0) + _MIX_PRIOR_UNITS * components.prior
        updated = _most_probable(design, precisions, gaps, chances)
        moved = max(np.abs(updated - believed).max(), np.abs(counts / counts.sum() - mix).max())
        believed, mix = updated, counts / counts.sum()
        if moved < _TOLERANCE:
            break
    return float(believed[0]), mix


def _most_probable(
    design: NDArray[np.float64],
    precisions: Precision,
    gaps: NDArray[np.float64],
    chances: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return reach and offsets, shape (1 + p,), that maximise the expected posterior."""
    p = gaps.shape[1]
    prior = np.zeros((1 + p, 1 + p))
    prior[0, 0] = 1 / _REACH_SD**2
    prior[1:, 1:] = np.linalg.inv(_ELEVATION_SD**2 + _OFFSET_SD**2 * np.eye(p))
    weight = np.einsum("bc,bcij->cij", chances, precisions.matrices)
    pulled = np.einsum("bc,bcij,bj->ci", chances, precisions.matrices, gaps)
    H = prior + np.einsum("cia,cij,cjb->ab", design, weight, design)
    right = prior[:, 0] * REACH + np.einsum("cia,ci->a", design, pulled)
    return np.asarray(np.linalg.solve(H, right), dtype=np.float64)
