"""Response rates: published intervals, and what is warned of."""

import pytest

from analytics.participation.rates import response_rate, warnings_of
from analytics.participation.wilson import wilson


@pytest.mark.parametrize(
    ("answered", "asked", "low", "high"),
    [
        # Newcombe 1998, Statistics in Medicine 17(8), 857-872, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_the_published_one(
    answered: int, asked: int, low: float, high: float
) -> None:
    assert wilson(answered / asked, asked) == pytest.approx((low, high), abs=5e-5)


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
