"""The shown figures that a weighted mean is made of: nothing hidden gets in here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from analytics.participation.staff import Staff
from analytics.tree import UnitTree

__all__ = ["Cell", "ShownFigures"]

_ROLES = {"managers": "manager", "contributors": "contributor"}


@dataclass(frozen=True)
class Cell:
    """One shown figure of one construct: a group, or one role of it.

    Attributes
    ----------
    unit : str
        The group.
    role : str or None
        ``manager``, ``contributor``, or None for everyone.
    n, staff : int
        People behind the figure, and people there are (at least n).
    mean, half_width : float
        Level and the half width of its 95 % interval, 0 to 100.
    """

    unit: str
    role: str | None
    n: int
    staff: int
    mean: float
    half_width: float


@dataclass(frozen=True)
class ShownFigures:
    """The published table of cuts, ready to look up.

    Attributes
    ----------
    rows : mapping of (unit, construct, cut) to row
        Reported rows only.
    staff : Staff
        Head-counts.
    """

    rows: Mapping[tuple[str, str, str], dict[str, Any]]
    staff: Staff

    @classmethod
    def of(cls, cuts: pl.DataFrame, staff: Staff) -> "ShownFigures":
        """Index a table of schema ``figures.CUT_TABLE``; suppressed rows are dropped."""
        reported = cuts.filter(pl.col("status") == "reported")
        rows = {
            (row["unit"], row["construct"], row["cut"]): row
            for row in reported.iter_rows(named=True)
        }
        return cls(rows, staff)

    def below(self, code: str | None, construct: str) -> list[Cell]:
        """Return the finest shown groups below a group (the company for None), disjoint.

        A group comes in two cells, one per role, where its roles are shown apart and the
        head-counts of both are known.
        """
        groups: list[str] = []
        self._collect(code, construct, groups)
        return [cell for group in groups for cell in self.of_group(group, construct)]

    def of_group(self, unit: str, construct: str) -> list[Cell]:
        """Return a shown group as two cells by role where that is known, else as one."""
        by_role = [self._role(unit, construct, cut) for cut in _ROLES]
        apart = [cell for cell in by_role if cell is not None]
        return apart if len(apart) == len(_ROLES) else [self._everyone(unit, construct)]

    def _collect(self, node: str | None, construct: str, groups: list[str]) -> bool:
        """Add the finest shown groups below a node; tell whether there were any."""
        before = len(groups)
        for child in _children(self.staff.tree, node):
            found = self._collect(child, construct, groups)
            if not found and (child, construct, "all") in self.rows:
                groups.append(child)
        return len(groups) > before

    def _everyone(self, unit: str, construct: str) -> Cell:
        row = self.rows[unit, construct, "all"]
        roles = [self.staff.of_role(unit, role) for role in _ROLES.values()]
        known = sum(role for role in roles if role is not None)
        return _cell(row, None, known or self.staff.everyone(unit))

    def _role(self, unit: str, construct: str, cut: str) -> Cell | None:
        row = self.rows.get((unit, construct, cut))
        staff = self.staff.of_role(unit, _ROLES[cut])
        return None if row is None or staff is None else _cell(row, _ROLES[cut], staff)


def _children(tree: UnitTree, node: str | None) -> tuple[str, ...]:
    return tree.children.get(node, ())


def _cell(row: Mapping[str, Any], role: str | None, staff: int) -> Cell:
    mean = row["mean"]
    # One side of the interval may be cut off at the end of the scale; the other never is less.
    half_width = max(mean - row["low"], row["high"] - mean)
    return Cell(row["unit"], role, row["n"], max(staff, row["n"]), mean, half_width)
