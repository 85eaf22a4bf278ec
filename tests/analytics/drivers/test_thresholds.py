"""Too few people, too few units, scales that overlap, answers that are all alike."""

import polars as pl
import pytest

from tests.analytics.drivers.companies import CAUSES, asked, found_in, people

PRACTICES = ("business_pain", "data_first")
STRONG = {"data_readiness": 0.8, "governance": 0.3}


def test_too_few_people_make_no_claim_and_say_how_many_are_missing() -> None:
    questions = asked()

    found = found_in(people(questions, STRONG, sizes=[7] * 12), questions)

    # 84 of the 100 people any claim needs: 16, in tens.
    assert (found.within.status, found.within.missing_respondents) == ("insufficient", 20)


def test_twenty_degrees_of_freedom_per_predictor_are_needed_within() -> None:
    questions = asked()

    # Three predictors need 60; 62 people in 12 units have 50.
    found = found_in(people(questions, STRONG, sizes=[6, 6, *[5] * 10]), questions, least=20)

    assert (found.within.status, found.within.missing_respondents) == ("insufficient", 10)


def test_ten_units_are_needed_within() -> None:
    questions = asked()

    found = found_in(people(questions, STRONG, sizes=[30] * 8), questions)

    assert (found.within.status, found.within.missing_units) == ("insufficient", 2)


def test_twenty_units_per_predictor_are_needed_between() -> None:
    questions = asked()

    found = found_in(people(questions, STRONG, sizes=[10] * 50), questions)

    assert (found.between.status, found.between.missing_units) == ("insufficient", 10)


def test_an_insufficient_analysis_gives_no_figure() -> None:
    questions = asked()

    found = found_in(people(questions, STRONG, sizes=[10] * 50), questions).between

    assert (found.r_squared, found.drivers, found.units) == (None, (), None)


def test_with_too_few_units_for_all_only_root_causes_are_compared_between() -> None:
    questions = asked(practices=PRACTICES)

    found = found_in(people(questions, STRONG, sizes=[10] * 70), questions).between

    assert (len(found.drivers), found.without) == (3, PRACTICES)


def test_with_enough_units_practices_are_compared_too() -> None:
    questions = asked(practices=PRACTICES)

    found = found_in(people(questions, STRONG, sizes=[10] * 100), questions).between

    assert (len(found.drivers), found.without) == (5, ())


def test_more_predictors_than_can_be_split_are_narrowed_to_root_causes() -> None:
    practices = tuple(f"practice{number}" for number in range(10))
    questions = asked(practices=practices)

    found = found_in(people(questions, STRONG, sizes=[20] * 40), questions).within

    assert (len(found.drivers), found.without) == (3, practices)


def test_scales_that_overlap_are_merged_and_named_together() -> None:
    questions = asked()
    responses = people(questions, STRONG, sizes=[10] * 30).with_columns(
        governance_1=pl.col("data_readiness_1"), governance_2=pl.col("data_readiness_2")
    )

    found = found_in(responses, questions).within

    assert {one.constructs for one in found.drivers} == {
        ("data_readiness", "governance"),
        ("problem_definition",),
    }


def test_a_predictor_on_which_all_agree_is_named_and_left_out() -> None:
    questions = asked()
    responses = people(questions, STRONG, sizes=[10] * 30).with_columns(
        governance_1=4, governance_2=4
    )

    found = found_in(responses, questions).within

    assert (len(found.drivers), found.unvaried) == (2, ("governance",))


def test_an_outcome_on_which_all_agree_has_no_drivers() -> None:
    questions = asked()
    responses = people(questions, STRONG, sizes=[10] * 30).with_columns(
        value_realised_1=4, value_realised_2=4
    )

    assert found_in(responses, questions).within.status == "no_variation"


@pytest.mark.parametrize(("silent", "shown"), [(0, 300), (3, None), (5, 295)])
def test_the_number_of_people_is_told_only_if_none_or_k_are_left_out(
    silent: int, shown: int | None
) -> None:
    questions = asked()
    responses = people(questions, STRONG, sizes=[10] * 30).with_row_index("row")
    responses = responses.with_columns(
        pl.when(pl.col("row") % 10 == 0, pl.col("row") < 10 * silent)
        .then(None)
        .otherwise(pl.col(f"governance_{number}"))
        .alias(f"governance_{number}")
        for number in (1, 2)
    ).drop("row")

    assert found_in(responses, questions).within.respondents == shown


def test_levels_are_told_for_every_construct() -> None:
    questions = asked()

    found = found_in(people(questions, STRONG, sizes=[7] * 12), questions)

    assert tuple(found.levels) == (*CAUSES, "value_realised")
