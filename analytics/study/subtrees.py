"""A tree of units as arrays, by depth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Subtrees"]


class _Step(NamedTuple):
    """Units of one depth, those below the same parent one after the other.

    Attributes
    ----------
    children : ndarray of shape (n_children,)
        Positions of the units.
    first : ndarray of shape (n_parents,)
        Where each parent's children begin in ``children``.
    parents : ndarray of shape (n_parents,)
        Positions of the parents.
    """

    children: NDArray[np.intp]
    first: NDArray[np.intp]
    parents: NDArray[np.intp]


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
    """

    parent: NDArray[np.intp]
    children: tuple[tuple[int, ...], ...]
    levels: tuple[NDArray[np.intp], ...]

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
        waiting = [*below[size]]
        while waiting:
            row = waiting.pop()
            found = list(below[row])
            parent[found], depth[found] = row, depth[row] + 1
            waiting.extend(found)
        by_depth = range(int(depth.max(initial=-1)), -1, -1)
        levels = tuple(np.flatnonzero(depth == deep) for deep in by_depth)
        return cls(parent, below, levels)

    def sums(self, values: NDArray[Any]) -> NDArray[Any]:
        """Add up, for every unit, its own row of ``values`` and all rows below it.

        The order of addition depends on the tree alone, and so do the last digits.
        """
        total = values.copy()
        for children, first, parents in self._steps:
            total[parents] += np.add.reduceat(total[children], first, axis=0)
        return total

    @cached_property
    def _steps(self) -> tuple[_Step, ...]:
        """Return the units of every depth but the tops, the deepest first."""
        return tuple(self._step(level) for level in self.levels[:-1])

    def _step(self, level: NDArray[np.intp]) -> _Step:
        children = level[np.argsort(self.parent[level], kind="stable")]
        parents, first = np.unique(self.parent[children], return_index=True)
        return _Step(children, first, parents)
