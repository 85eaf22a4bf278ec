"""Means of every group with their 95 % intervals, by cut; this module hides nothing."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import stats

from analytics.study.answer_sums import AnswerSums
from analytics.study.moments import Moments, score_moments
from analytics.study.scale_sums import ScaleSums
from analytics.study.subtrees import Subtrees
from analytics.study.tree import UnitTree
from analytics.vocabulary import CUTS, ROLE_OF, Cut

__all__ = [
    "LEVEL_BOUNDS",
    "GroupScores",
    "OpenCells",
    "group_scores",
    "maturity_level",
    "maturity_levels",
    "scores_of_sums",
]

OpenCells: TypeAlias = Mapping[Cut, NDArray[np.bool_]]
"""By cut: units whose own people's spread may be used, shape (n_units, n_constructs)."""

LEVEL_BOUNDS = (1.8, 2.6, 3.4, 4.2)
"""Points from which a mean is at the next maturity level (method.md, "Codes")."""


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
        Mean and its 95 % interval in points 1 to 5; NaN if nobody has a score.
    """

    constructs: tuple[str, ...]
    own: NDArray[np.int64]
    n: NDArray[np.int64]
    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def maturity_level(points: float) -> int:
    """Return the maturity level, 1 to 5, of a mean in points (method.md, "Codes")."""
    return 1 + bisect_right(LEVEL_BOUNDS, points)


def maturity_levels(points: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the maturity level of every mean; the level of NaN is meaningless."""
    return 1 + np.searchsorted(LEVEL_BOUNDS, points, side="right")


def group_scores(
    people: pl.DataFrame,
    constructs: Sequence[str],
    tree: UnitTree,
    weights: Mapping[str, float],
    *,
    open_cells: OpenCells | None = None,
) -> dict[Cut, GroupScores]:
    """Average person scores over every group of the tree and every cut.

    Parameters
    ----------
    people : polars.DataFrame
        ``unit``, ``role`` and one Float64 column per construct, points 1 to 5.
    constructs : sequence of str
        Columns to average.
    tree : UnitTree
        Which unit lies below which.
    weights : mapping of str to float
        Weight of each unit's own people together (see ``roll_up.unit_weights``).
    open_cells : mapping of cut to ndarray of bool, shape (n_units, n_constructs), optional
        Units whose own people's spread may be used; all of them by default.

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

    The interval of a parent is a sum of squares. Together with the squares of its shown units
    it would give away the spread of the hidden ones, and so, beside their mean, a lone
    manager's answer. Cells that are not open therefore borrow the variance pooled over open
    ones and count as one stratum; its weight and design effect follow from what is known of
    all of them together.
    """
    cells = {cut: _cell_moments(people, constructs, tree, role=ROLE_OF[cut]) for cut in CUTS}
    return _score_cuts(tuple(constructs), cells, tree, weights, open_cells)


def scores_of_sums(
    sums: AnswerSums,
    constructs: Sequence[str],
    tree: UnitTree,
    weights: Mapping[str, float],
    *,
    open_cells: OpenCells | None = None,
) -> dict[Cut, GroupScores]:
    """Average person scores over every group and cut, as ``group_scores`` does, from sums.

    Parameters
    ----------
    sums : AnswerSums
        Of the units of ``tree.codes``, in that order.
    constructs : sequence of str
        Names of scales among the sums.
    tree : UnitTree
        Which unit lies below which.
    weights : mapping of str to float
        Weight of each unit's own people together.
    open_cells : mapping of cut to ndarray of bool, optional
        See ``group_scores``.
    """
    parts = [sums.scales[name] for name in constructs]
    return _score_cuts(
        tuple(constructs),
        {cut: _moments_of(parts, cut) for cut in CUTS},
        tree,
        weights,
        open_cells,
    )


def _moments_of(scales: Sequence[ScaleSums], cut: Cut) -> Moments:
    """Return the moments of each unit's own people on every scale."""
    roles = {"all": slice(None), "managers": slice(1), "contributors": slice(1, None)}[cut]
    found = [score_moments(scale, roles=roles) for scale in scales]
    return Moments(
        *(
            np.stack([getattr(moments, part) for moments in found], axis=1)
            for part in ("n", "mean", "squares")
        )
    )


def _score_cuts(
    constructs: tuple[str, ...],
    cells: Mapping[Cut, Moments],
    tree: UnitTree,
    weights: Mapping[str, float],
    open_cells: OpenCells | None,
) -> dict[Cut, GroupScores]:
    unit_weight = np.array([weights[code] for code in tree.codes])[:, None]
    everyone = cells["all"].n
    person_weight = unit_weight / np.maximum(everyone, 1)
    return {
        cut: _figures(
            constructs,
            moments,
            _Weights(person_weight, everyone, tree.subtrees),
            np.ones(moments.n.shape, dtype=bool) if open_cells is None else open_cells[cut],
        )
        for cut, moments in cells.items()
    }


