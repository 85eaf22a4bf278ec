"""Response rates: what they count, and what is warned of."""

import pytest

from analytics.participation.staff import response_rate, warnings_of


def test_without_a_headcount_there_is_no_rate() -> None:
    assert response_rate(12, 0) is None


def test_more_answers_than_people_count_as_everybody() -> None:
    found = response_rate(12, 10)

    assert found is not None
    assert found.rate == 1.0


@pytest.mark.parametrize(
    ("answered", "asked", "expected"),
    [
        (29, 100, ("low_response",)),
        (30, 100, ()),
        (4, 5, ("few_answers",)),
        (4, 50, ("low_response", "few_answers")),
        (12, 10, ("outdated_headcount",)),
    ],
)
def test_a_rate_is_warned_of(answered: int, asked: int, expected: tuple[str, ...]) -> None:
    assert warnings_of(response_rate(answered, asked)) == expected
