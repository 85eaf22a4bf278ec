from itertools import product

import numpy as np
import pytest

from analytics.quality.agreement import chance_agreement, within_group_agreement


def every_sheet(people: int, items: int, options: int) -> np.ndarray:
    """Return r_wg(j) of all equally likely ways to answer, by brute force."""
    answers = np.array(list(product(range(options), repeat=people * items)), dtype=float)
    variance = answers.reshape(-1, items, people).var(axis=2, ddof=1).mean(axis=1)
    null = (options**2 - 1) / 12
    return within_group_agreement(variance, items=items, null_variance=null)


@pytest.mark.parametrize(
    ("people", "items", "options"), [(2, 1, 5), (3, 1, 5), (4, 1, 7), (3, 2, 4), (2, 4, 3)]
)
def test_19_of_20_ways_to_answer_agree_no_more(people: int, items: int, options: int) -> None:
    agreed = every_sheet(people, items, options)

    found = chance_agreement(people, items, options)

    assert np.mean(agreed <= found + 1e-9) >= 0.95


@pytest.mark.parametrize(("people", "items", "options"), [(4, 1, 5), (3, 2, 4), (2, 4, 3)])
def test_it_is_the_least_such_point(people: int, items: int, options: int) -> None:
    agreed = every_sheet(people, items, options)

    found = chance_agreement(people, items, options)

    assert np.mean(agreed > found - 1e-9) >= 0.05


@pytest.mark.parametrize("items", [1, 3, 4, 8])
def test_the_exact_point_goes_over_into_the_normal_one(items: int) -> None:
    exact, normal = chance_agreement(25, items), chance_agreement(26, items)

    assert exact == pytest.approx(normal, abs=0.02)


@pytest.mark.parametrize("items", [3, 8])
def test_in_large_groups_it_is_that_of_a_simulation(items: int) -> None:
    rng = np.random.default_rng(0)
    variance = rng.integers(0, 5, (20_000, items, 60)).var(axis=2, ddof=1).mean(axis=1)
    agreed = within_group_agreement(variance, items=items, null_variance=2.0)

    assert chance_agreement(60, items) == pytest.approx(np.quantile(agreed, 0.95), abs=0.01)


def test_the_larger_the_group_the_less_it_agrees_by_chance() -> None:
    points = [chance_agreement(people, 4) for people in (5, 10, 20, 40, 80, 300)]

    assert points == sorted(points, reverse=True)
