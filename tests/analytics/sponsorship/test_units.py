import polars as pl
import pytest

from analytics.results import Sponsorship
from tests.analytics.sponsorship.survey import COMPOSITE, gaps, scored
from tests.analytics.studies import unit_tree

FIVE = (2.0, 2.5, 3.0, 3.5, 4.0)
FLAT = unit_tree({"A": None, "B": None})
PEOPLE = scored(("A", "contributor", FIVE), ("B", "contributor", FIVE))
SPONSORS = scored(("A", "sponsor", (4.5,)), ("B", "sponsor", (4.0, 5.0)))


def test_every_behaviour_has_a_gap_of_its_own() -> None:
    people = scored(
        ("A", "contributor", [(2.0, 4.0), (3.0, 4.0), (2.0, 3.0), (1.0, 4.0), (2.0, 5.0)])
    )
    sponsors = scored(("A", "sponsor", [(5.0, 4.0)]))

    behaviours = gaps(people, sponsors, unit_tree({"A": None}))["A"].behaviours

    assert behaviours is not None
    assert behaviours["speaks"].gap == pytest.approx(75.0)
    assert behaviours["uses"].gap == pytest.approx(0.0)


def test_gap_is_claimed_less_perceived() -> None:
    people = scored(
        ("A", "contributor", [(2.0, 4.0), (3.0, 4.0), (2.0, 3.0), (1.0, 4.0), (2.0, 5.0)])
    )

    behaviours = gaps(people, SPONSORS, unit_tree({"A": None}))["A"].behaviours

    assert behaviours is not None
    for shown in behaviours.values():
        assert shown.perceived is not None
        assert shown.gap == pytest.approx(shown.claimed - shown.perceived)


def test_names_and_counts_the_sponsors() -> None:
    found = gaps(PEOPLE, SPONSORS, FLAT)["B"]

    assert (found.sponsor_of, found.sponsors) == ("B", 2)


def test_the_basis_of_probabilities_is_told_if_there_are_some() -> None:
    shown = gaps(PEOPLE, SPONSORS, FLAT)["B"]
    unsponsored = gaps(PEOPLE, SPONSORS.clear(), FLAT)["B"]

    assert shown.quadrant_probabilities is not None
    assert (shown.basis, unsponsored.basis) == ("model", None)


def test_nobody_sponsors_anything_in_a_file_without_sponsors() -> None:
    found = gaps(PEOPLE, SPONSORS.clear(), FLAT)

    assert set(found.values()) == {Sponsorship(status="no_sponsor")}


def test_a_frame_without_columns_holds_no_sponsors() -> None:
    found = gaps(PEOPLE, pl.DataFrame(), FLAT)

    assert found["A"] == Sponsorship(status="no_sponsor")


def test_a_file_that_does_not_ask_has_no_gaps() -> None:
    assert gaps(PEOPLE.select("unit", "role"), SPONSORS.select("unit", "role"), FLAT) == {}


def test_behaviours_that_the_file_does_not_ask_about_are_absent() -> None:
    found = gaps(PEOPLE.drop(f"{COMPOSITE}.uses"), SPONSORS.drop(f"{COMPOSITE}.uses"), FLAT)[
        "A"
    ]

    assert list(found.behaviours or {}) == ["speaks"]


def test_a_behaviour_that_the_sponsor_left_out_is_absent() -> None:
    sponsors = scored(
        ("A", "sponsor", [(4.0, None)]), ("B", "sponsor", [(4.0, 3.0), (5.0, None)])
    )

    found = gaps(PEOPLE, sponsors, FLAT)

    assert list(found["A"].behaviours or {}) == ["speaks"]
    assert (found["B"].behaviours or {})["uses"].claimed == pytest.approx(50.0)


def test_a_sponsor_who_answered_too_little_is_none() -> None:
    sponsors = scored(("A", "sponsor", [None]), ("B", "sponsor", [None, 4.0]))

    found = gaps(PEOPLE, sponsors, FLAT)

    assert found["A"].status == "no_sponsor"
    assert found["B"].sponsors == 1


def test_a_unit_with_sponsors_but_no_people_is_suppressed() -> None:
    sponsors = scored(("C", "sponsor", (4.0,)))

    found = gaps(PEOPLE, sponsors, unit_tree({"A": None, "B": None, "C": None}))

    assert found["C"] == Sponsorship(status="suppressed")


def test_exactly_the_smallest_group_is_shown() -> None:
    assert gaps(PEOPLE, SPONSORS, FLAT, k=5)["A"].status == "reported"
    assert gaps(PEOPLE, SPONSORS, FLAT, k=6)["A"] == Sponsorship(status="suppressed")


def test_a_behaviour_with_too_few_answers_is_absent() -> None:
    people = scored(("A", "contributor", [*FIVE[1:], (2.0, None)]))

    found = gaps(people, SPONSORS, unit_tree({"A": None}))["A"]

    assert list(found.behaviours or {}) == ["speaks"]


def test_a_constant_added_to_every_answer_leaves_the_gap_unchanged() -> None:
    raised = [frame.with_columns(pl.col(pl.Float64) + 0.5) for frame in (PEOPLE, SPONSORS)]

    before, after = gaps(PEOPLE, SPONSORS, FLAT)["B"], gaps(*raised, FLAT)["B"]

    assert before.gap is not None
    assert after.gap is not None
    for limit in ("estimate", "low", "high"):
        assert getattr(after.gap, limit) == pytest.approx(getattr(before.gap, limit), abs=1e-9)


def test_answers_spread_twice_as_far_give_a_gap_twice_as_wide() -> None:
    doubled = [frame.with_columns(pl.col(pl.Float64) * 2) for frame in (PEOPLE, SPONSORS)]

    before, after = gaps(PEOPLE, SPONSORS, FLAT)["B"], gaps(*doubled, FLAT)["B"]

    assert before.gap is not None
    assert after.gap is not None
    for limit in ("estimate", "low", "high"):
        assert getattr(after.gap, limit) == pytest.approx(2 * getattr(before.gap, limit))


def test_neither_the_order_of_people_nor_that_of_units_matters() -> None:
    shuffled = PEOPLE.sample(fraction=1, shuffle=True, seed=3)

    assert gaps(shuffled, SPONSORS.reverse(), unit_tree({"B": None, "A": None})) == gaps(
        PEOPLE, SPONSORS, FLAT
    )


def test_every_unit_of_the_tree_is_read_in_the_order_of_its_code() -> None:
    family = unit_tree({"Z": None, "B": "Z", "A": "Z"})

    found = gaps(PEOPLE, SPONSORS, family, {}, components=())

    assert list(found) == ["A", "B", "Z"]
