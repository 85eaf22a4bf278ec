import numpy as np
import polars as pl
import pytest
from scipy import stats

from analytics.group_scores import GroupScores, group_scores, maturity_level
from analytics.tree import UnitTree

TREE = UnitTree({"C": None, "A": "C", "B": "C"}, {"C": 0, "A": 30, "B": 10})
WEIGHTS = {"C": 0.0, "A": 30.0, "B": 10.0}
A = [("manager", 2.0), ("manager", 3.0), ("contributor", 4.0), ("contributor", 3.5)]
B = [("contributor", 1.0), ("contributor", 2.0), ("contributor", 2.5)]


def scores() -> dict[str, GroupScores]:
    rows = [("A", *row) for row in A] + [("B", *row) for row in B]
    people = pl.DataFrame(
        rows, schema={"unit": pl.String, "role": pl.String, "x": pl.Float64}, orient="row"
    )
    return group_scores(people, ["x"], TREE, WEIGHTS)


def test_a_units_interval_is_the_t_interval_of_its_people() -> None:
    values = np.array([value for _, value in A])
    low, high = stats.t.interval(0.95, 3, values.mean(), stats.sem(values))

    found = scores()["all"]

    assert found.mean[0, 0] == pytest.approx(values.mean())
    assert (found.low[0, 0], found.high[0, 0]) == pytest.approx((low, high))


def test_a_parent_weighs_its_units_by_headcount() -> None:
    a, b = np.mean([value for _, value in A]), np.mean([value for _, value in B])

    assert scores()["all"].mean[2, 0] == pytest.approx(0.75 * a + 0.25 * b)


def test_a_parents_error_is_stratified() -> None:
    a, b = [value for _, value in A], [value for _, value in B]
    parts = np.array([0.75**2 * np.var(a, ddof=1) / 4, 0.25**2 * np.var(b, ddof=1) / 3])
    freedom = parts.sum() ** 2 / (parts**2 / [3, 2]).sum()
    half = stats.t.ppf(0.975, freedom) * np.sqrt(parts.sum())

    found = scores()["all"]

    assert found.high[2, 0] - found.mean[2, 0] == pytest.approx(half)


def test_managers_and_contributors_add_up_to_everyone_at_every_level() -> None:
    found = scores()
    weight = {"managers": 2 * 30 / 4, "contributors": 2 * 30 / 4 + 10}

    total = sum(weight[cut] * found[cut].mean[2, 0] for cut in weight)

    assert total / 40 == pytest.approx(found["all"].mean[2, 0])


def test_n_counts_the_people_below() -> None:
    found = scores()

    assert found["all"].n[:, 0].tolist() == [4, 3, 7]
    assert found["managers"].n[:, 0].tolist() == [2, 0, 2]


def test_intervals_stay_on_the_scale() -> None:
    found = scores()["managers"]

    assert (found.low[0, 0], found.high[0, 0]) == (1.0, 5.0)


@pytest.mark.parametrize(
    ("points", "level"),
    [(1.0, 1), (1.79, 1), (1.8, 2), (2.6, 3), (3.4, 4), (4.19, 4), (4.2, 5), (5.0, 5)],
)
def test_levels_change_at_their_bounds(points: float, level: int) -> None:
    assert maturity_level(points) == level
