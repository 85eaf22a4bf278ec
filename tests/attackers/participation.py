"""The attacker who reads participation again and again: subtracts units, and moments.

Every table that was ever shown is kept. What is exposed is a number of fewer than k people who
have completed or started, or have not, in a unit or in what is left of a unit without units
below it, at one moment or between two.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from survey.campaigns.head_counts import UnitHeadCounts

__all__ = ["Progress", "small_groups"]

Table = Sequence[UnitHeadCounts]
Numbers = Mapping[str, int]
"""Code of a unit to a number that is shown of it."""


class Progress(NamedTuple):
    """A number of people below k that follows from what was shown."""

    what: str
    unit: str
    without: tuple[str, ...]
    people: int


def small_groups(tables: Sequence[Table], *, k: int) -> set[Progress]:
    """Return what tables that were shown one after the other reveal of fewer than k people."""
    below = _below(tables[0])
    found = set()
    for what in ("completed", "started"):
        shown = [_shown(table, what) for table in tables]
        found |= {
            Progress(f"not {what}", unit, (), invited - people)
            for table, numbers in zip(tables, shown, strict=True)
            for unit, people in numbers.items()
            if (invited := _shown(table, "invited")[unit]) - people < k
        }
        moments = [dict.fromkeys(below, 0), *shown]
        for earlier, later in itertools.combinations(moments, 2):
            found |= set(_moves(what, earlier, later, below, k=k))
    return found


def _moves(
    what: str, earlier: Numbers, later: Numbers, below: Mapping[str, list[str]], *, k: int
) -> Iterator[Progress]:
    """Yield changes of units, and of units less some of those next below them."""
    change = {unit: later[unit] - earlier[unit] for unit in earlier.keys() & later.keys()}
    for unit, people in change.items():
        parts = [part for part in below[unit] if part in change]
        taken = [tuple(parts), *(tuple(one for one in parts if one != kept) for kept in parts)]
        for without in {(), *taken}:
            left = people - sum(change[part] for part in without)
            if 0 < abs(left) < k:
                yield Progress(what, unit, without, left)


def _shown(table: Table, what: str) -> dict[str, int]:
    numbers = {one.unit: getattr(one, what) for one in table}
    return {unit: number for unit, number in numbers.items() if number is not None}


def _below(table: Table) -> dict[str, list[str]]:
    return {
        one.unit: [other.unit for other in table if other.parent == one.unit] for one in table
    }
