"""Drivers in sentences: what goes together, never what causes."""

from typing import Any

import polars as pl

from survey.report.document import Count
from survey.report.drivers import drivers_section
from tests.analytics.drivers.companies import asked, found_in, people
from tests.survey.report.reading import keys, said, sentences, spoken

PRACTICES = ("business_pain", "data_first")
STRONG = {"data_readiness": 0.9}
QUESTIONS = asked(practices=PRACTICES)


def section(responses: pl.DataFrame) -> Any:
    found = found_in(responses, QUESTIONS)
    assert found is not None
    return drivers_section(found)


def test_the_first_driver_is_said_with_its_share_level_and_rank() -> None:
    low = {"data_readiness": 2.0}

    first = section(people(QUESTIONS, STRONG, sizes=[10] * 30, levels=low)).parts[1]

    assert spoken(first).startswith("1. Data readiness: ")
    assert {"driver.level", "driver.raise_first"} <= keys(first)
    assert said(first, "driver.rank.firm") == {"rank": Count(1), "of": Count(5)}


def test_at_most_three_drivers_are_named_per_analysis() -> None:
    found = section(people(QUESTIONS, STRONG, sizes=[10] * 30))

    assert sum(one.key == "driver" for one in sentences(found)) == 3


def test_too_few_units_are_told_how_many_are_missing() -> None:
    found = section(people(QUESTIONS, STRONG, sizes=[10] * 30))

    assert "Between units, value realised: too little to go by; it takes 30 more units." in (
        spoken(found)
    )


def test_no_sentence_speaks_of_causes_without_denying_them() -> None:
    text = spoken(section(people(QUESTIONS, STRONG, sizes=[10] * 70)))

    assert [line for line in text.split("\n") if " cause" in line] == [
        "What goes together need not be cause and effect."
    ]


def test_practices_that_were_left_out_are_named() -> None:
    found = section(people(QUESTIONS, STRONG, sizes=[10] * 70))

    assert [term.key for term in said(found, "drivers.without")["constructs"].items] == [
        "business_pain",
        "data_first",
    ]


def test_merged_scales_are_named_together() -> None:
    responses = people(QUESTIONS, STRONG, sizes=[10] * 30).with_columns(
        governance_1=pl.col("data_readiness_1"), governance_2=pl.col("data_readiness_2")
    )

    merged = "Data readiness and Governance overlap too far to be told apart and were merged."
    assert merged in spoken(section(responses))


def test_an_outcome_that_all_see_alike_is_said_to_have_no_drivers() -> None:
    responses = people(QUESTIONS, STRONG, sizes=[10] * 30).with_columns(
        value_realised_1=4, value_realised_2=4
    )

    assert "drivers.no_variation" in keys(section(responses))


def test_without_any_result_nothing_is_said_about_reading_it() -> None:
    found = section(people(QUESTIONS, STRONG, sizes=[3] * 5))

    assert "drivers.no_cause" not in keys(found)
