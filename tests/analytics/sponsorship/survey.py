"""Scored people, trees and rules, built by hand."""

from collections.abc import Mapping, Sequence
from typing import Literal

import polars as pl

from analytics.results import Sponsorship
from analytics.sponsorship import SponsorshipQuestions, sponsorship_findings
from analytics.study.tree import UnitTree

COMPOSITE = "executive_sponsorship"
BEHAVIOURS = ("speaks", "uses")
SCHEMA = {
    "unit": pl.String,
    "role": pl.String,
    COMPOSITE: pl.Float64,
    **{f"{COMPOSITE}.{behaviour}": pl.Float64 for behaviour in BEHAVIOURS},
}

Score = float | None | tuple[float | None, float | None]
"""A composite that both behaviours share, or the two behaviours whose mean it is."""


def scored(*groups: tuple[str, str, Sequence[Score]]) -> pl.DataFrame:
    """Build person scores from (unit, role, scores), one person per score."""
    rows = []
    for unit, role, scores in groups:
        for score in scores:
            speaks, uses = score if isinstance(score, tuple) else (score, score)
            known = [value for value in (speaks, uses) if value is not None]
            rows.append((unit, role, sum(known) / len(known) if known else None, speaks, uses))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def gaps(
    people: pl.DataFrame,
    sponsors: pl.DataFrame,
    units: UnitTree,
    disclosure: Mapping[str, Literal["roles", "all", "hidden"]] | None = None,
    *,
    components: tuple[str, ...] = BEHAVIOURS,
    k: int = 5,
) -> dict[str, Sponsorship]:
    """Read the gaps; by default everybody's figure may be shown everywhere.

    Empty when nobody was asked.
    """
    found = sponsorship_findings(
        people,
        sponsors,
        units,
        dict.fromkeys(units.codes, "all") if disclosure is None else disclosure,
        questions=SponsorshipQuestions(COMPOSITE, components),
        k=k,
    )
    return {} if found is None else found.units
