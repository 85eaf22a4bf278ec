"""The partially overlapping t-test: its published example, its two ends, its size."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analytics.inference.mean_difference import (
    GroupMeans,
    MeanDifference,
    Overlap,
    mean_difference,
)

Array = np.ndarray


def figure(sample: Array) -> GroupMeans:
    n = np.array([float(len(sample))])
    variance = np.array([sample.var(ddof=1)]) / n
    return GroupMeans(n, np.array([sample.mean()]), variance, variance**2 / (n - 1))


def overlapping(a: Array, b: Array, both: int) -> MeanDifference:
    """Compare two samples whose first ``both`` values are of the same people."""
    r = np.corrcoef(a[:both], b[:both])[0, 1] if both else 0.0
    covariance = r * a.std(ddof=1) * b.std(ddof=1) * both / (len(a) * len(b))
    shared = Overlap(np.array([float(both)]), np.array([1.0]), np.array([covariance]))
    return mean_difference(figure(a), figure(b), shared)


# Derrick, Toher & White 2017, The Quantitative Methods for Psychology 13(2), 120-126: their
# example, paired values first. They print p = .026 (to three places; both samples have 16
# values and nearly equal variances, so that both variants of the test give it).
GROUP_A = np.array([14, 15, 18, 20, 11, 19, 14, 15, 20, 21, 16, 18, 14, 12, 14, 17.0])
GROUP_B = np.array([15, 10, 15, 17, 13, 19, 12, 13, 10, 16, 18, 16, 15, 14, 13, 10.0])


def test_the_published_example_has_the_published_p() -> None:
    assert overlapping(GROUP_A, GROUP_B, 8).p_values()[0] == pytest.approx(0.026, abs=5e-4)


def test_the_degrees_of_freedom_of_the_example_are_those_of_the_formula() -> None:
    # (n_c - 1) + (g - n_c + 1)(n_a + n_b) / (n_a + n_b + 2 n_c), written out for 8, 8 and 8.
    welch = stats.ttest_ind(GROUP_A, GROUP_B, equal_var=False).df

    found = overlapping(GROUP_A, GROUP_B, 8).freedom[0]

    assert found == pytest.approx(7 + (welch - 7) * 16 / 32)


samples = st.integers(0, 2**32 - 1).map(
    lambda seed: np.random.default_rng(seed).normal(3, 1, size=(2, 12))
)


@settings(deadline=None)
@given(samples)
def test_all_of_the_same_people_give_the_paired_t_test(drawn: Array) -> None:
    expected = stats.ttest_rel(drawn[0], drawn[1]).pvalue

    assert overlapping(drawn[0], drawn[1], 12).p_values()[0] == pytest.approx(expected)


@settings(deadline=None)
@given(samples)
def test_none_of_the_same_people_give_welchs_t_test(drawn: Array) -> None:
    expected = stats.ttest_ind(drawn[0], drawn[1][:7], equal_var=False).pvalue

    assert overlapping(drawn[0], drawn[1][:7], 0).p_values()[0] == pytest.approx(expected)


@settings(deadline=None)
@given(samples)
def test_the_interval_is_that_of_the_paired_test(drawn: Array) -> None:
    expected = stats.ttest_rel(drawn[0], drawn[1]).confidence_interval(0.95)

    low, high = overlapping(drawn[0], drawn[1], 12).interval()

    assert (low[0], high[0]) == pytest.approx((expected.low, expected.high))


@pytest.mark.parametrize("correlation", [0.0, 0.5, 0.9])
def test_one_true_hypothesis_in_twenty_is_rejected(correlation: float) -> None:
    # Twelve people in both waves, eight and four in one only; standard error .0034.
    rng = np.random.default_rng(20261125)
    mix = np.linalg.cholesky(np.array([[1.0, correlation], [correlation, 1.0]]))
    rejected = 0
    for _ in range(4_000):
        both = rng.normal(size=(12, 2)) @ mix.T
        a = np.concatenate([both[:, 0], rng.normal(size=8)])
        b = np.concatenate([both[:, 1], rng.normal(size=4)])
        rejected += overlapping(a, b, 12).p_values()[0] <= 0.05
    assert rejected / 4_000 == pytest.approx(0.05, abs=0.012)


def test_a_detectable_difference_is_seen_four_times_in_five() -> None:
    # 20,000 draws of two samples of 30; the formula takes the true standard error, sqrt(2/30).
    rng = np.random.default_rng(7)
    known = MeanDifference(np.zeros(1), np.array([np.sqrt(2 / 30)]), np.array([58.0]))
    true = known.detectable()[0]
    a = rng.normal(true, 1, size=(20_000, 30))
    b = rng.normal(0, 1, size=(20_000, 30))
    seen = stats.ttest_ind(a, b, axis=1, equal_var=False).pvalue <= 0.05
    assert seen.mean() == pytest.approx(0.80, abs=0.01)


def test_a_narrow_interval_around_zero_is_within_the_margin() -> None:
    assert MeanDifference(np.zeros(1), np.array([0.1]), np.array([100.0])).is_within(0.2)[0]


def test_a_wide_interval_around_zero_is_not() -> None:
    assert not MeanDifference(np.zeros(1), np.array([0.13]), np.array([100.0])).is_within(0.2)[
        0
    ]


def test_equal_constant_samples_give_no_evidence_of_change() -> None:
    assert overlapping(np.full(6, 3.0), np.full(6, 3.0), 0).p_values()[0] == 1.0


def test_constant_samples_that_differ_give_certainty() -> None:
    assert overlapping(np.full(6, 3.0), np.full(6, 4.0), 0).p_values()[0] == 0.0
