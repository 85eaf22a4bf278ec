"""The company's record: its test, its typical unit, how far gaps may be ranked."""

import numpy as np
import polars as pl
import pytest
from scipy.stats import t

from analytics.results.sponsorship import CompanySponsorship
from analytics.sponsorship import (
    SponsorshipFindings,
    SponsorshipQuestions,
    sponsorship_findings,
)
from analytics.sponsorship.company_gap import gap_reliability, typical_gap
from analytics.sponsorship.comparison import Pairing, Side
from analytics.sponsorship.scope import Contrast
from analytics.study.tree import UnitTree
from analytics.vocabulary import RolesShown
from tests.analytics.sponsorship.survey import BEHAVIOURS, COMPOSITE, scored
from tests.analytics.studies import unit_tree

FIVE, SIX = (2.0, 2.5, 3.0, 3.5, 4.0), (1.0, 3.0, 3.0, 4.0, 2.0, 3.5)
QUESTIONS = SponsorshipQuestions(COMPOSITE, BEHAVIOURS)


def findings(
    people: pl.DataFrame,
    sponsors: pl.DataFrame,
    units: UnitTree,
    rules: dict[str, RolesShown] | None = None,
) -> SponsorshipFindings:
    disclosure = rules or dict.fromkeys(units.codes, "all")
    found = sponsorship_findings(people, sponsors, units, disclosure, questions=QUESTIONS, k=5)
    assert found is not None
    return found


def contrasts(
    claimed: list[float], seen: list[float], *, errors: tuple[float, float]
) -> dict[str, Contrast]:
    nobody = Pairing({}, {})
    return {
        f"U{place}": Contrast(
            "all", nobody, Side(own, ((errors[0], 20.0),)), Side(felt, ((errors[1], 9.0),))
        )
        for place, (own, felt) in enumerate(zip(claimed, seen, strict=True))
    }


def test_the_gap_of_the_company_is_that_of_its_one_top() -> None:
    units = unit_tree({"A": "P", "B": "P", "P": None}, {"A": 30, "B": 10, "P": 0})
    people = scored(("A", "contributor", FIVE), ("B", "contributor", SIX))

    found = findings(people, scored(("P", "sponsor", (4.0, 5.0))), units)

    top = found.units["P"].gap
    assert found.company.gap is not None
    assert top is not None
    assert (found.company.gap.estimate, found.company.gap.low) == (top.estimate, top.low)


def test_the_company_shows_its_steps_if_every_part_shows_roles_apart() -> None:
    people = scored(
        *((unit, "contributor", SIX) for unit in "AB"),
        *((unit, "manager", FIVE) for unit in "AB"),
    )
    sponsors = scored(("A", "sponsor", (5.0,)), ("B", "sponsor", (4.5,)))
    units = unit_tree({"A": None, "B": None})

    apart = findings(people, sponsors, units, {"A": "roles", "B": "roles"}).company
    merged = findings(people, sponsors, units, {"A": "roles", "B": "all"}).company

    assert apart.gap is not None
    assert apart.cascade is not None
    steps = apart.cascade.sponsors_to_managers, apart.cascade.managers_to_contributors
    assert sum(step.estimate for step in steps) == pytest.approx(apart.gap.estimate)
    assert merged.cascade is None


def test_side_by_side_units_are_weighed_by_their_people() -> None:
    people = scored(("A", "contributor", FIVE), ("B", "contributor", SIX))
    sponsors = scored(("A", "sponsor", (4.0,)), ("B", "sponsor", (3.0,)))

    found = findings(people, sponsors, unit_tree({"A": None, "B": None})).company

    assert found.gap is not None
    expected = 5 / 11 * (4.0 - np.mean(FIVE)) + 6 / 11 * (3.0 - np.mean(SIX))
    assert found.gap.estimate == pytest.approx(25 * expected)


def test_parents_belong_to_no_family() -> None:
    units = unit_tree({"A": "P", "B": "P", "P": None}, {"A": 30, "B": 10, "P": 0})
    people = scored(("A", "contributor", FIVE), ("B", "contributor", SIX))

    found = findings(people, scored(("P", "sponsor", (5.0,))), units)

    assert found.company.units == 2
    assert found.units["P"].gap is not None
    assert found.units["P"].gap.adjusted_p is None


def test_units_that_are_not_selected_show_intervals_without_a_star() -> None:
    people = scored(("A", "contributor", FIVE), ("B", "contributor", SIX))
    sponsors = scored(("A", "sponsor", (3.0,)), ("B", "sponsor", (3.0,)))

    found = findings(people, sponsors, unit_tree({"A": None, "B": None}))

    assert found.company.selected == 0
    assert {one.adjusted_p for one in (found.units["A"].behaviours or {}).values()} == {None}


