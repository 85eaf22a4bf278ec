"""What durations and days measure is told, and said if it was guessed."""

from datetime import date

import pytest

from survey.files.notices import Notices
from survey.files.respondents import RespondentFile, read_respondents
from tests.factories.instrument import COMMENTS
from tests.survey.files.sheets import INSTRUMENT, sheet

ITEMS = [item.key for item in INSTRUMENT.items if item.key.startswith("governance")]
ITEMS += [item.key for item in INSTRUMENT.items if item.key.endswith("_2")]
ITEMS = list(dict.fromkeys(ITEMS))


def read(column: str, *cells: str, items: int = 12) -> RespondentFile:
    keys = ITEMS[:items]
    rows = [
        ",".join(["U1", "manager", cell, *(str((row + i) % 5 + 1) for i in range(items))])
        for row, cell in enumerate(cells)
    ]
    return read_respondents(
        sheet(",".join(["unit", "role", column, *keys]), *rows),
        name="file",
        instrument=INSTRUMENT,
        comment_keys=COMMENTS,
        unit_codes=None,
        today=date(2026, 11, 28),
    )


def codes(file: RespondentFile) -> list[str]:
    return [notice.code for notice in file.notices]


@pytest.mark.parametrize(
    ("cells", "code", "seconds"),
    [
        (("1.5", "2", "2.5"), ["minutes"], [90, 120, 150]),
        (("90000", "120000", "150000"), ["milliseconds"], [90, 120, 150]),
        (("90", "120", "150"), [], [90, 120, 150]),
        (("20", "24", "30"), [], [20, 24, 30]),
        (("120", "3", "86400"), [], [120, 3, 86400]),
    ],
)
def test_the_unit_is_told_from_the_median_per_item(
    cells: tuple[str, ...], code: list[str], seconds: list[float]
) -> None:
    file = read("duration_s", *cells)

    assert file.frame["duration_s"].to_list() == pytest.approx(seconds)
    assert codes(file) == code


def test_noughts_are_not_measured_and_no_part_of_the_median() -> None:
    file = read("duration_s", "0", "0", "0", "0", "90", "120", "150")

    assert file.frame["duration_s"].to_list() == [None] * 4 + [90, 120, 150]
    assert codes(file) == ["not_measured"]


def test_few_people_or_few_items_tell_no_unit() -> None:
    assert codes(read("duration_s", "2", "2")) == []
    assert codes(read("duration_s", "2", "2", "2", items=4)) == []


@pytest.mark.parametrize(
    ("day", "used"),
    [
        ("2026-11-28", True),
        ("2026-11-29", True),
        ("2026-11-30", False),
        ("2000-01-01", True),
        ("1999-12-31", False),
        ("1970-01-01", False),
    ],
)
def test_days_on_which_nobody_can_have_answered_are_not_used(day: str, *, used: bool) -> None:
    file = read("submitted_on", day)

    assert (file.frame["submitted_on"][0] is not None) is used
    assert codes(file) == ([] if used else ["days_unused"])


def test_notices_of_a_file_begin_empty() -> None:
    assert Notices("file").all() == ()
