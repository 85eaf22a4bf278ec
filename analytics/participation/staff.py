"""How many people there are in every group, of all roles and of each."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from analytics.errors import AnalyticsError, SchemaError
from analytics.tree import UnitTree

__all__ = ["Staff"]

_COLUMNS = ("unit", "role", "headcount")
_ROLES = ("manager", "contributor")


@dataclass(frozen=True)
class Staff:
    """Head-counts of groups: a unit with all units below it.

    Attributes
    ----------
    tree : UnitTree
        Units with their own head-counts of all roles.
    own : mapping of (str, str) to int
        Head-count by unit and role, of the unit itself; empty where roles are not known.
    """

    tree: UnitTree
    own: Mapping[tuple[str, str], int]

    @classmethod
    def of(cls, tree: UnitTree, by_role: pl.DataFrame | None) -> "Staff":
        """Check the head-counts by role.

        Parameters
        ----------
        tree : UnitTree
            The units.
        by_role : polars.DataFrame, optional
            ``unit``, ``role`` and ``headcount``: people of the unit itself; roles other than
            manager and contributor are not read.

        Raises
        ------
        SchemaError
            A column is missing.
        AnalyticsError
            A unit is not in the tree, a head-count is missing or negative, or a unit and role
            come twice.
        """
        if by_role is None:
            return cls(tree, {})
        missing = [name for name in _COLUMNS if name not in by_role.columns]
        if missing:
            raise SchemaError(f"Head-counts by role lack the columns {', '.join(missing)}.")
        own: dict[tuple[str, str], int] = {}
        for unit, role, headcount in by_role.select(_COLUMNS).iter_rows():
            if unit not in tree.parents:
                raise AnalyticsError(f"Head-counts by role name the unknown unit {unit!r}.")
            if headcount is None or headcount < 0:
                raise AnalyticsError(f"Head-count of {unit!r}: {headcount} is not a number.")
            if (unit, role) in own:
                raise AnalyticsError(f"Head-counts name {role!r} of {unit!r} twice.")
            own[unit, role] = headcount
        return cls(tree, own)

    def everyone(self, code: str | None) -> int:
        """Return the head-count of a group; of the company for None."""
        return sum(self.tree.headcounts.get(unit, 0) for unit in self._members(code))

    def of_role(self, code: str, role: str) -> int | None:
        """Return the head-count of one role; None where a unit's roles are not known."""
        members = self._members(code)
        if any(self._is_unknown(unit) for unit in members):
            return None
        return sum(self.own.get((unit, role), 0) for unit in members)

    def _is_unknown(self, unit: str) -> bool:
        known = any((unit, role) in self.own for role in _ROLES)
        return not known and (not self.own or self.tree.headcounts.get(unit, 0) > 0)

    def _members(self, code: str | None) -> tuple[str, ...]:
        return self.tree.codes if code is None else self.tree.members(code)
