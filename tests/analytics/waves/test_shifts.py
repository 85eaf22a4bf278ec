"""Stability index and means against published and hand-derived values."""

from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.waves.recommender_drift import (
    distribution_shift,
    mean_shift,
    stability_index,
    status_of,
    worst,
)


def counts(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)


def test_the_index_follows_its_formula() -> None:
    # Half a count is added: shares 2/3 and 1/3 against 1/3 and 2/3, twice 1/3 ln 2.
    assert stability_index(counts(7.5, 3.5), counts(3.5, 7.5)) == pytest.approx(2 / 3 * log(2))


many = st.lists(st.integers(0, 200), min_size=5, max_size=5).map(lambda values: counts(*values))


@settings(deadline=None)
@given(many, many)
def test_the_index_is_symmetric(one: np.ndarray, other: np.ndarray) -> None:
    assert stability_index(one, other) == pytest.approx(stability_index(other, one))


def test_if_nothing_moved_the_index_exceeds_chance_one_time_in_twenty() -> None:
    # 4,000 pairs of samples of 500; standard error .0034.
    rng = np.random.default_rng(1)
    shares = [0.1, 0.2, 0.4, 0.2, 0.1]
    draws = rng.multinomial(500, shares, size=(4_000, 2)).astype(float)
    found = [distribution_shift(one, other) for one, other in draws]
    exceeded = np.mean([shift.psi > shift.chance for shift in found])
    assert exceeded == pytest.approx(0.05, abs=0.012)


def test_a_large_index_of_few_people_is_chance() -> None:
    found = distribution_shift(counts(4, 1, 2, 1, 1), counts(1, 2, 1, 3, 2))

    assert (found.psi > 0.25, found.status) == (True, "stable")


def test_the_same_index_of_many_people_is_an_alert() -> None:
    found = distribution_shift(counts(400, 100, 200, 100, 100), counts(100, 200, 100, 300, 200))

    assert found.status == "alert"


def test_a_finer_test_that_sees_nothing_vetoes() -> None:
    found = distribution_shift(
        counts(400, 100, 200, 100, 100), counts(100, 200, 100, 300, 200), adjusted_p=0.2
    )

    assert found.status == "stable"


@pytest.mark.parametrize(
    ("size", "is_clear", "status"),
    [
        (0.04, True, "stable"),
        (0.05, True, "watch"),
        (0.10, True, "alert"),
        (0.5, False, "stable"),
    ],
)
def test_status_needs_size_and_evidence(size: float, is_clear: bool, status: str) -> None:
    assert status_of(size, (0.05, 0.10), is_clear=is_clear) == status


def test_the_worst_of_nothing_is_stable() -> None:
    assert worst([]) == "stable"


def test_a_watch_is_worse_than_stable_and_better_than_an_alert() -> None:
    assert worst(["stable", "alert", "watch"]) == "alert"


def test_a_mean_over_one_unit_has_no_interval() -> None:
    assert mean_shift(counts(0.5), counts(0.4)) is None


def test_a_mean_that_rose_everywhere_by_a_tenth_is_an_alert() -> None:
    found = mean_shift(counts(0.5, 0.61, 0.7), counts(0.4, 0.5, 0.6))

    assert found is not None
    assert found.status == "alert"
