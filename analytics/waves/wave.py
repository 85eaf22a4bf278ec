"""One wave of a study as arrays: each unit's own people, and the figure of any group."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.errors import AnalyticsError
from analytics.study import Study
from analytics.waves.mean_difference import Figure

__all__ = ["Wave"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Wave:
    """The people of one wave, by unit and role; p constructs in the order asked for.

    Attributes
    ----------
    study : Study
        Where they come from.
    constructs : tuple of str
        Keys of the constructs, p of them.
    place : dict of str to int
        Row of every unit.
    n, mean, variance : ndarray of shape (n_units, p)
        Own people with a score, their mean, and the variance of people, in points; a unit of
        one person takes the pooled variance.
    freedom : ndarray of shape (n_units, p)
        Degrees of freedom of that variance.
    by_role : ndarray of shape (2, 2, n_units, p)
        Count and sum of scores of managers and of contributors.
    weight : ndarray of shape (n_units,)
        Of each unit's own people in the figures above it.
    """

    study: Study
    constructs: tuple[str, ...]
    place: dict[str, int]
    n: Array
    mean: Array
    variance: Array
    freedom: Array
    by_role: Array
    weight: Array

    @classmethod
    def of(cls, study: Study, constructs: Sequence[str]) -> "Wave":
        """Count and average.

        Raises
        ------
        AnalyticsError
            The key of a person comes twice.
        """
        _require_unique(study.people)
        place = {code: row for row, code in enumerate(study.tree.codes)}
        rows = np.array([place[unit] for unit in study.people["unit"]], dtype=np.intp)
        scores = study.people.select(pl.col(constructs)).to_numpy().astype(np.float64)
        scores = scores.reshape(len(rows), len(constructs))
        n, total = _sums(rows, scores, len(place))
        mean = total / np.maximum(n, 1)
        variance, freedom = _spread(n, _sums(rows, (scores - mean[rows]) ** 2, len(place))[1])
        is_manager = (study.people["role"] == "manager").to_numpy()
        return cls(
            study=study,
            constructs=tuple(constructs),
            place=place,
            n=n,
            mean=mean,
            variance=variance,
            freedom=freedom,
            by_role=np.array(
                [
                    _sums(rows[chosen], scores[chosen], len(place))
                    for chosen in (is_manager, ~is_manager)
                ]
            ),
            weight=np.array([study.weights[code] for code in study.tree.codes]),
        )

    @property
    def has_keys(self) -> bool:
        """Tell whether any person can be recognised in another wave."""
        people = self.study.people
        return "person" in people.columns and people["person"].count() > 0

    def rows(self, code: str | None) -> NDArray[np.intp]:
        """Return the rows of the units that make up a group; of the company for None."""
        members = self.study.tree.codes if code is None else self.study.tree.members(code)
        return np.sort([self.place[unit] for unit in members]).astype(np.intp)

    def shares(self, rows: NDArray[np.intp]) -> Array:
        """Return each unit's share of a group's figure, shape (n_rows, p)."""
        weight = self.weight[rows][:, None] * (self.n[rows] > 0)
        return np.asarray(weight / np.maximum(weight.sum(axis=0), np.finfo(float).tiny))

    def figure(self, rows: NDArray[np.intp]) -> Figure:
        """Return the figure of the group of some units, as ``group_scores`` has it."""
        shares = self.shares(rows)
        n = self.n[rows].sum(axis=0)
        part = shares**2 * self.variance[rows] / np.maximum(self.n[rows], 1)
        return Figure(
            n,
            np.where(n > 0, (shares * self.mean[rows]).sum(axis=0), np.nan),
            part.sum(axis=0),
            (part**2 / self.freedom[rows]).sum(axis=0),
        )

    def roles(self, rows: NDArray[np.intp]) -> tuple[Array, Array]:
        """Return share and mean of managers and of contributors in a group's figure.

        Returns
        -------
        shares, means : ndarray of shape (2, p)
            The mean is NaN where the group has nobody of the role with a score.
        """
        per_person = self.shares(rows) / np.maximum(self.n[rows], 1)
        shares = (per_person * self.by_role[:, 0][:, rows]).sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            means = (per_person * self.by_role[:, 1][:, rows]).sum(axis=1) / shares
        return shares, means


def _sums(rows: NDArray[np.intp], scores: Array, size: int) -> tuple[Array, Array]:
    """Return count and sum of the scores of each unit, shape (size, p)."""
    known = np.isfinite(scores)
    n, total = np.zeros((size, scores.shape[1])), np.zeros((size, scores.shape[1]))
    np.add.at(n, rows, known.astype(np.float64))
    np.add.at(total, rows, np.where(known, scores, 0.0))
    return n, total


def _spread(n: Array, squares: Array) -> tuple[Array, Array]:
    """Return the variance of people and its degrees of freedom; pooled for one person."""
    own = np.maximum(n - 1, 0)
    pooled = np.maximum(own.sum(axis=0), 1)
    alone = n <= 1
    variance = np.where(alone, squares.sum(axis=0) / pooled, squares / np.maximum(own, 1))
    return variance, np.where(alone, pooled, own)


def _require_unique(people: pl.DataFrame) -> None:
    if "person" not in people.columns:
        return
    keys = people["person"].drop_nulls()
    if keys.n_unique() < len(keys):
        raise AnalyticsError("A person answered twice in one wave: their key is not unique.")
