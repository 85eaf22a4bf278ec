"""The response surface against exact polynomials and against refitting without each unit."""

import numpy as np
import pytest
from scipy.stats import t

from analytics.sponsorship.comparison import Pairing, Side
from analytics.sponsorship.scope import Contrast
from analytics.sponsorship.surface import response_surface

RNG = np.random.default_rng(5)
OWN, SEEN = RNG.uniform(2, 5, 60), RNG.uniform(1, 4, 60)
B = np.array([3.0, 0.4, 0.7, -0.1, 0.2, 0.05])
S, E = OWN - 3, SEEN - 3
DESIGN = np.column_stack([np.ones(60), S, E, S**2, S * E, E**2])
NOISY = DESIGN @ B + RNG.normal(0, 0.3, 60)


def units(count: int = 60) -> dict[str, Contrast]:
    nobody = Pairing({}, {})
    return {
        f"U{i:02}": Contrast("all", nobody, Side(float(OWN[i]), ()), Side(float(SEEN[i]), ()))
        for i in range(count)
    }


def outcome(values: np.ndarray) -> dict[str, float]:
    return {f"U{i:02}": float(value) for i, value in enumerate(values)}


def test_an_exact_surface_is_found_again() -> None:
    found = response_surface(units(), outcome(DESIGN @ B))

    assert found is not None
    slopes = [found.a1.estimate, found.a2.estimate, found.a3.estimate, found.a4.estimate]
    assert slopes == pytest.approx([0.4 + 0.7, -0.1 + 0.2 + 0.05, 0.4 - 0.7, -0.1 - 0.2 + 0.05])


def test_limits_rest_on_how_far_each_unit_lies_from_the_others_surface() -> None:
    inverse = np.linalg.inv(DESIGN.T @ DESIGN)
    middle = np.zeros((6, 6))
    for i in range(60):
        without = np.delete(np.arange(60), i)
        left = np.linalg.lstsq(DESIGN[without], NOISY[without], rcond=None)[0]
        middle += (NOISY[i] - DESIGN[i] @ left) ** 2 * np.outer(DESIGN[i], DESIGN[i])
    weights = np.array([0, 1, 1, 0, 0, 0])
    error = np.sqrt(weights @ inverse @ middle @ inverse @ weights)

    found = response_surface(units(), outcome(NOISY))

    assert found is not None
    assert found.a1.high - found.a1.estimate == pytest.approx(t.ppf(0.975, 54) * error)


def test_fifty_units_are_needed() -> None:
    assert response_surface(units(49), outcome(NOISY)) is None
    assert response_surface(units(50), outcome(NOISY)) is not None


def test_units_without_an_outcome_do_not_count() -> None:
    assert response_surface(units(), outcome(NOISY[:49])) is None


def test_nothing_is_fitted_if_both_sides_are_the_same() -> None:
    same = {
        code: Contrast("all", one.pairing, one.seen, one.seen) for code, one in units().items()
    }

    assert response_surface(same, outcome(NOISY)) is None


def test_nothing_is_fitted_to_an_outcome_that_is_the_same_everywhere() -> None:
    assert response_surface(units(), outcome(np.full(60, 3.0))) is None
