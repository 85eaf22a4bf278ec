"""The Shapley decomposition against R, against every order of entry, and closed forms."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from analytics.drivers.shapley import shapley_shares, subset_r_squared
from analytics.errors import AnalyticsError
from tests.analytics.drivers.correlated import drawn_correlation, swiss_correlation

# R package relaimpo 2.2-7, calc.relimp(lm(Fertility ~ ., swiss), type = "lmg").
SWISS_LMG = [
    0.0570912207681,
    0.1711730289002,
    0.2601346786244,
    0.1055701503735,
    0.1127659229265,
]
SWISS_R_SQUARED = 0.706735001593

seeds = st.integers(0, 10_000)
calm = settings(deadline=None, max_examples=40)


def r_squared(correlation: NDArray[np.float64], chosen: tuple[int, ...]) -> float:
    """Regress by the normal equations, one subset at a time."""
    if not chosen:
        return 0.0
    among, outcome = correlation[np.ix_(chosen, chosen)], correlation[list(chosen), -1]
    return float(outcome @ np.linalg.solve(among, outcome))


def mean_gain_over_all_orders(correlation: NDArray[np.float64]) -> NDArray[np.float64]:
    p = len(correlation) - 1
    gains = np.zeros(p)
    orders = list(permutations(range(p)))
    for order in orders:
        for place, predictor in enumerate(order):
            before = r_squared(correlation, order[:place])
            gains[predictor] += r_squared(correlation, order[: place + 1]) - before
    return gains / len(orders)


def test_the_shares_of_the_published_example_are_those_of_r() -> None:
    shares = shapley_shares(swiss_correlation())

    assert shares == pytest.approx(SWISS_LMG, abs=1e-12)


def test_all_predictors_of_the_published_example_explain_what_r_says() -> None:
    assert subset_r_squared(swiss_correlation())[-1] == pytest.approx(
        SWISS_R_SQUARED, abs=1e-11
    )


@calm
@given(seed=seeds, predictors=st.integers(1, 4))
def test_shares_are_the_mean_gain_over_every_order_of_entry(seed: int, predictors: int) -> None:
    correlation = drawn_correlation(seed, predictors)

    assert shapley_shares(correlation) == pytest.approx(
        mean_gain_over_all_orders(correlation), abs=1e-9
    )


@calm
@given(seed=seeds, predictors=st.integers(1, 9))
def test_shares_add_up_to_what_all_predictors_explain(seed: int, predictors: int) -> None:
    correlation = drawn_correlation(seed, predictors)

    full = r_squared(correlation, tuple(range(predictors)))
    assert shapley_shares(correlation).sum() == pytest.approx(full, abs=1e-9)


@calm
@given(seed=seeds)
def test_no_share_is_negative(seed: int) -> None:
    assert shapley_shares(drawn_correlation(seed, 6)).min() > -1e-12


@calm
@given(seed=seeds, predictors=st.integers(1, 6))
def test_every_subset_has_the_r_squared_of_its_own_regression(
    seed: int, predictors: int
) -> None:
    correlation = drawn_correlation(seed, predictors)

    found = subset_r_squared(correlation)

    assert found == pytest.approx(
        [
            r_squared(correlation, tuple(j for j in range(predictors) if subset >> j & 1))
            for subset in range(2**predictors)
        ],
        abs=1e-9,
    )


def test_two_predictors_follow_the_closed_form() -> None:
    # share_1 = (r_1² + R² - r_2²) / 2 with R² = (r_1² + r_2² - 2 r_1 r_2 r_12) / (1 - r_12²)
    correlation = np.array([[1.0, 0.5, 0.6], [0.5, 1.0, 0.4], [0.6, 0.4, 1.0]])
    explained = (0.36 + 0.16 - 2 * 0.6 * 0.4 * 0.5) / 0.75

    shares = shapley_shares(correlation)

    assert shares == pytest.approx(
        [(0.36 + explained - 0.16) / 2, (0.16 + explained - 0.36) / 2], abs=1e-14
    )


def test_predictors_that_do_not_correlate_have_their_squared_correlations() -> None:
    correlation = np.eye(4)
    correlation[:3, 3] = correlation[3, :3] = [0.5, 0.3, -0.1]

    assert shapley_shares(correlation) == pytest.approx([0.25, 0.09, 0.01], abs=1e-14)


def test_predictors_that_play_the_same_part_share_equally() -> None:
    correlation = np.full((5, 5), 0.3)
    np.fill_diagonal(correlation, 1.0)
    correlation[:4, 4] = correlation[4, :4] = 0.4

    shares = shapley_shares(correlation)

    assert shares == pytest.approx(np.full(4, shares[0]), abs=1e-14)


def test_a_predictor_that_repeats_another_halves_its_share() -> None:
    correlation = np.array([[1.0, 1.0, 0.6], [1.0, 1.0, 0.6], [0.6, 0.6, 1.0]])

    assert shapley_shares(correlation) == pytest.approx([0.18, 0.18], abs=1e-12)


def test_a_predictor_without_variance_has_no_share() -> None:
    correlation = np.array([[1.0, 0.0, 0.6], [0.0, 0.0, 0.0], [0.6, 0.0, 1.0]])

    assert shapley_shares(correlation) == pytest.approx([0.36, 0.0], abs=1e-14)


@calm
@given(seed=seeds)
def test_the_order_of_predictors_only_reorders_the_shares(seed: int) -> None:
    correlation = drawn_correlation(seed, 4)
    turned = [3, 1, 0, 2, 4]

    shares = shapley_shares(correlation)

    assert shapley_shares(correlation[np.ix_(turned, turned)]) == pytest.approx(
        shares[turned[:-1]], abs=1e-12
    )


def test_many_matrices_at_once_are_each_as_alone() -> None:
    several = np.stack([drawn_correlation(seed, 4) for seed in range(3)])

    together = shapley_shares(several)

    assert together == pytest.approx(np.stack([shapley_shares(one) for one in several]))


def test_thirteen_predictors_are_refused() -> None:
    with pytest.raises(AnalyticsError, match="13 predictors are more than the 12"):
        shapley_shares(np.eye(14))
