"""The product's verdict on each leaf unit, with the truth about it."""

from typing import Any

import polars as pl

from tests.benchmarks.simulator.archetypes import MODELS

__all__ = ["BEHAVIOUR_COLUMNS", "ROOT_CAUSES", "lowest_root_cause", "verdicts"]

BEHAVIOUR_COLUMNS = (
    "behaviour_speaks",
    "behaviour_uses",
    "behaviour_protects",
    "behaviour_removes",
)
ROOT_CAUSES = {
    "problem_definition": pl.col("mean_problem_definition"),
    "data_readiness": pl.col("mean_data_readiness"),
    "governance": pl.col("mean_governance"),
    "executive_sponsorship": pl.mean_horizontal(BEHAVIOUR_COLUMNS),
    "workflow_redesign": pl.col("mean_workflow_redesign"),
}
"""The true mean of each root cause, from the columns of a truth file."""

_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "unit": pl.String,
    "status": pl.String,
    **dict.fromkeys(MODELS, pl.Float64),
    "set90": pl.List(pl.String),
    "reason_codes": pl.List(pl.String),
    "constraint": pl.String,
    "gap_low": pl.Float64,
    "gap_high": pl.Float64,
}
_SHARE_PER_POINT = 25.0


def lowest_root_cause(truth: pl.DataFrame) -> pl.Series:
    """Return the root cause whose true mean is the lowest, per row of a truth frame."""
    names = list(ROOT_CAUSES)
    means = truth.select(pl.concat_list(ROOT_CAUSES.values()).list.arg_min().alias("lowest"))
    return means["lowest"].replace_strict(dict(enumerate(names)), return_dtype=pl.String)


def _identified(constraint: dict[str, Any]) -> str | None:
    return constraint["dimensions"][0] if constraint.get("status") == "identified" else None


def _own_gap(row: dict[str, Any]) -> dict[str, float]:
    """Return the interval of the gap if the unit's own sponsors are compared."""
    block = row.get("sponsorship", {})
    if block.get("sponsorOf", row["unit"]) != row["unit"] or "gap" not in block:
        return {}
    return {"gap_low": block["gap"]["low"], "gap_high": block["gap"]["high"]}


def _verdict(row: dict[str, Any]) -> dict[str, Any]:
    advice = row.get("recommendation", {})
    said = {"unit": row["unit"], "status": advice.get("status"), "set90": advice.get("set90")}
    said |= advice.get("conditional", {}) | {"reason_codes": advice.get("reasonCodes")}
    return said | {"constraint": _identified(row.get("constraint", {}))} | _own_gap(row)


def verdicts(result: dict[str, Any], truth: pl.DataFrame) -> pl.DataFrame:
    """Join the JSON of ``opmodel analyse`` to a truth frame.

    Parameters
    ----------
    result
        The parsed JSON.
    truth
        ``truth_units.csv``: one row per leaf unit.

    Returns
    -------
    polars.DataFrame, one row per unit of the truth
        ``unit``, ``kind``, ``truth`` (model, "none" unless pure), ``status`` of the
        recommendation (null when suppressed), conditional probability per model, ``set90``,
        ``reason_codes``,
        ``constraint`` (the identified one or null), ``lowest`` (the true one), ``gap_low``,
        ``gap_high`` (null unless the unit's own sponsors are compared), ``gap_true``: claimed
        minus true, 0-100 scale. If managers are merged with contributors, the true gap is about
        5 % smaller, because managers see a part of the inflation; this is ignored here.
    """
    rows = [_verdict(row) for row in result["units"]]
    said = pl.DataFrame(rows, schema=_SCHEMA)
    known = truth.select(
        "unit",
        "kind",
        pl.col("model").alias("truth"),
        lowest_root_cause(truth),
        (_SHARE_PER_POINT * pl.col("inflation")).alias("gap_true"),
    )
    return known.join(said, on="unit", how="left", maintain_order="left")
