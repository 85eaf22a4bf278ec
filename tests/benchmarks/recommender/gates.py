"""The gates of the recommender: figures with limits that it must meet."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from tests.benchmarks.judges import judge
from tests.benchmarks.recommender.tables import family, figure, outside, table, with_error

__all__ = ["Gate", "errors", "gates", "verdict_table"]

_RESAMPLES = 200


@dataclass(frozen=True, kw_only=True)
class Gate:
    """One figure with its limits."""

    name: str
    value: float
    units: int
    least: float = 0.0
    most: float = 1.0

    @property
    def met(self) -> bool:
        """Return whether the figure is within its limits; a missing figure is not."""
        return self.least <= self.value <= self.most


def gates(rows: pl.DataFrame, sponsored: pl.DataFrame) -> list[Gate]:
    """Return the gates for which units were measured.

    Parameters
    ----------
    rows
        Units of the scenarios and disturbances.
    sponsored
        Units with whole sheets and one to five sponsors.
    """
    found = [*_in_family(rows), *_without_model(rows), *_out_of_family(rows)]
    return [gate for gate in (*found, *_whole_sheets(sponsored)) if gate.units]


def _in_family(rows: pl.DataFrame) -> Iterator[Gate]:
    pool = family(rows)
    found = judge(pool)
    units = found.right.whole
    yield Gate(name="right", value=found.right.value, units=units, least=0.92)
    yield Gate(name="log-loss", value=found.log_loss, units=units, most=0.22)
    error = found.calibration_error
    yield Gate(name="calibration error", value=error, units=units, most=0.02)
    yield Gate(name="in set90", value=found.covered.value, units=units, least=0.96)
    firm = found.firm_right
    yield Gate(name="firm right, in family", value=firm.value, units=firm.whole, least=0.98)
    for scenario, least in (("single_model", 0.95), ("style_heavy", 0.92)):
        right = judge(pool.filter(scenario=scenario)).right
        yield Gate(name=f"right, {scenario}", value=right.value, units=right.whole, least=least)


def _without_model(rows: pl.DataFrame) -> Iterator[Gate]:
    found = judge(rows)
    limits = (
        ("centre firm", found.centre_firm, 0.05),
        ("centre firm or lean", found.centre_any, 0.15),
        ("midway firm", found.midway_firm, 0.28),
        ("midway firm or lean", found.midway_any, 0.50),
    )
    for name, share, most in limits:
        yield Gate(name=name, value=share.value, units=share.whole, most=most)


def _out_of_family(rows: pl.DataFrame) -> Iterator[Gate]:
    firm = judge(outside(rows)).firm_right
    yield Gate(name="firm right, disturbed", value=firm.value, units=firm.whole, least=0.92)


def _whole_sheets(sponsored: pl.DataFrame) -> Iterator[Gate]:
    if sponsored.is_empty():
        return
    whole = sponsored.filter(sheet="whole")
    for sponsors in sorted(whole["sponsors"].unique()):
        gap = judge(whole.filter(sponsors=sponsors)).gap_covered
        name = f"gap covered, {sponsors} sponsor{'s' if sponsors > 1 else ''}"
        yield Gate(name=name, value=gap.value, units=gap.whole, least=0.93, most=0.99)
    right = judge(whole).constraint_right
    yield Gate(name="identified right", value=right.value, units=right.whole, least=0.85)


def _limit(gate: Gate) -> str:
    least = f">= {figure(gate.least)}" if gate.least > 0 else ""
    most = f"<= {figure(gate.most)}" if gate.most < 1 else ""
    return " and ".join(filter(None, (least, most)))


def errors(
    rows: pl.DataFrame, sponsored: pl.DataFrame, *, resamples: int = _RESAMPLES
) -> dict[str, float]:
    """Return the Monte-Carlo error of each gate: its SD over companies drawn again.

    Units of a company share its draws, so whole companies are drawn, as many of each scenario
    as there are.
    """
    rng = np.random.default_rng(0)
    drawn = [
        {gate.name: gate.value for gate in gates(_again(rows, rng), _again(sponsored, rng))}
        for _ in range(resamples)
    ]
    return {
        name: float(np.std([one[name] for one in drawn if name in one])) for name in drawn[0]
    }


def _again(rows: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    chosen = []
    for _, scenario in rows.with_row_index().group_by("scenario", "sheet", maintain_order=True):
        companies = scenario.group_by("company", maintain_order=True).agg("index")["index"]
        picked = rng.integers(len(companies), size=len(companies))
        chosen.append(companies.gather(picked).explode())
    return rows[pl.concat(chosen)] if chosen else rows


def verdict_table(found: list[Gate], error: Mapping[str, float] | None = None) -> str:
    """Return a table of the gates with their figures and errors; unmet gates are in bold."""
    error = error or {}
    lines = [
        (
            gate.name,
            str(gate.units),
            _limit(gate),
            with_error(gate.value, error.get(gate.name, float("nan"))),
            "met" if gate.met else "**not met**",
        )
        for gate in found
    ]
    return table(("gate", "units", "limit", "found", ""), lines)
