"""Sums per unit against covariances computed the long way."""

import numpy as np
import pytest

from analytics.drivers.cross_products import between_units, correlations, within_units

rng = np.random.default_rng(7)
UNIT_OF = np.array([2, 0, 1, 1, 0, 2, 2, 0, 1, 2])
VALUES = rng.normal(size=(10, 3))
ONCE = np.ones((1, 3))


def test_within_units_is_the_scatter_of_deviations_from_the_units_mean() -> None:
    cross = within_units(VALUES, UNIT_OF, 3)

    expected = sum(
        (len(rows) - 1) * np.cov(rows.T)
        for rows in (VALUES[unit == UNIT_OF] for unit in range(3))
    )
    assert cross.scatter(ONCE)[0] == pytest.approx(expected, abs=1e-12)


def test_within_units_has_as_many_degrees_of_freedom_as_people_less_units() -> None:
    assert within_units(VALUES, UNIT_OF, 3).freedom == 7


def test_between_units_is_the_scatter_of_means() -> None:
    means = VALUES[:5]

    assert between_units(means).scatter(np.ones((1, 5)))[0] == pytest.approx(
        4 * np.cov(means.T), abs=1e-12
    )


def test_a_resample_is_the_scatter_with_units_repeated() -> None:
    times = np.array([[0.0, 3.0, 1.0, 0.0, 1.0]])
    drawn = VALUES[[1, 1, 1, 2, 4]]

    assert between_units(VALUES[:5]).scatter(times)[0] == pytest.approx(
        4 * np.cov(drawn.T), abs=1e-12
    )


def test_a_constant_added_to_a_unit_changes_nothing_within() -> None:
    shifted = VALUES + 5.0 * UNIT_OF[:, None]

    assert within_units(shifted, UNIT_OF, 3).scatter(ONCE) == pytest.approx(
        within_units(VALUES, UNIT_OF, 3).scatter(ONCE), abs=1e-12
    )


def test_merged_variables_have_the_scatter_of_their_means() -> None:
    link = np.array([[0.5, 0.0], [0.5, 0.0], [0.0, 1.0]])

    merged = within_units(VALUES, UNIT_OF, 3).merged(link)

    assert merged.scatter(ONCE) == pytest.approx(
        within_units(VALUES @ link, UNIT_OF, 3).scatter(ONCE), abs=1e-12
    )


def test_nobody_gives_no_units() -> None:
    cross = within_units(np.zeros((0, 3)), np.zeros(0, dtype=np.intp), 0)

    assert (len(cross.rows), cross.freedom) == (0, 0)


def test_a_variable_without_variance_correlates_with_nothing() -> None:
    found = correlations(np.array([[4.0, 0.0], [0.0, 0.0]]))

    assert found.tolist() == [[1.0, 0.0], [0.0, 1.0]]


def test_a_variable_that_does_not_vary_is_told() -> None:
    flat = np.column_stack([VALUES[:, 0], np.full(10, 3.0)])

    assert within_units(flat, UNIT_OF, 3).varies.tolist() == [True, False]
