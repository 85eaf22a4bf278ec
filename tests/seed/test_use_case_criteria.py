"""The criteria for choosing use cases agree with their page and with the instrument."""

import pytest

from seed.content import standard_instrument, use_case_criteria

# From the page's "Choosing use cases": traits to prefer, then traits that successes share.
PREFERRED = (
    "alternative_cost_measurable",
    "data_accessible",
    "single_owner",
    "constrained_high_volume",
    "constraint_defined",
    "handoff_explicit",
    "feedback_from_start",
    "financial_measures_agreed",
)
DEFERRED = ("new_data_infrastructure", "open_ended_generation")
LOCALES = {"en", "de"}

CRITERIA = {part.key: part for part in use_case_criteria().criteria}
DEFERRALS = {part.key: part for part in use_case_criteria().deferrals}


def test_the_criteria_are_those_of_the_page() -> None:
    assert use_case_criteria().measures().keys == PREFERRED


def test_the_grounds_for_deferral_are_those_of_the_page() -> None:
    assert use_case_criteria().measures().deferrals == DEFERRED


@pytest.mark.parametrize("key", [*CRITERIA, *DEFERRALS])
def test_every_criterion_and_deferral_has_a_reason(key: str) -> None:
    assert (CRITERIA | DEFERRALS)[key].reason.endswith(".")


@pytest.mark.parametrize("key", CRITERIA)
def test_every_text_of_a_criterion_exists_in_both_languages(key: str) -> None:
    part = CRITERIA[key]

    texts = (part.name, part.question, part.lowest, part.highest)
    assert [set(text) for text in texts] == [LOCALES] * 4


@pytest.mark.parametrize("key", CRITERIA)
def test_a_criterion_rests_on_root_causes_of_the_instrument(key: str) -> None:
    causes = {part.key for part in standard_instrument().measures().block("root_cause")}

    assert set(CRITERIA[key].constructs) <= causes


def test_every_construct_that_may_caution_has_a_first_step() -> None:
    constructs = {key for part in CRITERIA.values() for key in part.constructs}

    assert set(use_case_criteria().first_steps) == constructs


def test_the_ranking_gets_the_weights_of_the_file() -> None:
    weights = [one.weight for one in use_case_criteria().measures().scored]

    assert weights == [3, 3, 2, 2, 2, 1, 1, 2]
