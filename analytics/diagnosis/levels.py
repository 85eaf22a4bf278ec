"""Levels of groups on any measures made of items, with their full uncertainty.

The means that readers see have two sources of error: the sampling of people and that of items.
Measures that share items share the second one. Probabilities rest on a normal posterior around
means that are shrunk towards the company's: otherwise a small unit that happens to lie near a
threshold would count as evenly likely to lie on either side, although most units lie on one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import ndtr

from analytics.diagnosis.constraint import hidden_constraints
from analytics.diagnosis.sampling import concentration, sampling_covariance
from analytics.inference.shrinkage import shrink_measures
from analytics.inference.variance_components import item_variance
from analytics.results.constraint import Constraint
from analytics.results.record import Score
from analytics.study.group_scores import group_scores, maturity_level
from analytics.study.scoring import to_share
from analytics.study.study import Study
from analytics.study.unit_means import UnitMeans
from analytics.vocabulary import CUTS

__all__ = [
    "Levels",
    "Measure",
    "lowest_measures",
    "measure_levels",
    "measure_scores",
]


@dataclass(frozen=True)
class Measure:
    """Some items taken together under a name."""

    key: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class Levels:
    """Measures of groups, in points 1 to 5; rows are the codes of the tree in their order.

    Attributes
    ----------
    units : tuple of str, n_units
        Codes of the groups, each with its descendants.
    measures : tuple of str, p
        Keys of the measures.
    n : ndarray of shape (n_units, p)
        People with a score.
    means, low, high : ndarray of shape (n_units, p)
        Mean and 95 % interval over people; NaN if hidden or if nobody has a score.
    people : ndarray of shape (n_units, p, p)
        Covariance of the means that is due to the sampling of people.
    items : ndarray of shape (p, p)
        Covariance that is due to the choice of questions, the same in every group.
    alone : ndarray of bool, shape (n_units,)
        Groups without units below them.
    concentration : ndarray of shape (n_units,)
        Sum of the squared shares of the units in each group; 1 for a single unit.
    """

    units: tuple[str, ...]
    measures: tuple[str, ...]
    n: NDArray[np.int64]
    means: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    people: NDArray[np.float64]
    items: NDArray[np.float64]
    alone: NDArray[np.bool_]
    concentration: NDArray[np.float64]

    @cached_property
    def posterior(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return mean and covariance of each group's expected answers to the items asked.

        Shapes (n_units, p) and (n_units, p, p), by ``shrink_measures``. Whoever asks about
        these items stops here; whoever asks about what they stand for adds ``items``.
        """
        return shrink_measures(self.means, self.people, self.alone, self.concentration)

    @cached_property
    def row_of(self) -> dict[str, int]:
        """Return the row of every unit."""
        return {code: row for row, code in enumerate(self.units)}

    def place(self, unit: str, measure: str) -> tuple[int, int]:
        """Return row and column of a unit's measure."""
        return self.row_of[unit], self.measures.index(measure)

    def score(self, unit: str, measure: str) -> Score | None:
        """Return a unit's score on a measure as readers see it; None if it is hidden."""
        place = self.place(unit, measure)
        points = float(self.means[place])
        if not np.isfinite(points):
            return None
        return Score(
            mean=to_share(points),
            low=to_share(float(self.low[place])),
            high=to_share(float(self.high[place])),
            level=maturity_level(points),
            n=int(self.n[place]),
        )

    def probability_from(self, unit: str, measure: str, points: float) -> float:
        """Return the probability that the true mean is ``points`` or more.

        The true mean is that over all questions that could have been asked, so the choice of
        items counts. NaN if the measure is hidden. Without any variance it is 0 or 1.
        """
        row, column = self.place(unit, measure)
        mean, covariance = self.posterior
        distance = float(mean[row, column]) - points
        error = float(np.sqrt(covariance[row, column, column] + self.items[column, column]))
        if error == 0.0:
            return float(distance >= 0.0)
        return float(ndtr(distance / error))


