from typing import ClassVar, Literal

import numpy as np
import polars as pl
import pytest
from scipy.stats import t

from analytics.results import Gap, Sponsorship
from tests.analytics.sponsorship.survey import gaps, scored
from tests.analytics.studies import unit_tree

FIVE, SIX = (2.0, 2.5, 3.0, 3.5, 4.0), (1.0, 3.0, 3.0, 4.0, 2.0, 3.5)
HEADS = {"A": 30, "B": 10, "P": 0}
FAMILY = unit_tree({"A": "P", "B": "P", "P": None}, HEADS)
PEOPLE = scored(("A", "contributor", FIVE), ("B", "contributor", SIX))


def squares(scores: tuple[float, ...]) -> float:
    return float(np.var(scores) * len(scores))


def gap_in(found: dict[str, Sponsorship], code: str) -> Gap:
    gap = found[code].gap
    assert gap is not None
    return gap


def interval(estimate: float, terms: list[tuple[float, float]]) -> tuple[float, float]:
    """Return the limits from (variance, degrees of freedom) of independent terms, x 25."""
    variance = sum(term for term, _ in terms)
    freedom = variance**2 / sum(term**2 / df for term, df in terms)
    low, high = t.interval(0.95, freedom, estimate, np.sqrt(variance))
    return 25 * low, 25 * high


class TestWithSponsorsOfItsOwn:
    sponsors = scored(("P", "sponsor", (4.0, 5.0)), ("A", "sponsor", (3.0,)))

    def test_holds_them_against_the_headcount_weighted_perception(self) -> None:
        found = gaps(PEOPLE, self.sponsors, FAMILY)

        assert (found["P"].sponsor_of, found["P"].sponsors) == ("P", 2)
        assert gap_in(found, "P").estimate == pytest.approx(
            25 * (4.5 - (0.75 * np.mean(FIVE) + 0.25 * np.mean(SIX)))
        )

    def test_has_the_stratified_error_of_its_units(self) -> None:
        pool = (20 * (squares(FIVE) + squares(SIX)) / 9 + 0.5) / 21
        sponsor_error = (20 * pool + 0.5) / 21 / 2
        terms = [
            (sponsor_error, 21.0),
            (0.75**2 * squares(FIVE) / 4 / 5, 4.0),
            (0.25**2 * squares(SIX) / 5 / 6, 5.0),
        ]

        gap = gap_in(gaps(PEOPLE, self.sponsors, FAMILY), "P")

        assert (gap.low, gap.high) == pytest.approx(interval(gap.estimate / 25, terms))

    def test_respondents_are_the_weights_without_a_unit_file(self) -> None:
        found = gaps(PEOPLE, self.sponsors, unit_tree(FAMILY.parents))

        assert gap_in(found, "P").estimate == pytest.approx(25 * (4.5 - np.mean(FIVE + SIX)))

    def test_units_below_without_sponsors_inherit_them(self) -> None:
        found = gaps(PEOPLE, self.sponsors, FAMILY)["B"]

        assert (found.sponsor_of, found.sponsors) == ("P", 2)

    def test_own_people_of_the_parent_count_as_a_unit(self) -> None:
        people = pl.concat([PEOPLE, scored(("P", "contributor", (5.0,) * 5))])

        found = gaps(
            people, self.sponsors, unit_tree(FAMILY.parents, {"A": 30, "B": 10, "P": 40})
        )

        assert gap_in(found, "P").estimate == pytest.approx(
            25 * (4.5 - (30 * np.mean(FIVE) + 10 * np.mean(SIX) + 40 * 5) / 80)
        )

    def test_a_unit_with_one_person_borrows_its_spread(self) -> None:
        people = scored(("A", "contributor", FIVE), ("B", "contributor", (4.0,)))
        employees = squares(FIVE) / 4
        pool = (20 * employees + 0.5) / 21
        terms = [
            ((20 * pool + 0.5) / 21 / 2, 21.0),
            (0.75**2 * squares(FIVE) / 4 / 5, 4.0),
            (0.25**2 * employees, 20.0),
        ]

        gap = gap_in(gaps(people, self.sponsors, FAMILY), "P")

        assert (gap.low, gap.high) == pytest.approx(interval(gap.estimate / 25, terms))


