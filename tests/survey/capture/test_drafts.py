"""How saves meet in a draft, and which device may read it."""

import pytest

from survey.capture.drafts import (
    Change,
    Draft,
    Keeper,
    merged,
    new_resume_code,
    normal_resume_code,
    replaced,
)
from tests.survey.sealing.test_seal import seal


def change(value: int | None, *, page: str = "here", seen: int = 0, number: int = 1) -> Change:
    return Change(answers={"a": value}, seen=seen, page=page, number=number)


def after(*changes: Change) -> Draft:
    draft = Draft()
    for one in changes:
        draft, _ = merged(draft, one)
    return draft


def test_a_save_adds_to_what_was_saved_before() -> None:
    draft = after(change(1), Change(answers={"b": 2}, seen=1, page="next", number=1))

    assert draft.answers == {"a": 1, "b": 2}
    assert draft.revision == 2


def test_cant_say_is_an_answer_that_replaces_another() -> None:
    assert after(change(1), change(None, number=2)).answers == {"a": None}


def test_an_answer_given_elsewhere_meanwhile_stays_and_is_told() -> None:
    draft, newer = merged(after(change(1)), change(5, page="other tab", seen=0))

    assert draft.answers == {"a": 1}
    assert newer == ("answers/a",)


def test_a_tab_that_has_seen_the_newer_answer_may_change_it() -> None:
    draft, newer = merged(after(change(1)), change(5, page="other tab", seen=1))

    assert (draft.answers, newer) == ({"a": 5}, ())


def test_the_same_answer_given_elsewhere_is_no_conflict() -> None:
    draft, newer = merged(after(change(1)), change(1, page="other tab"))

    assert (draft.revision, newer) == (1, ())


def test_other_questions_of_a_stale_page_are_saved() -> None:
    stale = Change(answers={"a": 5, "b": 5}, seen=0, page="other tab", number=1)

    draft, newer = merged(after(change(1)), stale)

    assert (draft.answers, newer) == ({"a": 1, "b": 5}, ("answers/a",))


def test_a_save_whose_reply_was_lost_does_not_hinder_the_next_of_its_page() -> None:
    assert after(change(1), change(2, seen=0, number=2)).answers == {"a": 2}


def test_a_save_that_arrives_late_changes_nothing() -> None:
    assert after(change(1), change(3, number=3), change(2, number=2)).answers == {"a": 3}


def test_an_empty_comment_removes_the_one_before() -> None:
    said = Change(comments={"c": "Time."}, seen=0, page="here", number=1)
    taken_back = Change(comments={"c": ""}, seen=1, page="here", number=2)

    assert after(said).comments == {"c": "Time."}
    assert after(said, taken_back).comments == {}


def test_a_program_that_saves_everything_anew_is_newer_than_an_open_page() -> None:
    draft = replaced(after(change(1)), answers={"a": 4}, comments={}, consent=None)

    assert merged(draft, change(5, page="other tab", seen=1))[1] == ("answers/a",)


def test_the_time_spent_never_shrinks() -> None:
    first = Change(answers={"a": 1}, seen=0, page="here", number=1, seconds=90)
    second = Change(answers={"a": 2}, seen=1, page="there", number=1, seconds=10)

    assert after(first, second).seconds == 90


CODE, OTHER = "K7QF-2M9X-4TRB", "ABCD-2345-WXYZ"


def keeper(device: str = "", *, exported: bool = False) -> Keeper:
    return Keeper(seal=seal(), token="token", device=device, link_exported=exported)


def test_a_draft_of_an_ordinary_link_is_read_wherever_the_link_is_opened() -> None:
    draft = after(change(1))

    assert keeper(OTHER).read(keeper(CODE).write(draft)) == draft
    assert keeper().read(keeper(CODE).write(draft)) == draft


@pytest.mark.parametrize("device", ["", OTHER])
def test_a_draft_of_a_link_that_was_handed_out_is_read_on_its_device_alone(
    device: str,
) -> None:
    stored = keeper(CODE, exported=True).write(after(change(1)))

    assert keeper(device, exported=True).read(stored) is None
    assert keeper(CODE, exported=True).read(stored) == after(change(1))


@pytest.mark.parametrize("device", ["", OTHER])
def test_so_is_one_that_was_begun_before_the_link_was_handed_out(device: str) -> None:
    stored = keeper(CODE).write(Draft(answers={"a": 1}, device=CODE))

    assert keeper(device, exported=True).read(stored) is None
    assert keeper(CODE, exported=True).read(stored) == Draft(answers={"a": 1}, device=CODE)


def test_a_resume_code_is_read_however_it_is_typed() -> None:
    code = new_resume_code()

    assert normal_resume_code(f" {code.lower().replace('-', ' ')} ") == code
    assert normal_resume_code(code) == code


@pytest.mark.parametrize("typed", ["", "K7QF-2M9X", "K7QF-2M9X-4TR0", "K7QF-2M9X-4TRB-A"])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert normal_resume_code(typed) == ""


def test_no_code_comes_twice() -> None:
    assert len({new_resume_code() for _ in range(1_000)}) == 1_000
