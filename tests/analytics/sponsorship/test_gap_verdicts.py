"""What a gap means, on the scores of one unit."""

from math import sqrt

import numpy as np
import pytest

from analytics.results import Sponsorship
from tests.analytics.sponsorship.survey import Score, gaps, scored
from tests.analytics.studies import unit_tree

TEN = (2.0, 2.5, 3.0, 3.5, 4.0, 3.0, 3.0, 4.5, 2.5, 3.0)
FIVE = TEN[:5]


def read(people: tuple[Score, ...], own: tuple[Score, ...], rule: str = "all") -> Sponsorship:
    frame = scored(("A", "contributor", people))
    return gaps(frame, scored(("A", "sponsor", own)), unit_tree({"A": None}), {"A": rule})["A"]


def test_agreement_is_shown_by_many_who_say_the_same() -> None:
    assert read((3.0, 3.25) * 20, (3.0, 3.25) * 3).alignment == "aligned"


def test_agreement_of_few_is_inconclusive() -> None:
    assert read(FIVE, (3.0,)).alignment == "inconclusive"


@pytest.mark.parametrize(
    ("own", "name"), [((5.0,) * 3, "claimed_beyond_felt"), ((1.0,) * 3, "felt_beyond_claimed")]
)
def test_a_gap_that_stands_out_has_a_side(own: tuple[float, ...], name: str) -> None:
    assert read(TEN, own).alignment == name


def test_the_standardised_gap_is_in_standard_deviations_of_the_employees() -> None:
    found = read(TEN, (4.0,))

    assert found.gap is not None
    assert found.standardised is not None
    # J of 9 degrees of freedom: gamma(4.5) / (sqrt(4.5) gamma(4)) by hand.
    factor = 105 / 16 * sqrt(np.pi) / (sqrt(4.5) * 6)
    scale = factor / np.std(TEN, ddof=1) / 25
    expected = [scale * found.gap.estimate, scale * found.gap.low, scale * found.gap.high]
    shown = [found.standardised.estimate, found.standardised.low, found.standardised.high]
    assert shown == pytest.approx(expected)


def test_without_spread_there_is_no_standardised_gap() -> None:
    assert read((3.0,) * 5, (4.0,)).standardised is None


def test_favourable_shares_are_compared_from_twice_the_smallest_group_on() -> None:
    found = read(TEN, (4.0, 3.0)).favourable

    assert found is not None
    assert (found.claimed, found.perceived) == pytest.approx((0.5, 0.2))
    assert found.estimate == pytest.approx(0.3)


def test_nine_people_do_not_show_their_favourable_share() -> None:
    assert read(TEN[:9], (4.0,)).favourable is None


def test_fewer_than_twice_the_smallest_group_show_dominance_as_a_word() -> None:
    found = read(TEN[:9], (5.0,)).dominance

    assert found is not None
    assert (found.band, found.delta) == ("large", None)


def test_twice_the_smallest_group_shows_dominance_as_a_number() -> None:
    found = read(TEN, (3.0,)).dominance

    assert found is not None
    # Of ten people three rate below 3 and three above.
    assert (found.band, found.delta) == ("negligible", 0.0)


def test_shares_and_dominance_over_several_units_are_not_shown() -> None:
    people = scored(("A", "contributor", TEN), ("B", "contributor", TEN))
    units = unit_tree({"A": "P", "B": "P", "P": None})

    found = gaps(people, scored(("P", "sponsor", (4.0,))), units)["P"]

    assert (found.favourable, found.dominance) == (None, None)


def test_a_shown_gap_shows_the_claim_too() -> None:
    found = read(TEN, (4.0, 5.0))

    assert (found.claimed, found.perceived) == pytest.approx((87.5, 52.5))
    assert found.gap is not None
    assert found.gap.estimate == pytest.approx(35.0)
