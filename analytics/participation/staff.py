"""Head-counts of every group, of all roles and by role, with response rates and warnings."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from analytics.disclosure.plan import DisclosurePlan
from analytics.errors import AnalyticsError, SchemaError
from analytics.inference.shares import wilson
from analytics.results.participation import ParticipationWarning, ResponseRate
from analytics.study.tree import UnitTree
from analytics.vocabulary import RATERS

__all__ = [
    "Respondents",
    "Staff",
    "count_respondents",
    "response_rate",
    "role_rates",
    "warnings_of",
]

_COLUMNS = ("unit", "role", "headcount")
_LOW_RATE, _FEW = 0.30, 5

Respondents = Mapping[tuple[str, str], int]
"""Respondents kept after screening, by unit and role; own people only."""


@dataclass(frozen=True)
class Staff:
    """Head-counts of groups: a unit with all units below it.

    Attributes
    ----------
    tree : UnitTree
        Units with their own head-counts of all roles.
    own : mapping of (str, str) to int
        Head-count by unit and role, of the unit itself; empty if roles are not known.
    """

    tree: UnitTree
    own: Mapping[tuple[str, str], int]

    @classmethod
    def of(cls, tree: UnitTree, by_role: pl.DataFrame | None) -> "Staff":
        """Build the head-counts of groups, after checking those by role.

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
            occur twice.
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
        return self._of_all.get(code, 0)

    def of_role(self, code: str, role: str) -> int | None:
        """Return the head-count of one role; None if a unit's roles are not known."""
        return self._by_role.get((code, role))

    @cached_property
    def _of_all(self) -> dict[str | None, int]:
        own = self.tree.headcounts
        found: dict[str | None, int] = {
            code: sum(own.get(unit, 0) for unit in self.tree.members(code))
            for code in self.tree.codes
        }
        return found | {None: sum(own.get(unit, 0) for unit in self.tree.codes)}

    @cached_property
    def _by_role(self) -> dict[tuple[str, str], int]:
        """Add up the roles of the groups in which every unit has head-counts by role."""
        found: dict[tuple[str, str], int] = {}
        for code in self.tree.codes if self.own else ():
            members = self.tree.members(code)
            if not any(self._is_unknown(unit) for unit in members):
                for role in RATERS:
                    found[code, role] = sum(self.own.get((unit, role), 0) for unit in members)
        return found

    def _is_unknown(self, unit: str) -> bool:
        known = any((unit, role) in self.own for role in RATERS)
        return not known and self.tree.headcounts.get(unit, 0) > 0


def response_rate(respondents: int, headcount: int) -> ResponseRate | None:
    """Return the share who answered with its Wilson interval; None without a head-count.

    A head-count below the number of respondents is outdated, and replaced by that number.
    """
    if headcount <= 0:
        return None
    staff = max(headcount, respondents)
    low, high = wilson(respondents / staff, staff)
    return ResponseRate(
        rate=respondents / staff,
        low=low,
        high=high,
        respondents=respondents,
        headcount=headcount,
    )


def role_rates(
    code: str, plan: DisclosurePlan, staff: Staff, respondents: Respondents
) -> dict[str, ResponseRate]:
    """Return the rates of managers and contributors, if they may be shown separately."""
    if code not in plan.respondents.roles:
        return {}
    found: dict[str, ResponseRate] = {}
    for role in RATERS:
        people = sum(respondents.get((unit, role), 0) for unit in staff.tree.members(code))
        rate = response_rate(people, staff.of_role(code, role) or 0)
        if rate is not None:
            found[role] = rate
    return found


def warnings_of(rate: ResponseRate | None) -> tuple[ParticipationWarning, ...]:
    """Return the reasons not to trust the figures of a group (method section 6)."""
    if rate is None:
        return ()
    holds: dict[ParticipationWarning, bool] = {
        "low_response": rate.rate < _LOW_RATE,
        "few_answers": rate.respondents < _FEW,
        "outdated_headcount": rate.respondents > rate.headcount,
    }
    return tuple(warning for warning, applies in holds.items() if applies)


def count_respondents(people: pl.DataFrame) -> dict[tuple[str, str], int]:
    """Count people by unit and role."""
    return {
        (unit, role): n for unit, role, n in people.group_by("unit", "role").len().iter_rows()
    }
