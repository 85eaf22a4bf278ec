import numpy as np
import pytest
from scipy.stats import norm

from analytics.diagnosis.constraint import hidden_constraints
from tests.analytics.diagnosis.constraint.groups import NO_ITEM_VARIANCE, ROOT_CAUSES, groups


def test_estimate_is_the_difference_of_the_two_lowest_means() -> None:
    verdict = hidden_constraints(
        groups({"U1": (3.4, 2.0, 2.6, 3.6, 3.5)}), NO_ITEM_VARIANCE, seed=1
    )["U1"]

    assert (verdict.distance or {})["estimate"] == pytest.approx(25 * 0.6)


def test_interval_of_two_is_that_of_the_normal_difference() -> None:
    pair = groups({"U1": (3.0, 3.4)}, errors=0.2, constructs=ROOT_CAUSES[:2])
    low, high = 25 * np.array(norm.interval(0.95, 0.4, 0.2 * np.sqrt(2)))

    verdict = hidden_constraints(
        pair, dict.fromkeys(ROOT_CAUSES[:2], 0.0), seed=1, draws=50_000
    )["U1"]

    assert verdict.distance == pytest.approx(
        {"estimate": 10, "low": low, "high": high}, abs=0.3
    )


@pytest.mark.parametrize(("lowest", "beyond_doubt"), [(2.0, True), (3.0, False)])
def test_interval_leaves_out_zero_exactly_when_the_lowest_is_beyond_doubt(
    lowest: float, beyond_doubt: bool
) -> None:
    verdict = hidden_constraints(
        groups({"U1": (3.4, lowest, 3.2, 3.6, 3.5)}), NO_ITEM_VARIANCE, seed=1
    )["U1"]

    assert ((verdict.distance or {})["low"] > 0) is beyond_doubt
    assert ((verdict.probabilities or {})["data_readiness"] >= 0.975) is beyond_doubt


def test_estimate_lies_within_its_interval() -> None:
    rng = np.random.default_rng(4)
    many = groups({f"U{i}": 3 + 0.2 * rng.standard_normal(5) for i in range(200)}, errors=0.2)

    verdicts = hidden_constraints(many, NO_ITEM_VARIANCE, seed=1)

    assert all(
        found.distance["low"] <= found.distance["estimate"] <= found.distance["high"]
        for found in verdicts.values()
        if found.distance is not None
    )
