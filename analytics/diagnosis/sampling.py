"""Sampling covariance of groups' measures, without traces of hidden units.

The covariance of a parent's means is a sum over its units. Beside those of its shown units it
would give away how the people of hidden ones differ, and how many of them answered. So only the
lowest shown units contribute their own covariance; all others together borrow the pooled one.
"""

from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.study.group_scores import GroupScores
from analytics.study.tree import UnitTree
from analytics.study.unit_means import UnitMeans, unit_means

__all__ = ["concentration", "sampling_covariance"]

Array = NDArray[np.float64]


def sampling_covariance(
    people: pl.DataFrame,
    scores: GroupScores,
    shown: NDArray[np.bool_],
    tree: UnitTree,
    weights: Mapping[str, float],
) -> Array:
    """Return the sampling covariance of every group's means on measures shown together.

    Parameters
    ----------
    people : polars.DataFrame
        ``unit`` and one Float64 column per measure, points.
    scores : GroupScores
        Of everyone, on the measures.
    shown : ndarray of bool, shape (n_units, p)
        Which groups show which measures.
    tree : UnitTree
        Who belongs to whom; rows are its codes.
    weights : mapping of str to float
        Weight of each unit's own people.

    Returns
    -------
    ndarray of shape (n_units, p, p), squared points
        Sum of w_u w_u' V_u over the open units of the group, those without units below them
        that show every measure, V_u as in ``unit_means``; plus d w w' W / n for its other
        units, w being their weight together, W the pooled covariance within open units, n the
        mean number of answers over the measures that the group shows and d = 1 + (units - 1)
        / n the design effect to be expected if who answered is spread by chance. If no unit
        is open W is the covariance of everybody.

    References
    ----------
    .. [1] method.md 1.2, with the rest of a group as one stratum.
    """
    is_open = _is_open(tree, shown)
    own = _open_units(people, scores.constructs, tree, is_open)
    share = np.array([weights[code] for code in tree.codes])[:, None] * (scores.own > 0)
    answering = scores.own.max(axis=1) > 0
    found = np.empty((len(tree.codes), len(scores.constructs), len(scores.constructs)))
    for row, members in enumerate(_members(tree)):
        total = np.maximum(share[members].sum(axis=0), np.finfo(float).tiny)
        opened, rest = members[is_open[members]], members[~is_open[members]]
        known = share[opened] / total
        found[row] = np.einsum("uj,ujk,uk->jk", known, own.covariance[opened], known)
        answers = scores.own[rest].sum(axis=0)[shown[row]]
        if answers.any():
            others = share[rest].sum(axis=0) / total
            people = answers.mean()
            effect = 1.0 + (answering[rest].sum() - 1.0) / people
            found[row] += effect * np.outer(others, others) * own.within / people
    return found


def concentration(
    scores: GroupScores,
    shown: NDArray[np.bool_],
    tree: UnitTree,
    weights: Mapping[str, float],
) -> Array:
    """Return the sum of the squared shares of the units in each group.

    Parameters
    ----------
    scores, shown, tree, weights
        As for ``sampling_covariance``.

    Returns
    -------
    ndarray of shape (n_units,)
        1 for a single unit. Units that are not open count as if they had equal shares of
        their weight together, so that no hidden unit's share follows.
    """
    is_open, answering = _is_open(tree, shown), scores.own.max(axis=1) > 0
    weight = np.array([weights[code] for code in tree.codes]) * answering
    found = np.ones(len(tree.codes))
    for row, members in enumerate(_members(tree)):
        opened, rest = members[is_open[members]], members[~is_open[members]]
        squares = (weight[opened] ** 2).sum()
        squares += weight[rest].sum() ** 2 / max(int(answering[rest].sum()), 1)
        total = weight[members].sum()
        found[row] = squares / total**2 if total > 0.0 else 1.0
    return found


def _is_open(tree: UnitTree, shown: NDArray[np.bool_]) -> NDArray[np.bool_]:
    lowest = np.array([not tree.is_parent(code) for code in tree.codes])
    return np.asarray(lowest & shown.all(axis=1))


def _members(tree: UnitTree) -> Iterator[NDArray[np.intp]]:
    """Yield the rows of each group's units, in the order of the codes."""
    place = {code: row for row, code in enumerate(tree.codes)}
    for code in tree.codes:
        yield np.array([place[unit] for unit in tree.members(code)], dtype=np.intp)


def _open_units(
    people: pl.DataFrame, measures: tuple[str, ...], tree: UnitTree, is_open: NDArray[np.bool_]
) -> UnitMeans:
    codes = [code for code, shows in zip(tree.codes, is_open, strict=True) if shows]
    chosen = people.filter(pl.col("unit").is_in(codes))
    found = unit_means(chosen, measures, tree.codes)
    if codes:
        return found
    whole = unit_means(people.with_columns(unit=pl.lit("")), measures, [""])
    return UnitMeans(
        found.units, found.constructs, found.n, found.means, whole.within, found.covariance
    )
