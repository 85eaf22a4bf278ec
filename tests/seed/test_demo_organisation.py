"""The demo company: its units and its people, which never change."""

from collections import Counter

import pytest

from seed.demo.organisation import demo_company, demo_units, leaf_profiles
from seed.demo.people import demo_people

UNITS = {unit.code: unit for unit in demo_units()}
PEOPLE = demo_people()
PERSON = {person.external_id: person for person in PEOPLE}


def children(code: str) -> list[str]:
    return [unit.code for unit in UNITS.values() if unit.parent_code == code]


def team(code: str) -> list[str]:
    return [person.role for person in PEOPLE if person.unit_code == code]


def test_24_leaf_units_stand_under_5_divisions_under_the_company() -> None:
    (company,) = [unit.code for unit in UNITS.values() if unit.parent_code is None]
    divisions = children(company)
    leaves = [leaf for division in divisions for leaf in children(division)]

    assert len(divisions) == 5
    assert len(leaves) == 24
    assert len(UNITS) == 30
    assert not any(children(leaf) for leaf in leaves)


def test_a_parent_comes_before_its_children() -> None:
    order = list(UNITS)

    for unit in UNITS.values():
        if unit.parent_code:
            assert order.index(unit.parent_code) < order.index(unit.code)


def test_about_1800_people_work_there() -> None:
    assert 1_750 <= len(PEOPLE) <= 1_850


@pytest.mark.parametrize("code", UNITS)
def test_headcount_counts_managers_and_contributors(code: str) -> None:
    roles = Counter(team(code))

    assert UNITS[code].headcount == roles["manager"] + roles["contributor"]


def test_some_leaf_units_are_too_small_to_show_and_most_are_not() -> None:
    sizes = [unit.headcount for unit in leaf_profiles()]

    assert sum(2 <= size <= 4 for size in sizes) == 3
    assert min(size for size in sizes if size > 4) >= 12


def test_the_company_every_division_and_most_leaf_units_have_sponsors() -> None:
    sponsored = {person.unit_code for person in PEOPLE if person.role == "sponsor"}
    leaves = {unit.code for unit in leaf_profiles()}

    assert sponsored >= UNITS.keys() - leaves
    assert len(leaves) / 2 < len(sponsored & leaves) < len(leaves)


def test_every_leaf_unit_has_a_manager() -> None:
    assert [unit.code for unit in leaf_profiles() if "manager" not in team(unit.code)] == []


def test_external_ids_and_addresses_are_unique() -> None:
    assert len(PERSON) == len(PEOPLE)
    assert len({person.email for person in PEOPLE}) == len(PEOPLE)


def test_no_message_to_the_demo_company_can_arrive() -> None:
    assert all(person.email.endswith("@tarnholt.example") for person in PEOPLE)
    assert all(person.email.isascii() for person in PEOPLE)


def test_people_speak_english_or_german_and_some_french_or_spanish() -> None:
    spoken = Counter(person.locale for person in PEOPLE)

    assert set(spoken) == {"en", "de", "fr", "es"}
    assert min(spoken["en"], spoken["de"]) > 500
    assert min(spoken["fr"], spoken["es"]) > 20


def test_every_function_is_filled() -> None:
    functions = {person.function for person in PEOPLE}

    assert functions == {"business", "it", "data", "risk", "other"}


def test_reporting_lines_form_one_tree() -> None:
    (top,) = [person for person in PEOPLE if person.manager_external_id is None]

    for person in PEOPLE:
        steps, above = 0, person
        while above.manager_external_id is not None:
            above, steps = PERSON[above.manager_external_id], steps + 1
            assert steps < 10
        assert above == top


def test_contributors_report_to_a_manager_of_their_unit() -> None:
    for person in PEOPLE:
        if person.role == "contributor":
            lead = PERSON[person.manager_external_id or ""]
            assert (lead.role, lead.unit_code) == ("manager", person.unit_code)


def test_the_true_conditions_of_a_unit_are_shares_of_the_models() -> None:
    models = {"coe", "federated", "hybrid_squad", "managed_service"}

    for unit in demo_company().units:
        assert unit.model.keys() <= models
        assert sum(unit.model.values()) in {0, 1}


def test_every_operating_model_and_some_mixtures_occur() -> None:
    pure = {next(iter(unit.model)) for unit in leaf_profiles() if len(unit.model) == 1}

    assert len(pure) == 4
    assert sum(len(unit.model) == 2 for unit in leaf_profiles()) == 3


def test_every_root_cause_holds_some_unit_back() -> None:
    causes = {cause for unit in leaf_profiles() for cause in unit.hindrance}

    assert causes == {
        "problem_definition",
        "data_readiness",
        "governance",
        "executive_sponsorship",
        "workflow_redesign",
    }


def test_the_people_are_the_same_every_time() -> None:
    demo_people.cache_clear()

    assert demo_people() == PEOPLE
