"""Whatever stands in a cell, it is read or complained about in its place."""

import csv
import io
from contextlib import suppress

from hypothesis import example, given, settings
from hypothesis import strategies as st

from survey.files.complaints import FileRejected
from tests.survey.files.sheets import people, respondents, units

RESPONDENT = {
    "respondent_id": "r",
    "unit": "U1",
    "role": "manager",
    "function": "it",
    "locale": "de",
    "submitted_on": "2026-02-28",
    "duration_s": "300",
    "consent": "",
    "data_readiness_1": "4",
    "executive_sponsorship_1": "5",
    "comment_help": "a word",
}
UNIT = {"code": "U", "name": "Alpha", "parent_code": "", "headcount": "3"}
PERSON = {
    "external_id": "p",
    "email": "a@b",
    "display_name": "Ann",
    "unit_code": "U1",
    "role": "manager",
    "function": "it",
    "locale": "de",
    "manager_external_id": "",
}

# what UTF-8 can hold, and what is likely to be nearly right
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
NEARLY = st.sampled_from(
    [
        "sponsor",
        "yes",
        "0",
        "6",
        "4.0",
        "-1",
        "1e9",
        "2026-13-01",
        "2024-02-29",
        "U2",
        "a@b@c",
        "=1",
    ]
)
CELL = st.one_of(TEXT, NEARLY, st.integers().map(str), st.floats().map(str))
ROW = st.integers(0, 4)

untimed = settings(deadline=None)  # what matters is the answer, not when it comes


def written(default: dict[str, str], place: tuple[int, str], cell: str) -> bytes:
    """Return a file of five rows in which one cell is another; the first column is numbered."""
    number, column = place
    first = next(iter(default))
    target = io.StringIO(newline="")
    rows = csv.DictWriter(target, default, quoting=csv.QUOTE_ALL)
    rows.writeheader()
    for i in range(5):
        row = default | {first: f"{default[first]}{i}"}
        if "email" in default:
            row |= {"email": f"a{i}@b"}
        rows.writerow(row | ({column: cell} if i == number else {}))
    return target.getvalue().encode()


def assert_told_in_place(error: FileRejected, *, row: int, columns: set[str]) -> None:
    """Of two rows with one value the later is told, which may be an untouched one."""
    assert {told.column for told in error.complaints} == columns
    for told in error.complaints:
        line = told.line or 0
        assert line == row + 2 or (line > row + 2 and _is_of_two(told.expected))


def _is_of_two(expected: str) -> bool:
    return expected.startswith(("a value that occurs once", "a key of its own"))


@untimed
@given(row=ROW, column=st.sampled_from([*RESPONDENT]), cell=CELL)
@example(row=2, column="role", cell="sponsor")
@example(row=2, column="respondent_id", cell="r0")
def test_any_cell_of_a_respondent_is_read_or_complained_about(
    row: int, column: str, cell: str
) -> None:
    try:
        file = respondents(written(RESPONDENT, (row, column), cell), unit_codes=["U1"])
    except FileRejected as error:
        filled = {"data_readiness_1", "comment_help"}  # what a sponsor's row must not fill
        columns = filled if (column, cell.strip()) == ("role", "sponsor") else {column}
        assert_told_in_place(error, row=row, columns=columns)
    else:
        assert file.rows == 5


@untimed
@given(row=ROW, column=st.sampled_from([*UNIT]), cell=CELL)
@example(row=0, column="parent_code", cell="U0")
@example(row=4, column="code", cell="U3")
def test_any_cell_of_a_unit_is_read_or_complained_about(
    row: int, column: str, cell: str
) -> None:
    try:
        file = units(written(UNIT, (row, column), cell))
    except FileRejected as error:
        assert_told_in_place(error, row=row, columns={column})
    else:
        assert file.frame.height == 5


@untimed
@given(row=ROW, column=st.sampled_from([*PERSON]), cell=CELL)
@example(row=0, column="manager_external_id", cell="p0")
@example(row=1, column="email", cell="A0@B")
def test_any_cell_of_a_person_is_read_or_complained_about(
    row: int, column: str, cell: str
) -> None:
    try:
        file = people(written(PERSON, (row, column), cell))
    except FileRejected as error:
        assert_told_in_place(error, row=row, columns={column})
    else:
        assert file.frame.height == 5


@untimed
@given(st.binary(max_size=300))
@example(b'"')
@example(b"\xef\xbb\xbf\xff")
@example(b"code\r\r\n;")
def test_any_bytes_are_read_or_complained_about(content: bytes) -> None:
    for read in (respondents, units, people):
        with suppress(FileRejected):
            read(content)
