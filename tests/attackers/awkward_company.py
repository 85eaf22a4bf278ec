"""A company that makes disclosure control hard: it has every figure and every kind of gap.

In D1 two units have few answers about value, in D2 two units are too small to be shown, and in
D3 six units have a single manager each. People with the same weight in two hidden groups can be
exchanged: no sum over both groups changes.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.random import Generator

from seed.content import standard_instrument

__all__ = ["BARELY_ANSWERED", "FEW", "HIDDEN", "LONE", "Awkward", "awkward_company"]

HIDDEN = ("H1", "H2")
"""Units of three and four people."""
BARELY_ANSWERED = ("V1", "V2")
"""Units of fifteen people, of whom three answered about FEW."""
FEW = "value_realised"
LONE = ("M1", "M2", "M3", "M4", "M5", "M6")
"""Units of ten contributors and one manager."""

_DIVISIONS = {"D1": 9, "D2": 8, "D3": 7}
_NOT_ASKED = {
    "cross_function_breadth",
    "domain_specificity",
    "data_literacy",
    "production_stage",
    "live_service_need",
}
"""Constructs left out for speed; their figures are of the same kinds as those of others."""
_ASKED = [
    item
    for construct in standard_instrument().measures().constructs
    if construct.key not in _NOT_ASKED
    for item in construct.items
]
_ITEMS = tuple(item.key for item in _ASKED)
_REVERSED = np.array([item.reversed for item in _ASKED])


@dataclass(frozen=True)
class Awkward:
    """One wave: people, the tree, and head-counts by role."""

    responses: pl.DataFrame
    units: pl.DataFrame
    headcounts_by_role: pl.DataFrame

    def with_places_changed(self, column: str, *pairs: tuple[int, int]) -> "Awkward":
        """Return the company with a column exchanged between pairs of people, by number."""
        place = {key: row for row, key in enumerate(self.responses["person"])}
        order = list(range(self.responses.height))
        for pair in pairs:
            one, other = (place[f"P{number:04d}"] for number in pair)
            order[one], order[other] = order[other], order[one]
        changed = self.responses[column].gather(order)
        return replace(self, responses=self.responses.with_columns(changed))

    def with_opposite_answers(self, units: Collection[str], prefix: str = "") -> "Awkward":
        """Return the company with the answers of some units reversed (5 for 1)."""
        chosen = pl.col("unit").is_in(units) & (pl.col("role") != "sponsor")
        return replace(
            self,
            responses=self.responses.with_columns(
                pl.when(chosen).then(6 - pl.col(name)).otherwise(pl.col(name)).alias(name)
                for name in _ITEMS
                if name.startswith(prefix)
            ),
        )

    def of(self, unit: str, role: str = "contributor") -> list[int]:
        """Return the numbers of a unit's people in one role."""
        people = self.responses.filter((pl.col("unit") == unit) & (pl.col("role") == role))
        return sorted(int(key[1:]) for key in people["person"])


def _sizes() -> dict[str, tuple[str, int, int, int]]:
    """Return division, contributors, managers and headcount of every unit."""
    sizes = {}
    for division, units in _DIVISIONS.items():
        for number in range(1, units + 1):
            contributors = 10 + (3 * number) % 7
            sizes[f"{division}U{number}"] = (division, contributors, 5, 2 * contributors + 9)
    sizes |= dict.fromkeys(BARELY_ANSWERED, ("D1", 10, 5, 30))
    sizes |= {"H1": ("D2", 3, 0, 6), "H2": ("D2", 4, 0, 8)}
    return sizes | dict.fromkeys(LONE, ("D3", 10, 1, 22))


def awkward_company(wave: int = 2) -> Awkward:
    """Draw one of two waves of the company; most people are in both."""
    rng = np.random.default_rng(77)
    rows, number = [], 0
    for unit, (_, contributors, managers, _) in _sizes().items():
        centre = rng.normal(0.0, 0.5, len(_ITEMS))
        for role, people in (("contributor", contributors), ("manager", managers)):
            for _ in range(people):
                rows.append((unit, role, f"P{number:04d}", _answers(rng, unit, centre, wave)))
                number += 1
    for unit in ("D1", "D3", "D1U1", "D1U1", "D2U1", "D2U2", "H1", "M1", "M2"):
        rows.append((unit, "sponsor", f"P{number:04d}", _answers(rng, unit, 1.2, wave)))
        number += 1
    return Awkward(_with_lone_twins(_frame(rows, wave)), _tree(), _roles())


