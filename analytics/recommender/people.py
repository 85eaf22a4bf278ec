"""What single people add to the means of units: camps, silhouettes, stability, clusters."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import silhouette_samples

from analytics.recommender.anchors import Anchors
from analytics.recommender.context_rows import ContextRows
from analytics.recommender.estimator import AnchoredUnitMixture
from analytics.recommender.stability import (
    cluster_similarity,
    labels_of,
    refit,
    resampled_shifts,
)
from analytics.recommender.unnamed import unnamed_profile
from analytics.results import Cluster, Unnamed
from analytics.study.roll_up import GroupShares
from analytics.study.scoring import to_share
from analytics.study.unit_means import Deviations, UnitMeans

__all__ = ["PeopleBehind", "Resampled", "split_units"]

_STABLE, _DISSOLVES = 0.75, 0.60
_FEWEST_PEOPLE = 12
_SPLIT = 1.8
_NO_VARIANCE = 1e-12
"""Variance below this is rounding."""


@dataclass(frozen=True)
class PeopleBehind:
    """Everyone's deviations from their unit, and the units that make up each group.

    Attributes
    ----------
    own : UnitMeans
        The units' own means, as given to the fit.
    deviations : Deviations
        On the constructs, and of the units, of ``own``.
    shares : mapping of str to GroupShares
        Per group, the rows of ``own`` that make it up.
    seed : int
        The release's.
    """

    own: UnitMeans
    deviations: Deviations
    shares: Mapping[str, GroupShares]
    seed: int

    def only_unit(self, group: str) -> str | None:
        """Return the unit that a group consists of; None if there are several."""
        rows = self.shares[group].units
        return self.own.units[int(rows[0])] if len(rows) == 1 else None

    def on(self, constructs: tuple[str, ...]) -> Deviations:
        """Return the deviations on some of the constructs, in their order."""
        columns = [self.own.constructs.index(key) for key in constructs]
        found = self.deviations
        return Deviations(
            found.units,
            constructs,
            found.unit_of,
            found.values[:, columns],
            found.answered[:, columns],
            found.means[:, columns],
        )

    def split(self, mixture: AnchoredUnitMixture, groups: ContextRows) -> frozenset[str]:
        """Return the groups that are a single unit in two camps and show every construct."""
        columns = [self.own.constructs.index(key) for key in groups.constructs]
        within = self.own.within[np.ix_(columns, columns)]
        found = split_units(self.on(groups.constructs), within, mixture.cluster_centers_)
        return frozenset(
            code
            for row, code in enumerate(groups.units)
            if self.only_unit(code) in found and np.isfinite(groups.means[row]).all()
        )

    def silhouettes(
        self, mixture: AnchoredUnitMixture, groups: ContextRows
    ) -> dict[str, float]:
        """Return how clearly the partition separates the shown units from each other.

        Distances to a hidden unit would give its means away.
        """
        leaves = self._complete_units(groups)
        if len(leaves) < 3:
            return {}
        partition = mixture.partition_
        labels = partition.second_opinion(groups.means[leaves])
        if not 2 <= len(set(labels.tolist())) <= len(leaves) - 1:
            return {}
        whitening = np.linalg.cholesky(np.linalg.inv(partition.covariance))
        found = silhouette_samples(groups.means[leaves] @ whitening, labels)
        return {
            groups.units[row]: float(value) for row, value in zip(leaves, found, strict=True)
        }

    def unnamed(
        self, mixture: AnchoredUnitMixture, units: ContextRows, groups: ContextRows
    ) -> Unnamed | None:
        """Look for a profile that no model describes, among the shown units only."""
        rows = self._complete_units(groups)
        place = {code: row for row, code in enumerate(units.units)}
        fitted = [place[groups.units[row]] for row in rows]
        found = unnamed_profile(mixture, groups.means[rows], groups.covariance[rows], fitted)
        if found is None:
            return None
        members = [rows[member] for member in found.members]
        means = groups.means[members].mean(axis=0)
        return Unnamed(
            units=tuple(groups.units[row] for row in members),
            log_bayes_factor=found.log_bayes_factor,
            profile={
                key: float(round(to_share(float(mean))))
                for key, mean in zip(groups.constructs, means, strict=True)
            },
        )

    def _complete_units(self, groups: ContextRows) -> list[int]:
        return [
            row
            for row, code in enumerate(groups.units)
            if self.only_unit(code) == code and np.isfinite(groups.means[row]).all()
        ]


@dataclass(frozen=True)
class Resampled:
    """The leading model of every shown group in every resample of respondents.

    Attributes
    ----------
    place : mapping of str to int
        Column of each group.
    labels : ndarray of shape (r, g)
        Indices of models.
    models : tuple of str
        Their keys.
    units : tuple of str
        The groups that are units of the fit.
    """

    place: Mapping[str, int]
    labels: NDArray[np.intp]
    models: tuple[str, ...]
    units: tuple[str, ...]

    @classmethod
    def of(
        cls,
        mixture: AnchoredUnitMixture,
        theory: Anchors,
        units: ContextRows,
        groups: ContextRows,
        people: PeopleBehind,
    ) -> "Resampled":
        """Resample respondents within each unit, learn again, and find every group's model."""
        shifts = resampled_shifts(people.on(theory.constructs), seed=people.seed)
        refits = refit(
            mixture, units.means, units.covariance, shifts[:, units.kept], theory.matrix
        )
        moved = _shifts_of_groups(shifts, groups, people)
        labels = labels_of(groups.means, groups.covariance, moved, mixture, refits)
        return cls(
            place={code: column for column, code in enumerate(groups.units)},
            labels=labels,
            models=theory.models,
            units=tuple(code for code in groups.units if people.only_unit(code) == code),
        )

    def stability(self, group: str, model: str) -> float:
        """Return the share of resamples in which the group's leading model is this one."""
        found = self.labels[:, self.place[group]] == self.models.index(model)
        return float(found.mean())

    def clusters(self, recommended: Mapping[str, str]) -> dict[str, Cluster]:
        """Return per model how well resamples reproduce the cluster of its units."""
        columns = [self.place[code] for code in self.units]
        now = np.array([self.models.index(recommended[code]) for code in self.units], np.intp)
        found = cluster_similarity(now, self.labels[:, columns], len(self.models))
        return {
            model: _cluster(int((now == k).sum()), float(found[k]))
            for k, model in enumerate(self.models)
        }


