"""What is packed comes back as it was, and its length tells nothing."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.campaigns.unsealing import response_rows
from survey.sealing.sheets import Comment, Layout, Sheet

LAYOUT = Layout(
    units=("U1", "Ünïts with a long code"),
    items=("a_1", "a_2", "a_3"),
    questions=("why", "what"),
    low=1,
)


def sheet(**fields: Any) -> Sheet:
    values: dict[str, Any] = {
        "unit": "U1",
        "role": "contributor",
        "function": None,
        "locale": "en",
        "day": date(2026, 11, 23),
        "duration_s": 300,
        "consent": None,
        "imported": False,
        "person": None,
        "answers": (1, None, 5),
    }
    return Sheet(**(values | fields))


sheets = st.builds(
    sheet,
    unit=st.sampled_from(LAYOUT.units),
    role=st.sampled_from(["sponsor", "manager", "contributor"]),
    function=st.sampled_from([None, "business", "it", "data", "risk", "other"]),
    locale=st.sampled_from([None, "de", "zh-Hant-TW"]),
    day=st.none() | st.dates(date(1970, 1, 1), date(2200, 1, 1)),
    duration_s=st.none() | st.integers(0, 100_000_000),
    consent=st.sampled_from([None, True, False]),
    imported=st.booleans(),
    person=st.none() | st.uuids(),
    answers=st.tuples(*[st.none() | st.integers(1, 5)] * 3),
)


@given(st.lists(sheets, max_size=5))
def test_sheets_come_back_as_they_were(given_sheets: list[Sheet]) -> None:
    content = LAYOUT.pack(given_sheets, [])

    rows = response_rows(LAYOUT.unpack(content).sheets, LAYOUT, anonymous=False, k=1)

    told = [
        (one.unit, one.role, one.function, one.locale, one.day, one.imported, one.consent,
         None if one.person is None else str(one.person), list(one.answers))
        for one in given_sheets
    ]  # fmt: skip
    back = rows.select(
        "unit_code", "role", "function", "locale", "submitted_on", "imported", "consent",
        "person", "answers",
    ).rows()  # fmt: skip
    assert sorted(back, key=str) == sorted(told, key=str)


def test_comments_come_back_as_they_were() -> None:
    comments = [
        Comment("U1", "why", None, "Zeit fehlt: ö€"),
        Comment(LAYOUT.units[1], "what", "de", "x" * 5_000),
    ]

    assert LAYOUT.unpack(LAYOUT.pack([sheet()], comments)).comments == comments


@pytest.mark.parametrize(
    "other",
    [
        {"unit": LAYOUT.units[1]},
        {"locale": "zh-Hant-TW", "function": "business"},
        {"answers": (None, None, 1)},
        {"person": UUID(int=7), "consent": True, "role": "sponsor"},
        {"day": None, "duration_s": None},
    ],
)
def test_every_sheet_has_the_same_size(other: dict[str, Any]) -> None:
    assert len(LAYOUT.pack([sheet(**other)], [])) == len(LAYOUT.pack([sheet()], []))


@pytest.mark.parametrize(("length", "room"), [(0, 4_096), (1_000, 4_096), (5_000, 8_192)])
def test_the_room_of_comments_is_a_power_of_two(length: int, room: int) -> None:
    comments = [Comment("U1", "why", None, "x" * length)] if length else []

    without = len(LAYOUT.pack([sheet()], [])) - 4_096
    assert len(LAYOUT.pack([sheet()], comments)) == without + room
