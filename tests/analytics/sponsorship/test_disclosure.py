import pytest

from analytics.results import Sponsorship
from tests.analytics.sponsorship.survey import gaps, scored
from tests.analytics.studies import unit_tree

CONTRIBUTORS = (2.0, 2.5, 3.0, 3.5, 4.0)
MANAGERS = (3.0, 3.5, 4.0, 3.0, 4.0)
ONE = unit_tree({"A": None})
SPONSORS = scored(("A", "sponsor", (4.0,)))
BOTH = scored(("A", "contributor", CONTRIBUTORS), ("A", "manager", MANAGERS))


def test_roles_apart_compare_contributors_and_show_managers_beside() -> None:
    found = gaps(BOTH, SPONSORS, ONE, {"A": "roles"})["A"]

    assert found.perceived_by == "contributors"
    speaks = (found.behaviours or {})["speaks"]
    assert (speaks.contributors, speaks.managers, speaks.perceived) == (50.0, 62.5, None)
    assert speaks.gap == pytest.approx(25.0)


def test_merged_roles_show_one_figure() -> None:
    found = gaps(BOTH, SPONSORS, ONE, {"A": "all"})["A"]

    assert found.perceived_by == "all"
    speaks = (found.behaviours or {})["speaks"]
    assert (speaks.contributors, speaks.managers, speaks.perceived) == (None, None, 56.25)


def test_a_group_without_managers_shows_contributors_alone() -> None:
    people = scored(("A", "contributor", CONTRIBUTORS))

    found = gaps(people, SPONSORS, ONE, {"A": "roles"})["A"]

    assert found.perceived_by == "contributors"
    assert (found.behaviours or {})["speaks"].managers is None


def test_a_group_of_managers_alone_is_perceived_by_all() -> None:
    people = scored(("A", "manager", MANAGERS))

    found = gaps(people, SPONSORS, ONE, {"A": "roles"})["A"]

    assert found.perceived_by == "all"
    assert (found.behaviours or {})["speaks"].perceived == pytest.approx(62.5)


@pytest.mark.parametrize("disclosure", [{"A": "hidden"}, {}])
def test_a_hidden_group_keeps_nothing_but_its_status(disclosure: dict[str, str]) -> None:
    assert gaps(BOTH, SPONSORS, ONE, disclosure)["A"] == Sponsorship(status="suppressed")


def test_too_few_managers_stay_unseen_even_if_the_rules_let_them_pass() -> None:
    people = scored(("A", "contributor", CONTRIBUTORS), ("A", "manager", MANAGERS[:1]))

    found = gaps(people, SPONSORS, ONE, {"A": "roles"})["A"]

    assert (found.behaviours or {})["speaks"].managers is None


def test_a_parents_roles_are_merged_when_its_own_rule_says_so() -> None:
    units = unit_tree({"A": "P", "B": "P", "P": None}, {"A": 10, "B": 30, "P": 0})
    people = scored(
        ("A", "contributor", CONTRIBUTORS),
        ("A", "manager", MANAGERS),
        ("B", "contributor", (4.0,) * 5),
        ("B", "manager", (5.0,)),
    )
    sponsors = scored(("P", "sponsor", (4.0,)))

    found = gaps(people, sponsors, units, {"A": "roles", "B": "all", "P": "all"})["P"]

    assert found.perceived_by == "all"
    expected = 25 * ((10 * 3.25 + 30 * 25 / 6) / 40 - 1)
    assert (found.behaviours or {})["speaks"].perceived == pytest.approx(expected)


def test_a_parent_weighs_managers_over_the_units_that_have_any() -> None:
    units = unit_tree(
        {"A": "P", "B": "P", "C": "P", "P": None}, {"A": 10, "B": 30, "C": 60, "P": 0}
    )
    people = scored(
        ("A", "manager", (3.0,) * 3),
        ("B", "manager", (4.0,) * 3),
        *((unit, "contributor", CONTRIBUTORS) for unit in "ABC"),
    )

    found = gaps(people, scored(("P", "sponsor", (4.0,))), units, {"P": "roles"})["P"]

    speaks = (found.behaviours or {})["speaks"]
    assert speaks.managers == pytest.approx(25 * ((10 * 3 + 30 * 4) / 40 - 1))
