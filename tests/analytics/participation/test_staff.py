"""Head-counts by role: what is refused, and when a role's head-count is known."""

import polars as pl
import pytest

from analytics.errors import AnalyticsError, SchemaError
from analytics.participation.staff import Staff
from analytics.study.tree import UnitTree
from tests.analytics.participation.companies import headcounts

TREE = UnitTree({"top": None, "a": "top", "b": "top"}, {"top": 0, "a": 40, "b": 10})


def test_a_missing_column_is_named() -> None:
    with pytest.raises(SchemaError, match="role"):
        Staff.of(TREE, pl.DataFrame({"unit": ["a"], "headcount": [3]}))


def test_an_unknown_unit_is_named() -> None:
    with pytest.raises(AnalyticsError, match="unknown unit 'z'"):
        Staff.of(TREE, headcounts({("z", "manager"): 3}))


def test_a_negative_headcount_is_refused() -> None:
    with pytest.raises(AnalyticsError, match="-1"):
        Staff.of(TREE, headcounts({("a", "manager"): -1}))


def test_a_role_named_twice_is_refused() -> None:
    twice = pl.concat([headcounts({("a", "manager"): 3})] * 2)

    with pytest.raises(AnalyticsError, match="twice"):
        Staff.of(TREE, twice)


def test_a_parent_has_the_role_of_all_its_units() -> None:
    known = headcounts({("a", "manager"): 4, ("a", "contributor"): 36, ("b", "manager"): 1})

    assert Staff.of(TREE, known).of_role("top", "manager") == 5


def test_a_parent_of_a_unit_without_roles_has_none() -> None:
    assert Staff.of(TREE, headcounts({("a", "manager"): 4})).of_role("top", "manager") is None
