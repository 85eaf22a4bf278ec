"""Scales that overlap are merged, and no others."""

import numpy as np

from analytics.drivers.collinearity import merged_groups, merging


def overlapping(r: float) -> np.ndarray:
    covariance = np.eye(3)
    covariance[0, 2] = covariance[2, 0] = r
    return covariance


def test_an_inflation_above_five_merges_the_two_scales() -> None:
    # VIF = 1 / (1 - r²): 5 at r = .8944
    assert merged_groups(overlapping(0.90)) == ((0, 2), (1,))


def test_an_inflation_below_five_merges_nothing() -> None:
    assert merged_groups(overlapping(0.89)) == ((0,), (1,), (2,))


def test_a_scale_that_repeats_another_is_merged_with_it() -> None:
    assert merged_groups(overlapping(1.0)) == ((0, 2), (1,))


def test_the_unit_of_a_scale_changes_nothing() -> None:
    scale = np.diag([100.0, 1.0, 0.01])

    assert merged_groups(scale @ overlapping(0.95) @ scale) == ((0, 2), (1,))


def test_three_scales_that_measure_the_same_become_one() -> None:
    covariance = np.full((3, 3), 0.95) + 0.05 * np.eye(3)

    assert merged_groups(covariance) == ((0, 1, 2),)


def test_a_merged_scale_is_the_mean_of_its_scales() -> None:
    assert merging(((0, 2), (1,)), 3).tolist() == [[0.5, 0.0], [0.0, 1.0], [0.5, 0.0]]
