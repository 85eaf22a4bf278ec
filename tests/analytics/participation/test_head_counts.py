"""Head-counts as exports hold them: missing, out of date, or added up in parents."""

from typing import NamedTuple

import polars as pl
import pytest

from analytics.participation import participation
from analytics.results.participation import CompanyParticipation, UnitParticipation
from analytics.study.study import Study
from seed.content import standard_instrument
from tests.analytics.participation.companies import study_of
from tests.analytics.studies import K, planned
from tests.data import DATA

FILES = DATA / "head-counts"


class Found(NamedTuple):
    company: CompanyParticipation
    units: dict[str, UnitParticipation]

    def counts(self, unit: str) -> tuple[int, int] | None:
        """Return who answered, of how many."""
        rate = self.units[unit].everyone
        return None if rate is None else (rate.respondents, rate.headcount)


def of(study: Study) -> Found:
    return Found(*participation(study, planned(study), headcounts_by_role=None, k=K))


def of_files(responses: str, units: str) -> Found:
    answers = pl.read_csv(FILES / responses)
    asked = standard_instrument().measures()
    return of(Study.of(answers, asked, pl.read_csv(FILES / units)))


def test_a_unit_without_a_head_count_leaves_both_sides_of_the_rate() -> None:
    found = of_files("responses.csv", "units_zero.csv")

    assert found.counts("D02") == (14, 20)
    assert found.counts("C") == (42, 60)
    assert found.company.everyone is not None
    assert found.company.everyone.rate == pytest.approx(0.7)


def test_a_unit_without_a_head_count_is_named() -> None:
    found = of_files("responses.csv", "units_zero.csv")

    assert {code for code, unit in found.units.items() if unit.warnings} == {"U013"}
    assert found.units["U013"].warnings == ("no_headcount",)
    assert found.counts("U013") is None


def test_a_unit_without_a_head_count_is_weighted_to_nobody() -> None:
    found = of_files("responses.csv", "units_zero.csv")

    assert found.company.weighted is not None
    assert max(mean.n for mean in found.company.weighted.values()) == 42


def test_totals_in_parents_are_not_counted_again() -> None:
    found = of_files("responses.csv", "units_totals.csv")

    assert found.company.everyone is not None
    assert found.company.everyone.rate == pytest.approx(0.7)
    assert found.company.totals == ("C", "D01", "D02")


@pytest.mark.parametrize("unit", ["C", "U000"])
def test_an_outdated_head_count_gives_no_rate(unit: str) -> None:
    found = of_files("small_responses.csv", "small_units_below.csv")

    assert found.counts(unit) is None
    assert (found.company.status, found.company.everyone) == ("reported", None)
    assert (found.company.weighted, found.units[unit].weighted) == (None, None)


def test_outdated_head_counts_are_warned_of_where_they_stand() -> None:
    found = of_files("small_responses.csv", "small_units_below.csv")

    assert found.units["U000"].warnings == ("outdated_headcount",)
    assert found.units["C"].warnings == ()


def test_without_any_head_count_no_unit_is_singled_out() -> None:
    found = of_files("small_responses.csv", "small_units_zero.csv")

    assert found.company.status == "no_headcounts"
    assert not any(unit.warnings for unit in found.units.values())


def test_one_outdated_unit_leaves_the_others_their_rate() -> None:
    tree = {"top": (None, 0), "a": ("top", 40), "b": ("top", 5)}
    found = of(study_of({("a", "contributor"): [3] * 10, ("b", "contributor"): [3] * 6}, tree))

    assert found.counts("top") == (10, 40)


def test_a_hidden_unit_without_a_head_count_leaves_with_those_hidden_beside_it() -> None:
    tree = {"top": (None, 0), "a": ("top", 40), "b": ("top", 20), "h": ("top", 0)}
    answers = {
        ("a", "contributor"): [3] * 10,
        ("b", "contributor"): [3] * 6,
        ("h", "contributor"): [3] * 2,
    }
    found = of(study_of(answers, tree))

    assert set(found.units) == {"top", "a"}
    assert found.counts("top") == (10, 40)
