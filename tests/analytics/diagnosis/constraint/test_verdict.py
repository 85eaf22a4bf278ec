import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm

from analytics.diagnosis.constraint import hidden_constraints
from tests.analytics.diagnosis.constraint.groups import NO_ITEM_VARIANCE, ROOT_CAUSES, groups

CLEAR = (3.4, 2.0, 3.3, 3.6, 3.5)


def test_identifies_a_root_cause_far_below_the_others() -> None:
    verdict = hidden_constraints(groups({"U1": CLEAR}), NO_ITEM_VARIANCE, seed=1)["U1"]

    assert (verdict.status, verdict.dimensions) == ("identified", ("data_readiness",))


def test_names_two_root_causes_that_tie_the_likelier_first() -> None:
    low_pair = groups({"U1": (3.4, 2.02, 3.3, 2.0, 3.5)})

    verdict = hidden_constraints(low_pair, NO_ITEM_VARIANCE, seed=1)["U1"]

    assert (verdict.status, verdict.dimensions) == (
        "tied",
        ("executive_sponsorship", "data_readiness"),
    )


def test_names_nothing_when_three_could_be_lowest() -> None:
    three = groups({"U1": (2.0, 2.0, 2.0, 3.6, 3.5)})

    verdict = hidden_constraints(three, NO_ITEM_VARIANCE, seed=1)["U1"]

    assert (verdict.status, verdict.dimensions) == ("insufficient_evidence", ())
    assert verdict.probabilities is not None


def test_a_missing_root_cause_leaves_no_probabilities() -> None:
    partial = groups({"U1": (3.4, 2.0, np.nan, 3.6, 3.5)})

    verdict = hidden_constraints(partial, NO_ITEM_VARIANCE, seed=1)["U1"]

    assert verdict.status == "insufficient_evidence"
    assert (verdict.dimensions, verdict.probabilities, verdict.distance) == ((), None, None)


def test_a_file_with_three_root_causes_is_judged_on_these() -> None:
    few = groups({"U1": (3.4, 2.0, 3.3)}, constructs=ROOT_CAUSES[:3])

    verdict = hidden_constraints(few, dict.fromkeys(ROOT_CAUSES[:3], 0.0), seed=1)["U1"]

    assert verdict.dimensions == ("data_readiness",)


def test_one_root_cause_alone_is_no_evidence() -> None:
    alone = groups({"U1": (1.5,)}, constructs=ROOT_CAUSES[:1])

    verdict = hidden_constraints(alone, {ROOT_CAUSES[0]: 0.0}, seed=1)["U1"]

    assert (verdict.status, verdict.probabilities) == ("insufficient_evidence", None)


def test_two_root_causes_alone_cannot_tie() -> None:
    pair = groups({"U1": (3.0, 3.0)}, constructs=ROOT_CAUSES[:2])

    verdict = hidden_constraints(pair, dict.fromkeys(ROOT_CAUSES[:2], 0.0), seed=1)["U1"]

    assert verdict.status == "insufficient_evidence"


def test_constructs_that_are_no_root_causes_are_ignored() -> None:
    wide = groups({"U1": (*CLEAR, 1.0)}, constructs=(*ROOT_CAUSES, "data_literacy"))

    verdict = hidden_constraints(wide, NO_ITEM_VARIANCE, seed=1)["U1"]

    assert verdict.dimensions == ("data_readiness",)
    assert "data_literacy" not in (verdict.probabilities or {})


def test_probability_of_two_is_that_of_the_normal_difference() -> None:
    pair = groups({"U1": (3.0, 3.1)}, errors=(0.1, 0.2), constructs=ROOT_CAUSES[:2])
    item_variance = {ROOT_CAUSES[0]: 0.01, ROOT_CAUSES[1]: 0.02}
    expected = norm.cdf(0.1 / np.sqrt(0.1**2 + 0.2**2 + 0.01 + 0.02))

    verdict = hidden_constraints(pair, item_variance, seed=1, draws=50_000)["U1"]

    assert verdict.probabilities is not None
    assert verdict.probabilities[ROOT_CAUSES[0]] == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("seed", range(20))
