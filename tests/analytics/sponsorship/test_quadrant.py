from collections.abc import Mapping

import numpy as np
import polars as pl
import pytest
from scipy.stats import norm

from analytics.sponsorship.comparison import Pairing, SideDifference
from analytics.sponsorship.measure import SponsorshipMeasure
from analytics.sponsorship.quadrant import Priors, agreement, chances, named
from analytics.sponsorship.ratings import Ratings
from tests.analytics.sponsorship.survey import gaps, scored
from tests.analytics.studies import unit_tree

ONE = Pairing(units={"A": 1.0}, sponsors={"A": 1.0})
NO_PRIORS = Priors({})
CERTAIN = dict.fromkeys(
    ("blind_spot", "visible_sponsor", "acknowledged_gap", "hidden_strength"), 1.0
)


def cell(n: int, mean: float, squares: float) -> Ratings:
    return Ratings(n, mean, squares, np.full(n, mean))


def probabilities(claimed: float, felt: float, *, variance: float) -> Mapping[str, float]:
    """Return the chances if both sides have one person and the same error."""
    own, seen = cell(1, claimed, 0.0), cell(1, felt, 0.0)
    measure = SponsorshipMeasure({"A": own}, {"all": {"A": seen}}, variance, 9, variance)
    return chances(ONE, measure, NO_PRIORS, "all")


def called(claimed: float, felt: float, *, error: float = 0.1, **chance: float) -> str:
    """Name the quadrant of two means, certain of their own one unless told otherwise."""
    difference = SideDifference(claimed - felt, error, 50.0)
    return named(CERTAIN | chance, claimed, felt, difference)


@pytest.mark.parametrize(
    ("claimed", "felt", "name"),
    [
        (4.5, 2.0, "blind_spot"),
        (4.5, 4.5, "visible_sponsor"),
        (2.0, 2.0, "acknowledged_gap"),
        (2.0, 4.5, "hidden_strength"),
    ],
)
def test_high_and_low_on_both_sides_name_four_quadrants(
    claimed: float, felt: float, name: str
) -> None:
    assert called(claimed, felt) == name


def test_a_likely_quadrant_is_not_named_if_the_sponsors_own_score_is_below_the_cut() -> None:
    likely = {"blind_spot": 0.97, "acknowledged_gap": 0.03}

    assert called(3.49, 2.0, **likely) == "too_close_to_call"


def test_a_likely_quadrant_is_not_named_if_others_score_on_the_other_side() -> None:
    likely = {"blind_spot": 0.97, "visible_sponsor": 0.03}

    assert called(4.5, 3.51, **likely) == "too_close_to_call"


@pytest.mark.parametrize(("claimed", "felt"), [(3.6, 3.4), (3.4, 3.6)])
def test_sides_that_may_be_equal_are_not_called_high_and_low(
    claimed: float, felt: float
) -> None:
    assert called(claimed, felt, error=0.15) == "too_close_to_call"


def test_sides_on_the_same_side_of_the_cut_need_not_differ() -> None:
    assert called(4.5, 4.4, error=0.5) == "visible_sponsor"


@pytest.mark.parametrize(
    ("chance", "name"),
    [(0.8, "blind_spot"), (0.799, "too_close_to_call")],
)
def test_a_quadrant_is_named_from_a_probability_of_80_percent(chance: float, name: str) -> None:
    assert called(4.5, 2.0, blind_spot=chance) == name


def test_the_chance_of_a_quadrant_is_that_both_sides_lie_in_it() -> None:
    found = probabilities(4.0, 3.0, variance=0.3)

    high = norm.cdf(0.5 / np.sqrt(0.3))
    assert found["blind_spot"] == pytest.approx(high * high)
    assert found["hidden_strength"] == pytest.approx((1 - high) ** 2)
    assert sum(found.values()) == pytest.approx(1.0)


def test_a_mean_at_the_cut_without_error_is_high() -> None:
    assert probabilities(3.5, 3.5, variance=0.0)["visible_sponsor"] == 1.0
    assert called(3.5, 3.5, error=0.0) == "visible_sponsor"


