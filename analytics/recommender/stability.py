"""Whether the models stay the same if other people of the units answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from analytics.recommender.estimator import AnchoredUnitMixture
from analytics.recommender.learning import mix_of
from analytics.recommender.parameters import Components, without_learning
from analytics.recommender.posterior import (
    CentroidPosterior,
    Precision,
    precision,
    pull_of_components,
)
from analytics.study.unit_means import Deviations

__all__ = [
    "RESAMPLES",
    "Refits",
    "cluster_similarity",
    "labels_of",
    "refit",
    "resampled_shifts",
]

_ROUNDS = 8
_AT_ONCE = 10
"""Resamples refitted together: enough to keep the processor busy, few enough for its cache."""
RESAMPLES = 200
"""B, how many resamples stability rests on (method 1.7)."""


@dataclass(frozen=True)
class Refits:
    """The means and mix of the company in each resample; variances are held fixed.

    Attributes
    ----------
    means : ndarray of shape (r, c, p)
        m_c of every resample, points.
    mix : ndarray of shape (r, c)
        pi_c of every resample.
    """

    means: NDArray[np.float64]
    mix: NDArray[np.float64]


def refit(
    mixture: AnchoredUnitMixture,
    X: NDArray[np.float64],
    unit_cov: NDArray[np.float64],
    shifts: NDArray[np.float64],
    anchors: NDArray[np.float64],
) -> Refits:
    """Learn means and mix again from every resample.

    Parameters
    ----------
    mixture : AnchoredUnitMixture
        Fitted on the original answers; the refits start from it.
    X : ndarray of shape (n, p)
        Unit means in points; NaN if missing.
    unit_cov : ndarray of shape (n, p, p)
        V_b, points squared.
    shifts : ndarray of shape (r, n, p)
        From ``resampled_shifts``.
    anchors : ndarray of shape (m, p)
        Profiles of the models, points.

    Returns
    -------
    Refits
        At most 8 rounds of EM; below the number of units to learn from, the theory shifted by
        each resample's elevation.

    References
    ----------
    .. [1] method.md 1.7.
    """
    components = mixture.components_
    if not mixture.learned_:
        found = [without_learning(X + shift, anchors, components) for shift in shifts]
        return Refits(
            np.stack([parameters.means(components) for parameters in found]),
            np.stack([parameters.mix for parameters in found]),
        )
    parameters, prior = mixture.parameters_, mixture.prior_
    spread = precision(unit_cov, np.isfinite(X), parameters.covariances(components))
    believed = CentroidPosterior.of(prior.mean, prior.covariance(parameters.trust))
    start = Refits(parameters.means(components)[None], parameters.mix[None])
    parts = [_refit(pulls, components, believed, start) for pulls in _pulls(X, shifts, spread)]
    return Refits(
        np.concatenate([part.means for part in parts]),
        np.concatenate([part.mix for part in parts]),
    )


def labels_of(
    X: NDArray[np.float64],
    unit_cov: NDArray[np.float64],
    shifts: NDArray[np.float64],
    mixture: AnchoredUnitMixture,
    refits: Refits,
) -> NDArray[np.intp]:
    """Return the leading model of every group in every resample, shape (r, g)."""
    components = mixture.components_
    covariances = mixture.parameters_.covariances(components)
    spread = precision(unit_cov, np.isfinite(X), covariances)
    labels, first = [], 0
    for pulls in _pulls(X, shifts, spread):
        part = slice(first, first + pulls.resamples)
        chances = pulls.chances(refits.means[part], refits.mix[part])
        labels.append(chances[: components.models].argmax(axis=0))
        first = part.stop
    return np.concatenate(labels).astype(np.intp)


def cluster_similarity(
    labels: NDArray[np.intp], resampled: NDArray[np.intp], models: int
) -> NDArray[np.float64]:
    """Return how well resamples reproduce each model's cluster, shape (m,), NaN if empty.

    Hennig's Jaccard: the largest overlap of the cluster with any cluster of a resample, as
    |both| / |either|, averaged over the resamples.

    References
    ----------
    .. [1] Hennig (2007), Cluster-wise assessment of cluster stability.
    """
    similarity = np.full(models, np.nan)
    for model in np.unique(labels):
        own = labels == model
        overlaps = []
        for other in range(models):
            found = resampled == other
            both = (found & own).sum(axis=1)
            overlaps.append(both / np.maximum((found | own).sum(axis=1), 1))
        similarity[model] = np.max(overlaps, axis=0).mean()
    return similarity


def resampled_shifts(
    deviations: Deviations, *, seed: int, resamples: int = RESAMPLES
) -> NDArray[np.float64]:
    """Draw how much each unit's means change if its people are resampled.

    Parameters
    ----------
    deviations : Deviations
        Of people from their units, on p constructs.
    seed : int
        The release's. Every unit has a stream of its own, seeded by its code, so that its draws
        depend neither on the order of units nor on the presence of others.
    resamples : int, default=200
        How many.

    Returns
    -------
    ndarray of shape (resamples, n_units, p)
        x*_b - x_b = sqrt(n_b / (n_b - 1)) (mean of the resample - mean), points; 0 for units
        of one person, whose uncertainty a resample cannot show.

    References
    ----------
    .. [1] Rao & Wu (1988), Resampling inference with complex survey data; method.md 1.7.
    """
    size, p = len(deviations.units), deviations.values.shape[1]
    shifts = np.zeros((resamples, size, p))
    order = np.argsort(deviations.unit_of, kind="stable")
    bounds = np.searchsorted(deviations.unit_of[order], np.arange(size + 1))
    for place, unit in enumerate(deviations.units):
        people = deviations.values[order[bounds[place] : bounds[place + 1]]]
        if len(people) > 1:
            rng = np.random.default_rng([seed, crc32(unit.encode())])
            shifts[:, place] = _shifts(people, rng, resamples)
    return shifts


def _refit(
    pulls: "_Pulls", components: Components, believed: CentroidPosterior, start: Refits
) -> Refits:
    r, p = pulls.resamples, start.means.shape[-1]
    means = np.repeat(start.means, r, axis=0)
    mix = np.repeat(start.mix, r, axis=0)
    for _ in range(_ROUNDS):
        chances = pulls.chances(means, mix)
        pull = pull_of_components(*pulls.weighted(chances), components)
        centroids = believed.plus(pull).mean.reshape(r, components.models, p)
        means = np.einsum("ck,rki->rci", components.weights, centroids)
        mix = mix_of(chances.sum(axis=2).T, components)
    return Refits(means, mix)


def _pulls(
    X: NDArray[np.float64], shifts: NDArray[np.float64], spread: Precision
) -> Iterator["_Pulls"]:
    """Yield the shifted units, a few resamples at a time."""
    known = np.isfinite(X)
    triangles = _Triangles.of(spread)
    for first in range(0, len(shifts), _AT_ONCE):
        moved = np.where(known, np.nan_to_num(X) + shifts[first : first + _AT_ONCE], 0.0)
        yield _Pulls.of(moved, spread, triangles)


@dataclass(frozen=True)
class _Triangles:
    """One triangle of every precision P_bc, which is symmetric, by component.

    Attributes
    ----------
    values : ndarray of shape (c, n, p (p + 1) / 2)
    log_determinants : ndarray of shape (c, 1, n)
        Of T_c + V_b.
    rows, columns : ndarray of shape (p (p + 1) / 2,)
        Where the values stand in P_bc.
    """

    values: NDArray[np.float64]
    log_determinants: NDArray[np.float64]
    rows: NDArray[np.intp]
    columns: NDArray[np.intp]

    @classmethod
    def of(cls, spread: Precision) -> "_Triangles":
        rows, columns = np.triu_indices(spread.matrices.shape[-1])
        values = spread.matrices[:, :, rows, columns].transpose(1, 0, 2)
        determinants = spread.log_determinants.T[:, None]
        return cls(np.ascontiguousarray(values), determinants, rows, columns)

    def squares(self, means: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return m' P_bc m, shape (c, r, n), of means of shape (c, r, p)."""
        twice = np.where(self.rows == self.columns, 1.0, 2.0)
        products = twice * means[..., self.rows] * means[..., self.columns]
        return np.asarray(products @ self.values.transpose(0, 2, 1), dtype=np.float64)

    def weighted(self, chances: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return sum_b r_bc P_bc, shape (c, r, p, p)."""
        p = int(self.rows[-1]) + 1
        total = np.empty((*chances.shape[:2], p, p))
        total[..., self.rows, self.columns] = chances @ self.values
        total[..., self.columns, self.rows] = total[..., self.rows, self.columns]
        return total


@dataclass(frozen=True)
class _Pulls:
    """Shifted units x_b of some resamples, as products that stay the same in every round.

    Components come first, so that every sum over units is one matrix product.

    Attributes
    ----------
    vectors : ndarray of shape (c, r, n, p)
        P_bc x_b.
    squares : ndarray of shape (c, r, n)
        x_b' P_bc x_b.
    triangles : _Triangles
        The precisions P_bc.
    """

    vectors: NDArray[np.float64]
    squares: NDArray[np.float64]
    triangles: _Triangles

    @classmethod
    def of(cls, X: NDArray[np.float64], spread: Precision, triangles: _Triangles) -> "_Pulls":
        """Multiply units of shape (r, n, p), 0 if a construct is missing."""
        n, c, p, _ = spread.matrices.shape
        products = spread.matrices.reshape(n, c * p, p) @ X.transpose(1, 2, 0)
        by_component = products.reshape(n, c, p, -1).transpose(1, 3, 0, 2)
        vectors = np.ascontiguousarray(by_component)
        return cls(vectors, np.einsum("crbi,rbi->crb", vectors, X), triangles)

    @property
    def resamples(self) -> int:
        """Return r."""
        return len(self.vectors[0])

    def chances(
        self, means: NDArray[np.float64], mix: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return r_bc, shape (c, r, n), of means of shape (r, c, p) and mix (r, c)."""
        m = means.transpose(1, 0, 2)
        cross = (self.vectors @ m[..., None])[..., 0]
        distances = self.squares - 2 * cross + self.triangles.squares(m)
        log_joint = np.log(mix.T)[..., None] - (self.triangles.log_determinants + distances) / 2
        joint = np.exp(log_joint - log_joint.max(axis=0))
        return np.asarray(joint / joint.sum(axis=0), dtype=np.float64)

    def weighted(
        self, chances: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return sum_b r_bc P_bc and sum_b r_bc P_bc x_b, shapes (r, c, p, p) and (r, c, p)."""
        right = (chances[:, :, None] @ self.vectors)[:, :, 0]
        return self.triangles.weighted(chances).swapaxes(0, 1), right.swapaxes(0, 1)


def _shifts(
    people: NDArray[np.float64], rng: np.random.Generator, resamples: int
) -> NDArray[np.float64]:
    n = len(people)
    drawn = rng.integers(n, size=(resamples, n)) + n * np.arange(resamples)[:, None]
    counts = np.bincount(drawn.ravel(), minlength=resamples * n).reshape(resamples, n)
    means = counts.astype(np.float64) @ (people - people.mean(axis=0)) / n
    return np.asarray(np.sqrt(n / (n - 1)) * means, dtype=np.float64)
