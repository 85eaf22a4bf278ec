"""Late against early answers: a verdict, and never a figure."""

import msgspec
import pytest

from analytics.participation.late_answers import late_answers
from analytics.results.participation import LateAnswers
from tests.analytics.participation.companies import study_of

CELL = ("a", "contributor")


def verdict(early: list[int], late: list[int], *, k: int = 5) -> LateAnswers:
    days = {CELL: [1] * len(early) + [9] * len(late)}
    found = late_answers(study_of({CELL: early + late}, days=days), k=k)
    assert found is not None
    return found


SPREAD = [1, 2, 3, 4, 5] * 40


def test_without_days_there_is_no_verdict() -> None:
    assert late_answers(study_of({CELL: SPREAD}), k=5) is None


def test_late_answers_a_point_higher_differ() -> None:
    assert verdict([2, 3] * 30, [3, 4] * 30).verdict == "differs"


def test_it_names_the_construct() -> None:
    assert verdict([2, 3] * 30, [3, 4] * 30).constructs == ("trust",)


def test_many_equal_answers_are_similar() -> None:
    assert verdict([3, 4] * 100, [3, 4] * 100).verdict == "similar"


def test_few_spread_answers_leave_it_open() -> None:
    assert verdict(SPREAD[:40], SPREAD[:40]).verdict == "inconclusive"


@pytest.mark.parametrize(("early", "late"), [(19, 60), (60, 19)])
def test_a_half_below_twenty_people_is_too_few(early: int, late: int) -> None:
    assert verdict([3] * early, [4] * late).verdict == "too_few"


def test_a_half_below_k_is_too_few() -> None:
    assert verdict([2, 3] * 15, [3, 4] * 15, k=31).verdict == "too_few"


def test_no_number_is_on_the_wire() -> None:
    found = msgspec.json.decode(msgspec.json.encode(verdict([2, 3] * 30, [3, 4] * 30)))

    assert found == {"verdict": "differs", "constructs": ["trust"]}
