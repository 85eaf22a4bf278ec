"""The shown figures that weighted means are made of; hidden figures are left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from analytics.participation.staff import Staff
from analytics.vocabulary import ROLE_OF

__all__ = ["ShownFigure", "ShownFigures"]

_ROLES = {cut: role for cut, role in ROLE_OF.items() if role is not None}


@dataclass(frozen=True)
class ShownFigure:
    """One shown figure of one construct: a group, or one role of it.

    Attributes
    ----------
    unit : str
        The group.
    role : str or None
        ``manager``, ``contributor``, or None for everyone.
    n, staff : int
        People behind the figure, and head-count (at least n).
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
    figures : mapping of (unit, construct) to list of ShownFigure
        A shown group as two figures, one per role, if its roles are shown and the
        head-counts of both are known; otherwise as one.
    staff : Staff
        Head-counts.
    """

    figures: Mapping[tuple[str, str], list[ShownFigure]]
    staff: Staff

    @classmethod
    def of(cls, cuts: pl.DataFrame, staff: Staff) -> "ShownFigures":
        """Index a table of schema ``figures.CUT_TABLE``; suppressed rows are dropped."""
        cuts_of: dict[tuple[str, str], dict[str, Any]] = {}
        for row in cuts.filter(pl.col("status") == "reported").iter_rows(named=True):
            cuts_of.setdefault((row["unit"], row["construct"]), {})[row["cut"]] = row
        return cls({key: _figures(rows, staff) for key, rows in cuts_of.items()}, staff)

    def finest_below(self, code: str | None, construct: str) -> list[ShownFigure]:
        """Return the finest shown groups below a group (the company for None), disjoint."""
        found: list[ShownFigure] = []
        for child in self.staff.tree.children.get(code, ()):
            below = self.finest_below(child, construct)
            found.extend(below or self.of_group(child, construct))
        return found

    def of_group(self, unit: str, construct: str) -> list[ShownFigure]:
        """Return the figures of one group; none if it is not shown."""
        return self.figures.get((unit, construct), [])


def _figures(rows: Mapping[str, Mapping[str, Any]], staff: Staff) -> list[ShownFigure]:
    unit = rows["all"]["unit"]
    known = [staff.of_role(unit, role) for role in _ROLES.values()]
    there = [n for n in known if n is not None]
    if len(there) < len(known) or not rows.keys() >= _ROLES.keys():
        return [_figure(rows["all"], None, sum(there) or staff.everyone(unit))]
    return [
        _figure(rows[cut], role, people)
        for (cut, role), people in zip(_ROLES.items(), there, strict=True)
    ]


def _figure(row: Mapping[str, Any], role: str | None, staff: int) -> ShownFigure:
    mean = row["mean"]
    # One side of the interval may be cut off at the end of the scale; the other is not.
    half_width = max(mean - row["low"], row["high"] - mean)
    return ShownFigure(row["unit"], role, row["n"], max(staff, row["n"]), mean, half_width)
