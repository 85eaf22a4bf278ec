from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.inference.multiplicity import Family, gatekeep, holm

# Benjamini & Hochberg (1995), section 3.2: fifteen comparisons of two treatments.
# Bonferroni rejects three at .05, their procedure four.
BENJAMINI_HOCHBERG = (
    *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344),
    *(0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000),
)
UNITS = {f"U{place:02}": p for place, p in enumerate(BENJAMINI_HOCHBERG)}


def closed(p_values: list[float], one: int) -> float:
    """Adjust by closing Bonferroni's test: the largest p of any set that holds the one."""
    others = [place for place in range(len(p_values)) if place != one]
    sets = [
        (one, *more) for size in range(len(p_values)) for more in combinations(others, size)
    ]
    return max(min(1.0, len(s) * min(p_values[place] for place in s)) for s in sets)


def test_four_of_the_published_fifteen_are_selected() -> None:
    assert gatekeep(0.0, UNITS).selected == {"U00", "U01", "U02", "U03"}


def test_the_fourth_of_fifteen_is_adjusted_by_fifteen_fourths() -> None:
    assert gatekeep(0.0, UNITS).adjusted["U03"] == pytest.approx(0.0095 * 15 / 4)


def test_a_company_without_a_gap_opens_no_unit() -> None:
    assert gatekeep(0.2, UNITS).selected == frozenset()


def test_no_unit_is_surer_than_the_company() -> None:
    assert min(gatekeep(0.03, UNITS).adjusted.values()) == 0.03


def test_a_company_without_units_selects_none() -> None:
    assert gatekeep(0.0, {}) == Family({}, frozenset())


def test_holm_multiplies_the_smallest_by_their_number_and_never_steps_back() -> None:
    # By hand: .005 x 4, .01 x 3, .03 x 2, then .04 x 1 raised to the .06 before it.
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_holm_is_the_closure_of_bonferroni(p_values: list[float]) -> None:
    expected = [closed(p_values, place) for place in range(len(p_values))]

    assert holm(p_values) == pytest.approx(expected)


def test_inside_a_selected_unit_holm_costs_the_share_of_units_selected() -> None:
    found = gatekeep(0.0, UNITS).within("U00", {"speaks": 0.001, "uses": 0.02})

    assert found == pytest.approx({"speaks": 15 / 4 * 0.002, "uses": 15 / 4 * 0.02})


def test_nothing_is_tested_inside_a_unit_that_was_not_selected() -> None:
    assert gatekeep(0.0, UNITS).within("U14", {"speaks": 0.0}) == {}
