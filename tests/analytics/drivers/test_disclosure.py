"""Levels and the comparison of units rest on figures that are shown, and on nothing else."""

import polars as pl
import pytest

from analytics.results.drivers import Drivers
from tests.analytics.drivers.companies import asked, found_in, people

STRONG = {"data_readiness": 0.8, "governance": 0.3}
QUESTIONS = asked()
# The last unit of three people is hidden, and so is one more beside it.
RESPONSES = people(QUESTIONS, STRONG, sizes=[*[8] * 70, 3])
HIDDEN = "U070"


def with_other_answers(unit: str) -> pl.DataFrame:
    items = [item.key for item in QUESTIONS.items]
    return RESPONSES.with_columns(
        pl.when(pl.col("unit") == unit)
        .then(6 - pl.col(item))
        .otherwise(pl.col(item))
        .alias(item)
        for item in items
    )


def found(responses: pl.DataFrame, units: pl.DataFrame | None = None) -> Drivers:
    drivers = found_in(responses, QUESTIONS, units=units)
    assert drivers is not None
    return drivers


def test_the_answers_of_a_hidden_unit_leave_no_trace() -> None:
    assert found(with_other_answers(HIDDEN)) == found(RESPONSES)


def test_a_unit_that_is_shown_is_in_the_levels() -> None:
    assert found(with_other_answers("U001")).levels != found(RESPONSES).levels


def test_a_unit_with_units_below_is_not_compared_with_them() -> None:
    codes = sorted(RESPONSES["unit"].unique())
    tree = pl.DataFrame(
        {
            "code": ["TOP", *codes],
            "parent_code": [None, *["TOP"] * len(codes)],
            "headcount": [0, *[10] * len(codes)],
        }
    )

    alone, below = found(RESPONSES).between, found(RESPONSES, tree).between
    assert below.units == alone.units


def test_with_one_top_the_level_is_its_score() -> None:
    codes = sorted(RESPONSES["unit"].unique())
    tree = pl.DataFrame(
        {
            "code": ["TOP", *codes],
            "parent_code": [None, *["TOP"] * len(codes)],
            "headcount": [0, *range(10, 10 + len(codes))],
        }
    )
    scored = RESPONSES.with_columns(score=pl.mean_horizontal("governance_1", "governance_2"))
    means = (
        scored.group_by("unit")
        .agg(pl.col("score").mean())
        .join(tree, left_on="unit", right_on="code")
    )
    weighted = (means["score"] * means["headcount"]).sum() / means["headcount"].sum()

    assert found(RESPONSES, tree).levels["governance"].mean == pytest.approx(
        25 * (weighted - 1), abs=1e-9
    )
