"""The smallest groups an attacker may ask about: a unit's own people in one role."""

import re
from collections.abc import Mapping, Sequence

import polars as pl

from analytics.study.scoring import item_points
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
    "people_unknown",
    "scores_behind",
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
    return count_cells(_kept(responses), _gates())


def people_unknown(responses: pl.DataFrame, *, imported: bool) -> pl.DataFrame:
    """Count the cells of the imported, or of the others, for an attacker who knows the rest.

    What is known can be subtracted from every figure, so only these people are unknowns.
    """
    return count_cells(_kept(responses).filter(pl.col("imported") == imported), _gates())


def scores_behind(responses: pl.DataFrame) -> pl.DataFrame:
    """Return ``unit``, ``role``, ``construct``, ``score`` of everybody whom a figure counts."""
    people = item_points(_kept(responses), standard_instrument().measures())
    constructs = _constructs(people.columns) | {
        gate: [item for item in items if item in people.columns]
        for gate, items in _gates().items()
    }
    scores = [
        pl.when(2 * _answered(items) >= len(items))
        .then(pl.mean_horizontal(items).round(9))
        .alias(key)
        for key, items in constructs.items()
        if items
    ]
    return (
        people.filter(pl.col("role").is_in(ROLES))
        .select("unit", "role", *scores)
        .unpivot(index=["unit", "role"], variable_name="construct", value_name="score")
        .drop_nulls()
    )


def _kept(responses: pl.DataFrame) -> pl.DataFrame:
    people = responses.filter(pl.col("role") != "sponsor")
    keys = set(standard_instrument().item_keys)
    return screen(people, tuple(name for name in people.columns if name in keys)).kept


def _gates() -> dict[str, Sequence[str]]:
    return {gate.key: gate.items for gate in theory().phases.gates}