def test_behaviours_of_a_selected_unit_carry_an_adjusted_p() -> None:
    people = scored(("A", "contributor", FIVE * 3), ("B", "contributor", SIX))
    sponsors = scored(("A", "sponsor", (5.0, 5.0)), ("B", "sponsor", (3.75,)))

    found = findings(people, sponsors, unit_tree({"A": None, "B": None}))

    assert (found.company.units, found.company.selected) == (2, 1)
    behaviours = found.units["A"].behaviours or {}
    composite = found.units["A"].gap
    assert composite is not None
    assert composite.adjusted_p is not None
    # Both behaviours are the composite here, whose p was doubled by BH as the smaller of two:
    # Holm doubles it over two tests, and one unit of two was selected.
    assert behaviours["speaks"].adjusted_p == pytest.approx(2 * composite.adjusted_p)


def test_the_typical_gap_of_equally_certain_units_is_their_mean() -> None:
    gaps = [0.2, 0.9, 0.5, 1.1, 0.7, 0.4]
    units = contrasts([3 + gap for gap in gaps], [3.0] * 6, errors=(0.01, 0.01))

    found = typical_gap(units)

    # With equal errors tau² + V is the variance of the gaps: the one-sample t interval.
    half = t.ppf(0.975, 5) * np.std(gaps, ddof=1) / np.sqrt(6)
    assert found is not None
    assert found.estimate == pytest.approx(25 * np.mean(gaps))
    assert found.high - found.estimate == pytest.approx(25 * half)


def test_four_units_have_no_typical_gap() -> None:
    assert typical_gap(contrasts([4.0] * 4, [3.0] * 4, errors=(0.1, 0.1))) is None


def test_the_reliability_of_the_gap_is_that_of_a_difference_score() -> None:
    claimed, seen = [4.0, 3.5, 4.5, 5.0, 3.0, 4.0], [3.0, 2.0, 3.5, 2.5, 2.0, 4.0]
    deviations = np.std(claimed, ddof=1), np.std(seen, ddof=1)
    reliabilities = 1 - 0.10 / deviations[0] ** 2, 1 - 0.04 / deviations[1] ** 2
    shared = 2 * np.corrcoef(claimed, seen)[0, 1] * deviations[0] * deviations[1]
    total = sum(sd**2 for sd in deviations) - shared
    true = sum(sd**2 * r for sd, r in zip(deviations, reliabilities, strict=True)) - shared

    found = gap_reliability(contrasts(claimed, seen, errors=(0.10, 0.04)))

    assert found == pytest.approx(true / total)


def test_gaps_that_differ_less_than_their_errors_are_not_reliable() -> None:
    found = gap_reliability(contrasts([4.0, 4.1] * 3, [3.0] * 6, errors=(0.5, 0.5)))

    assert found == 0.0


def test_the_same_gap_everywhere_has_no_reliability() -> None:
    assert gap_reliability(contrasts([4.0] * 6, [3.0] * 6, errors=(0.1, 0.1))) is None


def test_units_are_counted_by_what_is_said_of_them() -> None:
    people = scored(
        ("A", "contributor", (2.0, 2.5) * 10), ("B", "contributor", (4.5, 5.0) * 10)
    )
    sponsors = scored(("A", "sponsor", (5.0, 4.5)), ("B", "sponsor", (5.0, 4.5)))

    found = findings(people, sponsors, unit_tree({"A": None, "B": None})).company

    assert found.quadrants == {"blind_spot": 1, "visible_sponsor": 1}
    assert found.alignments == {"aligned": 1, "claimed_beyond_felt": 1}


def test_nobody_agreed_to_be_shown() -> None:
    people = scored(("A", "contributor", FIVE))

    found = findings(people, scored(("A", "sponsor", (4.0,))).clear(), unit_tree({"A": None}))

    assert found.company.status == "no_sponsor"


def test_a_company_of_hidden_units_is_suppressed() -> None:
    people = scored(("A", "contributor", FIVE))
    sponsors = scored(("A", "sponsor", (4.0,)))

    found = findings(people, sponsors, unit_tree({"A": None}), {"A": "hidden"})

    assert found.company == CompanySponsorship(status="suppressed")


def test_a_file_that_does_not_ask_has_no_findings() -> None:
    people = scored(("A", "contributor", FIVE)).select("unit", "role")

    found = sponsorship_findings(
        people, people.clear(), unit_tree({"A": None}), {}, questions=QUESTIONS, k=5
    )

    assert found is None
