"""People sorted by unit and role, so that each sum runs over one stretch of memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

__all__ = ["SortedPeople"]

_WIDTH = 4
"""Columns moved together: the four bytes of a person are moved as one word."""


@dataclass(frozen=True)
class SortedPeople:
    """People sorted by cell.

    Attributes
    ----------
    size : int
        Number of cells, including those without people.
    order : ndarray of shape (n_people,) or None
        Rows of the people of the first cell, then of the next; None if they already stand
        in that order.
    of_person : ndarray of shape (n_people,)
        The cell of each person in that order.
    """

    size: int
    order: NDArray[np.intp] | None
    of_person: NDArray[np.int32]

    @classmethod
    def of(cls, cell: NDArray[np.int32], size: int) -> "SortedPeople":
        """Sort people by cell; leave out those whose cell is below zero.

        Notes
        -----
        A matrix with a row per cell and a column per person, brought to compressed rows: a
        sort by counting, in O(n_people).
        """
        if not np.any(cell < 0) and np.all(cell[1:] >= cell[:-1]):
            return cls(size, None, cell)
        kept = np.flatnonzero(cell >= 0)
        chosen = cell[kept]
        ones = np.ones(len(kept), dtype=np.int8)
        at = sparse.csr_array((ones, (chosen, kept)), shape=(size, len(cell)))
        people = np.repeat(np.arange(size, dtype=np.int32), np.diff(at.indptr))
        return cls(size, at.indices.astype(np.intp), people)

    def gather(self, columns: Sequence[NDArray[np.int8]]) -> list[NDArray[np.int8]]:
        """Bring columns, one value per row of the frame, into the order of the cells."""
        if self.order is None:
            return list(columns)
        gathered: list[NDArray[np.int8]] = []
        for start in range(0, len(columns), _WIDTH):
            part = columns[start : start + _WIDTH]
            words = np.zeros((len(part[0]), _WIDTH), dtype=np.int8)
            for place, column in enumerate(part):
                words[:, place] = column
            moved = np.take(words, self.order, axis=0)
            gathered.extend(np.ascontiguousarray(moved[:, at]) for at in range(len(part)))
        return gathered

    def add_up(self, values: NDArray[Any]) -> NDArray[np.int64]:
        """Return the sum of whole numbers, one per person, in every cell.

        Adding up in 32 bits is faster; if a sum might not fit, 64 bits are used.
        """
        total = np.zeros(self.size, dtype=np.int64)
        if len(values):
            most = 1 if values.dtype == np.bool_ else 1 << (8 * values.dtype.itemsize - 1)
            narrow = most * self.largest <= np.iinfo(np.int32).max
            total[self.of_person[self.starts]] = np.add.reduceat(
                values, self.starts, dtype=np.int32 if narrow else np.int64
            )
        return total

    @cached_property
    def largest(self) -> int:
        """Return the people of the largest cell."""
        return int(np.diff(self.starts, append=len(self.of_person)).max(initial=0))

    @cached_property
    def starts(self) -> NDArray[np.intp]:
        """Return where each cell that has people begins."""
        begins = np.ones(len(self.of_person), dtype=bool)
        begins[1:] = self.of_person[1:] != self.of_person[:-1]
        return np.flatnonzero(begins)
