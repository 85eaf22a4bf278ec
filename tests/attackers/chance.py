"""The number of pairs that a random guess gets right: fixed points of random injections."""

from collections.abc import Iterable
from math import comb, perm

import numpy as np
from numpy.typing import NDArray

__all__ = ["expected_matches", "largest_by_chance", "match_distribution"]

_NEGLIGIBLE = 1e-18


def _one_cell(smaller: int, larger: int) -> NDArray[np.float64]:
    """Return the distribution of right pairs if ``smaller`` things get random partners.

    P(j) = sum over l >= j of (-1)^(l-j) C(l, j) C(smaller, l) (larger - l)! / larger!, by
    inclusion and exclusion. For equal numbers it is the rencontres distribution.
    """
    hit = [comb(smaller, fixed) / perm(larger, fixed) for fixed in range(smaller + 1)]
    chances = [
        sum((-1) ** (more - j) * comb(more, j) * hit[more] for more in range(j, smaller + 1))
        for j in range(min(smaller, 40) + 1)
    ]
    distribution: NDArray[np.float64] = np.clip(chances, 0.0, 1.0)
    return distribution


def match_distribution(cells: Iterable[tuple[int, int]]) -> NDArray[np.float64]:
    """Return P(0 right), P(1 right), ... over all cells.

    Parameters
    ----------
    cells
        Numbers of things on both sides of each cell; they are matched one to one within it.
    """
    total = np.ones(1)
    for sides in cells:
        total = np.convolve(total, _one_cell(min(sides), max(sides)))
        total = np.trim_zeros(np.where(total < _NEGLIGIBLE, 0.0, total), "b")
    return total


def expected_matches(cells: Iterable[tuple[int, int]]) -> float:
    """Return the expected number of right pairs: 1 for a cell with equal sides."""
    return sum(min(sides) / max(sides) for sides in cells if max(sides))


def largest_by_chance(cells: Iterable[tuple[int, int]], *, tail: float) -> int:
    """Return the least number of right pairs that chance exceeds with probability <= tail."""
    above = 1.0 - np.cumsum(match_distribution(cells))
    within = np.flatnonzero(above <= tail)
    return int(within[0]) if len(within) else len(above) - 1
