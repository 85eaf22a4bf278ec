"""What a file of respondents may hold."""

from datetime import date

import polars as pl
import pytest

from analytics.instrument import Construct, Instrument, Item
from survey.files.complaints import FileRejected
from survey.files.notices import Reading
from survey.files.respondents import read_respondents
from tests.survey.files.sheets import first_row, rejection, respondents, sheet

FACTS = {
    "respondent_id": pl.String(),
    "unit": pl.String(),
    "role": pl.String(),
    "function": pl.String(),
    "locale": pl.String(),
    "submitted_on": pl.Date(),
    "duration_s": pl.Float64(),
    "consent": pl.Boolean(),
}

SPONSOR_ONLY = "expected an empty cell: a sponsor's row fills sponsorship items only"


def test_everything_a_file_may_say_is_read() -> None:
    header = ",".join([*FACTS, "data_first_1", "comment_help"])
    row = "r1,U1,manager,it,de-CH,2026-02-28,512.5,no,4,a word"

    file = respondents(sheet(header, row))

    assert first_row(file.frame) == {
        "respondent_id": "r1",
        "unit": "U1",
        "role": "manager",
        "function": "it",
        "locale": "de-CH",
        "submitted_on": date(2026, 2, 28),
        "duration_s": 512.5,
        "consent": False,
        "data_first_1": 4,
        "comment_help": "a word",
    }


def test_what_a_file_does_not_say_is_null_and_typed() -> None:
    file = respondents(sheet("role,data_first_1,unit", "manager,,U1"))

    assert file.frame.schema == pl.Schema({**FACTS, "data_first_1": pl.Int8()})
    assert file.frame.null_count().row(0) == (1, 0, 0, 1, 1, 1, 1, 1, 1)


def test_items_keep_the_order_of_the_file_and_comments_follow_them() -> None:
    header = "comment_help,governance_2,unit,data_first_1,role,governance_1,comment_hindrance"

    file = respondents(sheet(header, "x,2,U1,3,manager,1,y"))

    assert file.items == ("governance_2", "data_first_1", "governance_1")
    assert file.comments == ("comment_help", "comment_hindrance")
    assert tuple(file.frame.columns) == (*FACTS, *file.items, *file.comments)


def test_rows_keep_the_order_of_the_file() -> None:
    file = respondents(sheet("unit,role,data_first_1", "B,manager,1", "A,manager,2"))

    assert file.frame["unit"].to_list() == ["B", "A"]
    assert file.rows == 2


@pytest.mark.parametrize("text", ["4.00", '"4,0"', '"4,00"'])
def test_a_whole_number_in_another_notation_is_an_answer_and_noted(text: str) -> None:
    file = respondents(sheet("unit,role,data_first_1", f"U1,manager,{text}", "U1,manager,3"))

    (notice,) = file.notices
    assert file.frame["data_first_1"].to_list() == [4, 3]
    assert (notice.code, notice.columns, notice.count) == ("numbers", ("data_first_1",), 1)
    assert notice.examples == (Reading(text.strip('"'), "4"),)


@pytest.mark.parametrize(("text", "answer"), [("4", 4), ("4.0", 4), (" 1 ", 1), ("", None)])
def test_a_whole_number_or_nothing_is_an_answer(text: str, answer: int | None) -> None:
    file = respondents(sheet("unit,role,data_first_1", f"U1,manager,{text}"))

    assert file.frame["data_first_1"].to_list() == [answer]


@pytest.mark.parametrize(
    "text", ["0", "6", "-1", "4.5", "4.50", "04", "+4", "4e0", "inf", "nothing", "x"]
)
def test_anything_else_is_no_answer(text: str) -> None:
    with pytest.raises(FileRejected) as caught:
        respondents(sheet("unit,role,data_first_1", f"U1,manager,{text}"))

    assert rejection(caught) == [
        f"line 2, column data_first_1: found '{text}', "
        "expected a whole number from 1 to 5, or an empty cell"
    ]


