"""The order of candidates: by total, ties decided and said, dominated ones named."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from analytics.results.use_cases import Tie
from analytics.use_cases.totals import LEVEL, Rated, Totals

__all__ = ["dominators", "possible_ranks", "ranked_rows", "ties"]


def ranked_rows(
    keys: Sequence[str], scores: Rated, found: Totals, shares: NDArray[np.float64]
) -> list[int]:
    """Return the rows of the candidates, first place first.

    Notes
    -----
    By total. Where totals are level, by the least that the total can be (fewer unknown, for
    equal totals); then by the score on the heaviest criterion, the next heaviest and so on;
    then by key. Criteria of equal weight count in their own order.
    """
    heaviest = np.argsort(-shares, kind="stable")
    total, least = _levelled(found.middle), _levelled(found.low)

    def place(row: int) -> tuple[float, float, tuple[float, ...], str]:
        by_criterion = tuple(-scores.middle[row, heaviest])
        return -total[row], -least[row], by_criterion, keys[row]

    return sorted(range(len(keys)), key=place)


def _levelled(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give totals that are level the same value: that of the least of them."""
    order = np.argsort(values, kind="stable")
    steps = np.diff(values[order], prepend=values[order[:1]])
    starts = np.where(steps > LEVEL, np.arange(len(values)), 0)
    level = np.empty_like(values)
    level[order] = values[order][np.maximum.accumulate(starts)]
    return level


def ties(
    order: Sequence[int],
    keys: Sequence[str],
    scores: Rated,
    found: Totals,
    shares: NDArray[np.float64],
    names: Sequence[str],
) -> dict[int, Tie]:
    """Say for each row whose total is level with that right above what put it below."""
    heaviest = np.argsort(-shares, kind="stable")
    decided = {}
    for above, below in pairwise(order):
        if found.middle[above] - found.middle[below] > LEVEL:
            continue
        differing = [j for j in heaviest if scores.middle[above, j] != scores.middle[below, j]]
        if found.low[above] - found.low[below] > LEVEL:
            decided[below] = Tie(above=keys[above], decided_by="fewer_unknown")
        elif differing:
            decided[below] = Tie(
                above=keys[above],
                decided_by="heavier_criterion",
                criterion=names[differing[0]],
            )
        else:
            decided[below] = Tie(above=keys[above], decided_by="key")
    return decided


def possible_ranks(found: Totals) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the best and the worst place that unknown scores leave possible, shape (n,) each.

    Notes
    -----
    Unknown scores of two candidates have nothing to do with each other, so another candidate
    is above for sure where its least total exceeds this one's greatest, and may be above where
    its greatest exceeds this one's least.
    """
    surely = (found.low[None, :] > found.high[:, None] + LEVEL).sum(axis=1)
    maybe = found.high[None, :] > found.low[:, None] + LEVEL
    np.fill_diagonal(maybe, val=False)
    return 1 + surely, 1 + maybe.sum(axis=1)


def dominators(scores: Rated) -> list[NDArray[np.intp]]:
    """Return for each row the rows that dominate it (Pareto), whatever is still unknown.

    A candidate dominates where its least score reaches the other's greatest on every
    criterion and exceeds it on one.
    """
    least, greatest = scores.low[None, :, :], scores.high[:, None, :]
    dominates = np.logical_and((least >= greatest).all(axis=2), (least > greatest).any(axis=2))
    return [np.flatnonzero(dominates[row]) for row in range(len(scores.known))]
