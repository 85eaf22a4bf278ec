import polars as pl
import pytest

from analytics.errors import AnalyticsError
from analytics.study.tree import UnitTree


def tree(*rows: tuple[str, str | None, int]) -> UnitTree:
    schema = {"code": pl.String, "parent_code": pl.String, "headcount": pl.Int64}
    return UnitTree.of(pl.DataFrame(rows, schema=schema, orient="row"))


COMPANY = tree(("C", None, 0), ("D", "C", 5), ("U2", "D", 7), ("U1", "D", 9), ("E", "C", 3))


def test_members_are_the_unit_and_everything_below() -> None:
    assert set(COMPANY.members("D")) == {"D", "U1", "U2"}


def test_ancestors_come_nearest_first() -> None:
    assert COMPANY.ancestors("U1") == ("D", "C")


def test_children_come_before_their_parent() -> None:
    order = COMPANY.leaves_first

    assert order.index("U1") < order.index("D") < order.index("C")


def test_refuses_an_unknown_parent() -> None:
    with pytest.raises(AnalyticsError, match="'U1' has the unknown parent 'X'"):
        tree(("U1", "X", 3))


@pytest.mark.parametrize("headcount", [None, -1])
def test_refuses_a_head_count_that_is_no_number_of_people(headcount: int | None) -> None:
    with pytest.raises(AnalyticsError, match=f"'U1' has the head-count {headcount}"):
        tree(("U1", None, headcount))


def test_refuses_a_unit_that_comes_twice() -> None:
    with pytest.raises(AnalyticsError, match="occurs twice"):
        tree(("U1", None, 3), ("U1", None, 4))


def test_refuses_a_cycle() -> None:
    with pytest.raises(AnalyticsError, match="its own ancestor"):
        tree(("A", "B", 1), ("B", "A", 1))


def test_a_parent_that_holds_the_sum_of_its_units_holds_a_total() -> None:
    totals = tree(("C", None, 16), ("D", "C", 16), ("U1", "D", 9), ("U2", "D", 7))

    assert totals.totals == ("C", "D")
    assert totals.headcounts == {"C": 0, "D": 0, "U1": 9, "U2": 7}


def test_a_total_counts_through_a_parent_without_a_head_count() -> None:
    assert tree(("C", None, 9), ("D", "C", 0), ("U1", "D", 9)).totals == ("C",)


def test_a_parent_with_people_of_its_own_holds_no_total() -> None:
    assert COMPANY.totals == ()
    assert COMPANY.headcounts["D"] == 5


def test_parents_of_empty_units_hold_no_total() -> None:
    assert tree(("C", None, 0), ("U1", "C", 0)).totals == ()
