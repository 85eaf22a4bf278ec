"""Response rates: what they count, and what is warned of."""

import pytest

from analytics.participation.staff import response_rate, warnings_of


def test_without_a_headcount_there_is_no_rate() -> None:
    assert response_rate(12, 0) is None


def test_more_answers_than_people_give_no_rate() -> None:
    assert response_rate(12, 10) is None


@pytest.mark.parametrize(
    ("answered", "asked", "expected"),
    [
        (29, 100, ("low_response",)),
        (30, 100, ()),
        (4, 5, ("few_answers",)),
        (4, 50, ("low_response", "few_answers")),
    ],
)
def test_a_rate_is_warned_of(answered: int, asked: int, expected: tuple[str, ...]) -> None:
    assert warnings_of(response_rate(answered, asked)) == expected


def test_a_head_count_that_cannot_be_right_is_warned_of_without_a_rate() -> None:
    assert warnings_of(None, "outdated_headcount") == ("outdated_headcount",)
