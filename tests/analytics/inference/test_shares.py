"""Intervals of shares and of their differences against published tables."""

import pytest
from scipy.stats import binomtest

from analytics.inference.shares import newcombe, wilson

Counts = tuple[int, int]


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


# Newcombe 1998, Statistics in Medicine 17(8), 873-890, table II, method 10.
@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0000),
        ((10, 10), (0, 10), 0.6075, 1.0000),
    ],
)
def test_the_interval_of_two_shares_is_the_published_one(
    one: Counts, other: Counts, low: float, high: float
) -> None:
    difference = one[0] / one[1] - other[0] / other[1]

    found = newcombe((one[0] / one[1], one[1]), (other[0] / other[1], other[1]))

    assert found == pytest.approx((difference, low, high), abs=5e-5)


def test_against_certainty_the_limits_of_a_difference_are_those_of_the_share() -> None:
    alone = binomtest(3, 12).proportion_ci(method="wilson")

    _, low, high = newcombe((3 / 12, 12), (0.0, 10**6))

    assert (low, high) == pytest.approx((alone.low, alone.high), abs=1e-5)