def split_units(
    deviations: Deviations, within: NDArray[np.float64], centroids: NDArray[np.float64]
) -> frozenset[str]:
    """Find the units whose people differ unusually much along some pair of models.

    Parameters
    ----------
    deviations : Deviations
        Of people from their units, on p constructs.
    within : ndarray of shape (p, p)
        Pooled covariance of people within units, W, points squared.
    centroids : ndarray of shape (m, p)
        Profile of each model in this company, points.

    Returns
    -------
    frozenset of str
        Units of at least 12 people in which, for some pair of models k and l, the variance of
        people's projections on W^-1 (mu_k - mu_l) is more than 1.8 times the pooled one.

    References
    ----------
    .. [1] method.md 1.6, SPLIT.
    """
    size = len(deviations.units)
    people = np.bincount(deviations.unit_of, minlength=size)
    pairs = list(combinations(range(len(centroids)), 2))
    apart = np.stack([centroids[k] - centroids[other] for k, other in pairs])
    # A construct on which nobody differs from their unit cannot separate camps.
    axes = np.linalg.pinv(within, rcond=_NO_VARIANCE, hermitian=True) @ apart.T
    projected = deviations.values @ axes
    variances = _variances(deviations.unit_of, projected, people)
    pooled = np.einsum("ia,ij,ja->a", axes, within, axes)
    wide = (variances > _SPLIT * pooled) & (pooled > 0)
    split = wide.any(axis=1) & (people >= _FEWEST_PEOPLE) & (np.trace(within) > _NO_VARIANCE)
    return frozenset(deviations.units[place] for place in np.flatnonzero(split))


def _cluster(units: int, jaccard: float) -> Cluster:
    if not units:
        return Cluster(units=0)
    if jaccard >= _STABLE:
        return Cluster(units=units, jaccard=jaccard, verdict="stable")
    if jaccard >= _DISSOLVES:
        return Cluster(units=units, jaccard=jaccard, verdict="doubtful")
    return Cluster(units=units, jaccard=jaccard, verdict="dissolves")


def _shifts_of_groups(
    shifts: NDArray[np.float64], groups: ContextRows, people: PeopleBehind
) -> NDArray[np.float64]:
    """Return how far each group's mean moves, by its units' shares, shape (r, g, p)."""
    columns = [people.own.constructs.index(key) for key in groups.constructs]
    moved = np.zeros((len(shifts), len(groups.units), len(columns)))
    for place, code in enumerate(groups.units):
        made = people.shares[code]
        moved[:, place] = np.einsum(
            "rup,up->rp", shifts[:, made.units], made.shares[:, columns]
        )
    return moved


def _variances(
    rows: NDArray[np.intp], values: NDArray[np.float64], people: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return the variance of every column within each unit, shape (n_units, a)."""
    count = np.maximum(people, 1)[:, None]
    means = np.zeros((len(people), values.shape[1]))
    np.add.at(means, rows, values)
    squares = np.zeros_like(means)
    np.add.at(squares, rows, (values - (means / count)[rows]) ** 2)
    return np.asarray(squares / np.maximum(people - 1, 1)[:, None], dtype=np.float64)
