"""Parquet files are checked as CSV files are; places are rows."""

import io
from datetime import date, datetime

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from survey.files.complaints import FileRejected
from tests.data import DATA
from tests.survey.files.sheets import rejection, respondents, units


def parquet(**columns: object) -> bytes:
    target = io.BytesIO()
    pl.DataFrame(columns).write_parquet(target)
    return target.getvalue()


def answered(**columns: object) -> bytes:
    return parquet(**{"unit": ["U1"], "role": ["manager"], "data_first_1": [4]} | columns)


def test_a_company_reads_the_same_from_either_format() -> None:
    path = DATA / "company-north/responses.csv"
    target = io.BytesIO()
    pl.read_csv(path).write_parquet(target)

    assert_frame_equal(respondents(target.getvalue()).frame, respondents(path).frame)


@pytest.mark.parametrize(
    "answers",
    [
        pl.Series([4, None], dtype=pl.UInt8),
        pl.Series([4, None], dtype=pl.Int64),
        pl.Series([4.0, None], dtype=pl.Float32),
        pl.Series(["4", ""], dtype=pl.String),
        pl.Series(["4.0", None], dtype=pl.Categorical),
        pl.Series(["4", None], dtype=pl.Enum(["4"])),
    ],
    ids=lambda answers: str(answers.dtype),
)
def test_answers_may_be_stored_as_numbers_or_text(answers: pl.Series) -> None:
    file = respondents(answered(unit=["U1"] * 2, role=["manager"] * 2, data_first_1=answers))

    assert file.frame["data_first_1"].to_list() == [4, None]


NOON = datetime(2026, 2, 28, 12)  # noqa: DTZ001 - no zone in the file


@pytest.mark.parametrize("submitted", [date(2026, 2, 28), NOON, "2026-02-28"])
def test_facts_may_be_stored_in_types_of_their_own(submitted: object) -> None:
    file = respondents(
        answered(submitted_on=[submitted], duration_s=[1e-5], consent=[True], locale=[None])
    )

    assert file.frame.select("submitted_on", "duration_s", "consent", "locale").row(0) == (
        date(2026, 2, 28),
        1e-5,
        True,
        None,
    )


def test_complaints_name_rows() -> None:
    content = answered(
        unit=["U1", "", "U1"],
        role=["manager"] * 3,
        data_first_1=[4.0, 4.5, float("nan")],
        submitted_on=["soon", None, None],
    )

    with pytest.raises(FileRejected) as caught:
        respondents(content)

    scale = "expected a whole number from 1 to 5, or an empty cell"
    assert rejection(caught) == [
        "row 1, column submitted_on: found 'soon', expected a date as YYYY-MM-DD",
        "row 2, column unit: found nothing, "
        "expected text of 1 to 200 characters, none a control character",
        f"row 2, column data_first_1: found '4.5', {scale}",
    ]


def test_missing_and_unknown_columns_are_named_without_a_row() -> None:
    with pytest.raises(FileRejected) as caught:
        respondents(parquet(unit=["U1"], data_first_1=[4], rolle=["manager"]))

    assert rejection(caught) == [
        "column rolle: expected a known column (did you mean role?), "
        "or a name that begins with x_",
        "column role: expected this column, which is required",
    ]


@pytest.mark.parametrize("column", [[[4]], [{"a": 4}], [b"4"]], ids=["list", "struct", "bytes"])
def test_a_column_that_holds_no_cells_is_complained_about(column: list[object]) -> None:
    with pytest.raises(FileRejected) as caught:
        respondents(answered(data_first_1=column))

    (complaint,) = caught.value.complaints
    assert complaint.column == "data_first_1"
    assert complaint.expected.startswith("text, numbers or dates; this column holds ")


def test_the_givers_own_columns_may_hold_anything() -> None:
    assert respondents(answered(x_history=[[4]])).rows == 1


def test_a_table_without_rows_is_complained_about() -> None:
    with pytest.raises(FileRejected) as caught:
        units(parquet(code=pl.Series([], dtype=pl.String)))

    assert rejection(caught) == ["expected at least one row; there is none"]


@pytest.mark.parametrize(
    "content",
    [answered()[:-1], answered()[:300], b"PAR1", b"PAR1" + b"\xff" * 100 + b"PAR1"],
    ids=["cut at the end", "cut in the middle", "magic alone", "noise"],
)
def test_a_damaged_file_is_complained_about(content: bytes) -> None:
    with pytest.raises(FileRejected) as caught:
        respondents(content)

    assert rejection(caught) == [
        "expected a readable Parquet file; this one is damaged: it has no footer, so it is not "
        "whole"
    ]


def test_a_comment_that_no_table_holds_is_complained_about_without_its_text() -> None:
    with pytest.raises(FileRejected) as caught:
        respondents(answered(comment_help=["not\0text"]))

    assert rejection(caught) == [
        "row 1, column comment_help: expected text without NUL characters, which no table holds"
    ]