def test_the_scale_is_the_instruments() -> None:
    scale = Instrument(
        key="pulse",
        version=1,
        constructs=(Construct(key="mood", block="context", items=(Item(key="mood_1"),)),),
        low=0,
        high=10,
    )

    file = read_respondents(
        sheet("unit,role,mood_1", "U1,manager,0", "U1,manager,10.0"),
        name="file",
        instrument=scale,
        comment_keys=(),
        unit_codes=None,
    )

    assert file.frame["mood_1"].to_list() == [0, 10]


@pytest.mark.parametrize(
    ("column", "text", "expected"),
    [
        ("function", "sales", "business, it, data, risk or other"),
        ("locale", "de+DE", "a BCP 47 language, such as de or de-CH"),
        ("locale", "en" + "-subtag99" * 4, "a BCP 47 language, such as de or de-CH"),
        ("locale", "german!", "a BCP 47 language, such as de or de-CH"),
        ("submitted_on", "2026-02-30", "a date as YYYY-MM-DD"),
        ("submitted_on", "0000-01-01", "a date as YYYY-MM-DD"),
        ("duration_s", "-0.5", "a number of seconds, not negative and at most 100000000"),
        ("duration_s", "inf", "a number of seconds, not negative and at most 100000000"),
        ("duration_s", "1e400", "a number of seconds, not negative and at most 100000000"),
        ("duration_s", "8 min", "a number of seconds, not negative and at most 100000000"),
        ("respondent_id", "r" * 201, "text of 1 to 200 characters, none a control character"),
    ],
)
def test_a_fact_that_is_not_understood_is_complained_about(
    column: str, text: str, expected: str
) -> None:
    with pytest.raises(FileRejected) as caught:
        respondents(sheet(f"unit,role,data_first_1,{column}", f"U1,manager,4,{text}"))

    (complaint,) = caught.value.complaints
    assert (complaint.line, complaint.column, complaint.expected) == (2, column, expected)


@pytest.mark.parametrize("locale", ["de", "de-CH", "sr-Latn-RS", "es-419", "gsw", "de-CH-1996"])
def test_a_language_by_bcp_47_is_accepted(locale: str) -> None:
    file = respondents(sheet("unit,role,data_first_1,locale", f"U1,manager,4,{locale}"))

    assert file.frame["locale"].to_list() == [locale]


@pytest.mark.parametrize(
    ("row", "column", "expected"),
    [
        (",manager,4", "unit", "text of 1 to 200 characters, none a control character"),
        ("U1,,4", "role", "sponsor, manager or contributor"),
    ],
)
def test_unit_and_role_must_be_filled(row: str, column: str, expected: str) -> None:
    with pytest.raises(FileRejected) as caught:
        respondents(sheet("unit,role,data_first_1", row))

    assert rejection(caught) == [f"line 2, column {column}: found nothing, expected {expected}"]


def test_missing_columns_are_named() -> None:
    with pytest.raises(FileRejected) as caught:
        respondents(sheet("data_first_1", "4"))

    assert rejection(caught) == [
        "line 1, column unit: expected this column, which is required",
        "line 1, column role: expected this column, which is required",
    ]


def test_a_file_without_any_item_says_nothing() -> None:
    with pytest.raises(FileRejected) as caught:
        respondents(sheet("unit,role,x_data_first_1", "U1,manager,4"))

    assert rejection(caught) == ["line 1: expected a column for at least one item"]


def test_columns_marked_as_the_givers_own_are_left_out() -> None:
    file = respondents(sheet("unit,x_site,role,data_first_1", "U1,?,manager,4"))

    assert "x_site" not in file.frame.columns


