"""Whether the models stay the same if other people of the units answer."""

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
_AT_ONCE = 25
"""Resamples refitted together: enough to keep the processor busy, few enough for memory."""
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
    known = np.isfinite(X)
    spread = precision(unit_cov, known, parameters.covariances(components))
    believed = CentroidPosterior.of(prior.mean, prior.covariance(parameters.trust))
    known_means = np.nan_to_num(X)
    parts = [
        _refit(
            np.where(known, known_means + shifts[first : first + _AT_ONCE], 0.0),
            spread,
            components,
            believed,
            Refits(parameters.means(components)[None], parameters.mix[None]),
        )
        for first in range(0, len(shifts), _AT_ONCE)
    ]
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
    known = np.isfinite(X)
    spread = precision(unit_cov, known, mixture.parameters_.covariances(components))
    labels = []
    for first in range(0, len(shifts), _AT_ONCE):
        part = slice(first, first + _AT_ONCE)
        rows = np.where(known, np.nan_to_num(X) + shifts[part], 0.0)
        chances = _chances(
            _Pulls.of(rows, spread), spread, refits.means[part], refits.mix[part]
        )
        labels.append(chances[:, :, : components.models].argmax(axis=2))
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
    X: NDArray[np.float64],
    spread: Precision,
    components: Components,
    believed: CentroidPosterior,
    start: Refits,
) -> Refits:
    r, _, p = X.shape
    pulls = _Pulls.of(X, spread)
    means = np.repeat(start.means, r, axis=0)
    mix = np.repeat(start.mix, r, axis=0)
    for _ in range(_ROUNDS):
        chances = _chances(pulls, spread, means, mix)
        right = np.einsum("rbc,rbci->rci", chances, pulls.vectors)
        pull = pull_of_components(_weights(spread, chances), right, components)
        centroids = believed.plus(pull).mean.reshape(r, components.models, p)
        means = np.einsum("ck,rki->rci", components.weights, centroids)
        mix = mix_of(chances.sum(axis=1), components)
    return Refits(means, mix)


@dataclass(frozen=True)
class _Pulls:
    """Products that stay the same in every round: P_bc x_b and x_b' P_bc x_b.

    Shapes (r, n, c, p) and (r, n, c).
    """

    vectors: NDArray[np.float64]
    squares: NDArray[np.float64]

    @classmethod
    def of(cls, X: NDArray[np.float64], spread: Precision) -> "_Pulls":
        n, c, p, _ = spread.matrices.shape
        flat = spread.matrices.reshape(n, c * p, p)
        vectors = (flat @ X.transpose(1, 2, 0)).transpose(2, 0, 1).reshape(-1, n, c, p)
        return cls(vectors, np.einsum("rbci,rbi->rbc", vectors, X))


def _chances(
    pulls: _Pulls, spread: Precision, means: NDArray[np.float64], mix: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return r_bc of every resample, shape (r, n, c)."""
    cross = np.einsum("rbci,rci->rbc", pulls.vectors, means)
    pairs = means[:, :, :, None] * means[:, :, None, :]
    distances = pulls.squares - 2 * cross + _squares(spread, pairs)
    log_joint = np.log(mix)[:, None] - (spread.log_determinants + distances) / 2
    joint = np.exp(log_joint - log_joint.max(axis=2, keepdims=True))
    return np.asarray(joint / joint.sum(axis=2, keepdims=True), dtype=np.float64)


def _squares(spread: Precision, pairs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return m_c' P_bc m_c of every resample, shape (r, n, c), as one product per component."""
    n, c, p, _ = spread.matrices.shape
    by_component = spread.matrices.reshape(n, c, p * p).transpose(1, 0, 2)
    moments = pairs.reshape(-1, c, p * p).transpose(1, 2, 0)
    return np.asarray((by_component @ moments).transpose(2, 1, 0), dtype=np.float64)


def _weights(spread: Precision, chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return sum_b r_bc P_bc of every resample, shape (r, c, p, p)."""
    n, c, p, _ = spread.matrices.shape
    by_component = spread.matrices.reshape(n, c, p * p).transpose(1, 0, 2)
    # Contiguous, or the product falls back to a slow loop.
    summed = np.ascontiguousarray(chances.transpose(2, 0, 1)) @ by_component
    return np.asarray(summed.transpose(1, 0, 2).reshape(-1, c, p, p), dtype=np.float64)


def _shifts(
    people: NDArray[np.float64], rng: np.random.Generator, resamples: int
) -> NDArray[np.float64]:
    n = len(people)
    drawn = rng.integers(n, size=(resamples, n)) + n * np.arange(resamples)[:, None]
    counts = np.bincount(drawn.ravel(), minlength=resamples * n).reshape(resamples, n)
    # Not a matrix product, whose last digits depend on the number of threads.
    means = np.einsum("rb,bj->rj", counts, people - people.mean(axis=0)) / n
    return np.asarray(np.sqrt(n / (n - 1)) * means, dtype=np.float64)
