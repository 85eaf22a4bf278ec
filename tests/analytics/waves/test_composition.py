"""Kitagawa's split of a change into composition and change within roles."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.waves.changes import role_split
from tests.analytics.waves.two_waves import change_of, people, wave


def roles(share: float, managers: float, contributors: float) -> tuple[np.ndarray, np.ndarray]:
    return np.array([[share], [1 - share]]), np.array([[managers], [contributors]])


def test_more_managers_who_answer_as_before_is_all_composition() -> None:
    # Means stay at 4 and 2, managers go from a quarter to a half: 2.5 to 3, half a point.
    found = role_split(roles(0.5, 4, 2), roles(0.25, 4, 2), 0)

    assert found is not None
    assert (found.composition, found.within_roles) == pytest.approx((12.5, 0.0))


def test_the_same_mix_that_answers_otherwise_is_all_within() -> None:
    found = role_split(roles(0.25, 5, 2), roles(0.25, 4, 2), 0)

    assert found is not None
    assert (found.composition, found.within_roles) == pytest.approx((0.0, 6.25))


shares, means = st.floats(0, 1), st.floats(1, 5)


@settings(deadline=None)
@given(shares, means, means, shares, means, means)
def test_both_parts_add_up_to_the_change(
    p: float, m: float, c: float, q: float, n: float, d: float
) -> None:
    found = role_split(roles(p, m, c), roles(q, n, d), 0)

    assert found is not None
    change = p * m + (1 - p) * c - q * n - (1 - q) * d
    assert found.composition + found.within_roles == pytest.approx(25 * change, abs=1e-9)


def test_a_role_without_anybody_gives_no_split() -> None:
    assert role_split(roles(0.0, np.nan, 2), roles(0.25, 4, 2), 0) is None


def with_managers(number: int) -> list[tuple[str, str, str | None, int | None, int | None]]:
    managers = people("a", [3, 5, *[4] * (number - 2)], role="manager")
    return managers + people("a", [2, 3] * 5)


def test_a_unit_that_shows_its_roles_splits_its_change() -> None:
    found = change_of(wave(with_managers(10)), wave(with_managers(5)))

    assert found.split is not None
    assert found.split.within_roles == pytest.approx(0.0)


def test_a_unit_that_hides_its_roles_in_a_wave_does_not() -> None:
    assert change_of(wave(with_managers(10)), wave(with_managers(4))).split is None
