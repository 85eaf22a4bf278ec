"""The hidden constraint: which root cause of a group is lowest, if the evidence suffices.

Which one is lowest depends on how far the means of one group lie apart. These differences have
two sources of error: the sampling of people (the covariance of the means) and that of items (a
construct's items are a sample of all questions that could have been asked about it). They are
shrunk towards none, by as much as the units of the company lead one to expect: in a small unit
the lowest of five means is often lowest by chance.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from analytics.inference.draws import drawn_around, standard_normal
from analytics.inference.naming import most_probable
from analytics.inference.shrinkage import FEWEST_UNITS, MeanPrior
from analytics.inference.variance_components import between_variance
from analytics.results.constraint import Constraint, ConstraintStatus
from analytics.study.scoring import SHARE_PER_POINT
from analytics.study.unit_means import UnitMeans

__all__ = ["hidden_constraints"]

Array = NDArray[np.float64]

_NO_VARIANCE = 1e-12
_STATUS: tuple[ConstraintStatus, ...] = (
    "insufficient_evidence",
    "identified",
    "tied",
)
"""By how many root causes are named."""

_INSUFFICIENT = Constraint(status="insufficient_evidence", dimensions=())


def hidden_constraints(
    groups: UnitMeans,
    item_variance: Mapping[str, float],
    *,
    seed: int,
    units: NDArray[np.bool_] | None = None,
    draws: int = 2000,
) -> dict[str, Constraint]:
    """Say for each group which root cause is lowest, or that the evidence is insufficient.

    Parameters
    ----------
    groups : UnitMeans
        Means in points, NaN if a figure may not be used, with their sampling covariance.
    item_variance : mapping of str to float
        From ``item_sampling_variance``; its keys are the root causes; other constructs of
        ``groups`` are ignored. Squared points.
    seed : int
        The release's seed. All groups share its standard normal draws, so that a
        verdict does not depend on their order.
    units : ndarray of bool, shape (n_groups,), optional
        Groups without units below them: from those that are shown it is learned how far root
        causes usually lie apart. Nothing is shrunk without it or with fewer than five units.
    draws : int, default=2000
        Draws from each group's posterior, spread evenly (``standard_normal``): verdicts from
        as many independent draws would depend on the seed.

    Returns
    -------
    dict of str to Constraint, one entry per group
        - ``probabilities``: how often each root cause was lowest; a tie in a draw is shared.
        - ``status``: ``identified`` if one reaches .80, ``tied`` if the two most
          probable together reach .85 (``most_probable``), else ``insufficient_evidence``.
        - ``dimensions``: most probable first; empty without a verdict.
        - ``distance``: 0 to 100, see Notes.

        A group with a NaN has neither probabilities nor distance: "lowest of five" needs five.
        So has every group of a file with fewer than two root causes.

    Notes
    -----
    With y the means of a group less their average, E the mean variance of their errors over
    the root causes, and t the variance of true differences (Paule and Mandel over the y of all
    units), the differences are shrunk by ``MeanPrior.posterior`` with B = E / (E + t), one B
    for all root causes of a group: their order stays that of the scores.

    ``distance`` is d = (least of the others) - (the root cause with the lowest mean). Its
    estimate is the difference of the means that a reader sees, its interval the central
    95 % of d in draws around those means. "The others" are compared draw by draw: the gap
    between the two lowest values of each draw would be positive by construction and say
    nothing. With two root causes a tie is no finding (the two always reach 1) and counts as
    insufficient evidence.
    Time and memory O(groups x draws x root causes).

    References
    ----------
    .. [1] method.md, "Hidden constraint"; Morris (1983), Parametric empirical Bayes inference.
    """
    columns = [place for place, key in enumerate(groups.constructs) if key in item_variance]
    keys = tuple(groups.constructs[place] for place in columns)
    means = groups.means[:, columns]
    covariance = groups.covariance[np.ix_(range(len(means)), columns, columns)]
    covariance = covariance + np.diag([item_variance[key] for key in keys])
    usable = np.isfinite(means).all(axis=1) & (len(keys) >= 2)

    verdicts = dict.fromkeys(groups.units, _INSUFFICIENT)
    if not usable.any():
        return verdicts
    known = np.zeros_like(usable) if units is None else usable & units
    apart, errors = _differences(means, covariance, known)
    normal = standard_normal(draws, len(keys), seed)
    for row in np.flatnonzero(usable):
        verdicts[groups.units[row]] = _verdict(
            keys,
            drawn_around(apart[row], errors[row], normal),
            _distance(means[row], drawn_around(means[row], covariance[row], normal)),
        )
    return verdicts


def _differences(
    means: Array, covariance: Array, units: NDArray[np.bool_]
) -> tuple[Array, Array]:
    """Return mean and covariance of the differences within each group, shrunk towards none."""
    p = means.shape[1]
    centring = np.eye(p) - 1.0 / p
    apart = means - means.mean(axis=1, keepdims=True)
    covariance = centring @ covariance @ centring
    if units.sum() < FEWEST_UNITS:
        return apart, covariance
    variances = np.einsum("ujj->uj", covariance)
    known = np.maximum(variances[units].ravel(), _NO_VARIANCE)
    between = between_variance(apart[units].ravel(), known)
    prior = MeanPrior(
        mean=0.0, mean_error=0.0, between=between, units=int(units.sum()) * (p - 1)
    )
    error = variances.mean(axis=1, keepdims=True)
    shrunk, variance = prior.posterior(apart, error)
    scale = np.sqrt(variance / np.maximum(error, _NO_VARIANCE))
    return shrunk, scale[:, :, None] * covariance * scale[:, None, :]


def _verdict(keys: tuple[str, ...], drawn: Array, distance: dict[str, float]) -> Constraint:
    lowest = drawn == drawn.min(axis=0)
    shares = (lowest / lowest.sum(axis=0)).mean(axis=1)
    probabilities = dict(zip(keys, shares.tolist(), strict=True))
    named = most_probable(probabilities)
    return Constraint(
        status=_STATUS[len(named)],
        dimensions=named,
        probabilities=probabilities,
        distance=distance,
    )


def _distance(means: Array, drawn: Array) -> dict[str, float]:
    place = int(means.argmin())
    rivals = np.delete(drawn, place, axis=0).min(axis=0) - drawn[place]
    estimate = np.delete(means, place).min() - means[place]
    low, high = np.quantile(rivals, [0.025, 0.975])
    return {
        "estimate": SHARE_PER_POINT * float(estimate),
        "low": SHARE_PER_POINT * float(low),
        "high": SHARE_PER_POINT * float(high),
    }
