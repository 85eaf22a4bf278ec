"""The figures in the JSON of an analysis, each with the group of people it covers."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from tests.attackers.accounts import Account, accounts
from tests.attackers.cells import FAMILIES, RESPONDENTS, ROLES

__all__ = ["WHOLE", "Figure", "cut_figures", "descendants", "figures"]

WHOLE = ""
"""Stands for everybody in the file, instead of a unit."""

Result = dict[str, Any]

_ROLES = {
    "managers": ("manager",),
    "contributors": ("contributor",),
    "all": ROLES,
}
_WHOLE_OF = {part: whole for whole, parts in FAMILIES.items() for part in parts}


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A published number about one construct in one group of people."""

    construct: str
    unit: str
    """Unit whose people are covered, including those of all its descendants."""
    roles: tuple[str, ...]


def descendants(result: Result) -> dict[str, set[str]]:
    """Return the units whose people each row covers, including the row's own unit."""
    parents = {row["unit"]: row.get("parent") for row in result["units"]}
    below: dict[str, set[str]] = {unit: {unit} for unit in parents}
    for unit, parent in parents.items():
        above = parent
        while above is not None:
            below[above].add(unit)
            above = parents[above]
    return below | {WHOLE: set(parents)}


def _roles(account: Account, result: Result) -> tuple[str, ...]:
    """Return the roles behind a figure; claimed minus gap reveals the perceivers' figure."""
    if account.who != "perceivers":
        return _ROLES[account.who]
    row = next(row for row in result["units"] if row["unit"] == account.unit)
    by_contributors = row["sponsorship"].get("perceivedBy") == "contributors"
    return ("contributor",) if by_contributors else ROLES


def figures(result: Result, *, derived: bool = True) -> set[Figure]:
    """Return all figures of a result.

    A figure of a part counts for the whole construct too, because the construct is the mean of
    its parts.

    Parameters
    ----------
    result
        The JSON of ``opmodel analyse``.
    derived
        Treat weights, probabilities and moves that a verdict states per construct as that
        construct's mean (the method's rule for numbers derived from a unit).
    """
    found = set()
    for account in accounts(result if derived else _without_verdicts(result)):
        roles = _roles(account, result)
        for construct in (account.construct, _WHOLE_OF.get(account.construct)):
            if construct is not None:
                found.add(Figure(construct=construct, unit=account.unit, roles=roles))
    if {"responsesUsed", "sponsors"} <= result.get("lineage", {}).keys():
        found.add(Figure(construct=RESPONDENTS, unit=WHOLE, roles=ROLES))
    return found


def _without_verdicts(result: Result) -> Result:
    verdicts = {"constraint", "recommendation"}
    units = [
        {key: held for key, held in row.items() if key not in verdicts}
        for row in result["units"]
    ]
    return result | {"units": units}


def cut_figures(cuts: pl.DataFrame | None) -> set[Figure]:
    """Return the figures of a release: ``unit``, ``construct``, ``cut``, ``status``."""
    if cuts is None:
        return set()
    reported = cuts.filter(pl.col("status") == "reported")
    return {
        Figure(construct=construct, unit=unit, roles=_ROLES[cut])
        for unit, construct, cut in reported.select("unit", "construct", "cut").iter_rows()
    }
