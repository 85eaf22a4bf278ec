"""Where the message gets lost: the gap in its two steps."""

import pytest
from scipy.stats import norm, ttest_ind

from analytics.results import Sponsorship
from analytics.results.sponsorship import Cascade
from tests.analytics.sponsorship.survey import gaps, scored
from tests.analytics.studies import unit_tree

LOW, MIDDLE, HIGH = (
    (1.0, 1.5, 2.0, 1.5, 1.0, 1.5),
    (3.0, 3.5, 2.5, 3.0, 3.0),
    (5.0, 4.5, 5.0, 4.5, 5.0),
)
SPONSORS = scored(("A", "sponsor", (5.0, 5.0, 4.5, 4.5)))


def read(managers: tuple[float, ...], contributors: tuple[float, ...]) -> Sponsorship:
    people = scored(("A", "manager", managers), ("A", "contributor", contributors))
    return gaps(people, SPONSORS, unit_tree({"A": None}), {"A": "roles"})["A"]


def cascade(managers: tuple[float, ...], contributors: tuple[float, ...]) -> Cascade:
    found = read(managers, contributors).cascade
    assert found is not None
    return found


def test_both_steps_add_up_to_the_gap() -> None:
    found = read(MIDDLE, LOW)

    assert found.cascade is not None
    assert found.gap is not None
    steps = found.cascade.sponsors_to_managers, found.cascade.managers_to_contributors
    assert sum(step.estimate for step in steps) == pytest.approx(found.gap.estimate)


def test_if_nobody_differs_neither_step_is_the_larger() -> None:
    same = 22 / 7
    people = scored(
        *((unit, role, (same,) * 5) for unit in "ABC" for role in ("manager", "contributor"))
    )
    units = unit_tree(
        dict.fromkeys("ABC", "P") | {"P": None}, dict.fromkeys("ABC", 10) | {"P": 0}
    )
    sponsors = scored(("P", "sponsor", (same,) * 3))

    found = gaps(people, sponsors, units, dict.fromkeys("ABCP", "roles"))["P"]

    assert found.cascade is not None
    assert (found.cascade.first_is_larger, found.cascade.lost_between) == (0.5, None)


def test_both_steps_of_a_behaviour_add_up_to_its_gap() -> None:
    speaks = (read(MIDDLE, LOW).behaviours or {})["speaks"]

    assert speaks.sponsors_to_managers is not None
    assert speaks.managers_to_contributors is not None
    steps = speaks.sponsors_to_managers.estimate + speaks.managers_to_contributors.estimate
    assert steps == pytest.approx(speaks.gap)


def test_both_steps_of_a_parent_add_up_whoever_speaks_for_its_units() -> None:
    units = unit_tree({"A": "P", "B": "P", "P": None}, {"A": 10, "B": 30, "P": 0})
    people = scored(
        ("A", "manager", HIGH),
        ("A", "contributor", LOW),
        ("B", "manager", MIDDLE * 2),
        ("B", "contributor", LOW),
    )
    sponsors = scored(("A", "sponsor", (5.0,)), ("B", "sponsor", (3.0,)))

    found = gaps(people, sponsors, units, dict.fromkeys("ABP", "roles"))["P"]

    assert found.cascade is not None
    assert found.gap is not None
    steps = found.cascade.sponsors_to_managers, found.cascade.managers_to_contributors
    assert sum(step.estimate for step in steps) == pytest.approx(found.gap.estimate)


def test_the_step_from_managers_to_contributors_is_welchs() -> None:
    found = cascade(MIDDLE, LOW).managers_to_contributors

    welch = ttest_ind(MIDDLE, LOW, equal_var=False).confidence_interval()
    assert (found.low, found.high) == pytest.approx((25 * welch.low, 25 * welch.high))


@pytest.mark.parametrize(
    ("managers", "contributors", "place"),
    [
        (LOW, LOW, "sponsors_and_managers"),
        (HIGH, LOW, "managers_and_contributors"),
        (MIDDLE, LOW, "both"),
        (HIGH, HIGH, None),
    ],
)
def test_the_larger_step_is_named(
    managers: tuple[float, ...], contributors: tuple[float, ...], place: str | None
) -> None:
    assert cascade(managers, contributors).lost_between == place


def test_nothing_is_lost_if_people_see_more_than_is_claimed() -> None:
    people = scored(("A", "manager", MIDDLE), ("A", "contributor", HIGH))
    modest = scored(("A", "sponsor", (1.0, 1.0, 1.5, 1.0)))

    found = gaps(people, modest, unit_tree({"A": None}), {"A": "roles"})["A"]

    assert found.alignment == "felt_beyond_claimed"
    assert found.cascade is not None
    assert found.cascade.lost_between is None


def test_steps_of_one_length_are_as_likely_either_way() -> None:
    # Claimed 4.75, contributors 1.25, so managers of 3.0 stand in the middle.
    found = cascade(MIDDLE, (1.0, 1.5) * 3)

    assert found.first_is_larger == pytest.approx(norm.cdf(0.0))


def test_merged_roles_show_no_steps() -> None:
    people = scored(("A", "manager", MIDDLE), ("A", "contributor", LOW))

    found = gaps(people, SPONSORS, unit_tree({"A": None}), {"A": "all"})["A"]

    assert found.cascade is None
    assert (found.behaviours or {})["speaks"].sponsors_to_managers is None
