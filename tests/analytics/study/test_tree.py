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
