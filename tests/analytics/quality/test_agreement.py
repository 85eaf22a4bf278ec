import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from analytics.quality.agreement import (
    agreement_band,
    answer_spread,
    average_deviation_limit,
    awg,
    lindell_agreement,
    uniform_variance,
    within_group_agreement,
)


def counts(*items: list[int], options: int = 5) -> NDArray[np.int64]:
    """Count answers 1 to 5 of one unit, an item each list."""
    return np.array([[np.bincount(item, minlength=options + 1)[1:] for item in items]])


def test_spread_is_the_sample_variance_of_each_item() -> None:
    found = answer_spread(counts([1, 2, 4, 4], [3, 3, 3, 5]))

    assert found.variance[0] == pytest.approx([2.25, 1.0])


def test_average_deviation_is_taken_from_the_mean_of_each_item() -> None:
    found = answer_spread(counts([1, 2, 4, 5], [3, 3, 3, 5]))

    # Item 1: mean 3, distances 2 1 1 2; item 2: mean 3.5, distances .5 .5 .5 1.5.
    assert found.mean_deviation[0] == pytest.approx((1.5 + 0.75) / 2)


def test_one_person_has_no_spread() -> None:
    assert np.isnan(answer_spread(counts([3])).variance).all()


def test_nobody_has_no_mean() -> None:
    assert np.isnan(answer_spread(np.zeros((1, 2, 5), dtype=np.int64)).mean).all()


def test_answers_by_lot_on_five_points_have_a_variance_of_two() -> None:
    assert uniform_variance(5) == 2.0


def test_the_limit_of_five_points_is_five_sixths() -> None:
    assert average_deviation_limit(5) == pytest.approx(5 / 6)


def test_one_item_agrees_as_much_as_its_variance_is_below_the_null() -> None:
    found = within_group_agreement(np.array([0.5]), items=1, null_variance=2.0)

    assert found == pytest.approx(0.75)


def test_three_items_agree_more_than_one() -> None:
    found = within_group_agreement(np.array([0.5]), items=3, null_variance=2.0)

    # 3 x .75 / (3 x .75 + .25), James, Demaree & Wolf 1984, equation 11.
    assert found == pytest.approx(0.9)


def test_more_spread_than_by_lot_counts_as_none() -> None:
    found = within_group_agreement(np.array([2.0, 3.1]), items=4, null_variance=2.0)

    assert found.tolist() == [0.0, 0.0]


def test_the_index_of_lindell_goes_below_zero() -> None:
    assert lindell_agreement(np.array([4.0]), null_variance=2.0) == pytest.approx(-1.0)


@settings(deadline=None)
@given(st.floats(0, 1.9), st.integers(1, 8))
def test_agreement_stays_between_nothing_and_one(variance: float, items: int) -> None:
    found = within_group_agreement(np.array([variance]), items=items, null_variance=2.0)

    assert 0.0 <= found[0] <= 1.0


def test_awg_is_one_if_all_answer_alike() -> None:
    assert awg(answer_spread(counts([3] * 6)), options=5) == pytest.approx(1.0)


def test_awg_is_minus_one_if_halves_stand_at_the_ends() -> None:
    # The greatest variance around a mean of 3 is 4 n / (n - 1): Brown & Hauenstein 2005.
    assert awg(answer_spread(counts([1, 1, 1, 5, 5, 5])), options=5) == pytest.approx(-1.0)


def test_awg_is_the_mean_over_items() -> None:
    found = awg(answer_spread(counts([3] * 6, [1, 1, 1, 5, 5, 5])), options=5)

    assert found == pytest.approx(0.0)


def test_awg_leaves_out_an_item_whose_mean_is_at_the_end() -> None:
    found = awg(answer_spread(counts([5] * 6, [1, 1, 1, 5, 5, 5])), options=5)

    assert found == pytest.approx(-1.0)


def test_awg_leaves_out_an_item_whose_mean_is_nearly_at_the_end() -> None:
    # Of 20 people the mean must reach (19 + 5) / 20 = 1.2; theirs is 1.1.
    assert np.isnan(awg(answer_spread(counts([1] * 18 + [2] * 2)), options=5))[0]


def test_awg_of_means_at_the_end_does_not_exist() -> None:
    assert np.isnan(awg(answer_spread(counts([5] * 6)), options=5))[0]


@pytest.mark.parametrize(
    ("agreement", "band"),
    [
        (0.0, "lack"),
        (0.30, "lack"),
        (0.31, "weak"),
        (0.50, "weak"),
        (0.51, "moderate"),
        (0.70, "moderate"),
        (0.71, "strong"),
        (0.90, "strong"),
        (0.91, "very_strong"),
        (1.0, "very_strong"),
    ],
)
def test_bands_are_those_of_lebreton_and_senter(agreement: float, band: str) -> None:
    assert agreement_band(agreement) == band
