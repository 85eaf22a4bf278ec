"""Stage A: anchored k-means, which partitions the units and gives the second opinion."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_samples

from analytics.recommender.parameters import REACH, elevation

__all__ = ["Partition", "models_of_clusters", "partition", "seeds_of"]

_SPREAD, _UNIT_ELEVATION = 0.35, 0.20
_SEED_WEIGHT = 4.0
_UNITS_BEHIND_PRIOR = 4.0


@dataclass(frozen=True)
class Partition:
    """Every unit in the cluster of one model.

    Attributes
    ----------
    labels : ndarray of shape (n,)
        Index of each unit's model.
    silhouettes : ndarray of shape (n,)
        In [-1, 1], in the whitened space; NaN if all units share one model or no two do.
    centroids : ndarray of shape (m, p)
        Mean profile of each model's cluster, its anchor included, points.
    covariance : ndarray of shape (p, p)
        What distances are measured against, points squared.
    """

    labels: NDArray[np.intp]
    silhouettes: NDArray[np.float64]
    centroids: NDArray[np.float64]
    covariance: NDArray[np.float64]

    def second_opinion(self, X: NDArray[np.float64]) -> NDArray[np.intp]:
        """Return the index of the nearest centroid of each row of ``X``, shape (n,).

        Constructs that a row lacks are left out of its distances. For a unit that was
        partitioned, and lacks nothing, this is its label.
        """
        return np.array([self._distances(row).argmin() for row in X], dtype=np.intp)

    def _distances(self, row: NDArray[np.float64]) -> NDArray[np.float64]:
        return _distances(row, self.centroids, self.covariance)


def seeds_of(X: NDArray[np.float64], anchors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the start of each model's cluster, shape (m, p): centre + c0 D + s, points."""
    centre = anchors.mean(axis=0)
    shift = elevation(X, centre, units_behind_prior=_UNITS_BEHIND_PRIOR)
    return np.asarray(centre + REACH * (anchors - centre) + shift, dtype=np.float64)


def partition(
    X: NDArray[np.float64], unit_cov: NDArray[np.float64], anchors: NDArray[np.float64]
) -> Partition:
    """Cluster the units around the anchors.

    The anchors enter as units of weight 4, a normal prior on every centroid. So a model without
    units keeps its place, and no label has to be used [1]_.

    Parameters
    ----------
    X : ndarray of shape (n, p)
        Unit means in points. A missing construct (NaN) is filled, for the partition only,
        with its expectation around the seed that is nearest on the constructs present. This
        does not change the distance to that seed.
    unit_cov : ndarray of shape (n, p, p)
        V_b, points squared, finite.
    anchors : ndarray of shape (m, p)
        Profiles of the models, points.

    Returns
    -------
    Partition
        Deterministic: seeded by the anchors, one start, no random numbers.

    References
    ----------
    .. [1] S. Basu, A. Banerjee and R. Mooney (2002). "Semi-supervised clustering by
       seeding". ICML; method.md 1.3.
    """
    n, p = X.shape
    seeds = seeds_of(X, anchors)
    covariance = _SPREAD**2 * np.eye(p) + _UNIT_ELEVATION**2 + unit_cov.sum(axis=0) / max(n, 1)
    whitening = np.linalg.cholesky(np.linalg.inv(covariance))
    rows = np.vstack([_complete(X, seeds, covariance), seeds]) @ whitening
    share_of_error = np.trace(unit_cov, axis1=1, axis2=2) / (p * _SPREAD**2)
    weights = np.concatenate([1 / (1 + share_of_error), np.full(len(seeds), _SEED_WEIGHT)])
    start = seeds @ whitening
    # The start is given, so nothing is drawn; the seed only keeps numpy's global state unused.
    fitted = KMeans(len(seeds), init=start, n_init=1, random_state=0).fit(
        rows, sample_weight=weights
    )
    models = models_of_clusters(fitted.labels_[n:], fitted.cluster_centers_, start)
    labels = models[fitted.labels_[:n]]
    centroids = np.linalg.solve(whitening.T, fitted.cluster_centers_[np.argsort(models)].T).T
    return Partition(labels, _silhouettes(rows[:n], labels), centroids, covariance)


def models_of_clusters(
    seed_labels: NDArray[np.intp], centres: NDArray[np.float64], seeds: NDArray[np.float64]
) -> NDArray[np.intp]:
    """Return the model of each cluster, shape (m,).

    Parameters
    ----------
    seed_labels : ndarray of shape (m,)
        The cluster into which each model's seed fell.
    centres, seeds : ndarray of shape (m, p)
        Cluster centres and seeds in the whitened space.

    Returns
    -------
    ndarray of shape (m,)
        A cluster is named by its seed. If two seeds share a cluster, clusters and seeds
        are matched one to one at the least total distance [1]_.

    References
    ----------
    .. [1] H. W. Kuhn (1955). "The Hungarian method for the assignment problem". Naval
       Research Logistics Quarterly 2, 83-97.
    """
    m = len(seeds)
    if len(set(seed_labels.tolist())) == m:
        return np.argsort(seed_labels).astype(np.intp)
    costs = ((centres[:, None] - seeds[None]) ** 2).sum(axis=2)
    return np.asarray(linear_sum_assignment(costs)[1], dtype=np.intp)


def _distances(
    row: NDArray[np.float64], centroids: NDArray[np.float64], covariance: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return squared distances of one row from the centroids, on the constructs it has."""
    known = np.isfinite(row)
    gaps = row[known] - centroids[:, known]
    inverse = np.linalg.inv(covariance[np.ix_(known, known)])
    return np.asarray(np.einsum("ki,ij,kj->k", gaps, inverse, gaps), dtype=np.float64)


def _complete(
    X: NDArray[np.float64], seeds: NDArray[np.float64], covariance: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Fill each row with its expectation, given its known part, around its nearest seed."""
    full = X.copy()
    for index in np.flatnonzero(~np.isfinite(X).all(axis=1)):
        row, known = X[index], np.isfinite(X[index])
        seed = seeds[_distances(row, seeds, covariance).argmin()]
        pull = np.linalg.solve(covariance[np.ix_(known, known)], (row - seed)[known])
        full[index, ~known] = seed[~known] + covariance[np.ix_(~known, known)] @ pull
    return full


def _silhouettes(rows: NDArray[np.float64], labels: NDArray[np.intp]) -> NDArray[np.float64]:
    if not 2 <= len(set(labels.tolist())) <= len(rows) - 1:
        return np.full(len(rows), np.nan)
    return np.asarray(silhouette_samples(rows, labels), dtype=np.float64)
