"""Weighted beside unweighted means, by hand."""

from collections.abc import Sequence
from math import sqrt

import pytest

from analytics.participation.shown_figures import ShownFigure
from analytics.participation.weighting import post_stratified, weighted_mean
from analytics.results.participation import WeightedMean


def cell(
    unit: str, n: int, staff: int, mean: float, *, role: str | None = None, half: float = 0.0
) -> ShownFigure:
    return ShownFigure(unit, role, n, staff, mean, half)


def weighted(figures: Sequence[ShownFigure], *, describes: bool = False) -> WeightedMean:
    found = weighted_mean(figures, describes=describes)
    assert found is not None
    return found


UNITS = [cell("a", 10, 80, 40.0), cell("b", 10, 20, 60.0)]
ROLES = [
    cell("a", 5, 20, 80.0, role="manager"),
    cell("a", 5, 40, 40.0, role="contributor"),
    cell("b", 5, 20, 70.0, role="manager"),
    cell("b", 5, 20, 50.0, role="contributor"),
]


def test_units_count_by_their_headcount() -> None:
    assert weighted(UNITS).weighted == pytest.approx(0.8 * 40 + 0.2 * 60)


def test_unweighted_counts_everybody_who_answered_once() -> None:
    assert weighted(UNITS).unweighted == pytest.approx(50.0)


def test_a_difference_of_more_than_a_tenth_of_a_point_is_said() -> None:
    assert weighted(UNITS).verdict == "differs"


def test_a_difference_of_less_is_none() -> None:
    assert weighted([cell("a", 10, 55, 40.0), cell("b", 10, 45, 60.0)]).verdict == "similar"


def test_roles_shown_apart_are_weighted_too() -> None:
    # Equal counts are independent, so the fitted table is unit x role / total: 24, 36, 16, 24.
    expected = (24 * 80 + 36 * 40 + 16 * 70 + 24 * 50) / 100

    assert weighted(ROLES).weighted == pytest.approx(expected)


def test_it_says_that_roles_were_weighted() -> None:
    assert weighted(ROLES).by == "unit_and_role"


def test_one_figure_alone_has_nothing_to_be_weighted_with() -> None:
    assert weighted_mean([cell("a", 10, 80, 40.0)]) is None


def test_a_company_that_answered_whole_leaves_no_doubt_about_its_staff() -> None:
    everybody = [cell("a", 80, 80, 40.0, half=5.0), cell("b", 20, 20, 60.0, half=9.0)]
    found = weighted(everybody, describes=True)

    assert found.among_current_staff_low == pytest.approx(found.weighted)


def test_half_widths_add_in_squares_each_cut_by_those_who_answered() -> None:
    figures = [cell("a", 20, 80, 40.0, half=4.0), cell("b", 10, 20, 60.0, half=6.0)]
    found = weighted(figures, describes=True)

    half = sqrt((0.8 * 4.0) ** 2 * (1 - 20 / 80) + (0.2 * 6.0) ** 2 * (1 - 10 / 20))
    assert found.among_current_staff_high == pytest.approx(found.weighted + half)


def test_a_parent_does_not_describe_its_staff() -> None:
    assert weighted(UNITS).among_current_staff_low is None


def test_roles_of_a_unit_count_by_their_headcount() -> None:
    found = post_stratified(ROLES[:2])

    assert found is not None
    assert found.weighted == pytest.approx((20 * 80 + 40 * 40) / 60)


def test_a_unit_with_a_role_of_four_is_not_post_stratified() -> None:
    assert post_stratified([cell("a", 4, 9, 80.0, role="manager"), ROLES[1]]) is None
