"""Tables of the measured figures in Markdown."""

from collections.abc import Iterable
from math import isnan

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tests.benchmarks.judges import judge
from tests.benchmarks.judges.measures import Share, true_places
from tests.benchmarks.recommender.companies import SIZES
from tests.benchmarks.simulator import DISTURBANCES, SCENARIOS
from tests.benchmarks.simulator.archetypes import MODELS
from tests.benchmarks.simulator.scenarios import UNTRUE

__all__ = [
    "by_scenario",
    "by_size",
    "excess_loss",
    "family",
    "mean_by_company",
    "outside",
    "sheets",
    "sponsorship",
    "table",
    "without_model",
]

_FLAGS = ("UNLIKE", "UNNAMED", "SPLIT")

_HEADS = (
    "units",
    "right",
    "oracle right",
    "toy right",
    "log-loss",
    "oracle log-loss",
    "calibration error",
    "in set90",
    "firm",
    "firm right",
)


def figure(value: float) -> str:
    """Return a figure with three decimals and no leading zero; a dash if it is missing."""
    return "-" if isnan(value) else f"{value:.3f}".replace("0.", ".", 1)


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table whose first column is text and whose others are figures."""
    heads = list(heads)
    lines = ["| " + " | ".join(heads) + " |", "|---|" + "---:|" * (len(heads) - 1)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def family(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the units of the twelve scenarios in which every unit has a model."""
    true = [name for name in SCENARIOS if name not in UNTRUE]
    return rows.filter(pl.col("scenario").is_in(true))


def outside(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the units of the disturbances."""
    return rows.filter(pl.col("scenario").is_in(list(DISTURBANCES)))


def with_error(value: float, error: float) -> str:
    """Return a figure with its Monte-Carlo error in brackets."""
    return figure(value) if isnan(error) else f"{figure(value)} ({figure(error)})"


def mean_by_company(
    values: NDArray[np.float64], company: NDArray[np.int64]
) -> tuple[float, float]:
    """Return the mean over units and its standard error.

    Units of a company share its draws, so the standard error is the linearised, cluster-robust
    one of a ratio of company totals: with e_b = value - mean, se^2 = G / (G - 1)
    sum_g (sum_{b in g} e_b)^2 / n^2 over G companies.
    """
    mean = float(values.mean())
    _, group = np.unique(company, return_inverse=True)
    totals = np.bincount(group, weights=values - mean)
    count = len(totals)
    if count < 2:
        return mean, float("nan")
    variance = count / (count - 1) * (totals**2).sum() / len(values) ** 2
    return mean, float(np.sqrt(variance))


def _right(units: pl.DataFrame) -> str:
    """Return the share of units given their true model, with its error over companies."""
    pure = units.filter(pl.col("kind") == "pure", pl.col("status").is_not_null())
    if pure.is_empty():
        return "-"
    named = pure.select(MODELS).to_numpy().argmax(axis=1)
    right = (named == true_places(pure)).astype(np.float64)
    return with_error(*mean_by_company(right, pure["company"].to_numpy()))


def _row(name: str, units: pl.DataFrame) -> tuple[str, ...]:
    found = judge(units)
    shares = (found.oracle_right, found.toy_right)
    return (
        name,
        str(found.right.whole),
        _right(units),
        *(figure(share.value) for share in shares),
        figure(found.log_loss),
        figure(found.oracle_log_loss),
        figure(found.calibration_error),
        figure(found.covered.value),
        figure(found.firm.value),
        figure(found.firm_right.value),
    )


def by_scenario(rows: pl.DataFrame) -> str:
    """Return a line per scenario with true models, and lines for all of them together."""
    lines = []
    for pool, name in ((family(rows), "the twelve together"), (outside(rows), "disturbances")):
        scenarios = pool["scenario"].unique(maintain_order=True)
        lines += [_row(each, pool.filter(scenario=each)) for each in scenarios]
        if not pool.is_empty():
            lines.append(tuple(f"**{cell}**" for cell in _row(name, pool)))
    return table(("scenario", *_HEADS), lines)


def by_size(rows: pl.DataFrame) -> str:
    """Return a line per number of units, over the twelve scenarios."""
    pool = family(rows)
    lines = [_row(str(units), pool.filter(units=units)) for units in SIZES]
    return table(("units in the company", *_HEADS), lines)


def excess_loss(rows: pl.DataFrame) -> str:
    """Return the log-loss above the oracle's by scenario and number of units."""
    pool = pl.concat([family(rows), outside(rows)])
    lines = []
    for scenario in pool["scenario"].unique(maintain_order=True):
        found = [judge(pool.filter(scenario=scenario, units=units)) for units in SIZES]
        cells = [figure(each.log_loss - each.oracle_log_loss) for each in found]
        lines.append((scenario, *cells))
    return table(("scenario", *map(str, SIZES)), lines)


def without_model(rows: pl.DataFrame) -> str:
    """Return the verdicts on units that follow none of the four models, or two of them."""
    lines = []
    untrue = rows.filter((pl.col("kind") != "pure") & pl.col("status").is_not_null())
    for (scenario, kind), units in untrue.group_by("scenario", "kind", maintain_order=True):
        codes = pl.col("reason_codes").list
        shares = units.select(
            firm=(pl.col("status") == "firm").mean(),
            any=pl.col("status").is_in(["firm", "lean"]).mean(),
            unlike=codes.contains("UNLIKE").mean(),
            unnamed=codes.contains("UNNAMED").mean(),
            split=codes.contains("SPLIT").mean(),
        ).row(0)
        lines.append((str(scenario), str(kind), str(units.height), *map(figure, shares)))
    pure = family(rows).filter(pl.col("kind") == "pure", pl.col("status").is_not_null())
    if not pure.is_empty():
        given = pure["reason_codes"].list
        flags = [given.contains(code).to_numpy().mean() for code in _FLAGS]
        lines.append(("the twelve", "pure", str(pure.height), "", "", *map(figure, flags)))
    heads = ("scenario", "kind", "units", "firm", "firm or lean", *_FLAGS)
    return table(heads, lines)


def sponsorship(rows: pl.DataFrame) -> str:
    """Return the coverage of the gap's interval by number of sponsors."""
    pool = rows.filter(pl.col("gap_low").is_not_null())
    lines = []
    for sponsors in sorted(pool["sponsors"].unique()):
        covered = judge(pool.filter(sponsors=sponsors)).gap_covered
        width = pool.filter(sponsors=sponsors).select(pl.col("gap_high") - pl.col("gap_low"))
        mean = width.to_series().to_numpy().mean()
        lines.append((str(sponsors), *_counted(covered), f"{mean:.1f}"))
    return table(("sponsors of the unit", "units", "interval holds the gap", "width"), lines)


def _counted(share: Share) -> tuple[str, str]:
    return str(share.whole), figure(share.value)


def sheets(rows: pl.DataFrame) -> str:
    """Return the accuracy of recommender and hidden constraint by kind of sheet."""
    lines = []
    for (scenario, sheet), pool in rows.group_by("scenario", "sheet", maintain_order=True):
        found = judge(pool)
        lines.append(
            (
                f"{scenario}, {sheet} sheet",
                *_counted(found.right),
                figure(found.log_loss),
                figure(found.calibration_error),
                *_counted(found.constraint_right),
            )
        )
    heads = ("companies", "units", "right", "log-loss", "calibration error", "identified")
    return table((*heads, "identified right"), lines)
