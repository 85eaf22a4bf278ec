"""One wave as arrays, the mean of any group, and the constructs that waves can compare."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.disclosure.plan import DisclosurePlan, open_cells
from analytics.errors import AnalyticsError
from analytics.inference.mean_difference import GroupMeans
from analytics.instrument import Construct
from analytics.study.study import Study

__all__ = ["Wave", "comparable"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Wave:
    """The people of one wave, by unit and role; p constructs in the order asked for.

    Attributes
    ----------
    study : Study
        The study that they come from.
    constructs : tuple of str
        Keys of the constructs, p of them.
    place : dict of str to int
        Row of every unit.
    n, mean, variance : ndarray of shape (n_units, p)
        Own people with a score, their mean, and the variance of people, in points; a unit of
        one person, or one that is not open, takes the variance pooled over the others.
    freedom : ndarray of shape (n_units, p)
        Degrees of freedom of that variance.
    by_role : ndarray of shape (2, 2, n_units, p)
        Count and sum of scores of managers and of contributors.
    weight : ndarray of shape (n_units,)
        Weight of each unit's own people in the figures above it.
    is_open : ndarray of bool, shape (n_units, p)
        Units whose own figure is shown, so that their spread may enter the figures above.
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
    is_open: NDArray[np.bool_]

    @classmethod
    def of(
        cls, study: Study, constructs: Sequence[str], plan: DisclosurePlan | None = None
    ) -> "Wave":
        """Count and average; without a plan, every unit's spread may be used.

        Raises
        ------
        AnalyticsError
            The key of a person occurs twice.
        """
        _require_unique(study.people)
        place = {code: row for row, code in enumerate(study.tree.codes)}
        rows = np.array([place[unit] for unit in study.people["unit"]], dtype=np.intp)
        scores = study.people.select(pl.col(constructs)).to_numpy().astype(np.float64)
        scores = scores.reshape(len(rows), len(constructs))
        n, total = _sums(rows, scores, len(place))
        mean = total / np.maximum(n, 1)
        squares = _sums(rows, (scores - mean[rows]) ** 2, len(place))[1]
        is_open = np.ones(n.shape, dtype=np.bool_)
        if plan is not None:
            is_open = open_cells(plan, study.tree, constructs)["all"]
        variance, freedom = _spread(n, squares, is_open)
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
            is_open=is_open,
        )

    @property
    def has_keys(self) -> bool:
        """Tell whether any person can be recognised in another wave."""
        people = self.study.people
        return "person" in people.columns and people["person"].count() > 0

    def rows_of(self, code: str | None) -> NDArray[np.intp]:
        """Return the rows of the units that make up a group; of the company for None."""
        members = self.study.tree.codes if code is None else self.study.tree.members(code)
        return np.sort([self.place[unit] for unit in members]).astype(np.intp)

    def shares(self, rows: NDArray[np.intp]) -> Array:
        """Return each unit's share of a group's figure, shape (n_rows, p)."""
        weight = self.weight[rows][:, None] * (self.n[rows] > 0)
        return np.asarray(weight / np.maximum(weight.sum(axis=0), np.finfo(float).tiny))

    def group_means(self, rows: NDArray[np.intp]) -> GroupMeans:
        """Return the mean of a group of units with its error, as ``group_scores`` does."""
        shares, freedom, is_open = self.shares(rows), self.freedom[rows], self.is_open[rows]
        n = self.n[rows].sum(axis=0)
        part = self.person_shares(rows) ** 2 * self.variance[rows] * self.n[rows]
        own = np.where(is_open, part, 0.0)
        hidden = ~is_open & (self.n[rows] > 0)
        people = np.where(hidden, self.n[rows], 0.0).sum(axis=0)
        effect = 1.0 + np.maximum(hidden.sum(axis=0) - 1.0, 0.0) / np.maximum(people, 1)
        rest = effect * np.where(is_open, 0.0, part).sum(axis=0)
        pooled_freedom = np.where(is_open, 1.0, freedom).max(axis=0, initial=1.0)
        return GroupMeans(
            n,
            np.where(n > 0, (shares * self.mean[rows]).sum(axis=0), np.nan),
            own.sum(axis=0) + rest,
            (own**2 / freedom).sum(axis=0) + rest**2 / pooled_freedom,
        )

    def person_shares(self, rows: NDArray[np.intp]) -> Array:
        """Return one person's share of a group's error, shape (n_rows, p).

        Units that are not open count as one unit, in which every person has the same weight.
        """
        shares, n, is_open = self.shares(rows), self.n[rows], self.is_open[rows]
        rest = np.where(is_open, 0.0, shares).sum(axis=0)
        people = np.where(is_open, 0.0, n).sum(axis=0)
        return np.where(is_open, shares / np.maximum(n, 1), rest / np.maximum(people, 1))

    def roles(self, rows: NDArray[np.intp]) -> tuple[Array, Array]:
        """Return the shares and means of managers and of contributors in a group's mean.

        Returns
        -------
        shares, means : ndarray of shape (2, p)
            The mean is NaN if the group has nobody of the role with a score.
        """
        per_person = self.shares(rows) / np.maximum(self.n[rows], 1)
        shares = (per_person * self.by_role[:, 0][:, rows]).sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            means = (per_person * self.by_role[:, 1][:, rows]).sum(axis=1) / shares
        return shares, means


