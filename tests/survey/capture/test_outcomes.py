from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from survey.capture.outcomes import InvitationFacts, judge
from tests.factories.server import NOW

A, B = b"token-a", b"token-b"


def facts(**changes: Any) -> InvitationFacts:
    values: dict[str, Any] = {
        "id": UUID(int=1),
        "organisation": UUID(int=4),
        "campaign": UUID(int=2),
        "instrument": UUID(int=3),
        "unit_code": "U1",
        "role": "contributor",
        "function": None,
        "locale": None,
        "person": None,
        "completed": False,
        "fingerprint": None,
        "campaign_state": "open",
        "mode": "anonymous",
        "closes_at": None,
    }
    return InvitationFacts(**(values | changes))


def test_the_first_submission_is_accepted() -> None:
    assert judge([(A, b"1")], {A: facts()}) == ["accept"]


def test_a_repeat_within_the_group_is_a_replay() -> None:
    assert judge([(A, b"1"), (A, b"1")], {A: facts()}) == ["accept", "replay"]


def test_another_body_within_the_group_is_a_conflict() -> None:
    assert judge([(A, b"1"), (A, b"2")], {A: facts()}) == ["accept", "conflict"]


def test_a_repeat_of_what_is_stored_is_a_replay() -> None:
    spent = facts(completed=True, fingerprint=b"1")

    assert judge([(A, b"1"), (A, b"2")], {A: spent}) == ["replay", "conflict"]


def test_neighbours_do_not_touch_each_other() -> None:
    invitations = {A: facts(completed=True, fingerprint=b"1"), B: facts(id=UUID(int=9))}

    assert judge([(A, b"2"), (B, b"2")], invitations) == ["conflict", "accept"]


@pytest.mark.parametrize("state", ["draft", "closing", "closed", "abandoned"])
def test_a_campaign_that_is_not_open_takes_nothing(state: str) -> None:
    assert not facts(campaign_state=state).takes_answers(NOW)


def test_the_closing_time_ends_a_campaign_that_nobody_closed() -> None:
    due = facts(closes_at=NOW)

    assert not due.takes_answers(NOW)
    assert due.takes_answers(NOW - timedelta(seconds=1))
