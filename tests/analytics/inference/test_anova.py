import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analytics.inference.anova import Anova, Groups, anova
from tests.analytics.quality.groups import groups_of

PEOPLE = [[2.0, 3.0, 3.5], [4.0, 4.5], [1.0, 1.5, 2.0, 3.0]]


def analysed(people: list[list[float]]) -> Anova:
    found = anova(groups_of(people))
    assert found is not None
    return found


def test_the_test_is_the_one_way_analysis_of_scipy() -> None:
    expected = stats.f_oneway(*PEOPLE)

    found = analysed(PEOPLE)

    assert (found.F, found.p) == pytest.approx((expected.statistic, expected.pvalue))


def test_equal_units_have_their_size_as_typical_size() -> None:
    assert analysed([[1.0, 2.0], [2.0, 3.0], [4.0, 4.5]]).n0 == pytest.approx(2.0)


def test_the_interval_holds_the_estimate() -> None:
    found = analysed(PEOPLE)

    assert found.icc1_low < found.icc1 < found.icc1_high


@settings(deadline=None)
@given(st.floats(-3, 3), st.floats(0.2, 4))
def test_neither_origin_nor_unit_of_the_scale_matters(shift: float, factor: float) -> None:
    moved = analysed([[shift + factor * score for score in unit] for unit in PEOPLE])

    assert moved.icc1 == pytest.approx(analysed(PEOPLE).icc1)


def test_the_interval_covers_as_often_as_it_says() -> None:
    rng = np.random.default_rng(0)
    people = rng.normal(size=(600, 15, 1)) * 0.5 + rng.normal(size=(600, 15, 8))

    found = [analysed(company) for company in people]

    covered = [one.icc1_low < 0.2 < one.icc1_high for one in found]
    assert np.mean(covered) == pytest.approx(0.95, abs=0.02)


@pytest.mark.parametrize(
    "people",
    [
        pytest.param([[1.0, 2.0]], id="one unit"),
        pytest.param([[1.0], [2.0], [4.0]], id="one person each"),
        pytest.param([[1.0, 1.0], [2.0, 2.0]], id="nobody differs"),
    ],
)
def test_there_is_no_answer_for(people: list[list[float]]) -> None:
    assert anova(groups_of(people)) is None


def test_there_is_no_answer_without_units() -> None:
    none = np.zeros(0)

    assert anova(Groups(none, none, none)) is None
