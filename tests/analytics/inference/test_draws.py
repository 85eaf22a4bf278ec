import numpy as np
import pytest
from scipy.stats import kstest

from analytics.inference.draws import drawn_around, standard_normal


def test_every_dimension_is_standard_normal() -> None:
    normal = standard_normal(2000, 13, seed=3)

    distances = [kstest(column, "norm").statistic for column in normal.T]

    # As many independent draws stay below .030 in 95 % of cases, not in all of 13.
    assert max(distances) < 0.01


def test_dimensions_are_not_correlated() -> None:
    correlation = np.corrcoef(standard_normal(2000, 13, seed=3).T)

    np.testing.assert_allclose(correlation, np.eye(13), atol=0.06)


@pytest.mark.parametrize("seed", range(30))
def test_no_seed_gives_an_infinite_draw(seed: int) -> None:
    assert np.isfinite(standard_normal(500, 10, seed)).all()


def test_the_same_seed_gives_the_same_draws() -> None:
    np.testing.assert_array_equal(standard_normal(50, 4, 7), standard_normal(50, 4, 7))


def test_draws_have_the_mean_and_covariance_asked_for() -> None:
    means, covariance = np.array([1.0, -2.0]), np.array([[0.5, 0.3], [0.3, 0.4]])

    drawn = drawn_around(means, covariance, standard_normal(20_000, 2, seed=1)).T

    np.testing.assert_allclose(drawn.mean(axis=0), means, atol=0.005)
    np.testing.assert_allclose(np.cov(drawn.T), covariance, atol=0.005)


def test_measures_that_move_as_one_are_drawn_as_one() -> None:
    together = np.full((2, 2), 0.25)

    drawn = drawn_around(np.zeros(2), together, standard_normal(100, 2, seed=1)).T

    np.testing.assert_allclose(drawn[:, 0], drawn[:, 1], atol=1e-12)
