"""Raking against closed forms of the 2 x 2 table, and by its properties."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.participation import Margin, rake
from analytics.participation.raking import design_effect

ROWS, COLUMNS = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])


def two_by_two(rows: list[float], columns: list[float]) -> list[Margin]:
    return [Margin(ROWS, np.array(rows)), Margin(COLUMNS, np.array(columns))]


def odds_ratio(table: np.ndarray) -> float:
    return float(table[0] * table[3] / (table[1] * table[2]))


def test_an_independent_table_becomes_the_product_of_its_margins() -> None:
    # Counts 10 20 / 30 60 are independent, so the closed form is row x column / total.
    people = np.array([10, 20, 30, 60])

    found = rake(people, two_by_two([80.0, 120.0], [50.0, 150.0]))

    assert people * found.weights == pytest.approx(np.array([20.0, 60.0, 30.0, 90.0]))


def test_a_dependent_table_keeps_its_odds_ratio() -> None:
    # Closed form: x (r2 - c1 + x) = q (r1 - x)(c1 - x) with q the odds ratio of the counts.
    # Counts 10 20 / 30 40 (q = 2/3), targets 60 90 / 70 80: x² + 20 x = 2/3 (60 - x)(70 - x),
    # hence x = -160 + sqrt(160² + 8400) = sqrt(34000) - 160.
    people = np.array([10, 20, 30, 40])

    found = rake(people, two_by_two([60.0, 90.0], [70.0, 80.0]))

    assert people[0] * found.weights[0] == pytest.approx(np.sqrt(34_000) - 160, abs=1e-5)


counts = st.lists(st.integers(20, 60), min_size=4, max_size=4).map(np.array)
targets = st.lists(st.floats(40, 200), min_size=3, max_size=3)


@settings(deadline=None)
@given(counts, targets)
def test_every_margin_is_met(people: np.ndarray, drawn: list[float]) -> None:
    first, second, left = drawn
    rows = [first, second]
    columns = [left / 201 * sum(rows), (1 - left / 201) * sum(rows)]

    found = rake(people, two_by_two(rows, columns))

    reached = np.bincount(COLUMNS, weights=people * found.weights)
    assert reached == pytest.approx(np.array(columns), rel=1e-7)


@settings(deadline=None)
@given(counts)
def test_weights_are_a_product_of_one_factor_per_margin(people: np.ndarray) -> None:
    total = float(people.sum())
    found = rake(people, two_by_two([total * 0.45, total * 0.55], [total * 0.5, total * 0.5]))

    assert odds_ratio(people * found.weights) == pytest.approx(odds_ratio(people), rel=1e-6)


def test_a_person_outside_a_margin_is_weighted_by_the_other_margins_alone() -> None:
    people = np.array([10, 10, 10])
    units = Margin(np.array([0, 0, 1]), np.array([40.0, 50.0]))
    roles = Margin(np.array([0, 1, -1]), np.array([10.0, 30.0]))

    assert rake(people, [units, roles]).weights == pytest.approx(np.array([1.0, 3.0, 5.0]))


def test_an_extreme_weight_is_trimmed_if_a_margin_leaves_room() -> None:
    # Without trimming the odds ratio would be that of the counts.
    people = np.array([1, 99, 99, 1])

    found = rake(people, two_by_two([190.0, 10.0], [100.0, 100.0]))

    assert odds_ratio(people * found.weights) != pytest.approx(odds_ratio(people), rel=0.01)


def test_a_margin_that_fixes_every_weight_takes_trimming_back() -> None:
    people = np.array([10, 10])

    found = rake(people, [Margin(np.array([0, 1]), np.array([10.0, 990.0]))])

    assert found.weights == pytest.approx(np.array([1.0, 99.0]))


def test_margins_that_no_weights_can_meet_are_reported() -> None:
    # All managers are in unit 0, yet more managers are asked for than the unit has people.
    people = np.array([10, 10])
    margins = [
        Margin(np.array([0, 1]), np.array([20.0, 30.0])),
        Margin(np.array([0, 1]), np.array([40.0, 10.0])),
    ]

    assert not rake(people, margins).converged


def test_equal_weights_cost_nothing() -> None:
    assert design_effect(np.array([2.0, 2.0]), np.array([7, 3])) == pytest.approx(1.0)


def test_the_design_effect_is_one_plus_the_squared_variation_of_weights() -> None:
    # Ten people of weight 1 and ten of weight 3: mean 2, variance 1, so 1 + 1/4.
    assert design_effect(np.array([1.0, 3.0]), np.array([10, 10])) == pytest.approx(1.25)
