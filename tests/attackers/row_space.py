"""Finds small sets of unknowns whose sum a linear system determines."""

import itertools
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import null_space

__all__ = ["cancelling_sets", "determined_sets", "free_directions"]

Matrix = NDArray[np.float64]
Indices = NDArray[np.int64]

_ZERO = 1e-8
_MOST_MATCHES = 200_000
"""If so many sets sum to zero, the smaller ones found before have told enough."""


def free_directions(system: Matrix) -> Matrix:
    """Return an orthonormal basis of the system's null space, one row per unknown."""
    if not system.any():
        return np.eye(system.shape[1])
    basis: Matrix = null_space(system)
    return basis


def _determined_singles(free: Matrix) -> Indices:
    """Return the unknowns that the system determines."""
    return np.flatnonzero(np.abs(free).max(axis=1, initial=0.0) < _ZERO)


def _subsets(candidates: Indices, people: Indices, size: int, limit: int) -> Indices:
    """Return all subsets of a size with fewer than ``limit`` people, one per row."""
    drawn = itertools.combinations(candidates.tolist(), size)
    subsets = np.array(list(drawn), dtype=np.int64).reshape(-1, size)
    below: Indices = subsets[people[subsets].sum(axis=1) < limit]
    return below


def _opposites(left: Matrix, right: Matrix) -> Iterator[tuple[int, int]]:
    """Yield the pairs of positions whose values sum to zero."""
    order = np.argsort(right)
    first = np.searchsorted(right[order], -left - _ZERO, side="left")
    last = np.searchsorted(right[order], -left + _ZERO, side="right")
    for at in np.flatnonzero(last > first):
        for place in range(first[at], last[at]):
            yield int(at), int(order[place])


def _sets_of_size(
    free: Matrix, people: Indices, candidates: Indices, size: int, limit: int
) -> Iterator[frozenset[int]]:
    """Yield determined sets of one size, found as two halves that cancel.

    A fixed random direction first maps every unknown to one number, so that a sum of rows is
    zero exactly if the sum of these numbers is, except by accident. Each hit is then checked
    on the rows themselves.
    """
    direction = np.random.default_rng(20_260_101).normal(size=free.shape[1])
    number = free @ direction
    halves = [_subsets(candidates, people, part, limit) for part in (size // 2, -(-size // 2))]
    sums = [number[half].sum(axis=1) for half in halves]
    for left, right in itertools.islice(_opposites(*sums), _MOST_MATCHES):
        members = frozenset([*halves[0][left].tolist(), *halves[1][right].tolist()])
        chosen = sorted(members)
        cancels = np.abs(free[chosen].sum(axis=0)).max() < _ZERO * size
        if cancels and len(members) == size and people[chosen].sum() < limit:
            yield members


def determined_sets(
    system: Matrix, people: Indices, *, limit: int, depth: int = 4
) -> list[frozenset[int]]:
    """Return the minimal sets of unknowns below a limit whose sum the system determines.

    The sum over a set is determined exactly if the set's indicator lies in the row space, that
    is, if the rows of its unknowns in a basis of the null space sum to zero.

    Parameters
    ----------
    system
        One row per known sum (0/1), one column per unknown.
    people
        Number of people behind each unknown, at least 1.
    limit
        Sets with this many people or more are ignored.
    depth
        Size of the largest set searched. ``limit - 1`` makes the search complete, because there
        is at least one person behind every unknown: 4 for groups of 5.

    Returns
    -------
    list of sets of columns, none of which contains another
    """
    return cancelling_sets(free_directions(system), people, limit=limit, depth=depth)


def cancelling_sets(
    free: Matrix, people: Indices, *, limit: int, depth: int = 4
) -> list[frozenset[int]]:
    """Return the minimal sets of rows that sum to zero, see ``determined_sets``."""
    small = np.flatnonzero(people < limit)
    singles = np.intersect1d(_determined_singles(free), small)
    found = [frozenset([int(single)]) for single in singles]
    rest = np.setdiff1d(small, singles)
    for size in range(2, min(depth, limit - 1) + 1):
        drawn = set(_sets_of_size(free, people, rest, size, limit))
        found += [new for new in drawn if not any(old < new for old in found)]
    return sorted(found, key=lambda members: (len(members), sorted(members)))
