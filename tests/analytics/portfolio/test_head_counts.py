"""Shares of people follow the head-counts behind response rates."""

from typing import NamedTuple

import polars as pl
import pytest

from analytics.analysis import analyse
from analytics.results import Analysis
from analytics.results.portfolio import PortfolioOption
from seed.content import standard_instrument, theory
from tests.data import DATA

FILES = DATA / "head-counts"


class Found(NamedTuple):
    analysis: Analysis

    @property
    def unit_by_unit(self) -> PortfolioOption:
        assert self.analysis.portfolio is not None
        return next(one for one in self.analysis.portfolio.options if one.key == "unit_by_unit")

    def right_for(self, headcounts: dict[str, int]) -> float:
        """Return the share of these people in units whose most probable model is right."""
        units = {one.unit: one.recommendation for one in self.analysis.units}
        right = sum(
            heads * max(found.conditional.values())
            for code, heads in headcounts.items()
            if (found := units[code]) is not None
        )
        return right / sum(headcounts.values())


def found_in(units: str, **changed: int) -> Found:
    """Analyse the responses with the head-counts of a file, some of them changed."""
    asked = standard_instrument().measures()
    heads = pl.col("code").replace_strict(
        changed, default=pl.col("headcount"), return_dtype=pl.Int64
    )
    tree = pl.read_csv(FILES / units).with_columns(headcount=heads)
    answers = pl.read_csv(FILES / "responses.csv")
    return Found(analyse(answers, asked, theory(), units=tree).analysis)


def test_a_unit_without_a_head_count_is_in_no_share_of_people() -> None:
    found = found_in("units_zero.csv")
    counted = dict.fromkeys(("U001", "U005", "U017"), 20)

    assert found.unit_by_unit.right_people == pytest.approx(found.right_for(counted))


def test_a_unit_with_an_outdated_head_count_is_in_no_share_of_people() -> None:
    found = found_in("units_zero.csv", U001=5)
    counted = dict.fromkeys(("U005", "U017"), 20)

    assert found.unit_by_unit.right_people == pytest.approx(found.right_for(counted))


def test_without_a_head_count_that_can_be_right_nothing_is_said_of_people() -> None:
    found = found_in("units_zero.csv", U001=5, U005=0, U017=1)

    assert found.unit_by_unit.right_people is None


def test_totals_in_parents_change_no_share_of_people() -> None:
    found = found_in("units_totals.csv")
    counted = dict.fromkeys(("U001", "U005", "U013", "U017"), 20)

    assert found.unit_by_unit.right_people == pytest.approx(found.right_for(counted))
