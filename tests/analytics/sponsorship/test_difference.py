"""A difference of means against scipy's t test of one sample, whose error it can take."""

import numpy as np
import pytest
from scipy.stats import ttest_1samp

from analytics.sponsorship.comparison import Side, SideDifference

SAMPLE = np.array([0.2, -0.1, 0.4, 0.3, 0.0, 0.25])


def of_sample(sample: np.ndarray) -> SideDifference:
    variance = float(np.var(sample, ddof=1)) / len(sample)
    side = Side(float(np.mean(sample)), ((variance, len(sample) - 1),))
    return SideDifference.of(side, Side(0.0, ()))


@pytest.mark.parametrize("level", [0.90, 0.95])
def test_limits_are_those_of_the_t_distribution(level: float) -> None:
    expected = ttest_1samp(SAMPLE, 0.0).confidence_interval(level)

    assert of_sample(SAMPLE).interval(level) == pytest.approx((expected.low, expected.high))


@pytest.mark.parametrize("shift", [0.0, -0.3, 1.0])
def test_p_is_that_of_the_t_test(shift: float) -> None:
    found = of_sample(SAMPLE + shift).p_value()

    assert found == pytest.approx(ttest_1samp(SAMPLE + shift, 0.0).pvalue)


@pytest.mark.parametrize("shift", [0.0, 0.3, -0.5, -2.0])
def test_equivalence_is_the_weaker_of_two_one_sided_tests(shift: float) -> None:
    moved = SAMPLE + shift
    expected = max(
        ttest_1samp(moved, -0.5, alternative="greater").pvalue,
        ttest_1samp(moved, 0.5, alternative="less").pvalue,
    )

    assert of_sample(moved).equivalence_p(0.5) == pytest.approx(expected)


def test_equal_terms_pool_their_degrees_of_freedom() -> None:
    found = SideDifference.of(Side(4.0, ((0.1, 5.0),)), Side(3.0, ((0.1, 5.0),)))

    assert found.freedom == pytest.approx(10.0)


def test_what_rounding_leaves_of_a_difference_and_its_error_is_nothing() -> None:
    left_over = ((1e-34, 5.0),)

    found = SideDifference.of(Side(22 / 7 + 4e-16, left_over), Side(22 / 7, left_over))

    assert (found.p_value(), found.equivalence_p(0.5)) == (1.0, 0.0)


@pytest.mark.parametrize(
    ("estimate", "p", "equivalence"), [(0.0, 1.0, 0.0), (0.2, 0.0, 0.0), (0.6, 0.0, 1.0)]
)
def test_without_error_everything_is_certain(
    estimate: float, p: float, equivalence: float
) -> None:
    found = SideDifference.of(Side(3.0 + estimate, ()), Side(3.0, ()))

    assert (found.p_value(), found.equivalence_p(0.5)) == (p, equivalence)