def test_no_seed_moves_a_probability_by_more_than_a_hundredth(seed: int) -> None:
    pair = groups({"U1": (3.0, 3.05)}, errors=(0.1, 0.2), constructs=ROOT_CAUSES[:2])
    expected = norm.cdf(0.05 / np.hypot(0.1, 0.2))

    verdict = hidden_constraints(pair, dict.fromkeys(ROOT_CAUSES[:2], 0.0), seed=seed)["U1"]

    assert (verdict.probabilities or {})[ROOT_CAUSES[0]] == pytest.approx(expected, abs=0.01)


def test_correlated_errors_are_drawn_as_such() -> None:
    covariance = 0.04 * np.array([[1.0, 0.8, 0.0], [0.8, 1.0, 0.3], [0.0, 0.3, 1.0]])
    means = np.array([3.0, 3.05, 3.1])
    drawn = groups({"U1": means}, constructs=ROOT_CAUSES[:3])
    drawn.covariance[0] = covariance
    # P(first is lowest) = P(both differences to it are positive).
    contrast = np.array([[-1.0, 1.0, 0.0], [-1.0, 0.0, 1.0]])
    differences = multivariate_normal(-contrast @ means, contrast @ covariance @ contrast.T)

    verdict = hidden_constraints(
        drawn, dict.fromkeys(ROOT_CAUSES[:3], 0.0), seed=1, draws=50_000
    )["U1"]

    assert verdict.probabilities is not None
    assert verdict.probabilities[ROOT_CAUSES[0]] == pytest.approx(
        differences.cdf(np.zeros(2)), abs=0.01
    )


def test_probabilities_sum_to_one() -> None:
    verdict = hidden_constraints(groups({"U1": CLEAR}, errors=0.8), NO_ITEM_VARIANCE, seed=3)

    assert sum((verdict["U1"].probabilities or {}).values()) == pytest.approx(1.0)


def test_exact_ties_without_any_error_are_shared() -> None:
    equal = groups({"U1": (3.0,) * 5}, errors=0.0)

    verdict = hidden_constraints(equal, NO_ITEM_VARIANCE, seed=1)["U1"]

    assert verdict.probabilities == pytest.approx(dict.fromkeys(ROOT_CAUSES, 0.2))


def test_item_sampling_takes_certainty_from_large_units() -> None:
    large = groups({"U1": (3.0, 2.9, 3.3, 3.6, 3.5)}, errors=0.02)
    items = dict.fromkeys(ROOT_CAUSES, 0.2**2 / 4)

    without = hidden_constraints(large, NO_ITEM_VARIANCE, seed=1)["U1"]
    with_items = hidden_constraints(large, items, seed=1)["U1"]

    assert (without.status, with_items.status) == ("identified", "tied")


def test_a_group_is_judged_the_same_alone_and_among_others() -> None:
    others = {"A": (2.9, 3.0, 3.1, 3.0, 3.2), "U1": (3.0, 2.9, 3.3, 3.1, 3.5), "Z": CLEAR}

    among = hidden_constraints(groups(others), NO_ITEM_VARIANCE, seed=5)["U1"]
    alone = hidden_constraints(groups({"U1": others["U1"]}), NO_ITEM_VARIANCE, seed=5)["U1"]

    assert among == alone


def test_a_constant_added_to_every_mean_changes_nothing() -> None:
    means = np.array([3.0, 2.9, 3.3, 3.1, 3.5])

    verdict = hidden_constraints(groups({"U1": means}), NO_ITEM_VARIANCE, seed=5)["U1"]
    shifted = hidden_constraints(groups({"U1": means + 0.5}), NO_ITEM_VARIANCE, seed=5)["U1"]

    assert shifted.probabilities == pytest.approx(verdict.probabilities, abs=1e-9)
    assert shifted.distance == pytest.approx(verdict.distance, abs=1e-9)
