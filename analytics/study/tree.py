"""The tree of business units: parents, children and head-counts."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

from analytics.errors import AnalyticsError
from analytics.study.subtrees import Subtrees

__all__ = ["COMPANY", "UnitTree"]

COMPANY = ""
"""Code of the company as a whole, which need not be a unit: no unit has an empty code."""


@dataclass(frozen=True)
class UnitTree:
    """Business units with their parents and head-counts.

    Attributes
    ----------
    parents : dict of str to str or None
        The parent of every unit, ``None`` at the top.
    headcounts : dict of str to int
        Employees of the unit itself, without its children.
    has_headcounts : bool
        False when nobody gave a unit file: roll-ups are then weighted by respondents.
    totals : tuple of str
        Parents, sorted, whose given head-count was the total of the units below them; their
        own is then 0.
    """

    parents: dict[str, str | None]
    headcounts: dict[str, int]
    has_headcounts: bool = True
    totals: tuple[str, ...] = ()

    @classmethod
    def of(cls, units: pl.DataFrame) -> "UnitTree":
        """Build the tree from the columns ``code``, ``parent_code`` and ``headcount``.

        A parent whose head-count is exactly the sum of those below it holds a total, as many
        exports do; its people are not counted again. If not everybody was asked, a column
        ``population`` takes the place of ``headcount``: people of the unit itself for whom the
        answers speak. They were counted one by one, so that none of them is a total.

        Raises
        ------
        AnalyticsError
            A unit occurs twice, or has no head-count or one below 0; a parent is not among the
            codes; or a unit is its own ancestor.
        """
        parents = dict(units.select("code", "parent_code").iter_rows())
        if len(parents) < units.height:
            raise AnalyticsError("A unit code occurs twice: every code needs exactly one row.")
        counted = "population" if "population" in units.columns else "headcount"
        for code, headcount in units.select("code", counted).iter_rows():
            if headcount is None or headcount < 0:
                raise AnalyticsError(f"Unit {code!r} has the head-count {headcount}.")
        tree = cls(parents, dict(units.select("code", counted).iter_rows()))
        for code, parent in parents.items():
            if parent is not None and parent not in parents:
                raise AnalyticsError(f"Unit {code!r} has the unknown parent {parent!r}.")
            tree.ancestors(code)
        totals = () if counted == "population" else _totals(tree)
        return replace(
            tree, headcounts=tree.headcounts | dict.fromkeys(totals, 0), totals=totals
        )

    @classmethod
    def flat(cls, codes: Iterable[str]) -> "UnitTree":
        """Put the units side by side if no unit file says how they belong together."""
        return cls(dict.fromkeys(codes), {}, has_headcounts=False)

    def with_company(self) -> "UnitTree":
        """Return the tree with ``COMPANY`` above its tops; nobody works in it directly."""
        parents: dict[str, str | None] = {COMPANY: None}
        for code, parent in self.parents.items():
            parents[code] = COMPANY if parent is None else parent
        return replace(self, parents=parents)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Return every code, sorted."""
        return tuple(sorted(self.parents))

    @cached_property
    def children(self) -> dict[str | None, tuple[str, ...]]:
        """Return the direct children of every unit, sorted; the tops under ``None``."""
        below: dict[str | None, list[str]] = {None: []} | {code: [] for code in self.codes}
        for code in self.codes:
            below[self.parents[code]].append(code)
        return {code: tuple(found) for code, found in below.items()}

    @cached_property
    def leaves_first(self) -> tuple[str, ...]:
        """Return every code, children before their parent."""
        return tuple(sorted(self.codes, key=lambda code: (-len(self.ancestors(code)), code)))

    @cached_property
    def subtrees(self) -> Subtrees:
        """Return the tree as arrays, units by the position of their code in ``codes``."""
        return Subtrees.of(self.codes, self.children)

    def is_parent(self, code: str) -> bool:
        """Tell whether other units lie below this one."""
        return bool(self.children[code])

    def members(self, code: str) -> tuple[str, ...]:
        """Return the unit and all its descendants."""
        found = [code]
        for unit in found:
            found.extend(self.children[unit])
        return tuple(found)

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Return the units above this one, nearest first.

        Raises
        ------
        AnalyticsError
            The unit is its own ancestor.
        """
        found: dict[str, None] = {}
        parent = self.parents[code]
        while parent is not None:
            if parent == code or parent in found:
                raise AnalyticsError(f"Unit {code!r} is its own ancestor.")
            found[parent] = None
            parent = self.parents[parent]
        return tuple(found)


def _totals(tree: UnitTree) -> tuple[str, ...]:
    """Return the parents whose head-count is the sum of those below them."""
    found: list[str] = []
    everyone: dict[str, int] = {}
    for code in tree.leaves_first:
        below = sum(everyone[child] for child in tree.children[code])
        own = tree.headcounts[code]
        if 0 < below == own:
            found.append(code)
            own = 0
        everyone[code] = below + own
    return tuple(sorted(found))