def comparable(current: Study, earlier: Study) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Separate the constructs of both waves that were asked in the same way from the others.

    Parameters
    ----------
    current, earlier : Study
        The waves.

    Returns
    -------
    same, other : tuple of str
        Constructs with the same items on the same scale, and those in both waves that differ
        in either. Answers on two scales differ even after they are stretched to one, because
        people choose the ends of a longer scale less often.
    """
    before = {construct.key: construct for construct in earlier.constructs}
    in_both = [construct for construct in current.constructs if construct.key in before]
    same = [
        construct.key
        for construct in in_both
        if _scale_and_items(construct, current)
        == _scale_and_items(before[construct.key], earlier)
    ]
    return tuple(same), tuple(one.key for one in in_both if one.key not in same)


def _sums(rows: NDArray[np.intp], scores: Array, size: int) -> tuple[Array, Array]:
    """Return count and sum of the scores of each unit, shape (size, p)."""
    known = np.isfinite(scores)
    n, total = np.zeros((size, scores.shape[1])), np.zeros((size, scores.shape[1]))
    np.add.at(n, rows, known.astype(np.float64))
    np.add.at(total, rows, np.where(known, scores, 0.0))
    return n, total


def _spread(n: Array, squares: Array, is_open: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Return the variance of people and its degrees of freedom.

    Pooled over open units for one person and if a unit is not open; over all units if
    none is open.
    """
    own = np.maximum(n - 1, 0)
    chosen = is_open | ~is_open.any(axis=0)
    pooled = np.maximum(np.where(chosen, own, 0).sum(axis=0), 1)
    borrowed = np.where(chosen, squares, 0.0).sum(axis=0) / pooled
    borrows = (n <= 1) | ~is_open
    variance = np.where(borrows, borrowed, squares / np.maximum(own, 1))
    return variance, np.where(borrows, pooled, own)


def _require_unique(people: pl.DataFrame) -> None:
    if "person" not in people.columns:
        return
    keys = people["person"].drop_nulls()
    if keys.n_unique() < len(keys):
        raise AnalyticsError("A person answered twice in one wave: their key is not unique.")


def _scale_and_items(
    construct: Construct, study: Study
) -> tuple[int, int, frozenset[tuple[str, bool]]]:
    scale = study.instrument
    items = frozenset((item.key, item.reversed) for item in construct.items)
    return scale.low, scale.high, items
