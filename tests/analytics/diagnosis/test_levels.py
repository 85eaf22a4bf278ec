import numpy as np
import polars as pl
import pytest
from scipy.stats import norm

from analytics.diagnosis.levels import Levels, Measure, measure_levels, measure_scores
from analytics.study.study import Study
from tests.analytics.diagnosis.company import construct, study_of

FIRST = Measure("first", ("a_1", "a_2"))
SECOND = Measure("second", ("a_2", "a_3", "b_1"))
ANSWERS = {
    "a_1": [2, 3, 4, 5, 3, 4],
    "a_2": [1, 3, 3, 5, 2, 4],
    "a_3": [2, 2, 4, 4, 3, 5],
    "b_1": [1, 4, 3, 4, 2, 2],
}


def company() -> Study:
    return study_of({"U": ANSWERS}, construct("a", 3), construct("b", 1))


def levels_of(study: Study, *measures: Measure, shown: bool = True) -> Levels:
    people = measure_scores(study.item_points, measures)
    return measure_levels(study, people, measures, lambda _unit, _measure: shown)


def test_a_mean_is_that_of_the_items_over_people() -> None:
    expected = np.mean([ANSWERS["a_2"], ANSWERS["a_3"], ANSWERS["b_1"]])

    found = levels_of(company(), FIRST, SECOND)

    assert found.means[0, 1] == pytest.approx(expected)


def test_people_and_items_each_have_a_covariance() -> None:
    # A measure is the average of its items: with independent item errors of variance v the
    # averages have the covariance v A A'. One unit pools with itself: people have S / n.
    averaging = np.array([[1 / 2, 1 / 2, 0, 0], [0, 1 / 3, 1 / 3, 1 / 3]])
    answers = np.array(list(ANSWERS.values()), dtype=float)
    v = np.var(answers[:3].mean(axis=1), ddof=1)
    people = np.cov(averaging @ answers) / 6

    found = levels_of(company(), FIRST, SECOND)

    np.testing.assert_allclose(found.people[0], people, atol=1e-12)
    np.testing.assert_allclose(found.items, v * averaging @ averaging.T, atol=1e-12)


def test_half_of_the_items_make_a_score_and_fewer_do_not() -> None:
    frame = pl.DataFrame(
        {
            "unit": ["U", "U"],
            "role": ["manager", "manager"],
            "a": [1.0, 1.0],
            "b": [4.0, None],
            "c": [None, None],
            "d": [None, None],
        },
        schema_overrides=dict.fromkeys("abcd", pl.Float64),
    )

    scores = measure_scores(frame, [Measure("m", ("a", "b", "c", "d"))])

    assert scores["m"].to_list() == [2.5, None]


def test_a_parent_is_the_headcount_weighted_mean_of_its_units() -> None:
    tree = pl.DataFrame(
        {"code": ["C", "U", "V"], "parent_code": [None, "C", "C"], "headcount": [0, 90, 10]}
    )
    low, high = {"a_1": [2, 2, 1, 3, 2]}, {"a_1": [4, 4, 5, 3, 4]}
    study = study_of({"U": low, "V": high}, construct("a", 1), tree=tree)

    found = levels_of(study, Measure("m", ("a_1",)))

    assert found.means[found.units.index("C"), 0] == pytest.approx(0.9 * 2.0 + 0.1 * 4.0)


def test_a_hidden_measure_has_no_score() -> None:
    found = levels_of(company(), FIRST, shown=False)

    assert found.score("U", "first") is None
    assert np.isnan(found.probability_from("U", "first", 3.0))


def test_the_probability_is_the_upper_tail_of_the_normal_posterior() -> None:
    found = levels_of(company(), FIRST)
    spread = np.sqrt(found.people[0, 0, 0] + found.items[0, 0])

    probability = found.probability_from("U", "first", 3.4)

    assert probability == pytest.approx(norm.sf(3.4, found.means[0, 0], spread))


@pytest.mark.parametrize(("threshold", "expected"), [(2.9, 1.0), (3.0, 1.0), (3.1, 0.0)])
def test_without_variance_a_threshold_is_met_or_not(threshold: float, expected: float) -> None:
    one = np.array([[3.0]])
    exact = Levels(
        units=("U",),
        measures=("m",),
        n=np.array([[9]]),
        means=one,
        low=one,
        high=one,
        people=np.zeros((1, 1, 1)),
        items=np.zeros((1, 1)),
        alone=np.array([True]),
        concentration=np.ones(1),
    )

    assert exact.probability_from("U", "m", threshold) == expected


def test_a_unit_is_shrunk_towards_the_others() -> None:
    low, high = {"a_1": [1, 2, 3, 3, 4, 2]}, {"a_1": [3, 5, 4, 5, 5, 4]}
    units = {f"U{at}": low for at in range(5)} | {"V": high}

    found = levels_of(study_of(units, construct("a", 1)), Measure("m", ("a_1",)))

    (mean, _), row = found.posterior, found.units.index("V")
    assert found.means[0, 0] < mean[row, 0] < found.means[row, 0]


def test_fewer_than_five_units_are_taken_as_they_are() -> None:
    units = {f"U{at}": {"a_1": [1, 2, 3, 3, 4, at + 1]} for at in range(4)}

    found = levels_of(study_of(units, construct("a", 1)), Measure("m", ("a_1",)))

    np.testing.assert_allclose(found.posterior[0], found.means)
    np.testing.assert_allclose(found.posterior[1], found.people)
