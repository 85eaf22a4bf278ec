"""The demo company's answers are plausible, valid, and the same every time."""

import ast
from collections import defaultdict
from pathlib import Path
from statistics import fmean

import pytest

import seed.demo
from seed.content import standard_instrument
from seed.demo.answers import DemoAnswers, demo_answers
from seed.demo.organisation import leaf_profiles
from seed.demo.people import demo_people
from survey.instruments.parts import Role

PEOPLE = {person.external_id: person for person in demo_people()}
ANSWERS = demo_answers(demo_people())
INSTRUMENT = standard_instrument()
REVERSED = {item.key for item in INSTRUMENT.items if item.reversed}


def of_role(role: Role) -> list[DemoAnswers]:
    return [sheet for sheet in ANSWERS if PEOPLE[sheet.external_id].role == role]


def level(code: str, construct: str) -> float:
    """Return the mean of a unit's managers and contributors, in points, after reversal."""
    return fmean(
        6 - value if key in REVERSED else value
        for sheet in ANSWERS
        if PEOPLE[sheet.external_id].unit_code == code
        and PEOPLE[sheet.external_id].role != "sponsor"
        for key, value in sheet.answers.items()
        if key.rsplit("_", 1)[0] == construct
    )


def test_the_answers_are_the_same_every_time() -> None:
    assert demo_answers(demo_people()) == ANSWERS


def test_most_people_take_part_and_some_do_not() -> None:
    assert 0.7 < len(ANSWERS) / len(PEOPLE) < 0.9


def test_nobody_answers_twice_or_in_another_order() -> None:
    present = {sheet.external_id for sheet in ANSWERS}

    assert [sheet.external_id for sheet in ANSWERS] == [key for key in PEOPLE if key in present]


@pytest.mark.parametrize("role", ["sponsor", "manager", "contributor"])
def test_people_answer_only_the_items_of_their_role(role: Role) -> None:
    asked = {item.key for item in INSTRUMENT.items_for(role)}

    assert all(sheet.answers.keys() <= asked for sheet in of_role(role))


def test_answers_lie_on_the_scale_and_no_sheet_is_empty() -> None:
    assert all(sheet.answers for sheet in ANSWERS)
    assert {value for sheet in ANSWERS for value in sheet.answers.values()} == {1, 2, 3, 4, 5}


def test_only_sponsors_are_asked_for_consent_and_not_all_give_it() -> None:
    consents = [sheet.consent for sheet in of_role("sponsor")]

    assert set(consents) == {True, False}
    assert {sheet.consent for sheet in (*of_role("manager"), *of_role("contributor"))} == {None}


def test_some_answers_are_missing_but_not_many() -> None:
    observers = [*of_role("manager"), *of_role("contributor")]
    given = sum(len(sheet.answers) for sheet in observers)

    assert 0.95 < given / (len(observers) * len(INSTRUMENT.items)) < 0.99


def test_some_people_answer_too_fast_to_have_read() -> None:
    fast = [sheet for sheet in ANSWERS if sheet.duration_s < 2 * len(sheet.answers)]

    assert 0.01 < len(fast) / len(ANSWERS) < 0.06


def test_a_few_people_write_comments_in_their_own_words() -> None:
    written = [sheet for sheet in ANSWERS if sheet.comments]

    assert 0.05 < len(written) / len(ANSWERS) < 0.2
    assert {key for sheet in written for key in sheet.comments} == {
        "comment_hindrance",
        "comment_help",
    }
    assert not any(sheet.comments for sheet in of_role("sponsor"))


def test_sponsors_rate_themselves_higher_than_others_rate_them() -> None:
    seen = defaultdict(list)
    for sheet in ANSWERS:
        seen[PEOPLE[sheet.external_id].role == "sponsor"].extend(
            value for key, value in sheet.answers.items() if key.startswith("executive_")
        )

    assert fmean(seen[True]) > fmean(seen[False]) + 0.3


@pytest.mark.parametrize(
    ("model", "construct", "direction"),
    [
        ("coe", "cross_function_breadth", 1),
        ("federated", "domain_specificity", 1),
        ("hybrid_squad", "production_stage", 1),
        ("managed_service", "mlops_capability", -1),
    ],
)
def test_units_of_a_model_have_high_levels_on_its_defining_constructs(
    model: str, construct: str, direction: int
) -> None:
    own = [unit.code for unit in leaf_profiles() if unit.model == {model: 1.0}]
    others = [unit.code for unit in leaf_profiles() if model not in unit.model]

    distance = fmean(level(code, construct) for code in own) - fmean(
        level(code, construct) for code in others
    )

    assert direction * distance > 0.5


@pytest.mark.parametrize(
    "construct", ["problem_definition", "data_readiness", "governance", "workflow_redesign"]
)
def test_a_hindrance_has_a_lower_level_in_its_units(construct: str) -> None:
    held = [unit.code for unit in leaf_profiles() if construct in unit.hindrance]
    free = [unit.code for unit in leaf_profiles() if construct not in unit.hindrance]

    assert fmean(level(code, construct) for code in held) < -0.3 + fmean(
        level(code, construct) for code in free
    )


@pytest.mark.parametrize(
    "source", sorted(Path(seed.demo.__file__).parent.glob("*.py")), ids=lambda path: path.name
)
def test_the_generator_imports_none_of_the_statistics(source: Path) -> None:
    imported = [
        name
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
        )
    ]

    assert not any(name.split(".")[0] == "analytics" for name in imported)
