import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.decomposition import FactorAnalysis

from analytics.quality.omega import Bags, fit_one_factor, omega_interval, omega_total
from analytics.quality.reliability import cronbach_alpha

LOADINGS = np.array([0.9, 0.7, 0.5, 0.8])
UNIQUE = np.array([0.4, 0.6, 0.9, 0.5])
EXACT = np.outer(LOADINGS, LOADINGS) + np.diag(UNIQUE)


def steps(seed: int, people: int = 300, items: int = 4) -> NDArray[np.float64]:
    rng = np.random.default_rng(seed)
    trait = rng.normal(size=(people, 1))
    return np.clip(np.round(2 + trait + rng.normal(size=(people, items))), 0, 4)


def test_a_covariance_made_of_one_factor_gives_its_loadings_back() -> None:
    assert fit_one_factor(EXACT).loadings == pytest.approx(LOADINGS, abs=1e-6)


def test_a_covariance_made_of_one_factor_gives_its_uniquenesses_back() -> None:
    assert fit_one_factor(EXACT).uniquenesses == pytest.approx(UNIQUE, abs=1e-6)


def test_omega_is_the_share_of_the_sum_that_is_common() -> None:
    common = LOADINGS.sum() ** 2

    assert float(omega_total(EXACT)) == pytest.approx(common / (common + UNIQUE.sum()))


def test_omega_of_items_with_one_loading_is_alpha() -> None:
    covariance = np.full((5, 5), 0.4) + np.diag([0.3, 0.5, 0.7, 0.9, 1.1])

    assert float(omega_total(covariance)) == pytest.approx(float(cronbach_alpha(covariance)))


def test_the_fit_is_that_of_scikit_learn() -> None:
    answers = steps(1, items=6)
    model = FactorAnalysis(1, tol=1e-10, max_iter=20_000, svd_method="lapack").fit(answers)

    found = fit_one_factor(np.cov(answers.T, ddof=0))

    assert found.loadings == pytest.approx(np.abs(model.components_[0]), abs=1e-3)


def test_a_stack_is_fitted_as_its_matrices_are_one_by_one() -> None:
    stack = np.stack([np.cov(steps(seed).T) for seed in range(3)])

    assert omega_total(stack) == pytest.approx([float(omega_total(one)) for one in stack])


def test_an_item_that_does_not_vary_loads_nothing() -> None:
    covariance = np.zeros((5, 5))
    covariance[:4, :4] = EXACT

    assert fit_one_factor(covariance).loadings[4] == 0.0


def test_an_item_that_does_not_vary_leaves_omega_as_it_is() -> None:
    covariance = np.zeros((5, 5))
    covariance[:4, :4] = EXACT

    assert float(omega_total(covariance)) == pytest.approx(float(omega_total(EXACT)))


def test_items_that_do_not_vary_have_no_omega() -> None:
    assert np.isnan(omega_total(np.zeros((3, 3))))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_an_item_explained_entirely_keeps_a_share_of_its_own(seed: int) -> None:
    rng = np.random.default_rng(seed)
    trait = rng.normal(size=(30, 1))
    answers = np.hstack([trait, trait + rng.normal(size=(30, 3))])

    found = fit_one_factor(np.cov(answers.T))

    assert (found.uniquenesses > 0).all()


def test_bags_of_one_give_the_covariance_of_the_people() -> None:
    answers = steps(2, people=80)
    bags = Bags.deal(answers, seed=4)

    found = bags.covariance(np.ones(len(bags.n)))

    assert found == pytest.approx(np.cov(answers.T, ddof=0))


def test_bags_of_many_give_the_covariance_of_the_people() -> None:
    answers = steps(2, people=1800)
    bags = Bags.deal(answers, seed=4)

    found = bags.covariance(np.ones(len(bags.n)))

    assert found == pytest.approx(np.cov(answers.T, ddof=0))


def test_a_seed_decides_the_interval() -> None:
    bags = Bags.deal(steps(3), seed=0)

    assert omega_interval(bags, seed=1) == omega_interval(bags, seed=1)


def test_bags_are_as_good_as_people() -> None:
    answers = steps(5, people=2000)
    covariance = np.cov(answers.T, ddof=0)
    rng = np.random.default_rng(0)
    draws = (answers[rng.integers(0, 2000, 2000)] for _ in range(200))
    spread = np.std([float(omega_total(np.cov(draw.T, ddof=0))) for draw in draws])

    low, high = omega_interval(Bags.deal(answers, seed=0), seed=1)

    assert low < float(omega_total(covariance)) < high
    assert (high - low) / (2 * 1.96) == pytest.approx(spread, rel=0.25)


def test_the_interval_covers_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(7)
    truth = float(omega_total(EXACT))

    def covers() -> bool:
        people = rng.normal(size=(120, 1)) * LOADINGS + rng.normal(size=(120, 4)) * UNIQUE**0.5
        low, high = omega_interval(Bags.deal(people, seed=0), seed=0, resamples=60)
        return low < truth < high

    assert np.mean([covers() for _ in range(40)]) >= 0.85