def _cell_moments(
    people: pl.DataFrame, constructs: Sequence[str], tree: UnitTree, *, role: str | None
) -> Moments:
    """Return the moments of each unit's own people on every construct."""
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
    return Moments(
        *(
            placed.select(
                pl.col(f"{part}:{name}").cast(pl.Float64).fill_null(0.0) for name in constructs
            )
            .to_numpy()
            .astype(np.float64)
            for part in ("n", "mean", "squares")
        )
    )


@dataclass(frozen=True)
class _Weights:
    """The weights with which people add up to groups.

    Attributes
    ----------
    person : ndarray of shape (n_units, n_constructs)
        Weight of one person of the unit, whatever the cut.
    everyone : ndarray of shape (n_units, n_constructs)
        People of all roles with a score.
    """

    person: NDArray[np.float64]
    everyone: NDArray[np.float64]
    subtrees: Subtrees

    def sums(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        return self.subtrees.sums(values)

    def together(
        self, count: NDArray[np.float64], chosen: NDArray[np.bool_]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Return people and weight of the chosen cells of every group, taken as one stratum.

        A person weighs as much as people of all roles in the same units do on average: the
        exact weight of a role would show how many people of that role are in which unit. The
        third array is the expected design effect, 1 + (units - 1) / people, if the people who
        answered are spread over the units by chance (Taylor expansion of the sum of w² / n).
        """
        people = self.sums(np.where(chosen, count, 0.0))
        everyone = self.sums(np.where(chosen, self.everyone, 0.0))
        weight = self.sums(np.where(chosen, self.person * self.everyone, 0.0))
        units = self.sums((chosen & (self.everyone > 0)).astype(np.float64))
        effect = 1.0 + np.maximum(units - 1.0, 0.0) / np.maximum(people, 1)
        return people, people * weight / np.maximum(everyone, 1), effect


def _figures(
    constructs: tuple[str, ...], own: Moments, weights: _Weights, is_open: NDArray[np.bool_]
) -> GroupScores:
    """Combine cells into groups: weighted mean, stratified standard error, t interval."""
    count = own.n
    cell_weight = weights.person * count
    pooled, pooled_freedom = _pooled(own, is_open)
    alone = count <= 1
    variance = np.where(alone, pooled, own.squares / np.where(alone, 1, count - 1))
    freedom = np.where(alone, pooled_freedom, count - 1)
    part = np.where(is_open, cell_weight**2 * variance / np.maximum(count, 1), 0.0)
    hidden, hidden_weight, effect = weights.together(count, ~is_open)
    rest = effect * hidden_weight**2 * pooled / np.maximum(hidden, 1)
    error = weights.sums(part) + rest
    spent = weights.sums(part**2 / freedom) + rest**2 / pooled_freedom
    with np.errstate(invalid="ignore", divide="ignore"):
        group_mean = weights.sums(cell_weight * own.mean) / weights.sums(cell_weight)
        group_freedom = np.where(error > 0, error**2 / spent, weights.sums(freedom))
        total = weights.sums(np.where(is_open, cell_weight, 0.0)) + hidden_weight
        half = _critical(group_freedom) * np.sqrt(error) / total
    return GroupScores(
        constructs,
        count.round().astype(np.int64),
        weights.sums(count).round().astype(np.int64),
        group_mean,
        np.clip(group_mean - half, 1.0, 5.0),
        np.clip(group_mean + half, 1.0, 5.0),
    )


def _pooled(
    own: Moments, is_open: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the variance within open cells and its degrees of freedom, per construct.

    If no cell is open, it is the variance of everyone around the mean of everyone.
    """
    freedom = np.where(is_open, np.maximum(own.n - 1, 0), 0).sum(axis=0)
    squares = np.where(is_open, own.squares, 0.0).sum(axis=0)
    people = own.n.sum(axis=0)
    centre = (own.n * own.mean).sum(axis=0) / np.maximum(people, 1)
    around = (own.squares + own.n * (own.mean - centre) ** 2).sum(axis=0)
    none_open = ~is_open.any(axis=0)
    freedom = np.maximum(np.where(none_open, people - 1, freedom), 1)
    return np.where(none_open, around, squares) / freedom, freedom


def _critical(freedom: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the 97.5 % points of t; computed once per distinct freedom."""
    different, place = np.unique(freedom, return_inverse=True)
    return np.asarray(stats.t.ppf(0.975, different)[place].reshape(freedom.shape))
