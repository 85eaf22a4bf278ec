"""A tree of units as arrays: every unit and all units below it form one run of rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Subtrees"]


@dataclass(frozen=True)
class Subtrees:
    """Where the units of a tree stand, by the position of their code among the sorted codes.

    Attributes
    ----------
    parent : ndarray of shape (n_units,)
        Position of each unit's parent; n_units at the top.
    children : tuple of tuple of int
        Positions of the units right below each unit; the tops at index n_units.
    levels : tuple of ndarray
        Positions by depth, the deepest first.
    order : ndarray of shape (n_units,)
        Positions in an order in which a unit comes right before all units below it.
    first, end : ndarray of shape (n_units,)
        Each unit and all below it are ``order[first:end]``.
    """

    parent: NDArray[np.intp]
    children: tuple[tuple[int, ...], ...]
    levels: tuple[NDArray[np.intp], ...]
    order: NDArray[np.intp]
    first: NDArray[np.intp]
    end: NDArray[np.intp]

    @classmethod
    def of(
        cls, codes: Sequence[str], children: Mapping[str | None, Sequence[str]]
    ) -> "Subtrees":
        """Lay out a tree; ``children`` gives the units below each unit, the tops under None."""
        place = {code: row for row, code in enumerate(codes)}
        size = len(codes)
        below = tuple(
            tuple(place[child] for child in children[code]) for code in (*codes, None)
        )
        parent, depth = np.full(size, size, dtype=np.intp), np.zeros(size, dtype=np.intp)
        waiting = [*reversed(below[size])]
        order = []
        while waiting:
            row = waiting.pop()
            order.append(row)
            found = list(below[row])
            parent[found], depth[found] = row, depth[row] + 1
            waiting.extend(reversed(found))
        rows = np.array(order, dtype=np.intp)
        first = np.empty(size, dtype=np.intp)
        first[rows] = np.arange(size)
        by_depth = range(int(depth.max(initial=-1)), -1, -1)
        levels = tuple(np.flatnonzero(depth == deep) for deep in by_depth)
        return cls(parent, below, levels, rows, first, first + _sizes(parent, levels))

    def sums(self, values: NDArray[Any]) -> NDArray[Any]:
        """Add up, for every unit, its own row of ``values`` and all rows below it.

        The order of addition depends on the tree alone, and so do the last digits.
        """
        if not len(self.order):
            return values
        padded = np.concatenate([values[self.order], np.zeros_like(values[:1])])
        bounds = np.stack([self.first, self.end], axis=1).ravel()
        return np.asarray(np.add.reduceat(padded, bounds, axis=0)[::2])


def _sizes(parent: NDArray[np.intp], levels: Sequence[NDArray[np.intp]]) -> NDArray[np.intp]:
    """Count each unit together with all units below it."""
    size = np.ones(len(parent) + 1, dtype=np.intp)
    for level in levels:
        np.add.at(size, parent[level], size[level])
    return size[:-1]
