"""What a complaint says, and how many of them are said."""

import polars as pl
import pytest

from survey.errors import Invalid
from survey.files.complaints import LINE, SHOWN, Complaint, Complaints, FileRejected


def rejected(complaints: Complaints) -> FileRejected:
    with pytest.raises(FileRejected) as caught:
        complaints.raise_any()
    return caught.value


def test_a_complaint_says_place_finding_and_expectation_in_one_line() -> None:
    complaint = Complaint("a.csv", 18, "governance_3", "7", "a whole number")

    assert (
        str(complaint)
        == "a.csv, line 18, column governance_3: found '7', expected a whole number"
    )


def test_a_complaint_leaves_out_what_does_not_exist() -> None:
    assert str(Complaint("a.csv", None, None, None, "a table")) == "a.csv: expected a table"


def test_an_empty_cell_is_called_nothing() -> None:
    complaint = Complaint("a.csv", 2, "unit", "", "a code")

    assert str(complaint) == "a.csv, line 2, column unit: found nothing, expected a code"


def test_parquet_counts_rows() -> None:
    complaints = Complaints("a.parquet", counted="row")
    complaints.add("a code", line=3)

    assert str(rejected(complaints).complaints[0]) == "a.parquet, row 3: expected a code"


def test_nothing_is_raised_without_a_complaint() -> None:
    Complaints("a.csv").raise_any()


def test_complaints_are_told_in_the_order_of_their_lines() -> None:
    complaints = Complaints("a.csv")
    for line in (9, 2, None, 5):
        complaints.add(f"other {line}", line=line)

    assert [told.line for told in rejected(complaints).complaints] == [None, 2, 5, 9]


def test_the_first_complaints_are_told_and_all_are_counted() -> None:
    complaints = Complaints("a.csv")
    for line in range(2, 2 + SHOWN + 10):
        complaints.add(f"a code other than {line}", line=line)
    complaints.add("a name", line=1)

    error = rejected(complaints)

    assert [told.line for told in error.complaints] == list(range(1, SHOWN + 1))
    assert error.total == SHOWN + 11
    assert str(error).splitlines()[-1] == "and 11 more"


def test_a_cause_is_one_complaint_however_many_rows_it_concerns() -> None:
    frame = pl.DataFrame({LINE: range(2, 102), "unit": ["?", "!"] * 50})
    complaints = Complaints("a.csv")
    complaints.add_rows(frame, column="unit", expected="a code")

    error = rejected(complaints)

    assert [str(told) for told in error.complaints] == [
        "a.csv, line 2, column unit: found '?', expected a code; 100 times, among them '!'"
    ]
    assert (error.total, error.cells) == (1, 100)


def test_a_cause_may_reach_over_columns_and_is_told_at_its_first_line() -> None:
    complaints = Complaints("a.csv")
    for column, line in (("a", 9), ("b", 2), ("c", 5), ("d", 7)):
        frame = pl.DataFrame({LINE: [line], column: ["agree"]})
        complaints.add_rows(
            frame, column=column, expected="a number", cause="words", hint="Export numbers."
        )

    (told,) = rejected(complaints).complaints

    assert str(told) == (
        "a.csv, line 2, column b: found 'agree', expected a number; 4 times in 4 columns: "
        "a, b, c and 1 more. Export numbers."
    )
    assert [cell.line for cell in told.cells] == [2, 9, 5, 7]


def test_what_to_do_may_depend_on_what_was_found() -> None:
    complaints = Complaints("a.csv")
    for value in ("98", "99", "99"):
        complaints.add("a number", value=value, cause="codes", hint=", ".join)

    assert rejected(complaints).complaints[0].hint == "98, 99"


def test_a_long_value_is_shortened() -> None:
    complaints = Complaints("a.csv")
    complaints.add("a code", value="x" * 1000)

    assert rejected(complaints).complaints[0].value == "x" * 59 + "…"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("\x1b[31mred", r"\x1b[31mred"),
        ("two\nlines", r"two\nlines"),
        ("\u202eright to left", r"\u202eright to left"),
        ("Größe 大", "Größe 大"),
    ],
)
def test_no_value_can_mislead_a_terminal(value: str, shown: str) -> None:
    complaints = Complaints("a.csv")
    complaints.add("a code", value=value, column=value)

    told = rejected(complaints).complaints[0]

    assert (told.value, told.column) == (shown, shown)


def test_the_facts_of_a_rejection_are_plain_values() -> None:
    complaints = Complaints("a.csv")
    complaints.add("a code", line=2, column="unit", value="?")

    error = rejected(complaints)

    assert isinstance(error, Invalid)
    assert (error.code, error.message) == ("file-rejected", "a.csv was rejected: 1 complaint.")
    assert error.facts == {
        "file": "a.csv",
        "total": 1,
        "complaints": [
            {
                "file": "a.csv",
                "line": 2,
                "column": "unit",
                "value": "?",
                "expected": "a code",
                "counted": "line",
                "count": 1,
                "columns": (),
                "others": (),
                "hint": None,
            }
        ],
    }


def test_the_name_of_a_file_is_never_shortened() -> None:
    name = "folder/" * 30 + "responses.csv"
    complaints = Complaints(name)
    complaints.add("a table")

    assert str(rejected(complaints).complaints[0]) == f"{name}: expected a table"
