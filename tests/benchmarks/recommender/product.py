"""The product itself, fed with frames instead of files."""

from typing import Any

import msgspec
import polars as pl

from analytics.analysis import analyse
from seed.content import standard_instrument, theory
from tests.benchmarks.simulator import SimulatedCompany
from tests.benchmarks.simulator.sheet import CONTEXT

__all__ = ["analysed", "context_sheet"]

_HEAD = ("unit", "role", "duration_s")


def context_sheet(responses: pl.DataFrame) -> pl.DataFrame:
    """Keep the items that choose a model, of those who are not sponsors.

    Nobody becomes faster or slower by it: the duration shrinks with the number of answers.
    """
    items = [name for name in responses.columns if name not in (*_HEAD, "respondent_id")]
    kept = [name for name in items if name.rsplit("_", 1)[0] in CONTEXT]

    def answers(names: list[str]) -> pl.Expr:
        return pl.sum_horizontal(pl.col(names).is_not_null().cast(pl.Int64))

    share = answers(kept) / answers(items)
    duration = (pl.col("duration_s") * share).fill_nan(0).round().cast(pl.Int64)
    people = responses.filter(pl.col("role") != "sponsor").with_columns(duration_s=duration)
    return people.select(*_HEAD, *kept)


def analysed(company: SimulatedCompany, *, whole: bool) -> dict[str, Any]:
    """Return the JSON of a release of one company, by the analysis behind every release."""
    findings = analyse(
        company.responses if whole else context_sheet(company.responses),
        standard_instrument().measures(),
        theory(),
        units=company.units,
    )
    result: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(findings.analysis))
    return result
