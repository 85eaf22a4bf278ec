"""If a file is read differently from what it literally says, that is noted."""

import polars as pl

from survey.files.notices import EXAMPLES, Notice, Notices, Reading
from tests.survey.files.sheets import people, respondents, sheet, units


def test_a_file_that_is_read_as_it_stands_has_no_notices() -> None:
    tree = units(sheet("code,name,parent_code,headcount", " A , a,,3"))
    answers = respondents(sheet("unit,role,data_readiness_1", "A,manager,4"))
    staff = people(
        sheet("external_id,email,display_name,unit_code,role", "e1,a@b,A,U1,manager")
    )

    assert (tree.notices, answers.notices, staff.notices) == ((), (), ())


def test_another_spelling_of_a_key_is_noted_with_what_it_was_read_as() -> None:
    rows = ["A,manager,4", "A\u200b,manager,4", "a,manager,4", "A,manager,3"]

    file = respondents(sheet("unit,role,data_readiness_1", *rows))

    assert file.notices == (
        Notice(
            code="spelling",
            file="file",
            columns=("unit",),
            count=2,
            examples=(Reading(r"A\u200b", "A"), Reading("a", "A")),
        ),
    )


def test_a_blank_around_some_keys_only_is_noted() -> None:
    file = units(sheet("code,name,parent_code,headcount", "A,a,,3", "B,b,A ,3", "C,c,A,3"))

    (notice,) = file.notices
    assert (notice.columns, notice.count) == (("parent_code",), 1)
    assert notice.examples == (Reading(r"A\x20", "A"),)


def test_what_is_noted_twice_is_one_notice() -> None:
    notices = Notices("a.csv")
    cells = pl.Series([f"{number}\u200b" for number in range(10)])
    for column in ("code", "parent_code", "code"):
        notices.add_cells("spelling", column=column, found=cells, read_as=cells)

    (notice,) = notices.all()
    assert (notice.columns, notice.count) == (("code", "parent_code"), 30)
    assert len(notice.examples) == EXAMPLES


def test_no_cells_are_no_notice() -> None:
    notices = Notices("a.csv")
    nothing = pl.Series([], dtype=pl.String)
    notices.add_cells("spelling", column="code", found=nothing, read_as=nothing)

    assert notices.all() == ()