def measure_scores(points: pl.DataFrame, measures: Sequence[Measure]) -> pl.DataFrame:
    """Score every person on measures that cross constructs.

    Parameters
    ----------
    points : polars.DataFrame
        ``unit``, ``role`` and one Float64 column per item in points, null if unanswered
        (``Study.item_points``).
    measures : sequence of Measure
        Their items are columns of ``points``.

    Returns
    -------
    polars.DataFrame, rows as given
        ``unit``, ``role`` and one Float64 column per measure: the mean of its answered items,
        null if fewer than half of them were answered.
    """
    scores = []
    for measure in measures:
        columns = [pl.col(item) for item in measure.items]
        enough = 2 * pl.sum_horizontal(c.is_not_null() for c in columns) >= len(columns)
        scores.append(pl.when(enough).then(pl.mean_horizontal(columns)).alias(measure.key))
    return points.select("unit", "role", *scores)


def measure_levels(
    study: Study,
    people: pl.DataFrame,
    measures: Sequence[Measure],
    shows: Callable[[str, str], bool],
) -> Levels:
    """Return every group's level on every measure; hidden ones are NaN.

    Parameters
    ----------
    study : Study
        Tree, weights and items of the company.
    people : polars.DataFrame
        One row per person: ``unit``, ``role`` and one Float64 column per measure, points.
    measures : sequence of Measure
        At least one.
    shows : callable
        Whether a unit may show a measure (code, key of the measure).

    Returns
    -------
    Levels
        A parent's mean is the head-count-weighted mean of its units' means. Covariance of
        people: ``sampling_covariance``; of the items of measures a and b:
        v |a and b| / (|a| |b|), where v is the variance of item means within a root cause.

    References
    ----------
    .. [1] method.md, "Hidden constraint" and 1.2.
    """
    keys = tuple(measure.key for measure in measures)
    codes = study.tree.codes
    shown = np.array([[shows(code, key) for key in keys] for code in codes])
    lowest = np.array([not study.tree.is_parent(code) for code in codes])
    open_cells = dict.fromkeys(CUTS, shown & lowest[:, None])
    seen = group_scores(people, keys, study.tree, study.weights, open_cells=open_cells)["all"]
    blank = np.where(shown, 0.0, np.nan)
    return Levels(
        units=codes,
        measures=keys,
        n=np.where(shown, seen.n, 0),
        means=seen.mean + blank,
        low=seen.low + blank,
        high=seen.high + blank,
        people=sampling_covariance(people, seen, shown, study.tree, study.weights),
        items=_item_covariance(study, measures),
        alone=lowest,
        concentration=concentration(seen, shown, study.tree, study.weights),
    )


def lowest_measures(levels: Levels, *, seed: int) -> dict[str, Constraint]:
    """Say of each group which measure is lowest, by the rules of ``hidden_constraints``.

    Parameters
    ----------
    levels : Levels
        Two measures or more that share no item; a group with a hidden one gets no verdict.
    seed : int
        Seed of the draws.

    Returns
    -------
    dict of str to Constraint, one entry per group
        ``dimensions`` are keys of measures.
    """
    p = len(levels.measures)
    groups = UnitMeans(
        units=levels.units,
        constructs=levels.measures,
        n=levels.n,
        means=levels.means,
        within=np.zeros((p, p)),
        covariance=levels.people,
    )
    choice = dict(zip(levels.measures, np.diag(levels.items).tolist(), strict=True))
    return hidden_constraints(groups, choice, units=levels.alone, seed=seed)


def _item_covariance(study: Study, measures: Sequence[Measure]) -> NDArray[np.float64]:
    """Return the covariance that measures owe to the choice of items, shape (p, p)."""
    root_causes = {
        construct.key: [
            study.item_means[item.key]
            for item in construct.items
            if item.key in study.item_means
        ]
        for construct in study.block("root_cause")
    }
    shared = [[len(set(a.items) & set(b.items)) for b in measures] for a in measures]
    sizes = np.array([len(measure.items) for measure in measures], dtype=np.float64)
    return np.asarray(item_variance(root_causes) * np.array(shared) / np.outer(sizes, sizes))
