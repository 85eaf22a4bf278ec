"""Parents as means of their units, weighted by head-count, with stratified errors."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.study.tree import UnitTree
from analytics.study.unit_means import UnitMeans

__all__ = ["GroupShares", "group_shares", "roll_up", "unit_weights"]


def unit_weights(tree: UnitTree, respondents: Mapping[str, int]) -> dict[str, float]:
    """Return how much each unit weighs in its parents' figures.

    That is the head-count. It is the number of respondents if that is greater (an outdated
    head-count must not silence people who answered) or if there is no unit file.
    """
    return {
        code: float(max(tree.headcounts.get(code, 0), respondents.get(code, 0)))
        for code in tree.codes
    }


def roll_up(own: UnitMeans, tree: UnitTree, weights: Mapping[str, float]) -> UnitMeans:
    """Average the means of units into one mean for every unit and all units below it.

    Parameters
    ----------
    own : UnitMeans of all of the tree's codes
        Each unit's own people.
    tree : UnitTree
        Who belongs to whom.
    weights : mapping of str to float
        Weight of each unit's own people, see ``unit_weights``.

    Returns
    -------
    UnitMeans, one row per code of the tree
        Mean: sum of w_u x_u over the unit and its descendants in which someone has a score,
        the weights summing to 1 per construct; covariance: sum of w_u w_u' V_u; n: the sum.
    """
    place = {code: row for row, code in enumerate(own.units)}
    weight = np.array([weights[code] for code in own.units])
    rows = [[place[member] for member in tree.members(code)] for code in tree.codes]
    means = np.vstack([_mean(own, weight, members) for members in rows])
    covariance = np.stack([_covariance(own, weight, members) for members in rows])
    n = np.vstack([own.n[members].sum(axis=0) for members in rows])
    return UnitMeans(tree.codes, own.constructs, n, means, own.within, covariance)


@dataclass(frozen=True)
class GroupShares:
    """The units that make up a group, with their shares per construct.

    Attributes
    ----------
    units : ndarray of shape (u,)
        Places of the group's units with people among all units.
    shares : ndarray of shape (u, p)
        Each column sums to 1, or is 0 throughout if nobody has a score.
    """

    units: NDArray[np.intp]
    shares: NDArray[np.float64]


def group_shares(
    own: UnitMeans, tree: UnitTree, weights: Mapping[str, float]
) -> dict[str, GroupShares]:
    """Return the units and shares of each unit and parent; parameters as for ``roll_up``."""
    place = {code: row for row, code in enumerate(own.units)}
    weight = np.array([weights[code] for code in own.units])
    found = {}
    for code in tree.codes:
        rows = [place[member] for member in tree.members(code)]
        rows = [row for row in rows if own.n[row].any()]
        found[code] = GroupShares(np.array(rows, np.intp), _shares(own, weight, rows))
    return found


def _shares(
    own: UnitMeans, weight: NDArray[np.float64], members: list[int]
) -> NDArray[np.float64]:
    """Return each member's share of the parent's mean per construct, zero if unanswered."""
    raw = weight[members][:, None] * (own.n[members] > 0)
    return np.asarray(raw / np.maximum(raw.sum(axis=0), np.finfo(float).tiny))


def _mean(
    own: UnitMeans, weight: NDArray[np.float64], members: list[int]
) -> NDArray[np.float64]:
    shares = _shares(own, weight, members)
    means = (shares * np.nan_to_num(own.means[members])).sum(axis=0)
    return np.where(own.n[members].any(axis=0), means, np.nan)


def _covariance(
    own: UnitMeans, weight: NDArray[np.float64], members: list[int]
) -> NDArray[np.float64]:
    answering = own.n[members].any(axis=1)
    if not answering.any():
        return own.within
    shares = _shares(own, weight, members)[answering]
    return np.asarray(
        np.einsum("uj,ujk,uk->jk", shares, own.covariance[members][answering], shares)
    )
