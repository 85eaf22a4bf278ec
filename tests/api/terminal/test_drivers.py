"""Drivers as lines: what goes together, never what causes."""

import polars as pl

from api.terminal.drivers import drivers_lines
from tests.analytics.drivers.companies import asked, found_in, people

PRACTICES = ("business_pain", "data_first")
STRONG = {"data_readiness": 0.9}
QUESTIONS = asked(practices=PRACTICES)


def lines(responses: pl.DataFrame) -> list[str]:
    found = found_in(responses, QUESTIONS)
    assert found is not None
    return drivers_lines(found)


def test_the_first_driver_is_said_with_its_share_level_and_rank() -> None:
    low = {"data_readiness": 2.0}

    said = lines(people(QUESTIONS, STRONG, sizes=[10] * 30, levels=low))

    assert said[1].startswith("  1. Data readiness: ")
    assert "important and low, so the place to begin. Its rank is firm: 1 of 5." in said[1]


def test_at_most_three_drivers_are_named_per_analysis() -> None:
    said = lines(people(QUESTIONS, STRONG, sizes=[10] * 30))

    assert sum(line.startswith("  ") for line in said) == 3


def test_too_few_units_are_told_how_many_are_missing() -> None:
    said = lines(people(QUESTIONS, STRONG, sizes=[10] * 30))

    assert said[-2] == (
        "Between units, value realised: too little to go by; it takes 30 more units."
    )


def test_no_sentence_speaks_of_causes_without_denying_them() -> None:
    said = lines(people(QUESTIONS, STRONG, sizes=[10] * 70))

    assert [line for line in said if "cause" in line] == [said[-1]]
    assert said[-1].startswith("What goes together need not be cause and effect.")


def test_practices_that_were_left_out_are_named() -> None:
    said = lines(people(QUESTIONS, STRONG, sizes=[10] * 70))

    left_out = "  Left out, since there are too few for so many at once: "
    assert f"{left_out}business pain, data first." in said


def test_merged_scales_are_named_together() -> None:
    responses = people(QUESTIONS, STRONG, sizes=[10] * 30).with_columns(
        governance_1=pl.col("data_readiness_1"), governance_2=pl.col("data_readiness_2")
    )

    merged = "  Data readiness and governance overlap too far to be told apart and were merged."
    assert merged in lines(responses)


def test_an_outcome_that_all_see_alike_is_said_to_have_no_drivers() -> None:
    responses = people(QUESTIONS, STRONG, sizes=[10] * 30).with_columns(
        value_realised_1=4, value_realised_2=4
    )

    assert lines(responses)[0] == (
        "Among colleagues of one unit, value realised: everybody gave the same answer, so "
        "nothing can go together with it."
    )


def test_without_any_result_nothing_is_said_about_reading_it() -> None:
    said = lines(people(QUESTIONS, STRONG, sizes=[3] * 5))

    assert len(said) == 2
