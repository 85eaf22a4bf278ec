import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from analytics.quality.reliability import (
    alpha_if_dropped,
    corrected_item_total,
    cronbach_alpha,
    feldt_interval,
    standardised_alpha,
)


def parallel(items: int, correlation: float) -> NDArray[np.float64]:
    return np.full((items, items), correlation) + (1 - correlation) * np.eye(items)


def answers(seed: int, items: int = 4, people: int = 60) -> NDArray[np.float64]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(people, 1)) + rng.normal(scale=1.2, size=(people, items))


@pytest.mark.parametrize(("items", "correlation"), [(2, 0.4), (3, 0.5), (8, 0.2)])
def test_alpha_of_parallel_items_is_spearman_and_brown_s(
    items: int, correlation: float
) -> None:
    stepped_up = items * correlation / (1 + (items - 1) * correlation)

    assert float(cronbach_alpha(parallel(items, correlation))) == pytest.approx(stepped_up)


def test_alpha_follows_from_item_variances_and_that_of_the_sum() -> None:
    people = answers(1)
    share = people.var(axis=0, ddof=1).sum() / people.sum(axis=1).var(ddof=1)

    assert float(cronbach_alpha(np.cov(people.T))) == pytest.approx(4 / 3 * (1 - share))


@settings(deadline=None)
@given(st.integers(0, 50), st.floats(0.1, 9))
def test_alpha_does_not_depend_on_the_unit_of_the_scale(seed: int, factor: float) -> None:
    covariance = np.cov(answers(seed).T)

    assert float(cronbach_alpha(factor * covariance)) == pytest.approx(
        float(cronbach_alpha(covariance))
    )


def test_standardised_alpha_ignores_how_far_items_spread() -> None:
    stretched = np.diag([1.0, 2.0, 5.0])

    found = standardised_alpha(stretched @ parallel(3, 0.5) @ stretched)

    assert float(found) == pytest.approx(0.75)


def test_items_that_cancel_but_for_rounding_have_no_alpha() -> None:
    opposite = np.array([[3.9, -3.9], [-3.9, 3.9 + 1e-15]])

    assert np.isnan(cronbach_alpha(opposite))


def test_an_item_whose_others_cancel_but_for_rounding_has_no_item_total() -> None:
    cancelling = np.array([[1.0, 0.0, 0.0], [0.0, 3.9, -3.9], [0.0, -3.9, 3.9 + 1e-15]])

    assert np.isnan(corrected_item_total(cancelling)[0])


def test_a_stack_of_matrices_gives_a_stack_of_alphas() -> None:
    stack = np.stack([parallel(3, 0.5), parallel(3, 0.2)])

    assert cronbach_alpha(stack).tolist() == pytest.approx([0.75, 0.6 / 1.4])


def test_a_single_item_has_no_alpha() -> None:
    assert np.isnan(cronbach_alpha(np.array([[1.0]])))


def test_items_that_do_not_vary_have_no_alpha() -> None:
    assert np.isnan(cronbach_alpha(np.zeros((3, 3))))


def test_an_item_that_does_not_vary_leaves_no_standardised_alpha() -> None:
    assert np.isnan(standardised_alpha(np.diag([1.0, 0.0])))


def test_without_one_of_two_items_there_is_no_alpha() -> None:
    assert np.isnan(alpha_if_dropped(parallel(2, 0.5))).all()


def test_alpha_without_an_item_is_alpha_of_the_others() -> None:
    covariance = np.cov(answers(2).T)

    found = alpha_if_dropped(covariance)

    assert found[1] == pytest.approx(
        float(cronbach_alpha(covariance[np.ix_([0, 2, 3], [0, 2, 3])]))
    )


def test_item_total_is_the_correlation_with_the_sum_of_the_others() -> None:
    people = answers(3)
    others = people[:, 1:].sum(axis=1)

    found = corrected_item_total(np.cov(people.T))

    assert found[0] == pytest.approx(np.corrcoef(people[:, 0], others)[0, 1])


def test_an_item_that_does_not_vary_correlates_with_nothing() -> None:
    assert np.isnan(corrected_item_total(np.diag([1.0, 0.0]))[1])


def test_the_interval_of_feldt_covers_as_often_as_it_says() -> None:
    rng = np.random.default_rng(0)
    people = rng.normal(size=(800, 25, 1)) + rng.normal(size=(800, 25, 4))
    deviations = people - people.mean(axis=1, keepdims=True)
    alphas = cronbach_alpha(np.einsum("bni,bnj->bij", deviations, deviations))

    intervals = [feldt_interval(float(alpha), people=25, items=4) for alpha in alphas]

    assert np.mean([low < 0.8 < high for low, high in intervals]) == pytest.approx(
        0.95, abs=0.02
    )
