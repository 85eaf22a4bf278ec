"""Means of every group with their 95 % intervals, per cut of the roles; it hides nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import stats

from analytics.tree import UnitTree

__all__ = ["CUTS", "Cut", "GroupScores", "group_scores", "maturity_level"]

Cut = Literal["all", "managers", "contributors"]
CUTS: tuple[Cut, ...] = ("all", "managers", "contributors")
ROLE_OF: dict[Cut, str] = {"managers": "manager", "contributors": "contributor"}

_LEVEL_BOUNDS = (1.8, 2.6, 3.4, 4.2)


@dataclass(frozen=True)
class GroupScores:
    """One cut: arrays of shape (n_units, n_constructs), rows in the order of the tree's codes.

    Attributes
    ----------
    own : ndarray of int
        People of the unit itself with a score.
    n : ndarray of int
        People of the unit and all units below it with a score.
    mean, low, high : ndarray of float
        Mean and its 95 % interval in points 1 to 5; NaN where nobody has a score.
    """

    constructs: tuple[str, ...]
    own: NDArray[np.int64]
    n: NDArray[np.int64]
    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def maturity_level(points: float) -> int:
    """Return the maturity level, 1 to 5, of a mean in points (method.md, "Codes")."""
    return 1 + sum(points >= bound for bound in _LEVEL_BOUNDS)


def group_scores(
    people: pl.DataFrame,
    constructs: Sequence[str],
    tree: UnitTree,
    weights: Mapping[str, float],
) -> dict[Cut, GroupScores]:
    """Average person scores over every group of the tree and every cut.

    Parameters
    ----------
    people : polars.DataFrame
        ``unit``, ``role`` and one Float64 column per construct, points 1 to 5.
    constructs : sequence of str
        Columns to average.
    tree : UnitTree
        Who belongs to whom.
    weights : mapping of str to float
        Weight of each unit's own people together (see ``roll_up.unit_weights``).

    Returns
    -------
    dict of cut to GroupScores
        A parent's mean is the weighted mean of its units' means with its stratified standard
        error (t interval, Satterthwaite degrees of freedom; a stratum of one person takes the
        pooled variance).

    Notes
    -----
    A person weighs ``weights[unit] / n`` with n the unit's people of *all* roles who have a
    score, and weighs the same in every cut. Managers and contributors thereby add up to
    everyone at every level, which the rules of suppression rest on.
    """
    cells = {cut: _cell_sums(people, constructs, tree, role=ROLE_OF.get(cut)) for cut in CUTS}
    unit_weight = np.array([weights[code] for code in tree.codes])[:, None]
    person_weight = unit_weight / np.maximum(cells["all"][0], 1)
    members = _membership(tree)
    return {
        cut: _figures(tuple(constructs), *sums, person_weight, members)
        for cut, sums in cells.items()
    }


def _membership(tree: UnitTree) -> list[NDArray[np.intp]]:
    """Return the rows of the units that make up each group."""
    place = {code: index for index, code in enumerate(tree.codes)}
    return [
        np.sort([place[unit] for unit in tree.members(code)]).astype(np.intp)
        for code in tree.codes
    ]


def _over(members: list[NDArray[np.intp]], cells: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add up the cells of each group; a matrix product's digits depend on its threads."""
    return np.stack([cells[rows].sum(axis=0) for rows in members])


def _cell_sums(
    people: pl.DataFrame, constructs: Sequence[str], tree: UnitTree, *, role: str | None
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return count, mean and sum of squared deviations of each unit's own people."""
    chosen = people if role is None else people.filter(pl.col("role") == role)
    column = pl.col(constructs)
    summed = chosen.group_by("unit").agg(
        column.count().name.prefix("n:"),
        column.mean().name.prefix("mean:"),
        ((column - column.mean()) ** 2).sum().name.prefix("squares:"),
    )
    placed = pl.DataFrame({"unit": tree.codes}, schema={"unit": pl.String}).join(
        summed, on="unit", how="left", maintain_order="left"
    )
    count, mean, squares = (
        placed.select(
            pl.col(f"{part}:{name}").cast(pl.Float64).fill_null(0.0) for name in constructs
        )
        .to_numpy()
        .astype(np.float64)
        for part in ("n", "mean", "squares")
    )
    return count, mean, squares


def _figures(
    constructs: tuple[str, ...],
    count: NDArray[np.float64],
    mean: NDArray[np.float64],
    squares: NDArray[np.float64],
    person_weight: NDArray[np.float64],
    members: list[NDArray[np.intp]],
) -> GroupScores:
    """Combine cells into groups: weighted mean, stratified standard error, t interval."""
    with np.errstate(invalid="ignore", divide="ignore"):
        cell_weight = person_weight * count
        total = _over(members, cell_weight)
        group_mean = _over(members, cell_weight * mean) / total
        pooled_freedom = np.maximum(count - 1, 0).sum(axis=0)
        pooled = squares.sum(axis=0) / np.maximum(pooled_freedom, 1)
        variance = np.where(count > 1, squares / np.maximum(count - 1, 1), pooled)
        freedom = np.where(count > 1, count - 1, np.maximum(pooled_freedom, 1))
        part = np.where(count > 0, cell_weight**2 * variance / np.maximum(count, 1), 0.0)
        error = _over(members, part)
        group_freedom = np.where(
            error > 0, error**2 / _over(members, part**2 / freedom), _over(members, freedom)
        )
        half = stats.t.ppf(0.975, group_freedom) * np.sqrt(error) / total
    n = _over(members, count).round().astype(np.int64)
    return GroupScores(
        constructs,
        count.round().astype(np.int64),
        n,
        group_mean,
        np.clip(group_mean - half, 1.0, 5.0),
        np.clip(group_mean + half, 1.0, 5.0),
    )