def test_what_sponsors_say_is_drawn_towards_nobody() -> None:
    units = [f"U{i}" for i in range(6)]
    people = {unit: cell(9, 2.0 + 0.1 * i, 3.0) for i, unit in enumerate(units)}
    own = {"A": cell(1, 4.5, 0.0)}
    found = []
    for level in (2.0, 4.0):
        others = {unit: cell(2, level + 0.1 * i, 0.2) for i, unit in enumerate(units)}
        seen = people | {"A": people["U0"]}
        measure = SponsorshipMeasure(own | others, {"all": seen}, 0.5, 48, 0.5)
        found.append(chances(ONE, measure, Priors.of(measure, {"all": units}), "all"))

    assert found[0] == found[1]


def test_a_unit_far_from_many_others_is_drawn_towards_them() -> None:
    people = scored(("A", "contributor", (3.0, 3.5, 4.0, 4.5, 4.5)))
    others = [scored((f"U{i}", "contributor", (1.0, 1.5, 2.0, 2.5, 3.0))) for i in range(9)]
    sponsors = scored(("A", "sponsor", (5.0, 5.0)))
    units = unit_tree(dict.fromkeys(["A", *(f"U{i}" for i in range(9))]))

    alone = gaps(people, sponsors, units)["A"]
    among = gaps(pl.concat([people, *others]), sponsors, units)["A"]

    assert (alone.quadrant, among.quadrant) == ("visible_sponsor", "too_close_to_call")


def test_hidden_units_do_not_draw_a_shown_one() -> None:
    others = {
        f"U{i}": scored((f"U{i}", "contributor", (2.0, 2.5, 3.0, 3.5, 4.0 + i / 10)))
        for i in range(6)
    }
    codes = ["A", "H", *others]
    rules = dict.fromkeys(codes, "all") | {"H": "hidden"}
    own = scored(("A", "contributor", (3.0, 3.5, 4.0, 4.5, 4.5)))
    sponsors = scored(("A", "sponsor", (4.0,)))

    found = [
        gaps(
            pl.concat([own, scored(("H", "contributor", scores)), *others.values()]),
            sponsors,
            unit_tree(dict.fromkeys(codes)),
            rules,
        )["A"]
        for scores in ((1.0, 1.0, 1.5), (5.0, 4.0, 5.0))
    ]

    assert found[0] == found[1]


def test_managers_are_a_second_panel() -> None:
    people = scored(
        ("A", "contributor", (1.0, 1.5, 2.0, 1.5, 1.0)),
        ("A", "manager", (4.5, 5.0, 4.5, 4.5, 5.0)),
    )

    found = gaps(
        people, scored(("A", "sponsor", (5.0, 5.0))), unit_tree({"A": None}), {"A": "roles"}
    )

    assert found["A"].quadrant == "blind_spot"
    assert found["A"].managers_quadrant == "visible_sponsor"


def test_a_parent_is_drawn_as_a_whole() -> None:
    people = scored(
        ("A", "contributor", (2.0, 2.0, 1.5, 2.5, 2.0)),
        ("B", "contributor", (2.0, 2.5, 2.5, 2.5, 2.0)),
    )
    sponsors = scored(("P", "sponsor", (5.0, 5.0)))

    found = gaps(people, sponsors, unit_tree({"A": "P", "B": "P", "P": None}))["P"]

    assert found.quadrant == "blind_spot"


@pytest.mark.parametrize(
    ("gap", "seen", "name"),
    [
        (0.5, 3.5, "over_high"),
        (0.5, 3.49, "over_low"),
        (0.49, 4.0, "in_agreement_high"),
        (-0.49, 3.0, "in_agreement_low"),
        (-0.5, 4.0, "under_high"),
        (-0.5, 3.0, "under_low"),
    ],
)
def test_half_a_standard_deviation_parts_self_from_others(
    gap: float, seen: float, name: str
) -> None:
    assert agreement(gap, seen, 1.0) == name


def test_nobody_is_over_if_nothing_differs() -> None:
    assert agreement(0.0, 4.0, 0.0) == "in_agreement_high"
