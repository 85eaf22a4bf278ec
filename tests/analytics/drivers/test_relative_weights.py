"""Johnson's weights against published output."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.drivers.decomposition import relative_weights
from analytics.drivers.shapley import shapley_shares, subset_r_squared
from tests.analytics.drivers.correlated import drawn_correlation, swiss_correlation


def test_weights_of_the_example_of_iopsych_are_those_it_prints() -> None:
    # R package iopsych 0.90.1, example of relWt: the matrix and the output "$eps".
    correlation = np.array(
        [
            [1.0, 0.2, 0.3, 0.4, -0.4],
            [0.2, 1.0, 0.5, 0.1, 0.1],
            [0.3, 0.5, 1.0, 0.2, -0.3],
            [0.4, 0.1, 0.2, 1.0, 0.4],
            [-0.4, 0.1, -0.3, 0.4, 1.0],
        ]
    )

    assert relative_weights(correlation) == pytest.approx(
        [0.24066119, 0.05492664, 0.12143476, 0.28158189], abs=5e-9
    )


def test_weights_of_the_swiss_example_are_those_of_another_program() -> None:
    # Python package relativeImp 0.0.2 on the same data.
    assert relative_weights(swiss_correlation()) == pytest.approx(
        [0.048416895812, 0.154708249806, 0.271964104646, 0.114680029948, 0.116965721381],
        abs=1e-11,
    )


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10_000), predictors=st.integers(1, 6))
def test_weights_add_up_to_what_all_predictors_explain(seed: int, predictors: int) -> None:
    correlation = drawn_correlation(seed, predictors)

    full = subset_r_squared(correlation)[-1]
    assert relative_weights(correlation).sum() == pytest.approx(full, abs=1e-9)


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10_000))
def test_with_two_predictors_weights_and_shares_agree(seed: int) -> None:
    correlation = drawn_correlation(seed, 2)

    assert relative_weights(correlation) == pytest.approx(shapley_shares(correlation), abs=1e-9)


def test_predictors_that_repeat_each_other_share_what_they_explain() -> None:
    correlation = np.array([[1.0, 1.0, 0.6], [1.0, 1.0, 0.6], [0.6, 0.6, 1.0]])

    assert relative_weights(correlation) == pytest.approx([0.18, 0.18], abs=1e-9)
