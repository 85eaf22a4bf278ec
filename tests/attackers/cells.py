"""The smallest groups an attacker may ask about: a unit's own people in one role."""

import re
from collections.abc import Mapping, Sequence

import polars as pl

from analytics.study.screening import screen
from seed.content import standard_instrument, theory

__all__ = [
    "BEHAVIOURS",
    "COMPONENTS",
    "FAMILIES",
    "GOVERNANCE",
    "RESPONDENTS",
    "ROLES",
    "SPONSORSHIP",
    "count_cells",
    "people_behind",
]

ROLES = ("contributor", "manager")
RESPONDENTS = "respondents"
"""A pseudo-construct that counts everybody with at least one answer."""
SPONSORSHIP = "executive_sponsorship"
BEHAVIOURS = ("speaks", "uses", "protects", "removes")
"""Two sponsorship items each, in this order; the attacker treats them as constructs."""
GOVERNANCE = "governance"
COMPONENTS = ("validation", "audit", "lineage", "override")
"""Two governance items each, in this order."""
FAMILIES = {SPONSORSHIP: BEHAVIOURS, GOVERNANCE: COMPONENTS}
"""Constructs that are the mean of their parts."""

_ITEM = re.compile(r"(?!x_|comment_)(.+)_\d+")


def _constructs(columns: list[str]) -> dict[str, list[str]]:
    """Return the item columns of each construct of a respondent file."""
    found: dict[str, list[str]] = {}
    for column in columns:
        if match := _ITEM.fullmatch(column):
            found.setdefault(match[1], []).append(column)
    for whole, parts in FAMILIES.items():
        for at, part in enumerate(parts):
            pair = [f"{whole}_{number}" for number in (2 * at + 1, 2 * at + 2)]
            if present := [column for column in pair if column in columns]:
                found[part] = present
    return found


def _answered(items: list[str]) -> pl.Expr:
    return pl.sum_horizontal(pl.col(item).is_not_null().cast(pl.Int64) for item in items)


def count_cells(
    people: pl.DataFrame, gates: Mapping[str, Sequence[str]] | None = None
) -> pl.DataFrame:
    """Count the people behind the figures of each cell.

    Parameters
    ----------
    people
        A respondent file after screening, because no figure includes people screened out.
    gates
        Gates of the phases and their items, which are treated as constructs too.

    Returns
    -------
    polars.DataFrame with ``unit``, ``role``, ``construct``, ``n``
        People with at least half of the construct's items answered; for ``respondents``, people
        with at least one answer. Sponsors are not counted. Empty cells are left out.
    """
    constructs = _constructs(people.columns)
    every = list(dict.fromkeys(item for items in constructs.values() for item in items))
    for gate, items in (gates or {}).items():
        if present := [item for item in items if item in people.columns]:
            constructs[gate] = present
    counts = [
        (2 * _answered(items) >= len(items)).sum().cast(pl.Int64).alias(key)
        for key, items in constructs.items()
    ]
    return (
        people.filter(pl.col("role").is_in(ROLES))
        .group_by("unit", "role")
        .agg((_answered(every) > 0).sum().cast(pl.Int64).alias(RESPONDENTS), *counts)
        .unpivot(index=["unit", "role"], variable_name="construct", value_name="n")
        .filter(pl.col("n") > 0)
        .sort("construct", "unit", "role")
    )


def people_behind(responses: pl.DataFrame) -> pl.DataFrame:
    """Count the cells of a file of the standard instrument after the product's screening."""
    people = responses.filter(pl.col("role") != "sponsor")
    keys = set(standard_instrument().item_keys)
    items = tuple(name for name in people.columns if name in keys)
    gates = {gate.key: gate.items for gate in theory().phases.gates}
    return count_cells(screen(people, items).kept, gates)
