"""How many people take part, unit by unit, without revealing anything of small groups."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec
import numpy as np

from analytics.disclosure.suppression import RoleCounts, disclose
from analytics.study.tree import UnitTree
from analytics.vocabulary import ReportStatus

__all__ = [
    "Counts",
    "FrozenUnit",
    "UnitHeadCounts",
    "safe_units",
    "shows_invited",
    "tree_of",
    "visible_participation",
]


class FrozenUnit(NamedTuple):
    """A unit of the tree as it was when the campaign opened."""

    code: str
    name: str
    parent_code: str | None


class Counts(NamedTuple):
    """People of one unit alone, without the units below it."""

    invited: int = 0
    started: int = 0
    """Those who completed included."""
    completed: int = 0


class UnitHeadCounts(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True
):
    """Participation of a unit and everything below it; no number if it is suppressed."""

    unit: str
    """Code of the unit."""
    name: str
    """Name of the unit."""
    parent: str | None
    """Code of the unit above it; None at the top."""
    status: ReportStatus
    """Whether its numbers may be shown."""
    invited: int | None = None
    """People invited; absent if they are fewer than k."""
    started: int | None = None
    """People who opened the form, those who ``completed`` it included; at least so many while
    the campaign is open. Absent, like that number and the rate, if it would reveal fewer than k
    people."""
    completed: int | None = None
    """People who submitted their answers; at least so many while the campaign is open. It then
    rises by k people or more, and stays as it is once fewer than k are left."""
    rate: float | None = None
    """Completed as a share of invited, 0 to 1; at least so much while the campaign is open."""


def visible_participation(
    units: Sequence[FrozenUnit], own: Mapping[str, Counts], *, k: int
) -> tuple[UnitHeadCounts, ...]:
    """Add the final counts up the tree, and hide what would reveal fewer than k people.

    Parameters
    ----------
    units : sequence of FrozenUnit
        The whole frozen tree.
    own : mapping of code to Counts
        Units without anybody invited may be absent.
    k : int
        Smallest group of which anything is shown, or can be worked out.

    Returns
    -------
    tuple of UnitHeadCounts, in the order of the code
        Units with fewer than k people invited are hidden, and as many others as are needed:
        what is left of a shown unit, less the units shown below it, has at least k people in
        two units. A shown unit says how many have started and completed only if the same holds
        of both numbers.
    """
    if not units:
        return ()
    tree = tree_of(units)
    numbers = {code: own.get(code, Counts())[1:] for code in tree.codes}
    shown = shows_invited(units, own, k=k)
    invited = frozenset(one.unit for one in shown if one.status == "reported")
    answering = safe_units(tree, numbers, k=k, among=invited)
    return tuple(
        _with_answers(one, _total(tree, own, one.unit)) if one.unit in answering else one
        for one in shown
    )


def shows_invited(
    units: Sequence[FrozenUnit], own: Mapping[str, Counts], *, k: int
) -> tuple[UnitHeadCounts, ...]:
    """Return the row of every unit, by code, with the people invited if that may be shown."""
    tree = tree_of(units)
    invited = {code: own.get(code, Counts())[:1] for code in tree.codes}
    shown = safe_units(tree, invited, k=k, among=frozenset(tree.codes))
    return tuple(
        UnitHeadCounts(
            unit=unit.code,
            name=unit.name,
            parent=unit.parent_code,
            status="reported" if unit.code in shown else "suppressed",
            invited=_total(tree, own, unit.code).invited if unit.code in shown else None,
        )
        for unit in sorted(units)
    )


def tree_of(units: Sequence[FrozenUnit]) -> UnitTree:
    """Return the tree that was frozen; how many work in a unit is of no account here."""
    return UnitTree({unit.code: unit.parent_code for unit in units}, {})


def safe_units(
    tree: UnitTree, counts: Mapping[str, Sequence[int]], *, k: int, among: frozenset[str]
) -> frozenset[str]:
    """Return the units of which all numbers may be shown.

    Parameters
    ----------
    counts : mapping of code to sequence of int
        Numbers of each unit's own people; one entry per unit of the tree.
    k : int
        What any of these numbers, or what is left of one, has at least.
    among : frozenset of str
        Units that may show anything at all.
    """
    people = np.array([counts[code] for code in tree.codes], dtype=np.int64).T
    stacked = np.stack([people, np.zeros_like(people)], axis=2)
    return disclose(RoleCounts(stacked), tree, k=k, allowed=among).everyone


def _total(tree: UnitTree, own: Mapping[str, Counts], code: str) -> Counts:
    members = [own[unit] for unit in tree.members(code) if unit in own]
    return Counts(*map(sum, zip(*members, strict=True))) if members else Counts()


def _with_answers(one: UnitHeadCounts, total: Counts) -> UnitHeadCounts:
    return msgspec.structs.replace(
        one,
        started=total.started,
        completed=total.completed,
        rate=total.completed / total.invited,
    )
