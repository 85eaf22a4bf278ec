"""The product, run on frames instead of files."""

from typing import Any

import msgspec
import polars as pl

from analytics.analysis import analyse
from analytics.disclosure.plan import plan_disclosure
from analytics.quality import company_quality
from analytics.recommender.of_study import recommendations_of
from analytics.results import Thresholds, UnitResult
from analytics.study.study import Study
from seed.content import standard_instrument, theory
from tests.benchmarks.simulator import SimulatedCompany
from tests.benchmarks.simulator.sheet import CONTEXT

__all__ = ["analysed", "context_sheet"]

_HEAD = ("unit", "role", "duration_s")


def context_sheet(responses: pl.DataFrame) -> pl.DataFrame:
    """Keep the items that choose a model, without sponsors.

    The duration shrinks with the number of answers, so that everybody's pace stays the same.
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
    """Return the judged part of the JSON of one company's release.

    A whole sheet goes through the analysis behind every release. The items that choose a model
    go only through its recommender, because the rest takes twice as long and is not judged.
    """
    if whole:
        instrument = standard_instrument().measures()
        findings = analyse(company.responses, instrument, theory(), units=company.units)
        return _as_json(findings.analysis.units)
    return _as_json(_recommended(context_sheet(company.responses), company.units))


def _recommended(responses: pl.DataFrame, units: pl.DataFrame) -> tuple[UnitResult, ...]:
    study = Study.of(responses, standard_instrument().measures(), units)
    plan = plan_disclosure(study, k=Thresholds().scores)
    scales = company_quality(study, plan, k=Thresholds().scores, seed=0).scales
    found = recommendations_of(
        study, plan, theory().anchors, scales=scales, seed=0
    ).recommendations
    return tuple(
        UnitResult(
            unit=code,
            parent=study.tree.parents[code],
            status="reported" if plan.reports(code) else "suppressed",
            recommendation=found.get(code),
        )
        for code in study.tree.codes
    )


def _as_json(units: tuple[UnitResult, ...]) -> dict[str, Any]:
    return {"units": msgspec.json.decode(msgspec.json.encode(units))}
