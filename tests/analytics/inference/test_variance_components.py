import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from analytics.inference.anova import Groups, anova
from analytics.inference.variance_components import (
    Components,
    between_variance,
    mean_reliability,
    restricted_likelihood,
    variance_components,
)
from tests.analytics.quality.groups import groups_of


def company(seed: int, sizes: list[int], between: float = 0.5) -> list[NDArray[np.float64]]:
    rng = np.random.default_rng(seed)
    return [3 + rng.normal() * between + rng.normal(size=size) * 0.8 for size in sizes]


def likelihood(people: list[NDArray[np.float64]], between: float, within: float) -> float:
    """Return -2 log of the restricted likelihood from the whole covariance of the people."""
    scores = np.concatenate(people)
    unit = np.repeat(np.arange(len(people)), [len(one) for one in people])
    covariance = within * np.eye(len(scores)) + between * (unit[:, None] == unit)
    inverse = np.linalg.inv(covariance)
    ones = np.ones(len(scores))
    information = ones @ inverse @ ones
    residual = scores - ones @ inverse @ scores / information
    determinant = np.linalg.slogdet(covariance)[1]
    return float(determinant + np.log(information) + residual @ inverse @ residual)


def test_in_equal_units_it_is_the_analysis_of_variance() -> None:
    groups = groups_of(company(1, [6] * 8))
    expected = anova(groups)

    found = variance_components(groups)

    assert expected is not None
    assert found is not None
    assert found.icc1 == pytest.approx(expected.icc1, abs=1e-6)


def test_in_equal_units_the_variance_within_is_the_mean_square() -> None:
    groups = groups_of(company(1, [6] * 8))
    expected = anova(groups)

    found = variance_components(groups)

    assert expected is not None
    assert found is not None
    assert found.within == pytest.approx(expected.within, abs=1e-6)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000), st.lists(st.integers(1, 12), min_size=4, max_size=9))
def test_no_other_variances_are_more_likely(seed: int, sizes: list[int]) -> None:
    people = company(seed, [*sizes, 5])
    found = variance_components(groups_of(people))
    assert found is not None
    best = likelihood(people, found.between, found.within)

    near = [
        likelihood(people, max(found.between + step, 0.0), found.within * factor)
        for step in (-0.1, -0.01, 0.0, 0.01, 0.1, 0.5)
        for factor in (0.8, 0.98, 1.0, 1.02, 1.25)
    ]

    assert best <= min(near) + 1e-6


def test_the_profile_is_the_likelihood_up_to_a_constant() -> None:
    people = company(3, [3, 8, 5, 2])
    groups = groups_of(people)

    def full(share: float) -> float:
        ratio = share / (1 - share)
        weight = groups.n / (1 + groups.n * ratio)
        centre = np.average(groups.mean, weights=weight)
        within = (groups.within + weight @ (groups.mean - centre) ** 2) / (groups.people - 1)
        return likelihood(people, ratio * within, within)

    differences = [
        restricted_likelihood(groups, share) - full(share) for share in (0, 0.2, 0.7)
    ]

    assert np.ptp(differences) == pytest.approx(0.0, abs=1e-9)


def test_units_that_differ_less_than_their_people_do_not_differ() -> None:
    found = variance_components(groups_of([[1.0, 5.0], [1.0, 5.0], [5.0, 1.0]]))

    assert found is not None
    assert found.between == 0.0


def test_if_nobody_differs_from_the_unit_all_lies_between() -> None:
    found = variance_components(groups_of([[1.0, 1.0], [2.0, 2.0], [4.5, 4.5]]))

    assert found == Components(pytest.approx(np.var([1, 2, 4.5], ddof=1)), 0.0)


def test_if_nothing_differs_no_share_lies_between() -> None:
    found = variance_components(groups_of([[3.0, 3.0], [3.0, 3.0]]))

    assert found is not None
    assert found.icc1 == 0.0


@pytest.mark.parametrize("people", [[[1.0, 2.0]], [[1.0], [2.0], [4.0]]])
def test_nothing_tells_the_variances_apart(people: list[list[float]]) -> None:
    assert variance_components(groups_of(people)) is None


def test_the_order_of_units_does_not_matter() -> None:
    groups = groups_of(company(5, [3, 9, 4, 6, 2]))
    back = Groups(groups.n[::-1], groups.mean[::-1], groups.squares[::-1])

    there, again = variance_components(groups), variance_components(back)

    assert there is not None
    assert again is not None
    assert there.icc1 == pytest.approx(again.icc1, abs=1e-9)


# Method 4 on lq2002 (ICC(1) .108): .38 at 5 people, .59 at 12, .71 at 20, .86 at 50.
@pytest.mark.parametrize(
    ("people", "expected"), [(5, 0.38), (12, 0.59), (20, 0.71), (50, 0.86)]
)
def test_the_mean_of_more_people_is_more_reliable(people: int, expected: float) -> None:
    found = mean_reliability(Components(0.108, 0.892), np.array([float(people)]))

    assert found[0] == pytest.approx(expected, abs=0.005)


def test_means_that_cannot_differ_are_not_reliable() -> None:
    assert mean_reliability(Components(0.0, 0.0), np.array([5.0])).tolist() == [0.0]


MEANS = np.array([2.0, 2.6, 3.1, 3.5, 4.2, 2.9])


def test_equal_errors_leave_the_variance_of_means_less_the_error() -> None:
    tau2 = between_variance(MEANS, np.full(6, 0.2))

    assert tau2 == pytest.approx(np.var(MEANS, ddof=1) - 0.2)


def test_unequal_errors_solve_the_equation_of_paule_and_mandel() -> None:
    errors = np.array([0.01, 0.1, 0.3, 0.05, 0.2, 0.4])

    tau2 = between_variance(MEANS, errors)

    weights = 1 / (errors + tau2)
    centre = np.average(MEANS, weights=weights)
    assert weights @ (MEANS - centre) ** 2 == pytest.approx(5.0)


def test_means_closer_than_their_errors_do_not_vary() -> None:
    assert between_variance(MEANS, np.full(6, 5.0)) == 0.0


def test_means_without_error_keep_all_their_variance() -> None:
    assert between_variance(MEANS, np.full(6, 1e-12)) == pytest.approx(np.var(MEANS, ddof=1))
