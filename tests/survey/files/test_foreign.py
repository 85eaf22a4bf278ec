"""Tables of other tools and shapes are called what they are, once and with a way out."""

import pytest

from survey.files.complaints import FileRejected
from tests.survey.files.sheets import hints, rejection, respondents, sheet

LONG = [
    f"R{person},{item},4" for person in range(3) for item in ("data_first_1", "governance_1")
]


def refused(content: bytes) -> str:
    """Return the only complaint with its hint."""
    with pytest.raises(FileRejected) as caught:
        respondents(content)
    (said,), (hint,) = rejection(caught), hints(caught)
    assert hint
    return f"{said}. {hint}"


def test_long_format() -> None:
    said = refused(sheet("respondent,item,value", *LONG))

    assert "line 1, column item: found 'data_first_1'" in said
    assert "this table is in long format: one row per answer. Pivot it" in said


def test_a_table_on_its_side() -> None:
    said = refused(
        sheet("item,R1,R2", "unit,A,B", *(f"governance_{i},4,3" for i in range(1, 9)))
    )

    assert "lies on its side: items are its rows. Transpose it." in said


def test_qualtrics_with_three_header_lines() -> None:
    said = refused(
        sheet(
            "StartDate,unit,role,data_first_1",
            "Start Date,Your unit,Your role,We begin with the data.",
            '"{""ImportId"":""startDate"",""timeZone"":""UTC""}","{""ImportId"":""QID1""}",b,c',
            "2026-01-01 10:00:00,U1,manager,4",
        )
    )

    assert "this is an export of Qualtrics, which has three. Delete the lines" in said


def test_surveymonkey_with_two_header_lines() -> None:
    said = refused(
        sheet(
            "Respondent ID,Collector ID,unit,We begin with the data.,Governance",
            ",,Open-Ended Response,Response,Response",
            "118,42,U1,4,5",
        )
    )

    assert "this looks like an export of SurveyMonkey, which has two" in said


@pytest.mark.parametrize(
    ("header", "tool"),
    [
        ("Timestamp,Which unit?,Which role?,We begin with the data.", "Google Forms"),
        ("Zeitstempel,Welcher Bereich?,Welche Rolle?,Daten zuerst.", "Google Forms"),
        ("id,submitdate,lastpage,startlanguage,G01Q01", "LimeSurvey"),
        ("Response ID,Date submitted,Last page,Start language,Q1", "LimeSurvey"),
        ("ID,Start time,Completion time,Email,Name,We begin with the data.", "Microsoft Forms"),
        ("StartDate,EndDate,Status,IPAddress,ResponseId,Q1", "Qualtrics"),
        ("Respondent ID,Collector ID,Start Date,End Date,Q1", "SurveyMonkey"),
        (
            "id. Response ID,submitdate. Date submitted,lastpage. Last page,Q1. Text",
            "LimeSurvey",
        ),
        ("#,Which unit?,Start Date (UTC),Submit Date (UTC),Network ID", "Typeform"),
    ],
)
def test_the_header_of_another_tool(header: str, tool: str) -> None:
    row = ",".join("2" for _ in header.split(","))

    said = refused(sheet(header, row, row))

    assert f"this looks like an export of {tool}. Name the columns of items" in said


def test_a_second_header_line_of_question_texts() -> None:
    said = refused(
        sheet(
            "unit,role,data_first_1,governance_1",
            "Unit,Role,We begin with the data.,Inputs are checked.",
            "U1,manager,4,5",
            "U1,manager,3,",
        )
    )

    assert said.startswith("line 2, column data_first_1: found 'We begin with the data.'")
    assert said.endswith("as a second header line does. Delete this line.")


def test_labels_in_every_row_are_no_second_header_line() -> None:
    said = refused(sheet("unit,role,data_first_1", "U1,manager,Agree", "U1,manager,Disagree"))

    assert "These cells hold words instead of 1 to 5" in said
