"""Head-counts of every group, of all roles and by role, with response rates and warnings."""

from collections import Counter
from collections.abc import Collection, Mapping
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
    "Counted",
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
    invited : mapping of (str, str) to int, optional
        Those of them who were invited; None if that is everybody.
    """

    tree: UnitTree
    own: Mapping[tuple[str, str], int]
    invited: Mapping[tuple[str, str], int] | None = None

    @classmethod
    def of(cls, tree: UnitTree, by_role: pl.DataFrame | None) -> "Staff":
        """Build the head-counts of groups, after checking those by role.

        Parameters
        ----------
        tree : UnitTree
            The units.
        by_role : polars.DataFrame, optional
            ``unit``, ``role`` and ``headcount``: people of the unit itself; roles other than
            manager and contributor are not read. If not everybody was asked, also ``invited``:
            those of them who were. Response rates are then shares of these, while weights
            still rest on the head-counts.

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
        if "invited" not in by_role.columns:
            return cls(tree, own)
        asked = by_role.filter(pl.col("role").is_in(RATERS)).select("unit", "role", "invited")
        return cls(tree, own, {(unit, role): n for unit, role, n in asked.iter_rows()})

    def everyone(self, code: str | None) -> int:
        """Return the head-count of a group; of the company for None."""
        return self._of_all.get(code, 0)

    def of_role(self, code: str, role: str) -> int | None:
        """Return the head-count of one role; None if a unit's roles are not known."""
        return self._by_role.get((code, role))

    def could_answer(self, unit: str) -> int:
        """Return how many of a unit's own people were asked: of everybody, its head-count."""
        if self.invited is None:
            return self.tree.headcounts.get(unit, 0)
        return sum(self.invited.get((unit, role), 0) for role in RATERS)

    def invited_of(self, code: str, role: str) -> int:
        """Return how many of one role of a group were invited, if not everybody was."""
        members, invited = self.tree.members(code), self.invited or {}
        return sum(invited.get((unit, role), 0) for unit in members)

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


@dataclass(frozen=True)
class Counted:
    """Who answered, and of how many, in the parts of the company that figures tell apart.

    A part holds the people of a shown group who are in no shown group below it; those in no
    shown group at all are the part of the company, None.

    Attributes
    ----------
    part_of : mapping of str to str or None
        The part of each unit's own people.
    people, heads : mapping of (str or None) to int
        Respondents of each part, and how many could have answered; 0 if absent.
    faults : mapping of (str or None) to ParticipationWarning
        Parts whose head-count cannot be right, with the reason. None if nothing has a
        head-count.
    population : mapping of (str or None) to int, optional
        People of each part for whom they speak; None if everybody was asked.
    """

    part_of: Mapping[str, str | None]
    people: Mapping[str | None, int]
    heads: Mapping[str | None, int]
    faults: Mapping[str | None, ParticipationWarning]
    population: Mapping[str | None, int] | None = None

    @classmethod
    def of(cls, staff: Staff, shown: Collection[str], respondents: Respondents) -> "Counted":
        """Add up the parts.

        Notes
        -----
        Parts leave a rate as a whole, because their sums follow from what is shown: without a
        single hidden unit, a rate would give its respondents away. For the same reason a
        hidden unit without a head-count makes its part faulty whether or not anyone in it
        answered. Whoever was invited is counted, so then no unit lacks a head-count.
        """
        tree = staff.tree
        part_of: dict[str, str | None] = {}
        for code in reversed(tree.leaves_first):
            parent = tree.parents[code]
            above = None if parent is None else part_of[parent]
            part_of[code] = code if code in shown else above
        people = Counter[str | None]()
        heads, population = Counter[str | None](), Counter[str | None]()
        for (unit, role), n in respondents.items():
            if role in RATERS:
                people[part_of[unit]] += n
        for code, headcount in tree.headcounts.items():
            population[part_of[code]] += headcount
            heads[part_of[code]] += staff.could_answer(code)
        uncounted = {
            part_of[code]
            for code in tree.codes
            if staff.invited is None
            and not (code in shown or tree.is_parent(code) or tree.headcounts.get(code, 0))
        }
        faults: dict[str | None, ParticipationWarning] = {}
        for part, n in people.items() if heads.total() else ():
            if not heads[part] or part in uncounted:
                faults[part] = "no_headcount"
            elif n > heads[part]:
                faults[part] = "outdated_headcount"
        return cls(
            part_of, people, heads, faults, None if staff.invited is None else population
        )

    def rate(self, units: Collection[str]) -> ResponseRate | None:
        """Return the share who answered in the parts of some units, without faulty parts."""
        parts = self._parts(units) - self.faults.keys()
        return response_rate(
            sum(self.people.get(part, 0) for part in parts),
            sum(self.heads.get(part, 0) for part in parts),
            None
            if self.population is None
            else sum(self.population.get(part, 0) for part in parts),
        )

    def is_complete(self, units: Collection[str]) -> bool:
        """Tell whether no part of some units is faulty."""
        return not self._parts(units) & self.faults.keys()

    def _parts(self, units: Collection[str]) -> set[str | None]:
        return {self.part_of[unit] for unit in units}


def response_rate(
    respondents: int, headcount: int, population: int | None = None
) -> ResponseRate | None:
    """Return the share who answered with its Wilson interval.

    None without a head-count, or if it is below the number of respondents and so outdated.
    """
    if headcount <= 0 or respondents > headcount:
        return None
    low, high = wilson(respondents / headcount, headcount)
    return ResponseRate(
        rate=respondents / headcount,
        low=low,
        high=high,
        respondents=respondents,
        headcount=headcount,
        population=population,
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
        staffed = staff.of_role(code, role) or 0
        if staff.invited is None:
            rate = response_rate(people, staffed)
        else:
            rate = response_rate(people, staff.invited_of(code, role), staffed)
        if rate is not None:
            found[role] = rate
    return found


def warnings_of(
    rate: ResponseRate | None, fault: ParticipationWarning | None = None
) -> tuple[ParticipationWarning, ...]:
    """Return the reasons not to trust the figures of a group (method section 6).

    Parameters
    ----------
    rate : ResponseRate or None
        Of the group, without what has no usable head-count.
    fault : ParticipationWarning, optional
        What is wrong with the head-count of the group's own part.
    """
    found: list[ParticipationWarning] = [] if fault is None else [fault]
    if rate is not None and rate.rate < _LOW_RATE:
        found.append("low_response")
    if rate is not None and rate.respondents < _FEW:
        found.append("few_answers")
    return tuple(found)


def count_respondents(people: pl.DataFrame) -> dict[tuple[str, str], int]:
    """Count people by unit and role."""
    return {
        (unit, role): n for unit, role, n in people.group_by("unit", "role").len().iter_rows()
    }
