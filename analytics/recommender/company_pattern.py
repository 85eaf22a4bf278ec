"""The pattern of a company as a whole: its mix, its reach, its own profiles of the models."""

import numpy as np
from numpy.typing import NDArray

from analytics.recommender.anchors import Anchors
from analytics.recommender.estimator import AnchoredUnitMixture
from analytics.recommender.parameters import Trust, prior_of
from analytics.results import CompanyPattern, ProfileCell
from analytics.results.recommendation import NoChoice, Structure
from analytics.study.scoring import to_share

__all__ = ["company_pattern", "nothing_known", "structure_of"]

_FEWEST_UNITS_TO_JUDGE = 12
_NO_STRUCTURE, _WEAK_STRUCTURE, _DOMINANT = 0.25, 0.35, 0.60
_MOVED = 2.0 * Trust().cells
"""A cell whose own error exceeds two prior SD has moved off the theory (method 3)."""
_DECIMALS = 1
_Z = 1.959963984540054
"""Of a 95 % interval, normal."""


def company_pattern(mixture: AnchoredUnitMixture, theory: Anchors) -> CompanyPattern:
    """Describe the company from its fitted mixture.

    Parameters
    ----------
    mixture : AnchoredUnitMixture
        Fitted on the units with respondents of their own.
    theory : Anchors
        The profiles it was fitted with.

    Returns
    -------
    CompanyPattern
        Below 8 units nothing is learned: ``reach`` is null, ``mix`` is the prior, and there are
        no profiles.
    """
    pure = mixture.parameters_.mix[: len(theory.models)]
    mix = dict(zip(theory.models, (pure / pure.sum()).tolist(), strict=True))
    if not mixture.learned_:
        return CompanyPattern(structure="cannot_tell", reach=None, mix=mix)
    reach = _reach_of(mixture.cluster_centers_, theory.directions)
    half = _Z * _reach_error(mixture.centroid_covariance_, theory.directions)
    return CompanyPattern(
        structure=structure_of(len(mixture.labels_), reach, max(mix.values())),
        reach=reach,
        reach_low=reach - half,
        reach_high=reach + half,
        mix=mix,
        profiles=_profiles(mixture, theory),
    )


def nothing_known(
    theory: Anchors, because: NoChoice, *, left_out: tuple[str, ...] = ()
) -> CompanyPattern:
    """Describe a company about which nothing is known: all models are equally likely."""
    share = 1 / len(theory.models)
    return CompanyPattern(
        structure="cannot_tell",
        reach=None,
        mix=dict.fromkeys(theory.models, share),
        left_out=left_out,
        no_choice=because,
    )


def _reach_of(centroids: NDArray[np.float64], directions: NDArray[np.float64]) -> float:
    """Return how far the centroids reach from their centre, as a share of the theory's reach.

    c = <mu - mean, D> / <D, D>, both of shape (m, p): 1 reaches the pure models.
    """
    apart = centroids - centroids.mean(axis=0)
    return float((apart * directions).sum() / (directions**2).sum())


def _reach_error(covariance: NDArray[np.float64], directions: NDArray[np.float64]) -> float:
    """Return the standard error of the reach from the posterior of vec(mu).

    The directions of all models sum to zero, so the mean drops out: c = <mu, D> / <D, D>.
    """
    weights = directions.ravel() / (directions**2).sum()
    return float(np.sqrt(weights @ covariance @ weights))


def structure_of(units: int, reach: float, largest_share: float) -> Structure:
    """Say whether the units of a company differ in the way the theory says.

    If one model holds most of the mix, hardly any units of other models are left to measure
    the reach with, so a small reach does not show a lack of structure.
    """
    if units < _FEWEST_UNITS_TO_JUDGE:
        return "cannot_tell"
    if reach < _NO_STRUCTURE:
        return "clear" if largest_share > _DOMINANT else "none"
    return "weak" if reach < _WEAK_STRUCTURE else "clear"


def _own_errors(mixture: AnchoredUnitMixture, theory: Anchors) -> NDArray[np.float64]:
    """Return the estimated error of the theory cell by cell, shape (m, p), points.

    This is the part sd_d² Lambda^-1 (vec mu - mu0) of the move, which neither the company's
    reach nor its elevation nor an offset of the construct explains. If learning started from
    the last wave, its trust describes moves since then, so the theory's own trust is used.
    """
    prior = prior_of(theory.matrix)
    followed = mixture.earlier_centers is not None
    trust = prior.trust if followed else mixture.parameters_.trust
    moved = (mixture.cluster_centers_ - prior.mean).ravel()
    own = trust.cells**2 * np.linalg.solve(prior.covariance(trust), moved)
    return np.asarray(own, dtype=np.float64).reshape(prior.mean.shape)


def _profiles(
    mixture: AnchoredUnitMixture, theory: Anchors
) -> dict[str, dict[str, ProfileCell]]:
    """Return learned beside assumed profiles.

    Learned ones are rounded to a tenth of a point of 100: precise enough for a reader, and too
    coarse to solve for a hidden unit.
    """
    moved = np.abs(_own_errors(mixture, theory)) > _MOVED
    return {
        model: {
            construct: ProfileCell(
                anchor=to_share(float(theory.matrix[k, j])),
                learned=round(to_share(float(mixture.cluster_centers_[k, j])), _DECIMALS),
                moved=bool(moved[k, j]),
            )
            for j, construct in enumerate(theory.constructs)
        }
        for k, model in enumerate(theory.models)
    }
