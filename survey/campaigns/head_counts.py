"""How many people take part, unit by unit, without revealing anything of small groups."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from analytics.disclosure.suppression import RoleCounts, disclose
from analytics.study.tree import UnitTree
from analytics.vocabulary import ReportStatus

__all__ = ["Counts", "FrozenUnit", "UnitHeadCounts", "visible_participation"]


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
    """People who opened the form, those who ``completed`` it included; absent, like that number
    and the rate, if it would reveal fewer than k people."""
    completed: int | None = None
    """People who submitted their answers."""
    rate: float | None = None
    """Completed as a share of invited, 0 to 1."""


def visible_participation(
    units: Sequence[FrozenUnit], own: Mapping[str, Counts], *, k: int
) -> tuple[UnitHeadCounts, ...]:
    """Add the counts up the tree, and hide what would reveal fewer than k people.

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
    tree = UnitTree({unit.code: unit.parent_code for unit in units}, dict.fromkeys(own, 0))
    counts = np.array([own.get(code, Counts()) for code in tree.codes], dtype=np.int64)
    invited = _solved(tree, counts[:, :1], k=k, among=frozenset(tree.codes))
    answering = _solved(tree, counts[:, 1:], k=k, among=invited)
    return tuple(
        _reported(unit, _total(tree, own, unit.code), answering=unit.code in answering)
        if unit.code in invited
        else UnitHeadCounts(
            unit=unit.code, name=unit.name, parent=unit.parent_code, status="suppressed"
        )
        for unit in sorted(units)
    )


def _solved(
    tree: UnitTree, counts: NDArray[np.int64], *, k: int, among: frozenset[str]
) -> frozenset[str]:
    """Return the units whose numbers may be shown; counts of shape (n_units, n_numbers)."""
    people = np.stack([counts.T, np.zeros_like(counts.T)], axis=2)
    return disclose(RoleCounts(people), tree, k=k, allowed=among).everyone


def _total(tree: UnitTree, own: Mapping[str, Counts], code: str) -> Counts:
    members = [own[unit] for unit in tree.members(code) if unit in own]
    return Counts(*map(sum, zip(*members, strict=True))) if members else Counts()


def _reported(unit: FrozenUnit, total: Counts, *, answering: bool) -> UnitHeadCounts:
    return UnitHeadCounts(
        unit=unit.code,
        name=unit.name,
        parent=unit.parent_code,
        status="reported",
        invited=total.invited,
        started=total.started if answering else None,
        completed=total.completed if answering else None,
        rate=total.completed / total.invited if answering else None,
    )
