"""Who joined and left the groups of two waves, and which changes may be shown as figures.

Membership is compared by who was invited, or by head-counts if there are no lists; never by who
answered. Figures of change are differences of sums, so what is left of a group without the
groups below it changes by a figure that can be worked out: it needs as many who moved.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, maximum_flow

from analytics.study.tree import COMPANY, UnitTree

__all__ = [
    "HeadCounts",
    "InvitedLists",
    "Membership",
    "few_moved",
    "figures_allowed",
    "is_small",
]

Units = frozenset[str]


class Membership(ABC):
    """Who belonged to any set of units in the current and in the earlier wave."""

    @abstractmethod
    def moved(self, now: Collection[str], before: Collection[str], role: str = "") -> int:
        """Return how many people joined or left a group.

        Parameters
        ----------
        now, before : collection of str
            Codes of the units that the group consists of in each wave.
        role : str, optional
            Count the people of this role alone; everyone by default.
        """

    @abstractmethod
    def people(self, units: Collection[str]) -> int:
        """Return how many people are in these units now."""


@dataclass(frozen=True)
class InvitedLists(Membership):
    """The people invited to both waves, counted by where they were.

    Attributes
    ----------
    place : dict of str to int
        Position of each unit; people who were not invited to a wave have the one past the last.
    units : ndarray of int, shape (2, n_kinds)
        Position of the unit of each kind of people now and before.
    roles : ndarray of str, shape (2, n_kinds)
        Their role now and before, empty if they were not invited.
    n : ndarray of int, shape (n_kinds,)
        How many they are.
    """

    place: dict[str, int]
    units: NDArray[np.intp]
    roles: NDArray[np.str_]
    n: NDArray[np.int64]

    @classmethod
    def of(cls, now: pl.DataFrame, before: pl.DataFrame) -> "InvitedLists":
        """Compare two lists with the columns ``person``, ``unit`` and ``role``.

        People without a key cannot be found again: they left, and others joined.
        """
        known = now.join(before, on="person", how="full", suffix="_before")
        kinds = known.group_by("unit", "role", "unit_before", "role_before").len(name="n")
        codes = sorted({*now["unit"], *before["unit"]})
        place = {code: at for at, code in enumerate(codes)}
        units = [
            [len(codes) if code is None else place[code] for code in kinds[name]]
            for name in ("unit", "unit_before")
        ]
        roles = [kinds[name].fill_null("").to_list() for name in ("role", "role_before")]
        return cls(
            place,
            np.array(units, dtype=np.intp).reshape(2, -1),
            np.array(roles, dtype=np.str_).reshape(2, -1),
            kinds["n"].to_numpy().astype(np.int64),
        )

    def moved(self, now: Collection[str], before: Collection[str], role: str = "") -> int:
        """Return how many were invited to a group in one of the waves only."""
        is_now, is_before = self._within(now, 0, role), self._within(before, 1, role)
        return int(self.n[is_now != is_before].sum())

    def people(self, units: Collection[str]) -> int:
        """Return how many people of these units are invited now."""
        return int(self.n[self._within(units, 0, "")].sum())

    def between(self, groups: Sequence[tuple[Units, Units]]) -> NDArray[np.int64]:
        """Return how many people went between groups, either way, shape (n + 1, n + 1).

        The groups share no unit. The last row and column are for everywhere else.
        """
        found = np.zeros((len(groups) + 1, len(groups) + 1), dtype=np.int64)
        at = np.full((2, len(self.place) + 1), len(groups), dtype=np.intp)
        for number, waves in enumerate(groups):
            for wave, units in enumerate(waves):
                at[wave, [self.place[unit] for unit in units if unit in self.place]] = number
        np.add.at(found, (at[0][self.units[0]], at[1][self.units[1]]), self.n)
        np.fill_diagonal(found, 0)
        return found + found.T

    def _within(self, units: Collection[str], wave: int, role: str) -> NDArray[np.bool_]:
        """Tell which kinds of people were in these units, in this role if one is wanted."""
        is_chosen = np.zeros(len(self.place) + 1, dtype=np.bool_)
        is_chosen[[self.place[unit] for unit in units if unit in self.place]] = True
        found = is_chosen[self.units[wave]]
        return np.asarray(found & (self.roles[wave] == role)) if role else found


@dataclass(frozen=True)
class HeadCounts(Membership):
    """Head-counts of the units of both waves, if nobody knows who the people are."""

    now: dict[str, int]
    before: dict[str, int]

    def moved(self, now: Collection[str], before: Collection[str], role: str = "") -> int:
        """Return by how many people the waves differ; of roles nothing is known."""
        if role:
            return 0
        return abs(self.people(now) - sum(self.before.get(unit, 0) for unit in before))

    def people(self, units: Collection[str]) -> int:
        """Return how many people work in these units now."""
        return sum(self.now.get(unit, 0) for unit in units)


def is_small(moved: int, k: int) -> bool:
    """Tell whether a difference would be about at least one person and fewer than k."""
    return 0 < moved < k


def few_moved(
    current: UnitTree,
    earlier: UnitTree,
    membership: Membership | None,
    *,
    k: int,
    unit: str = COMPANY,
) -> bool:
    """Tell whether some, but fewer than k, people joined or left a unit or the company."""
    if membership is None:
        return False
    trees = current.with_company(), earlier.with_company()
    now, before = (tree.members(unit) if unit in tree.parents else () for tree in trees)
    return is_small(membership.moved(now, before), k)


def figures_allowed(
    current: UnitTree,
    earlier: UnitTree,
    membership: Membership,
    *,
    k: int,
    among: frozenset[str],
) -> frozenset[str]:
    """Return the groups whose change may be shown as a figure.

    Parameters
    ----------
    current, earlier : UnitTree
        The trees of both waves.
    membership : Membership
        Who was in which unit.
    k : int
        Fewest people who joined or left a group, unless nobody did.
    among : frozenset of str
        Groups that show a change; ``COMPANY`` for the company.

    Returns
    -------
    frozenset of str
        Nobody or at least k people moved in any of them, in what is left of one without those
        next below it, and in unions of such rests.
    """
    groups = _Groups(current.with_company(), earlier.with_company(), membership, k, {*among})
    groups.settle()
    return frozenset(groups.shown)


@dataclass(frozen=True)
class _Groups:
    """Groups that show figures, fewer and fewer until none of them isolates a few people."""

    current: UnitTree
    earlier: UnitTree
    membership: Membership
    k: int
    shown: set[str]

    def settle(self) -> None:
        """Hide figures until every rest and every union of rests is safe."""
        for code in sorted(self.current.codes, key=lambda one: -self._depth(one)):
            if is_small(self.membership.moved(*self._whole(code)), self.k):
                self.shown.discard(code)
                self._keep_open(code)
            elif code in self.shown:
                self._hide_below(code)
        while victims := self._in_small_unions():
            self.shown.difference_update(victims)
            for code in sorted(self.shown, key=lambda one: (-self._depth(one), one)):
                self._hide_below(code)

    def _depth(self, code: str) -> int:
        return len(self.current.ancestors(code))

    def _whole(self, code: str) -> tuple[Units, Units]:
        before = self.earlier.members(code) if code in self.earlier.parents else ()
        return frozenset(self.current.members(code)), frozenset(before)

    def _rest(self, code: str) -> tuple[Units, Units]:
        """Return the units of a group without the groups next below it that show figures."""
        now, before = self._whole(code)
        for part in self._next_below(code):
            part_now, part_before = self._whole(part)
            now, before = now - part_now, before - part_before
        return now, before

    def _hide_below(self, code: str) -> None:
        """Hide the smallest groups below until what is left of a group is safe."""
        while is_small(self.membership.moved(*self._rest(code)), self.k):
            if not self._hide_smallest(code):
                return

    def _keep_open(self, code: str) -> None:
        """See to it that a hidden group is not the sum of groups that are shown."""
        while not self.membership.people(self._rest(code)[0]):
            if not self._hide_smallest(code):
                return

    def _hide_smallest(self, code: str) -> bool:
        parts = self._next_below(code)
        if parts:
            self.shown.discard(min(parts, key=lambda part: (self._people(part), part)))
        return bool(parts)

    def _people(self, code: str) -> int:
        return self.membership.people(self._whole(code)[0])

    def _next_below(self, code: str) -> list[str]:
        found = []
        waiting = list(self.current.children[code])
        while waiting:
            child = waiting.pop()
            if child in self.shown:
                found.append(child)
            else:
                waiting.extend(self.current.children[child])
        return found

    def _in_small_unions(self) -> set[str]:
        """Return the groups whose rests, with others, make a union that few joined or left.

        People who went between rests make a network. What is cut by separating a union from
        everything else are those who joined or left it, so its smallest cut tells (Ford &
        Fulkerson 1956). Head-counts do not say who went where.
        """
        if not isinstance(self.membership, InvitedLists):
            return set()
        codes = sorted(self.shown)
        between = self.membership.between([self._rest(code) for code in codes])
        label = connected_components(csr_array(between), directed=False)[1]
        found: set[str] = set()
        for one in np.unique(label):
            nodes = np.flatnonzero(label == one)
            inside = between[np.ix_(nodes, nodes)]
            found |= {codes[nodes[at]] for at in _weakly_tied(inside, self.k)}
        return found


def _weakly_tied(between: NDArray[np.int64], k: int) -> list[int]:
    """Return the nodes that fewer than k people tie to the last one, be it through others."""
    last = len(between) - 1
    tied = np.zeros(len(between), dtype=np.bool_)
    tied[last] = True
    while (more := ~tied & (between[:, tied].sum(axis=1) >= k)).any():
        tied |= more
    network = csr_array(between.astype(np.int32))
    return [
        node
        for node in np.flatnonzero(~tied).tolist()
        if maximum_flow(network, node, last).flow_value < k
    ]
