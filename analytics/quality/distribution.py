"""Shares of people per maturity level, unless someone's level follows, and their consensus."""

from functools import lru_cache
from itertools import combinations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.disclosure.plan import DisclosurePlan
from analytics.study.group_scores import maturity_level
from analytics.study.study import Study
from analytics.study.tree import UnitTree

__all__ = ["level_counts", "level_shares", "ordinal_consensus"]

_LEVELS = 5
_NOBODY = np.zeros(_LEVELS, dtype=np.int64)

Counts = dict[str, NDArray[np.int64]]


def level_counts(people: pl.DataFrame, construct: str) -> Counts:
    """Count every unit's own people per maturity level, arrays of shape (5,)."""
    scored = people.select("unit", construct).drop_nulls()
    scores, inverse = np.unique(scored[construct].to_numpy(), return_inverse=True)
    levels = np.array([maturity_level(float(score)) for score in scores], dtype=np.int64)
    marked = scored.select("unit").with_columns(level=pl.Series(levels[inverse] - 1))
    counts: Counts = {}
    for unit, level, n in marked.group_by("unit", "level").len().iter_rows():
        counts.setdefault(unit, np.zeros(_LEVELS, dtype=np.int64))[level] = n
    return counts


def level_shares(
    study: Study, plan: DisclosurePlan, construct: str, *, k: int
) -> dict[str, tuple[float, ...]]:
    """Return the shares of people per maturity level, for every unit that may show them.

    Parameters
    ----------
    study : Study
        People, tree, weights.
    plan : DisclosurePlan
        Units that may show the construct.
    construct : str
        Its key.
    k : int
        Smallest group that may be shown.

    Returns
    -------
    dict of str to tuple of five shares
        A person weighs as much as in the mean of the unit. A unit is left out if fewer than 2k
        of its people belong to no shown unit below it and all of these are at one level:
        everyone's level would follow, directly or by subtraction. The same holds of its
        invited and of its imported people.

    References
    ----------
    .. [1] method.md section 7, 3.
    """
    parts = [level_counts(study.people.filter(part), construct) for part in study.parts]
    shown: set[str] = set()
    for code in study.tree.leaves_first:
        if plan.shows(code, construct) and all(
            _tells_nobody(code, counts, study.tree, shown, k) for counts in parts
        ):
            shown.add(code)
    counts = parts[0] if len(parts) == 1 else level_counts(study.people, construct)
    return _shares(sorted(shown), counts, study)


def ordinal_consensus(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return van der Eijk's A of distributions over ordered levels.

    Parameters
    ----------
    counts : ndarray of shape (n_units, levels)
        People or shares per level, three levels or more.

    Returns
    -------
    ndarray of shape (n_units,)
        1 if all people are at one level, 0 if all levels are equally filled, -1 if half of the
        people are at each end. NaN without people.

    Notes
    -----
    A distribution is cut into layers of equal height, and each layer is a pattern of filled
    levels. Its A is U (1 - (S - 1) / (K - 1)), S of K levels being filled and U its
    unimodality. The layers are weighted by their share of the people. O(units levels log
    levels).

    References
    ----------
    .. [1] van der Eijk (2001), Measuring agreement in ordered rating scales.

    Examples
    --------
    >>> ordinal_consensus(np.array([[5.0, 0, 0, 0, 5], [0, 0, 7, 0, 0]])).tolist()
    [-1.0, 1.0]
    """
    levels = counts.shape[1]
    heights = np.sort(counts, axis=1)
    steps = np.diff(heights, axis=1, prepend=0.0)
    filled = counts[:, None, :] >= heights[:, :, None]
    pattern = (filled << np.arange(levels)).sum(axis=-1)
    total = counts.sum(axis=1)
    share = steps * filled.sum(axis=-1) / np.where(total > 0, total, np.nan)[:, None]
    return np.asarray((share * _pattern_consensus(levels)[pattern]).sum(axis=1))


def _tells_nobody(code: str, counts: Counts, tree: UnitTree, shown: set[str], k: int) -> bool:
    rest = [counts[unit] for unit in _rest(code, tree, shown) if unit in counts]
    total = sum(rest, start=_NOBODY)
    alike = int((total > 0).sum()) == 1
    return not (alike and total.sum() < 2 * k)


def _rest(code: str, tree: UnitTree, shown: set[str]) -> list[str]:
    """Return the unit and the units below it that lie in no shown unit below it."""
    found = [code]
    for unit in found:
        found.extend(child for child in tree.children[unit] if child not in shown)
    return found


def _shares(codes: list[str], counts: Counts, study: Study) -> dict[str, tuple[float, ...]]:
    """Average the shares of the units in each group, weighted as in its mean."""
    people = np.array([counts.get(unit, _NOBODY) for unit in study.tree.codes])
    total = people.sum(axis=1, keepdims=True)
    weight = np.array([study.weights[unit] for unit in study.tree.codes])[:, None] * (total > 0)
    parts = np.hstack([weight * (people / np.maximum(total, 1)), weight])
    weighed = study.tree.subtrees.sums(parts)
    place = {code: row for row, code in enumerate(study.tree.codes)}
    rows = weighed[[place[code] for code in codes]]
    shares = rows[:, :-1] / np.maximum(rows[:, -1:], np.finfo(float).tiny)
    return dict(zip(codes, map(tuple, shares.tolist()), strict=True))


@lru_cache(maxsize=16)
def _pattern_consensus(levels: int) -> NDArray[np.float64]:
    """Return A of every pattern of filled levels, by its bits."""
    patterns = (np.arange(2**levels)[:, None] >> np.arange(levels)) & 1
    return np.array([_consensus(tuple(map(int, pattern))) for pattern in patterns])


def _consensus(pattern: tuple[int, ...]) -> float:
    levels, filled = len(pattern), sum(pattern)
    if filled <= 1:
        return 1.0
    triples = list(combinations(pattern, 3))
    one_middle = triples.count((1, 1, 0)) + triples.count((0, 1, 1))
    two_ends = triples.count((1, 0, 1))
    if not one_middle + two_ends:
        return 0.0
    unimodality = ((levels - 2) * one_middle - (levels - 1) * two_ends) / (
        (levels - 2) * (one_middle + two_ends)
    )
    return unimodality * (1.0 - (filled - 1) / (levels - 1))
