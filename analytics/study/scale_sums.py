"""Sums over one scale: people by items answered, totals, options chosen, products of items."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.study.sorted_people import SortedPeople

__all__ = ["ScaleSums", "sum_scale"]

_Integers = NDArray[Any]


@dataclass(frozen=True)
class ScaleSums:
    """Whole numbers per cell of people; answers count as options 1 to A after reversal.

    Attributes
    ----------
    people : ndarray of shape (..., items + 1)
        People by how many of the items they answered; those with fewer than half are not
        counted, so the first places hold zeros.
    totals, squares : ndarray of shape (..., items + 1)
        Sum, and sum of squares, of these people's totals over the items they answered.
    chosen : ndarray of shape (..., items, options)
        How often each option was chosen by people who answered all items.
    products : ndarray of shape (..., items, items)
        Sum over the same people of the products of two answers.
    """

    people: NDArray[np.int64]
    totals: NDArray[np.int64]
    squares: NDArray[np.int64]
    chosen: NDArray[np.int64]
    products: NDArray[np.int64]

    def __add__(self, other: "ScaleSums") -> "ScaleSums":
        """Return the sums of two sets of people who have nobody in common."""
        return ScaleSums(
            self.people + other.people,
            self.totals + other.totals,
            self.squares + other.squares,
            self.chosen + other.chosen,
            self.products + other.products,
        )

    @property
    def items(self) -> int:
        """Return the number of items."""
        return int(self.people.shape[-1]) - 1

    @property
    def options(self) -> int:
        """Return the number of options of the scale."""
        return int(self.chosen.shape[-1])

    @property
    def n(self) -> NDArray[np.int64]:
        """Return the people with a score: those who answered at least half of the items."""
        return np.asarray(self.people.sum(axis=-1))

    @property
    def complete(self) -> NDArray[np.int64]:
        """Return the people who answered all items."""
        return self.people[..., -1]

    @property
    def scores(self) -> NDArray[np.int64]:
        """Return sum and sum of squares of the scores, shape (..., 2), in whole numbers.

        A score is a total over the items answered. All are brought to one denominator, so that
        equal scores are equal numbers.
        """
        common = lcm(*range(1, self.items + 1))
        # Long scales exceed 64 bits. Whole numbers then wrap around, and equal ones stay equal.
        weight = [common // answered % 2**64 for answered in range(1, self.items + 1)]
        each = np.array(weight, dtype=np.uint64).astype(np.int64)
        return np.stack([self.totals[..., 1:] @ each, self.squares[..., 1:] @ each**2], axis=-1)

    def map(self, transform: Callable[[NDArray[np.int64]], NDArray[np.int64]]) -> "ScaleSums":
        """Return the sums after the same change to every array, such as picking cells."""
        return ScaleSums(
            transform(self.people),
            transform(self.totals),
            transform(self.squares),
            transform(self.chosen),
            transform(self.products),
        )

    def by(self, shape: tuple[int, ...]) -> "ScaleSums":
        """Return the sums with the single axis of cells reshaped to this shape."""
        return self.map(lambda sums: sums.reshape(*shape, *sums.shape[1:]))


def sum_scale(
    columns: Sequence[NDArray[np.int8]],
    cells: SortedPeople,
    *,
    options: int,
    pairs: bool = True,
) -> ScaleSums:
    """Add up the answers to the items of one scale.

    Parameters
    ----------
    columns : sequence of ndarray of int8, shape (n_people,)
        Per item each person's option, 1 to ``options`` after reversal, 0 if unanswered, in
        the order of the cells.
    cells : SortedPeople
        Which people belong together.
    options : int
        A, at most 127.
    pairs : bool, default=True
        False leaves out ``chosen`` and ``products``: they stay zero.

    Returns
    -------
    ScaleSums, cells in front
    """
    items = len(columns)
    answered = _added([column > 0 for column in columns], items)
    total = _added(columns, items * options)
    full = answered == items
    people, totals, squares = _of_the_incomplete(answered, total, cells, items)
    people[:, items] = cells.add_up(full)
    chosen = np.zeros((cells.size, items, options), dtype=np.int64)
    products = np.zeros((cells.size, items, items), dtype=np.int64)
    if pairs:
        complete = [column * full for column in columns]
        _count_options(complete, cells, people[:, items], chosen)
        _multiply(complete, cells, chosen, products)
        totals[:, items] = (chosen.sum(axis=1) * np.arange(1, options + 1)).sum(axis=1)
        squares[:, items] = products.sum(axis=(1, 2))
    else:
        of_full = total * full
        totals[:, items] = cells.add_up(of_full)
        squares[:, items] = cells.add_up(_product(of_full, of_full, items * options))
    return ScaleSums(people, totals, squares, chosen, products)


def _of_the_incomplete(
    answered: _Integers, total: _Integers, cells: SortedPeople, items: int
) -> list[NDArray[np.int64]]:
    """Count people who answered at least half but not all items: number, totals, squares.

    They are few, so they are selected first. The sums are whole numbers below 2⁵³, which
    floating point adds up exactly.
    """
    some = np.flatnonzero(answered < items)
    rows = some[answered[some] >= (items + 1) // 2]
    shape = (cells.size, items + 1)
    place = cells.of_person[rows].astype(np.intp) * shape[1] + answered[rows]
    of_row = total[rows].astype(np.float64)
    return [
        np.bincount(place, weights=weight, minlength=shape[0] * shape[1])
        .astype(np.int64)
        .reshape(shape)
        for weight in (None, of_row, of_row**2)
    ]


def _count_options(
    complete: list[NDArray[np.int8]],
    cells: SortedPeople,
    people: NDArray[np.int64],
    chosen: NDArray[np.int64],
) -> None:
    """Fill in how often each option was chosen; the last one is the remainder."""
    for item, column in enumerate(complete):
        for option in range(1, chosen.shape[2]):
            chosen[:, item, option - 1] = cells.add_up(column == option)
        chosen[:, item, -1] = people - chosen[:, item, :-1].sum(axis=1)


def _multiply(
    complete: list[NDArray[np.int8]],
    cells: SortedPeople,
    chosen: NDArray[np.int64],
    products: NDArray[np.int64],
) -> None:
    """Fill in the products of items; an item's square follows from its options."""
    options = chosen.shape[2]
    for first, column in enumerate(complete):
        products[:, first, first] = chosen[:, first] @ np.arange(1, options + 1) ** 2
        for second in range(first):
            both = cells.add_up(_product(column, complete[second], options))
            products[:, first, second] = products[:, second, first] = both


def _added(columns: Sequence[NDArray[np.generic]], most: int) -> _Integers:
    """Add up columns person by person, in the smallest type that holds the greatest sum."""
    total = columns[0].astype(np.min_scalar_type(-most - 1))
    for column in columns[1:]:
        total += column
    return total


def _product(first: _Integers, second: _Integers, most: int) -> _Integers:
    """Multiply person by person; no factor exceeds ``most``."""
    return np.multiply(first, second, dtype=np.min_scalar_type(-(most**2) - 1))
