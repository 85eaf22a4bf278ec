"""Which figures may be shown, so that no group below the threshold follows from any of them.

Figures of a unit cover the people of the unit and of all units below it. A figure of managers
and one of contributors exist only together, and only if the figure of everyone is shown. Every
figure is a sum in disguise: mean times n, with the same weight for a person in each of them. So
an attacker can isolate unions of *rests*, a rest being a shown group less the shown groups next
below it. The rests of one tree are disjoint, so the conditions below are complete, not merely
necessary. DECISIONS.md, "Suppression is solved in closed form", has the argument.

Two more kinds of groups are revealing. If everybody in a group has the same score, its mean is
everybody's answer. And whoever imported some of the answers can subtract them, so the invited
and the imported people of a group each have to be enough (DECISIONS.md 22 and 23).
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from analytics.study.subtrees import Subtrees
from analytics.study.tree import UnitTree

__all__ = ["Disclosure", "RoleCounts", "agree_wholly", "disclose"]

_CONTRIBUTORS, _HOLDERS = 1, 2
"""What is counted of a rest: managers, contributors, and units that have any of them."""


@dataclass(frozen=True)
class RoleCounts:
    """How many people stand behind each measure in each unit's own role groups.

    Attributes
    ----------
    counts : ndarray of shape (n_measures, n_units, 2)
        Each unit's own managers and own contributors, in the order of the tree's codes.
    scores : ndarray of shape (n_measures, n_units, 2, 2), optional
        Sum of these people's scores and sum of their squares, in whole numbers on any scale.
        Without them people count as if no two had the same score.
    needed : ndarray of bool, shape (n_measures,), optional
        Measures that need somebody; the others are shown too if nobody stands behind them.
        All by default.
    """

    counts: NDArray[np.int64]
    scores: NDArray[np.int64] | None = None
    needed: NDArray[np.bool_] | None = None

    @classmethod
    def of_parts(cls, parts: Sequence["RoleCounts"]) -> "RoleCounts":
        """Return the counts of all parts together, and those of each part if there are several.

        Parameters
        ----------
        parts : sequence of RoleCounts
            The same measures, counted among people who have nobody in common. A part may have
            nobody behind a measure; the parts together may not.
        """
        if len(parts) == 1:
            return parts[0]
        counts = [part.counts for part in parts]
        scores = [part.scores for part in parts if part.scores is not None]
        measures = len(counts[0])
        return cls(
            np.concatenate([sum(counts[1:], start=counts[0]), *counts]),
            np.concatenate([sum(scores[1:], start=scores[0]), *scores]) if scores else None,
            np.arange(measures * (1 + len(parts))) < measures,
        )

    @property
    def moments(self) -> NDArray[np.int64]:
        """Return number, sum and sum of squares, shape (n_units, n_measures, 2, 3)."""
        if self.scores is None:
            all_differ = [np.zeros_like(self.counts), self.counts]
            moments = np.stack([self.counts, *all_differ], axis=-1)
        else:
            moments = np.concatenate([self.counts[..., None], self.scores], axis=-1)
        return moments.transpose(1, 0, 2, 3)

    @property
    def needs_somebody(self) -> NDArray[np.bool_]:
        """Return ``needed``, or that all measures are."""
        return np.ones(len(self.counts), dtype=bool) if self.needed is None else self.needed


@dataclass(frozen=True)
class Disclosure:
    """Units that show a figure of everyone, and units that show roles separately.

    Attributes
    ----------
    everyone, roles : frozenset of str
        Codes of units.
    company : bool
        Whether all people together may be shown.
    """

    everyone: frozenset[str]
    roles: frozenset[str]
    company: bool = True


def disclose(
    counts: RoleCounts, tree: UnitTree, *, k: int, allowed: frozenset[str] | None = None
) -> Disclosure:
    """Decide which units show a figure of everyone, and which of them also show one per role.

    Parameters
    ----------
    counts : RoleCounts
        Counts of the measures that are shown or hidden together.
    tree : UnitTree
        Units and their parents.
    k : int
        Smallest group that may be shown or isolated, in people.
    allowed : frozenset of str, optional
        Units that may show anything at all; every unit by default.

    Returns
    -------
    Disclosure
        Primary: fewer than k people are never shown, nor are fewer than 2k who all have the
        same score. Secondary: a shown group less the shown groups below it leaves nobody, or
        people who could be shown, in at least two groups. The company as a whole counts as
        shown, because most of its totals are.

    References
    ----------
    .. [1] privacy.md, "Thresholds" and "Differencing"; method.md section 7.
    """
    candidates = np.array(
        [allowed is None or code in allowed for code in tree.codes], dtype=bool
    )
    everyone = _Everyone(counts, tree.subtrees, k, candidates)
    of_everyone = everyone.solve()
    of_roles = _Roles(counts, tree.subtrees, k, everyone).solve()
    return Disclosure(
        _named(of_everyone, tree), _named(of_roles, tree), everyone.company_is_enough()
    )


def agree_wholly(moments: NDArray[np.int64], *, k: int) -> NDArray[np.bool_]:
    """Tell which groups of fewer than 2k people have the same score throughout.

    Parameters
    ----------
    moments : ndarray of shape (..., 3)
        People, sum of their scores, sum of the squares of their scores.
    k : int
        Smallest group that may be shown.

    Returns
    -------
    ndarray of bool, shape (...)
        True without people. The variance n S2 - S1² of whole numbers is exactly 0 or not.
    """
    n, total, squares = moments[..., 0], moments[..., 1], moments[..., 2]
    return np.asarray((n < 2 * k) & (n * squares == total * total))


def _named(shown: NDArray[np.bool_], tree: UnitTree) -> frozenset[str]:
    return frozenset(compress(tree.codes, shown.tolist()))


class _ShownNodes(ABC):
    """A set of shown nodes of the tree, shrunk until every rest is safe.

    Nodes are positions of codes; the company is one position past the last.

    Attributes
    ----------
    rest : ndarray of shape (n_units + 1, n_measures, n_counted, 3)
        Number, sum and sum of squares of each node together with the hidden nodes below it,
        once its level is solved.
    size : ndarray of shape (n_units, n_measures, 2, 3)
        The same of the managers and contributors of each unit and all below it.
    people : list of int
        The same added up over measures and roles; the smallest are hidden first.
    shown : ndarray of bool, shape (n_units,)
    """

    def __init__(
        self,
        counts: RoleCounts,
        own: NDArray[np.int64],
        tree: Subtrees,
        k: int,
        candidates: NDArray[np.bool_],
    ) -> None:
        self.tree = tree
        self.k = k
        self.company = len(tree.parent)
        self.needed = counts.needs_somebody
        self.size = tree.sums(counts.moments)
        self.people: list[int] = self.size[..., 0].sum(axis=(1, 2)).tolist()
        self.own = np.concatenate([own, np.zeros((1, *own.shape[1:]), dtype=np.int64)])
        self.rest = self.own.copy()
        self.shown = candidates & self.is_enough()

    @abstractmethod
    def is_enough(self) -> NDArray[np.bool_]:
        """Tell which units have the people that their figures need (primary suppression)."""

    @abstractmethod
    def is_safe(self, nodes: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Tell which nodes have a rest that may be isolated."""

    def solve(self) -> NDArray[np.bool_]:
        """Hide nodes until every rest is safe; one pass suffices, as a rest only moves up."""
        for level in self.tree.levels:
            self._settle(level[self.shown[level]])
            hidden = level[~self.shown[level]]
            np.add.at(self.rest, self.tree.parent[hidden], self.rest[hidden])
        return self.shown

    def _allows(self, people: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell which groups, of shape (..., 3), are nobody or may be told from the others."""
        n = people[..., 0]
        allowed = (n == 0) | ((n >= self.k) & ~agree_wholly(people, k=self.k))
        return np.asarray(allowed)

    def _settle(self, nodes: NDArray[np.intp]) -> None:
        """Make the rests of nodes safe; nodes of one level share nobody."""
        is_safe = np.broadcast_to(self.is_safe(nodes), nodes.shape)
        for node in nodes[~is_safe].tolist():
            self._repair(node)

    def _repair(self, node: int) -> None:
        """Hide the smallest shown nodes next below until the rest is safe, else the node."""
        below = self._next_below(node)
        heapify(below)
        while not np.all(self.is_safe(np.array([node]))):
            if not below:
                self._hide(node)
                return
            _, victim = heappop(below)
            self._hide(victim)
            self.rest[node] += self.rest[victim]
            for freed in self._next_below(victim):
                heappush(below, freed)

    def _hide(self, node: int) -> None:
        """Hide a node; the company's totals are always shown."""
        if node < self.company:
            self.shown[node] = False

    def _next_below(self, node: int) -> list[tuple[int, int]]:
        """Return people and position of the shown nodes next below a node."""
        found: list[tuple[int, int]] = []
        waiting = list(self.tree.children[node])
        for row in waiting:
            if self.shown[row]:
                found.append((self.people[row], row))
            else:
                waiting.extend(self.tree.children[row])
        return found


class _Everyone(_ShownNodes):
    """Figures of all people; a rest counts managers, contributors and units with people."""

    def __init__(
        self, counts: RoleCounts, tree: Subtrees, k: int, candidates: NDArray[np.bool_]
    ) -> None:
        moments = counts.moments
        holds = np.zeros_like(moments[:, :, :1])
        holds[..., 0] = (moments[..., 0].sum(axis=2) > 0)[..., None]
        self.total = moments.sum(axis=(0, 2))
        super().__init__(counts, np.concatenate([moments, holds], axis=2), tree, k, candidates)

    def is_enough(self) -> NDArray[np.bool_]:
        return self._is_shown_alone(self.size.sum(axis=2))

    def company_is_enough(self) -> bool:
        """Tell whether all people together may be shown."""
        return bool(self._is_shown_alone(self.total))

    def _is_shown_alone(self, people: NDArray[np.int64]) -> NDArray[np.bool_]:
        allowed = self._allows(people) & ((people[..., 0] > 0) | ~self.needed)
        return np.asarray(allowed.all(axis=-1))

    def solve(self) -> NDArray[np.bool_]:
        shown = super().solve()
        self._settle(np.array([self.company]))
        return shown

    def is_safe(self, nodes: NDArray[np.intp]) -> NDArray[np.bool_]:
        people = self.rest[nodes, :, :_HOLDERS].sum(axis=2)
        own = self.own[nodes, :, :_HOLDERS].sum(axis=2)
        only_own = (nodes < self.company) & (own == people)[..., 0].all(axis=1)
        alone = (self.rest[nodes, :, _HOLDERS, 0] == 1) & self.needed & ~only_own[:, None]
        return np.asarray((self._allows(people) & ~alone).all(axis=1))


class _Roles(_ShownNodes):
    """Figures of managers beside figures of contributors.

    A rest counts people by role, and then people by role in blocks that also hold the other
    role. A block is a shown node's rest of everyone. Blocks of a single role can be subtracted
    from a rest's figure of that role, which leaves the people of the mixed blocks.
    """

    def __init__(self, counts: RoleCounts, tree: Subtrees, k: int, everyone: _Everyone) -> None:
        shown = everyone.shown[:, None, None, None]
        blocks = everyone.rest[:-1, :, :_HOLDERS] * shown
        mixed = blocks * (blocks[:, :, ::-1, :1] > 0)
        own = np.concatenate([counts.moments, mixed], axis=2)
        super().__init__(counts, own, tree, k, everyone.shown)

    def is_enough(self) -> NDArray[np.bool_]:
        contributors = self.size[:, self.needed, _CONTRIBUTORS, 0]
        return self.is_allowed(self.size) & (contributors > 0).all(axis=1)

    def is_safe(self, nodes: NDArray[np.intp]) -> NDArray[np.bool_]:
        return self.is_allowed(self.rest[nodes])

    def is_allowed(self, people: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell which nodes have groups that may each be told from the others."""
        return np.asarray(self._allows(people).all(axis=(1, 2)))
