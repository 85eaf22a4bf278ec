"""The matrix importance x level names a cell only if both intervals lie in it."""

import pytest

from analytics.results.drivers import Driver
from tests.analytics.drivers.companies import asked, found_in, people

ONE_STRONG = {"data_readiness": 0.9}


def placed(level: float, effect: float = 0.9) -> Driver:
    questions = asked()
    responses = people(
        questions,
        {"data_readiness": effect},
        sizes=[10] * 80,
        levels={"data_readiness": level, "governance": level},
    )
    found = found_in(responses, questions)
    assert found is not None
    return next(one for one in found.within.drivers if "data_readiness" in one.constructs)


@pytest.mark.parametrize(
    ("level", "effect", "place"),
    [
        (2.0, 0.9, "raise_first"),
        (4.0, 0.9, "keep_up"),
        (3.0, 0.9, "too_close_to_call"),
        (2.0, -0.9, "goes_against"),
    ],
)
def test_an_important_driver_is_placed_by_its_level(
    level: float, effect: float, place: str
) -> None:
    assert placed(level, effect).place == place


@pytest.mark.parametrize(("level", "place"), [(2.0, "low_and_minor"), (4.0, "minor")])
def test_a_driver_of_little_importance_is_placed_by_its_level(level: float, place: str) -> None:
    questions = asked()
    responses = people(questions, ONE_STRONG, sizes=[10] * 80, levels={"governance": level})

    found = found_in(responses, questions)

    governance = next(one for one in found.within.drivers if "governance" in one.constructs)
    assert governance.place == place


def test_shares_of_all_drivers_add_up_to_one() -> None:
    questions = asked()
    found = found_in(people(questions, ONE_STRONG, sizes=[10] * 80), questions)

    assert sum(one.share.estimate for one in found.within.drivers) == pytest.approx(1.0)


def test_a_driver_that_goes_against_the_outcome_has_a_negative_correlation() -> None:
    assert placed(3.0, -0.9).correlation.high < 0
