import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import approx_fprime

from analytics.quality.invariance import GroupMoments, _Shared, invariance

EASIER = np.array([0.8, 0.0, 0.0, 0.0])
LOADINGS = np.array([0.8, 0.7, 0.9, 0.6])
INTERCEPTS = np.array([3.0, 2.5, 3.5, 3.2])


def group(
    seed: int,
    *,
    loadings: NDArray[np.float64] = LOADINGS,
    intercepts: NDArray[np.float64] = INTERCEPTS,
    level: float = 0.0,
    people: int = 400,
) -> GroupMoments:
    rng = np.random.default_rng(seed)
    trait = level + rng.normal(size=(people, 1))
    return GroupMoments.of(intercepts + trait * loadings + 0.7 * rng.normal(size=(people, 4)))


def test_groups_of_one_measurement_may_be_compared() -> None:
    assert invariance(group(1), group(2)) == "intercepts"


def test_a_higher_level_alone_is_no_other_measurement() -> None:
    assert invariance(group(1), group(2, level=0.8)) == "intercepts"


def test_an_item_that_one_group_finds_easier_leaves_the_loadings_alike() -> None:
    easier = INTERCEPTS + EASIER

    assert invariance(group(1), group(2, intercepts=easier)) == "loadings"


def test_an_item_that_measures_something_else_in_one_group_leaves_nothing_alike() -> None:
    other = LOADINGS * [-0.2, 1, 1, 1]

    assert invariance(group(1), group(2, loadings=other)) == "none"


def test_the_order_of_groups_does_not_matter() -> None:
    easier = group(2, intercepts=INTERCEPTS + EASIER)

    assert invariance(easier, group(1)) == invariance(group(1), easier)


def test_neither_origin_nor_unit_of_the_items_matters() -> None:
    first, second = group(1), group(2, intercepts=INTERCEPTS + EASIER)
    moved = [
        GroupMoments(one.n, 7 + 25 * one.mean, 625 * one.covariance) for one in (first, second)
    ]

    assert invariance(*moved) == invariance(first, second)


def test_99_people_are_not_tested() -> None:
    assert invariance(group(1, people=99), group(2)) == "not_tested"


def test_two_items_are_not_tested() -> None:
    pair = GroupMoments(400, np.zeros(2), np.eye(2))

    assert invariance(pair, pair) == "not_tested"


def test_an_item_that_does_not_vary_in_one_group_is_not_tested() -> None:
    flat = group(2)
    covariance = flat.covariance.copy()
    covariance[0], covariance[:, 0] = 0.0, 0.0

    assert invariance(group(1), GroupMoments(flat.n, flat.mean, covariance)) == "not_tested"


@pytest.mark.parametrize("means", [True, False])
def test_the_gradient_is_that_of_the_misfit(means: bool) -> None:
    groups = (group(1), group(2, level=0.5))
    model = _Shared.start(groups)
    values = model.packed() + np.random.default_rng(0).normal(size=18) * 0.1

    def misfit(at: NDArray[np.float64]) -> float:
        return model.unpacked(at).slope(groups, means=means)[0]

    found = model.unpacked(values).slope(groups, means=means)[1]

    assert found == pytest.approx(approx_fprime(values, misfit, 1e-6), abs=1e-4)


def test_the_misfit_of_the_true_model_is_as_large_as_its_degrees_of_freedom() -> None:
    def statistic(seed: int) -> float:
        groups = (group(2 * seed), group(2 * seed + 1, level=0.4))
        return _Shared.start(groups).fitted(groups, means=True).misfit(groups, means=True)

    # 4 items: 2 x 2 degrees of one factor each, 3 of the loadings, 3 of the intercepts.
    assert np.mean([statistic(seed) for seed in range(60)]) == pytest.approx(10.0, abs=1.8)
