"""The hidden constraint: which root cause of a group is lowest, if the evidence suffices.

The posterior of a group's root causes is normal around their means. Its covariance has two
parts: the sampling error of people (the covariance of the means) and that of items (a
construct's items are a sample of all questions that could have been asked about it).
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from analytics.inference.draws import drawn_around, standard_normal
from analytics.inference.naming import most_probable
from analytics.results.constraint import Constraint, ConstraintStatus
from analytics.study.scoring import SHARE_PER_POINT
from analytics.study.unit_means import UnitMeans

__all__ = ["hidden_constraints"]

_STATUS: tuple[ConstraintStatus, ...] = (
    "insufficient_evidence",
    "identified",
    "tied",
)
"""By how many root causes are named."""

_INSUFFICIENT = Constraint(status="insufficient_evidence", dimensions=())


def hidden_constraints(
    groups: UnitMeans, item_variance: Mapping[str, float], *, seed: int, draws: int = 2000
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
        verdict depends neither on their order nor on the presence of others.
    draws : int, default=2000
        Draws from each group's posterior, spread evenly (``standard_normal``): verdicts from
        as many independent draws would depend on the seed.

    Returns
    -------
    dict of str to Constraint, one entry per group
        - ``probabilities``: how often each root cause was lowest; a tie in a draw is shared.
        - ``status``: ``identified`` if one reaches .80, ``tied`` if the two most
          probable together reach .85, else ``insufficient_evidence``.
        - ``dimensions``: most probable first; empty without a verdict.
        - ``distance``: 0 to 100, see Notes.

        A group with a NaN has neither probabilities nor distance: "lowest of five" needs five.
        So has every group of a file with fewer than two root causes.

    Notes
    -----
    ``distance`` is d = (least of the others) - (the root cause with the lowest mean). Its
    estimate is the difference of the means that a reader sees, its interval the central
    95 % of d in the draws. "The others" are compared draw by draw, so the probability that
    d > 0 is the probability that this root cause is lowest, and the interval leaves out
    zero exactly when that is beyond doubt. The gap between the two lowest values of each
    draw would be positive by construction and say nothing. With two root causes a tie is no
    finding (the two always reach 1) and counts as insufficient evidence.
    Time and memory O(groups x draws x root causes).

    References
    ----------
    .. [1] method.md, "Hidden constraint".
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
    normal = standard_normal(draws, len(keys), seed)
    for row in np.flatnonzero(usable):
        drawn = drawn_around(means[row], covariance[row], normal)
        verdicts[groups.units[row]] = _verdict(keys, means[row], drawn)
    return verdicts


def _verdict(
    keys: tuple[str, ...], means: NDArray[np.float64], drawn: NDArray[np.float64]
) -> Constraint:
    lowest = drawn == drawn.min(axis=1, keepdims=True)
    shares = (lowest / lowest.sum(axis=1, keepdims=True)).mean(axis=0)
    probabilities = dict(zip(keys, shares.tolist(), strict=True))
    named = most_probable(probabilities)
    return Constraint(
        status=_STATUS[len(named)],
        dimensions=named,
        probabilities=probabilities,
        distance=_distance(means, drawn),
    )


def _distance(means: NDArray[np.float64], drawn: NDArray[np.float64]) -> dict[str, float]:
    place = int(means.argmin())
    rivals = np.delete(drawn, place, axis=1).min(axis=1) - drawn[:, place]
    estimate = np.delete(means, place).min() - means[place]
    low, high = np.quantile(rivals, [0.025, 0.975])
    return {
        "estimate": SHARE_PER_POINT * float(estimate),
        "low": SHARE_PER_POINT * float(low),
        "high": SHARE_PER_POINT * float(high),
    }
