"""Which figures may be shown, so that no group below the threshold follows from any of them.

Figures of a unit cover the people of the unit and of all units below it. A figure of managers
and one of contributors exist only together, and only where the figure of everyone is shown.
Every figure is a sum in disguise (mean times n, each person with one weight in all of them), so
what an attacker can isolate are unions of *rests*: a shown group less the shown groups next
below it. The rests of one tree are disjoint, which makes the conditions below complete, not
merely necessary; DECISIONS.md, "Suppression is solved in closed form", has the argument.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.tree import UnitTree

__all__ = ["Cells", "Disclosure", "disclose"]

_MANAGERS, _CONTRIBUTORS = 0, 1


@dataclass(frozen=True)
class Cells:
    """How many people stand behind each measure in each unit's own role groups.

    Attributes
    ----------
    counts : ndarray of shape (n_measures, n_units, 2)
        Own managers and own contributors of the units, in the order of the tree's codes.
    """

    counts: NDArray[np.int64]


@dataclass(frozen=True)
class Disclosure:
    """Units that show a figure of everyone, and units that show their roles apart."""

    everyone: frozenset[str]
    roles: frozenset[str]


def disclose(
    cells: Cells, tree: UnitTree, *, k: int, allowed: frozenset[str] | None = None
) -> Disclosure:
    """Decide which units show a figure of everybody, and which one per role.

    Parameters
    ----------
    cells : Cells
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
        Primary: fewer than k people are never shown. Secondary: what is left of a shown group
        without the shown groups below it is nobody, or at least k people in at least two
        groups; the company as a whole counts as shown, since its totals are.

    References
    ----------
    .. [1] privacy.md, "Thresholds" and "Differencing"; method.md section 7.
    """
    tops = frozenset(tree.codes) if allowed is None else allowed
    everyone = _Everyone(cells.counts.sum(axis=2), tree, k, tops).solve()
    roles = _Roles(cells.counts, tree, k, everyone).solve()
    return Disclosure(frozenset(everyone), frozenset(roles))


class _Shown(ABC):
    """A set of shown nodes of the tree, shrunk until every rest is safe."""

    def __init__(
        self, counts: NDArray[np.int64], tree: UnitTree, k: int, candidates: frozenset[str]
    ) -> None:
        self.counts = counts
        self.tree = tree
        self.k = k
        self.place = {code: index for index, code in enumerate(tree.codes)}
        self.size = {code: self.people(tree.members(code)) for code in tree.codes}
        self.shown = {code for code in candidates if self.is_enough(code)}

    def people(self, units: Sequence[str]) -> NDArray[np.int64]:
        """Return the counts of the units' own people, added up."""
        rows = [self.place[unit] for unit in units]
        return np.asarray(self.counts[:, rows].sum(axis=1))

    @abstractmethod
    def is_enough(self, code: str) -> bool:
        """Tell whether a node has the people that its figures need (primary suppression)."""

    @abstractmethod
    def is_safe(self, node: str | None, rest: list[str]) -> bool:
        """Tell whether what is left of a shown node may be isolated."""

    def nodes(self) -> Iterator[str | None]:
        """Return the nodes to check, children before parents."""
        yield from self.tree.leaves_first

    def solve(self) -> set[str]:
        """Hide nodes until every rest is safe; one pass does, since a rest only moves up."""
        for node in self.nodes():
            while (node is None or node in self.shown) and not self._settled(node):
                pass
        return self.shown

    def _settled(self, node: str | None) -> bool:
        """Return True if the node's rest is safe, else hide one node and return False."""
        rest, below = self._split(node)
        if self.is_safe(node, rest):
            return True
        victim = min(below, key=lambda code: (int(self.size[code].sum()), code), default=node)
        if victim is None:
            return True
        self.shown.discard(victim)
        return False

    def _split(self, node: str | None) -> tuple[list[str], list[str]]:
        """Return the units of the node's rest, and the shown nodes next below it."""
        rest = [] if node is None else [node]
        below: list[str] = []
        waiting = list(self.tree.children[node])
        for code in waiting:
            if code in self.shown:
                below.append(code)
            else:
                rest.append(code)
                waiting.extend(self.tree.children[code])
        return rest, below


class _Everyone(_Shown):
    """Figures of all people; counts of shape (n_measures, n_units)."""

    def is_enough(self, code: str) -> bool:
        return bool((self.size[code] >= self.k).all())

    def nodes(self) -> Iterator[str | None]:
        yield from self.tree.leaves_first
        yield None

    def is_safe(self, node: str | None, rest: list[str]) -> bool:
        people = self.people(rest)
        own = np.array([self.counts[:, self.place[unit]] for unit in rest]).reshape(
            len(rest), len(people)
        )
        alone = (own > 0).sum(axis=0) == 1
        only_own = node is not None and np.array_equal(own[0], people)
        groups_ok = ~alone | only_own
        return bool(((people == 0) | ((people >= self.k) & groups_ok)).all())


class _Roles(_Shown):
    """Figures of managers beside figures of contributors; counts (n_measures, n_units, 2)."""

    def __init__(
        self, counts: NDArray[np.int64], tree: UnitTree, k: int, everyone: set[str]
    ) -> None:
        self.everyone = everyone
        super().__init__(counts, tree, k, frozenset(everyone))

    def is_enough(self, code: str) -> bool:
        return self._allows(self.size[code]) and bool(
            (self.size[code][:, _CONTRIBUTORS] > 0).all()
        )

    def is_safe(
        self,
        node: str | None,  # noqa: ARG002 - whose rest it is does not matter to roles
        rest: list[str],
    ) -> bool:
        return self._allows(self.people(rest)) and self._allows(self._mixed(rest))

    def _allows(self, people: NDArray[np.int64]) -> bool:
        return bool(((people == 0) | (people >= self.k)).all())

    def _mixed(self, rest: list[str]) -> NDArray[np.int64]:
        """Count, per role, the rest's people in blocks that hold the other role too.

        Blocks of one role alone, whose figure of all is shown, can be taken out of the
        rest's figure of that role: what remains are these people.
        """
        blocks: dict[str, list[str]] = {}
        for unit in rest:
            blocks.setdefault(self._block(unit), []).append(unit)
        total = np.zeros((len(self.counts), 2), dtype=np.int64)
        for units in blocks.values():
            people = self.people(units)
            total += people * (people[:, ::-1] > 0)
        return total

    def _block(self, unit: str) -> str:
        """Return the nearest node at or above the unit whose figure of all is shown."""
        path = (unit, *self.tree.ancestors(unit))
        return next(code for code in path if code in self.everyone)
