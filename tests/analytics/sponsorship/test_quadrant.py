import numpy as np
import polars as pl
import pytest
from scipy.stats import norm

from analytics.sponsorship.cells import Cell
from analytics.sponsorship.comparison import Comparison
from analytics.sponsorship.measure import Measure
from analytics.sponsorship.quadrant import Posteriors, Quadrant, quadrant
from analytics.sponsorship.shrinkage import Normal
from tests.analytics.sponsorship.survey import gaps, scored, tree

ONE = Comparison(units={"A": 1.0}, sponsors={"A": 1.0})


def named(self_rating: Normal, others: Normal) -> Quadrant:
    return quadrant(ONE, Posteriors({"A": self_rating}, {"all": {"A": others}}), "all")


@pytest.mark.parametrize(
    ("claimed", "felt", "name"),
    [
        (4.5, 2.0, "blind_spot"),
        (4.5, 4.5, "visible_sponsor"),
        (2.0, 2.0, "acknowledged_gap"),
        (2.0, 4.5, "hidden_strength"),
        (3.5, 4.5, "too_close_to_call"),
    ],
)
def test_high_and_low_on_both_sides_name_four_quadrants(
    claimed: float, felt: float, name: str
) -> None:
    assert named(Normal(claimed, 0.1), Normal(felt, 0.1)) == name


@pytest.mark.parametrize(
    ("chance", "name"), [(0.701, "blind_spot"), (0.699, "too_close_to_call")]
)
def test_a_quadrant_is_named_from_a_probability_of_70_percent(chance: float, name: str) -> None:
    each = norm.ppf(np.sqrt(chance))

    assert named(Normal(3.5 + each, 1.0), Normal(3.5 - each, 1.0)) == name


def test_a_mean_at_the_cut_without_error_is_high() -> None:
    assert named(Normal(3.5, 0.0), Normal(3.5, 0.0)) == "visible_sponsor"


def test_sponsors_are_not_drawn_towards_their_people() -> None:
    sponsors = {f"U{i}": Cell(2, 4.0 + 0.1 * i, 0.2) for i in range(6)}
    low = {f"U{i}": Cell(9, 2.0 + 0.1 * i, 3.0) for i in range(6)}
    high = {f"U{i}": Cell(9, 4.0 + 0.1 * i, 3.0) for i in range(6)}

    found = [
        Posteriors.of(Measure(sponsors, {"all": people}, 0.5, 0.5)) for people in (low, high)
    ]

    assert found[0].sponsors == found[1].sponsors


def test_a_unit_far_from_many_others_is_drawn_towards_them() -> None:
    people = scored(("A", "contributor", (3.0, 3.5, 4.0, 4.5, 4.5)))
    others = [scored((f"U{i}", "contributor", (1.0, 1.5, 2.0, 2.5, 3.0))) for i in range(9)]
    sponsors = scored(("A", "sponsor", (5.0, 5.0)))
    units = tree(dict.fromkeys(["A", *(f"U{i}" for i in range(9))]))

    alone = gaps(people, sponsors, units)["A"]
    among = gaps(pl.concat([people, *others]), sponsors, units)["A"]

    assert (alone.quadrant, among.quadrant) == ("visible_sponsor", "too_close_to_call")


def test_a_parent_is_read_from_the_posteriors_of_its_units() -> None:
    people = scored(
        ("A", "contributor", (2.0, 2.0, 1.5, 2.5, 2.0)),
        ("B", "contributor", (2.0, 2.5, 2.5, 2.5, 2.0)),
    )
    sponsors = scored(("P", "sponsor", (5.0, 5.0)))

    found = gaps(people, sponsors, tree({"A": "P", "B": "P", "P": None}))["P"]

    assert found.quadrant == "blind_spot"
