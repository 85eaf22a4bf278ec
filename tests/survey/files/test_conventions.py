"""What can be read in one way only is read, and noted."""

import io
from datetime import date

import polars as pl
import pytest

from survey.files.complaints import FileRejected
from survey.files.notices import Reading
from tests.survey.files.sheets import hints, respondents, sheet, units

UNITS = "code,name,parent_code,headcount"


@pytest.mark.parametrize(
    "word", ["NA", "N/A", "#N/A", "na", "NaN", "nan", "NULL", "null", "None", "<NA>", "-", "."]
)
@pytest.mark.parametrize(
    "column", ["data_first_1", "function", "submitted_on", "duration_s", "consent"]
)
def test_a_programs_word_for_nothing_is_an_empty_cell(column: str, word: str) -> None:
    header = "unit,role,joint_ownership_1," + column

    file = respondents(sheet(header, f"U1,manager,4,{word}"))

    (notice,) = file.notices
    assert file.frame[column].to_list() == [None]
    assert (notice.code, notice.columns, notice.count) == ("nothing", (column,), 1)


@pytest.mark.parametrize(("word", "read"), [("NA", None), ("NaN", None), ("nan", "nan")])
def test_nothing_is_told_from_min_nan_chinese_by_its_case(word: str, read: str | None) -> None:
    file = respondents(sheet("unit,role,data_first_1,locale", f"U1,manager,4,{word}"))

    assert file.frame["locale"].to_list() == [read]


def test_na_may_be_the_code_or_the_name_of_a_unit() -> None:
    file = units(sheet(UNITS, "NA,North America,,3", "US,None,NA,4"))

    assert file.frame["code"].to_list() == ["NA", "US"]
    assert file.frame["parent_code"].to_list() == [None, "NA"]
    assert file.notices == ()


def test_nan_in_a_column_of_numbers_is_no_answer() -> None:
    target = io.BytesIO()
    pl.DataFrame(
        {"unit": ["U1"] * 2, "role": ["manager"] * 2, "data_first_1": [4.0, float("nan")]}
    ).write_parquet(target)

    assert respondents(target.getvalue()).frame["data_first_1"].to_list() == [4, None]


@pytest.mark.parametrize(
    "moment",
    [
        "2026-02-28T12:00:00",
        "2026-02-28T12:00:00Z",
        "2026-02-28T23:59:59.123+01:00",
        "2026-02-28 12:00",
        "2026-02-28 12:00:00 UTC",
        "2026/02/28 9:05:03 AM GMT+1",
        "2026/2/28",
        "28.02.2026",
        "28.2.2026 12:00:00",
    ],
)
def test_a_moment_is_read_as_its_day(moment: str) -> None:
    file = respondents(sheet("unit,role,data_first_1,submitted_on", f"U1,manager,4,{moment}"))

    (notice,) = file.notices
    assert file.frame["submitted_on"].to_list() == [date(2026, 2, 28)]
    assert (notice.code, notice.examples) == ("days", (Reading(moment, "2026-02-28"),))


@pytest.mark.parametrize(
    ("day", "hint"), [("3/4/2026", "write the year first"), ("46081", "a date format")]
)
def test_a_day_that_may_be_two_is_refused_with_the_way_to_write_it(day: str, hint: str) -> None:
    with pytest.raises(FileRejected) as caught:
        respondents(sheet("unit,role,data_first_1,submitted_on", f"U1,manager,4,{day}"))

    (said,) = hints(caught)
    assert hint in (said or "")


@pytest.mark.parametrize(
    ("column", "word", "meant"),
    [
        ("function", "IT", "it"),
        ("function", "Business", "business"),
        ("locale", "en_US", "en-US"),
        ("locale", "de_CH.UTF-8", "de-CH"),
        ("consent", "Yes", True),
        ("consent", "FALSE", False),
        ("role", "Contributor", "contributor"),
    ],
)
def test_words_are_read_without_regard_to_case_and_underscores(
    column: str, word: str, meant: object
) -> None:
    row = {"unit": "U1", "role": "manager", "data_first_1": "4"} | {column: word}

    file = respondents(sheet(",".join(row), ",".join(row.values())))

    (notice,) = file.notices
    assert file.frame[column].to_list() == [meant]
    assert (notice.code, notice.columns) == ("words", (column,))


def test_a_sponsor_in_capitals_is_a_sponsor() -> None:
    with pytest.raises(FileRejected, match="sponsorship items only"):
        respondents(sheet("unit,role,data_first_1", "U1,SPONSOR,4"))


@pytest.mark.parametrize(
    ("text", "seconds"), [("00:08:49", 529.0), ("1:00:00.5", 3600.5), ("529,5", 529.5)]
)
def test_durations_in_another_notation_are_seconds(text: str, seconds: float) -> None:
    file = respondents(sheet("unit;role;data_first_1;duration_s", f"U1;manager;4;{text}"))

    (notice,) = file.notices
    assert file.frame["duration_s"].to_list() == [seconds]
    assert notice.code == "numbers"


def test_a_head_count_may_have_decimals_of_nought() -> None:
    file = units(sheet(UNITS.replace(",", ";"), "A;a;;80,0", "B;b;;80.00"))

    assert file.frame["headcount"].to_list() == [80, 80]


@pytest.mark.parametrize("text", ["1,000", "1.000", "1'200", "12 500"])
def test_a_head_count_with_a_separator_may_be_two_numbers(text: str) -> None:
    with pytest.raises(FileRejected) as caught:
        units(sheet(UNITS.replace(",", ";"), f"A;a;;{text}"))

    assert hints(caught) == [
        "Write thousands without a separator: 1200, not 1,200, which may be 1.2."
    ]
