"""Every figure that the JSON of an analysis publishes, as the group of people it covers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from tests.attackers.cells import RESPONDENTS, ROLES, SPONSORSHIP

__all__ = ["WHOLE", "Figure", "cut_figures", "descendants", "figures"]

WHOLE = ""
"""In place of a unit: everybody in the file."""

Result = dict[str, Any]

_ROLES = {
    "managers": ("manager",),
    "contributors": ("contributor",),
    "perceived": ROLES,
    "all": ROLES,
}


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A published number about one construct in one group of people."""

    construct: str
    unit: str
    """Unit or parent whose people, down to the last descendant, are covered."""
    roles: tuple[str, ...]


def descendants(result: Result) -> dict[str, set[str]]:
    """Return the units whose people each row covers, the row's own unit among them."""
    parents = {row["unit"]: row.get("parent") for row in result["units"]}
    below: dict[str, set[str]] = {unit: {unit} for unit in parents}
    for unit, parent in parents.items():
        above = parent
        while above is not None:
            below[above].add(unit)
            above = parents[above]
    return below | {WHOLE: set(parents)}


def _perceived(unit: str, block: Result) -> Iterator[Figure]:
    """Yield what others see of a sponsor; claimed minus gap is the perceived figure.

    What is shown of one behaviour is counted for the whole construct too, because the construct
    is the mean of its behaviours.
    """
    gap_roles = ("contributor",) if block.get("perceivedBy") == "contributors" else ROLES
    if "gap" in block:
        yield Figure(construct=SPONSORSHIP, unit=unit, roles=gap_roles)
    for behaviour, shown in block.get("behaviours", {}).items():
        covered = {roles for key, roles in _ROLES.items() if key in shown}
        if {"gap", "low", "high"} & shown.keys():
            covered.add(gap_roles)
        for roles in covered:
            yield Figure(construct=behaviour, unit=unit, roles=roles)
            yield Figure(construct=SPONSORSHIP, unit=unit, roles=roles)


def _named(row: Result) -> Iterator[str]:
    """Yield the constructs of which a verdict of this unit gives a number away."""
    advice = row.get("recommendation", {})
    yield from row.get("constraint", {}).get("probabilities", {})
    for key in ("reasons", "wouldChange"):
        yield from (reason["construct"] for reason in advice.get(key, ()))


def _of_row(row: Result, *, derived: bool) -> Iterator[Figure]:
    unit = row["unit"]
    if "respondents" in row or "responseRate" in row:
        yield Figure(construct=RESPONDENTS, unit=unit, roles=ROLES)
    constructs: Iterable[str] = row.get("scores", {})
    for construct in {*constructs, *(_named(row) if derived else ())}:
        yield Figure(construct=construct, unit=unit, roles=ROLES)
    yield from _perceived(unit, row.get("sponsorship", {}))


def figures(result: Result, *, derived: bool = True) -> set[Figure]:
    """Return all figures of a result.

    Parameters
    ----------
    result
        The JSON of ``opmodel analyse``.
    derived
        Count the weights, probabilities and moves that a verdict states per construct as that
        construct's mean (the method's rule on numbers derived from a unit).
    """
    found = {figure for row in result["units"] for figure in _of_row(row, derived=derived)}
    if {"responsesUsed", "sponsors"} <= result.get("lineage", {}).keys():
        found.add(Figure(construct=RESPONDENTS, unit=WHOLE, roles=ROLES))
    return found


def cut_figures(cuts: pl.DataFrame | None) -> set[Figure]:
    """Return the figures of a release: ``unit``, ``construct``, ``cut``, ``status``."""
    if cuts is None:
        return set()
    reported = cuts.filter(pl.col("status") == "reported")
    return {
        Figure(construct=construct, unit=unit, roles=_ROLES[cut])
        for unit, construct, cut in reported.select("unit", "construct", "cut").iter_rows()
    }