def _answers(
    rng: Generator, unit: str, centre: np.ndarray | float, wave: int
) -> list[int | None]:
    """Draw one person's sheets of both waves; return the one of the given wave."""
    person = rng.normal(0.0, 0.5)
    noise = rng.normal(0.0, 0.9, (2, len(_ITEMS)))
    points = np.clip(np.rint(3.0 + centre + person + noise[wave - 1]), 1, 5)
    blank = rng.random((2, len(_ITEMS)))[wave - 1] < 0.04
    if unit in HIDDEN or unit in LONE:
        blank[:] = False
    steps = np.where(_REVERSED, 6 - points, points)
    return [None if empty else int(step) for empty, step in zip(blank, steps, strict=True)]


def _frame(rows: list[tuple[str, str, str, list[int | None]]], wave: int) -> pl.DataFrame:
    frame = pl.DataFrame(
        [
            {"unit": unit, "role": role, "person": person}
            | dict(zip(_ITEMS, answers, strict=True))
            for unit, role, person, answers in rows
        ],
        schema=dict.fromkeys(("unit", "role", "person"), pl.String)
        | dict.fromkeys(_ITEMS, pl.Int64),
    )
    rng = np.random.default_rng(78)
    few = [name for name in _ITEMS if name.startswith(FEW)]
    place = pl.int_range(pl.len()).over("unit")
    silent = pl.col("unit").is_in(BARELY_ANSWERED) & (place >= 3)
    careless = pl.col("unit").str.contains("^D[12]U[1-6]$") & (place == 2)
    said = pl.col("unit").is_in(BARELY_ANSWERED) & (place < 3)
    frame = frame.with_columns(
        pl.when(silent)
        .then(None)
        .when(said)
        .then(pl.col(name).fill_null(3))
        .otherwise(pl.col(name))
        .alias(name)
        for name in few
    ).with_columns(
        pl.when(careless).then(3).otherwise(pl.col(name)).alias(name) for name in _ITEMS
    )
    stays = pl.col("unit").is_in([*HIDDEN, *LONE, *BARELY_ANSWERED, "D1", "D3"])
    return frame.with_columns(
        duration_s=pl.Series(rng.integers(240, 900, frame.height)),
        submitted_on=pl.Series(rng.integers(1, 20, frame.height)),
    ).filter(stays | (pl.int_range(pl.len()) % 11 != wave))


def _with_lone_twins(frame: pl.DataFrame) -> pl.DataFrame:
    """Give the manager of each of two units the answers of a contributor in the other."""
    twins = {}
    for own, other in (LONE[:2], LONE[1::-1]):
        manager = frame.filter((pl.col("unit") == own) & (pl.col("role") == "manager"))
        first = frame.filter((pl.col("unit") == other) & (pl.col("role") == "contributor"))
        twins[first["person"][0]] = manager.row(0, named=True)
    said = [*_ITEMS, "duration_s", "submitted_on"]
    return frame.with_columns(
        pl.col("person")
        .replace_strict(
            {key: row[name] for key, row in twins.items()},
            default=pl.col(name),
            return_dtype=pl.Int64,
        )
        .alias(name)
        for name in said
    )


def _tree() -> pl.DataFrame:
    tops: list[tuple[str, str | None, int]] = [
        ("C", None, 0),
        *((d, "C", 0) for d in _DIVISIONS),
    ]
    below = [(unit, division, staff) for unit, (division, _, _, staff) in _sizes().items()]
    return pl.DataFrame(
        [*tops, *below],
        schema={"code": pl.String, "parent_code": pl.String, "headcount": pl.Int64},
        orient="row",
    )


def _roles() -> pl.DataFrame:
    rows = []
    for unit, (_, contributors, managers, staff) in _sizes().items():
        there = round(staff * managers / (contributors + managers))
        rows += [(unit, "manager", there), (unit, "contributor", staff - there)]
    return pl.DataFrame(rows, schema=["unit", "role", "headcount"], orient="row")
