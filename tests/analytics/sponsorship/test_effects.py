import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.sponsorship.gap_verdicts import (
    cliffs_delta,
    delta_band,
    favourable_share,
    small_sample_factor,
)
from analytics.sponsorship.ratings import Ratings

SCORES = st.lists(st.integers(4, 20).map(lambda quarters: quarters / 4), min_size=1, max_size=9)


def cell(scores: list[float]) -> Ratings:
    ordered = np.sort(np.array(scores))
    return Ratings(len(scores), float(ordered.mean()), 0.0, ordered)


@given(SCORES, SCORES)
def test_deltas_count_pairs(one: list[float], other: list[float]) -> None:
    signs = [np.sign(x - y) for x in one for y in other]

    assert cliffs_delta(cell(one), cell(other)) == pytest.approx(np.mean(signs))


@given(SCORES, SCORES)
def test_deltas_are_opposite_seen_from_the_other_side(
    one: list[float], other: list[float]
) -> None:
    forth, back = cliffs_delta(cell(one), cell(other)), cliffs_delta(cell(other), cell(one))

    assert forth == -back


@pytest.mark.parametrize(
    ("delta", "band"),
    [
        (0.14, "negligible"),
        (-0.15, "small"),
        (0.33, "medium"),
        (-0.47, "large"),
        (1.0, "large"),
    ],
)
def test_deltas_have_a_word_from_each_limit_on(delta: float, band: str) -> None:
    assert delta_band(delta) == band


def test_a_score_of_four_is_favourable() -> None:
    assert favourable_share(cell([3.99, 4.0, 4.5, 1.0])) == 0.5


def test_a_mean_that_rounding_left_just_under_four_is_favourable() -> None:
    assert favourable_share(cell([4.0 - 1e-12])) == 1.0


# By hand, from gamma(1/2) = sqrt(pi): 1 / sqrt(pi), sqrt(pi / 6), sqrt(2 / pi).
@pytest.mark.parametrize(
    ("freedom", "factor"),
    [(2, np.pi**-0.5), (3, (np.pi / 6) ** 0.5), (4, (2 / np.pi) ** 0.5)],
)
def test_small_samples_overstate_an_effect(freedom: int, factor: float) -> None:
    assert small_sample_factor(freedom) == pytest.approx(factor)


@pytest.mark.parametrize("freedom", [10, 50, 10_000])
def test_the_factor_is_close_to_the_usual_approximation(freedom: int) -> None:
    # Hedges (1981): 1 - 3 / (4 m - 1), off by less than .007 from m = 2 on.
    assert small_sample_factor(freedom) == pytest.approx(1 - 3 / (4 * freedom - 1), abs=5e-4)


def test_one_degree_of_freedom_supports_no_effect_size() -> None:
    assert small_sample_factor(1) == 0.0