@pytest.mark.parametrize(
    ("name", "guess"), [("Role", "role"), ("dataready_1", "data_readiness_1"), ("zzz", None)]
)
def test_an_unknown_column_is_answered_with_the_nearest_known_name(
    name: str, guess: str | None
) -> None:
    with pytest.raises(FileRejected) as caught:
        respondents(sheet(f"unit,role,data_first_1,{name}", "U1,manager,4,"))

    (complaint,) = caught.value.complaints
    assert complaint.column == name
    assert (f"did you mean {guess}" in complaint.expected) == (guess is not None)


def test_each_repeated_respondent_is_told_with_the_first_line() -> None:
    rows = ["a,U1,manager,4", "b,U1,manager,4", "a,U1,manager,4", ",U1,manager,4"] * 2

    with pytest.raises(FileRejected) as caught:
        respondents(sheet("respondent_id,unit,role,data_first_1", *rows))

    once = "expected a value that occurs once; it stands in line"
    assert rejection(caught) == [
        f"line 4, column respondent_id: found 'a', {once} 2 already; 4 times, among them 'b'"
    ]
    assert [(cell.line, cell.value) for cell in caught.value.complaints[0].cells] == [
        (4, "a"),
        (7, "b"),
        (6, "a"),
        (8, "a"),
    ]


def test_any_unit_is_accepted_if_no_unit_file_is_given() -> None:
    assert (
        respondents(sheet("unit,role,data_first_1", "?,manager,4"), unit_codes=None).rows == 1
    )


class TestSponsors:
    def test_may_fill_the_items_about_sponsorship(self) -> None:
        header = "unit,role,data_first_1,executive_sponsorship_1,comment_help"

        file = respondents(sheet(header, "U1,sponsor,,5,"))

        assert file.frame["executive_sponsorship_1"].to_list() == [5]

    def test_may_fill_nothing_else(self) -> None:
        header = "unit,role,data_first_1,executive_sponsorship_1,comment_help"

        with pytest.raises(FileRejected) as caught:
            respondents(sheet(header, "U1,manager,3,5,", "U1,sponsor,3,5,a secret"))

        assert rejection(caught) == [
            f"line 3, column data_first_1: found '3', {SPONSOR_ONLY}",
            f"line 3, column comment_help: {SPONSOR_ONLY}",
        ]

    def test_are_complained_about_once_for_a_cell_that_is_no_answer(self) -> None:
        with pytest.raises(FileRejected) as caught:
            respondents(sheet("unit,role,data_first_1", "U1,sponsor,9"))

        assert caught.value.total == 1

    def test_need_no_consent_unless_it_is_required(self) -> None:
        rows = sheet("unit,role,executive_sponsorship_1", "U1,sponsor,5")

        assert respondents(rows).frame["consent"].to_list() == [None]

    def test_must_say_yes_or_no_if_consent_is_required(self) -> None:
        header = "unit,role,consent,executive_sponsorship_1"
        rows = ["yes,5", "no,5", ",5", "maybe,5"]

        with pytest.raises(FileRejected) as caught:
            respondents(
                sheet(header, "U1,manager,,3", *(f"U1,sponsor,{row}" for row in rows)),
                require_consent=True,
            )

        named = "a sponsor is named with their answers only by consent"
        assert rejection(caught) == [
            f"line 5, column consent: found nothing, expected yes or no: {named}",
            "line 6, column consent: found 'maybe', expected yes or no",
        ]

    def test_make_the_column_of_consent_necessary_if_it_is_required(self) -> None:
        with pytest.raises(FileRejected) as caught:
            respondents(
                sheet("unit,role,executive_sponsorship_1", "U1,sponsor,5"), require_consent=True
            )

        assert rejection(caught) == [
            "line 1, column consent: expected this column, with yes or no: "
            "a sponsor is named with their answers only by consent"
        ]

    def test_are_asked_for_consent_only_if_there_are_any(self) -> None:
        rows = sheet("unit,role,executive_sponsorship_1", "U1,manager,5")

        assert respondents(rows, require_consent=True).rows == 1
