import numpy as np
import polars as pl
import pytest
from scipy import stats

from analytics.study.group_scores import GroupScores, group_scores, maturity_level
from analytics.study.tree import UnitTree
from analytics.vocabulary import CUTS

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


# --- cells that are not open

FAMILY = UnitTree({"C": None, "A": "C", "H": "C", "I": "C"}, {"C": 0, "A": 30, "H": 6, "I": 14})
SHARES = {"C": 0.0, "A": 30.0, "H": 6.0, "I": 14.0}
FEW, FEW_MORE = [2.0, 3.0, 4.0], [1.0, 2.0, 2.5, 4.5]


def around_hidden(h: list[float], i: list[float], *, is_open: bool = False) -> GroupScores:
    """Score A, which is open, above it C, and two units that are open or not."""
    units = {"A": [value for _, value in A], "H": h, "I": i}
    people = pl.DataFrame(
        [(unit, "contributor", value) for unit, values in units.items() for value in values],
        schema={"unit": pl.String, "role": pl.String, "x": pl.Float64},
        orient="row",
    )
    opened = np.array([[True], [False], [is_open], [is_open]])
    cells = dict.fromkeys(CUTS, opened)
    return group_scores(people, ["x"], FAMILY, SHARES, open_cells=cells)["all"]


def test_the_spread_of_cells_that_are_not_open_is_not_in_a_parents_interval() -> None:
    one = around_hidden(FEW, FEW_MORE)
    other = around_hidden([3.0, 3.0, 3.0], [2.5, 2.5, 2.5, 2.5])

    assert (other.low[1, 0], other.high[1, 0]) == pytest.approx((one.low[1, 0], one.high[1, 0]))


def test_the_spread_of_open_cells_is_in_a_parents_interval() -> None:
    one = around_hidden(FEW, FEW_MORE, is_open=True)
    other = around_hidden([3.0, 3.0, 3.0], [2.5, 2.5, 2.5, 2.5], is_open=True)

    assert other.high[1, 0] != pytest.approx(one.high[1, 0])


def test_cells_that_are_not_open_count_as_one_stratum_of_the_pooled_variance() -> None:
    a = [value for _, value in A]
    effect = 1 + 1 / 7
    parts = np.var(a, ddof=1) * np.array([0.6**2 / 4, effect * 0.4**2 / 7])
    freedom = parts.sum() ** 2 / (parts**2 / [3, 3]).sum()
    half = stats.t.ppf(0.975, freedom) * np.sqrt(parts.sum())

    found = around_hidden(FEW, FEW_MORE)

    assert found.high[1, 0] - found.mean[1, 0] == pytest.approx(half)


def test_how_many_people_are_in_which_of_them_is_not_in_it() -> None:
    """Two people less here and more there, and the same mean of all."""
    one = around_hidden([3.0] * 3, [3.0] * 4)
    other = around_hidden([3.0] * 5, [3.0] * 2)

    assert (other.low[1, 0], other.high[1, 0]) == pytest.approx((one.low[1, 0], one.high[1, 0]))


def test_without_an_open_cell_the_spread_is_that_of_everybody() -> None:
    scores = pl.DataFrame(
        {"unit": ["H"] * 3 + ["I"] * 4, "role": ["contributor"] * 7, "x": FEW + FEW_MORE}
    )
    closed = dict.fromkeys(CUTS, np.zeros((4, 1), dtype=bool))
    error = np.sqrt((1 + 1 / 7) / 7) * np.std(FEW + FEW_MORE, ddof=1)
    half = stats.t.ppf(0.975, 6) * error

    found = group_scores(scores, ["x"], FAMILY, SHARES, open_cells=closed)["all"]

    assert found.high[1, 0] - found.mean[1, 0] == pytest.approx(half)
