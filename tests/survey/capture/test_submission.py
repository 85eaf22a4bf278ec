from typing import Any

import msgspec
import pytest

from seed.content import standard_instrument
from survey.capture.submission import (
    MAX_COMMENT,
    MAX_DURATION_S,
    AnswerSheet,
    Submission,
    padded_bytes,
)
from survey.instruments.parts import Role

EMPLOYEE = AnswerSheet.of(standard_instrument(), "contributor")
SPONSOR = AnswerSheet.of(standard_instrument(), "sponsor")


def problems(sheet: AnswerSheet, **fields: Any) -> list[tuple[str, str]]:
    given = {"answers": {"governance_1": 4}} | fields
    return [(found.pointer, found.code) for found in sheet.problems(Submission(**given))]


def test_accepts_an_answer_and_a_cant_say() -> None:
    assert problems(EMPLOYEE, answers={"governance_1": 4, "governance_2": None}) == []


@pytest.mark.parametrize("answer", [0, 6, 4.0, 4.5, "4", True, [4], {}])
def test_refuses_what_is_not_a_point_of_the_scale(answer: object) -> None:
    found = problems(EMPLOYEE, answers={"governance_1": 4, "governance_2": answer})

    assert found == [("/answers/governance_2", "out-of-scale")]


def test_refuses_an_item_that_does_not_exist() -> None:
    found = problems(EMPLOYEE, answers={"governance_1": 4, "a/b~c": 3})

    assert found == [("/answers/a~1b~0c", "unknown-item")]


def test_refuses_an_item_of_another_role() -> None:
    found = problems(
        SPONSOR, answers={"executive_sponsorship_1": 4, "governance_1": 3}, consent=True
    )

    assert found == [("/answers/governance_1", "not-this-role")]


@pytest.mark.parametrize("answers", [{}, {"governance_1": None}])
def test_refuses_an_empty_sheet(answers: dict[str, Any]) -> None:
    assert problems(EMPLOYEE, answers=answers) == [("/answers", "empty-sheet")]


def test_refuses_a_sheet_without_a_required_item() -> None:
    definition = standard_instrument()
    items = tuple(
        msgspec.structs.replace(item, required=item.key == "governance_2")
        for item in definition.items
    )
    sheet = AnswerSheet.of(msgspec.structs.replace(definition, items=items), "manager")

    assert problems(sheet) == [("/answers/governance_2", "missing-required")]


def test_a_draft_may_be_incomplete() -> None:
    assert EMPLOYEE.problems(Submission(), final=False) == []


def test_a_draft_may_not_be_wrong() -> None:
    draft = Submission(answers={"governance_1": 9})

    assert [found.code for found in EMPLOYEE.problems(draft, final=False)] == ["out-of-scale"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"comments": {"nothing": "x"}}, ("/comments/nothing", "unknown-comment")),
        (
            {"comments": {"comment_help": "x" * (MAX_COMMENT + 1)}},
            ("/comments/comment_help", "too-long"),
        ),
        ({"comments": {"comment_help": "a\0b"}}, ("/comments/comment_help", "not-text")),
        ({"duration_s": -1}, ("/durationS", "out-of-range")),
        ({"locale": "x" * 40}, ("/locale", "out-of-range")),
        ({"consent": True}, ("/consent", "consent-not-asked")),
    ],
)
def test_refuses_a_circumstance_that_cannot_be(
    fields: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert problems(EMPLOYEE, **fields) == [expected]


def test_a_sponsor_must_decide_on_consent() -> None:
    found = problems(SPONSOR, answers={"executive_sponsorship_1": 4})

    assert found == [("/consent", "missing-consent")]


def test_reports_every_field_at_once() -> None:
    found = problems(EMPLOYEE, answers={"governance_1": 9, "nothing": 1}, duration_s=-5)

    assert [code for _, code in found] == ["out-of-scale", "unknown-item", "out-of-range"]


def test_stores_answers_in_the_order_of_the_instrument() -> None:
    keys = standard_instrument().item_keys
    row = EMPLOYEE.row(Submission(answers={keys[7]: 2, keys[3]: 5}))

    assert len(row) == 62
    assert {place: answer for place, answer in enumerate(row) if answer} == {3: 5, 7: 2}


def test_the_order_of_keys_does_not_change_the_canonical_body() -> None:
    one = Submission(answers={"a": 1, "b": 2}, comments={"c": "x"})
    other = Submission(comments={"c": "x"}, answers={"b": 2, "a": 1})

    assert one.canonical() == other.canonical()


def test_every_difference_changes_the_canonical_body() -> None:
    base = Submission(answers={"a": 1})
    changes: list[dict[str, Any]] = [
        {"answers": {"a": None}},
        {"comments": {"c": "x"}},
        {"duration_s": 5},
        {"consent": False},
        {"locale": "de"},
    ]

    bodies = {msgspec.structs.replace(base, **change).canonical() for change in changes}

    assert len(bodies | {base.canonical()}) == len(changes) + 1


@pytest.mark.parametrize("role", ["sponsor", "manager", "contributor"])
def test_no_submission_is_larger_than_what_all_are_padded_to(role: Role) -> None:
    instrument = standard_instrument()
    largest = Submission(
        answers={item.key: None for item in instrument.items_for(role)},
        comments={
            comment.key: "\N{PILE OF POO}" * MAX_COMMENT
            for comment in instrument.comments_for(role)
        },
        duration_s=MAX_DURATION_S,
        consent=False,
        locale="x" * 35,
    )

    assert len(largest.canonical()) <= padded_bytes(instrument)