class TestWithoutSponsorsOfItsOwn:
    sponsors = scored(("A", "sponsor", (4.0,)), ("B", "sponsor", (5.0, 3.0)))

    def test_shows_the_headcount_weighted_mean_of_its_units_gaps(self) -> None:
        found = gaps(PEOPLE, self.sponsors, FAMILY)

        assert gap_in(found, "P").estimate == pytest.approx(
            0.75 * gap_in(found, "A").estimate + 0.25 * gap_in(found, "B").estimate
        )

    def test_names_no_unit_but_counts_all_sponsors(self) -> None:
        found = gaps(PEOPLE, self.sponsors, FAMILY)["P"]

        assert (found.sponsor_of, found.sponsors) == (None, 3)

    def test_names_the_ancestor_whose_sponsors_speak_for_all_its_units(self) -> None:
        above = unit_tree({"A": "P", "B": "P", "P": "C", "C": None}, HEADS | {"C": 0})

        found = gaps(PEOPLE, scored(("C", "sponsor", (4.0,))), above)

        assert (found["P"].sponsor_of, found["P"].sponsors) == ("C", 1)

    def test_shown_figures_agree(self) -> None:
        behaviours = gaps(PEOPLE, self.sponsors, FAMILY)["P"].behaviours

        assert behaviours is not None
        for shown in behaviours.values():
            assert shown.perceived is not None
            assert shown.gap == pytest.approx(shown.claimed - shown.perceived)

    def test_sponsors_shared_by_units_are_one_source_of_error(self) -> None:
        above = unit_tree({"A": "P", "B": "P", "P": "C", "C": None}, HEADS | {"C": 0})
        sponsors = scored(("C", "sponsor", (4.0,)))
        pool = (squares(FIVE) + squares(SIX)) / 9
        terms = [
            (pool, 20.0),
            (0.75**2 * squares(FIVE) / 4 / 5, 4.0),
            (0.25**2 * squares(SIX) / 5 / 6, 5.0),
        ]

        gap = gap_in(gaps(PEOPLE, sponsors, above), "P")

        assert (gap.low, gap.high) == pytest.approx(interval(gap.estimate / 25, terms))

    def test_sponsors_of_several_units_are_several_sources_of_error(self) -> None:
        pool = (20 * (squares(FIVE) + squares(SIX)) / 9 + 2.0) / 21
        terms = [
            (0.75**2 * pool, 20.0),
            (0.25**2 * (20 * pool + 2.0) / 21 / 2, 21.0),
            (0.75**2 * squares(FIVE) / 4 / 5, 4.0),
            (0.25**2 * squares(SIX) / 5 / 6, 5.0),
        ]

        gap = gap_in(gaps(PEOPLE, self.sponsors, FAMILY), "P")

        assert (gap.low, gap.high) == pytest.approx(interval(gap.estimate / 25, terms))

    def test_a_hidden_unit_counts_in_its_parents_mean(self) -> None:
        shown = gaps(PEOPLE, self.sponsors, FAMILY)
        rules: dict[str, Literal["all", "hidden"]] = {"A": "hidden", "B": "all", "P": "all"}

        hidden = gaps(PEOPLE, self.sponsors, FAMILY, rules)

        assert gap_in(hidden, "P").estimate == gap_in(shown, "P").estimate

    def test_nobody_sponsors_it_when_nobody_sponsors_its_units(self) -> None:
        assert gaps(PEOPLE, self.sponsors.clear(), FAMILY)["P"].status == "no_sponsor"


class TestWhereNobodySpeaksForSomeUnits:
    """D, 3 people, is too small to show; U, V and D lie under P, with no sponsor above."""

    units = unit_tree(
        {"U": "P", "V": "P", "D": "P", "P": None}, {"U": 10, "V": 10, "D": 4, "P": 0}
    )
    people = scored(
        ("U", "contributor", FIVE), ("V", "contributor", SIX), ("D", "contributor", (1.0,) * 3)
    )
    rules: ClassVar = {"U": "all", "V": "all", "D": "hidden", "P": "all"}

    def test_the_mean_is_over_units_that_are_shown_and_sponsored(self) -> None:
        sponsors = scored(("U", "sponsor", (4.0,)), ("V", "sponsor", (4.0,)))

        found = gaps(self.people, sponsors, self.units, self.rules)

        assert gap_in(found, "P").estimate == pytest.approx(
            (gap_in(found, "U").estimate + gap_in(found, "V").estimate) / 2
        )

    def test_a_hidden_unit_with_a_sponsor_stays_out_of_a_mean_that_would_reveal_it(
        self,
    ) -> None:
        sponsors = scored(("U", "sponsor", (4.0,)), ("D", "sponsor", (4.0,)))

        found = gaps(self.people, sponsors, self.units, self.rules)

        assert gap_in(found, "P").estimate == pytest.approx(gap_in(found, "U").estimate)

    def test_nothing_is_said_when_only_a_hidden_unit_is_sponsored(self) -> None:
        sponsors = scored(("D", "sponsor", (4.0,)))

        found = gaps(self.people, sponsors, self.units, self.rules)

        assert found["P"] == Sponsorship(status="suppressed")

    def test_roles_are_merged_as_soon_as_one_of_these_units_is(self) -> None:
        sponsors = scored(("U", "sponsor", (4.0,)), ("V", "sponsor", (4.0,)))
        rules = self.rules | {"U": "roles", "P": "roles"}

        assert gaps(self.people, sponsors, self.units, rules)["P"].perceived_by == "all"

    def test_a_behaviour_some_sponsors_left_out_is_over_the_others_shown_units(self) -> None:
        sponsors = scored(
            ("U", "sponsor", [(4.0, 3.0)]),
            ("V", "sponsor", [(4.0, None)]),
            ("D", "sponsor", [4.0]),
        )

        found = gaps(self.people, sponsors, self.units, self.rules)

        assert (found["P"].behaviours or {})["uses"] == (found["U"].behaviours or {})["uses"]
