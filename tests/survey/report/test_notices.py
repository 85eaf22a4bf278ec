"""What people read of how their files were read."""

from typing import get_args

import pytest

from seed.content import vocabulary
from survey.files.notices import Notice, NoticeCode, Reading
from survey.report.notices import notice_lines, notices_section
from survey.report.report import summary, whole_report
from tests.survey.report.findings import analysis
from tests.survey.report.reading import keys, spoken

SPELLING = Notice(
    code="spelling",
    file="a.csv",
    columns=("unit", "respondent_id"),
    count=2,
    examples=(Reading(r"A\u200b", "A"),),
)


def test_a_notice_is_one_line_with_figure_columns_and_examples() -> None:
    section = notices_section([SPELLING])

    assert spoken(section) == (
        "a.csv: 2 keys in unit, respondent_id were read in another spelling: "
        r"'A\u200b' as 'A'."
    )


@pytest.mark.parametrize("code", get_args(NoticeCode))
@pytest.mark.parametrize("locale", ["en", "de"])
@pytest.mark.parametrize("count", [1, 2])
def test_every_notice_has_a_line_in_every_language(
    code: NoticeCode, locale: str, count: int
) -> None:
    notice = Notice(code=code, file="a.csv", count=count)

    assert spoken(notices_section([notice]), locale=locale)


def test_both_reports_tell_of_notices() -> None:
    short = summary(analysis(), notices=[SPELLING])
    whole = whole_report(analysis(), vocabulary(), notices=[SPELLING])

    assert "notice.spelling" in keys(short)
    assert "notice.spelling" in keys(whole)


def test_a_report_of_files_that_were_read_as_they_stand_says_nothing_of_it() -> None:
    assert notices_section([]) is None


def test_programs_get_the_code_and_the_line_in_english() -> None:
    (line,) = notice_lines([SPELLING])

    assert line.code == "spelling"
    assert line.message == spoken(notices_section([SPELLING]))
