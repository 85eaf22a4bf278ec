"""Names of columns may be written in more than one way; columns of row numbers mean nothing."""

import io

import polars as pl
import pytest

from survey.files.complaints import FileRejected
from survey.files.keys import visible
from survey.files.notices import Reading
from tests.survey.files.sheets import respondents, sheet, units


@pytest.mark.parametrize(
    "name",
    ["Data_Readiness_1", "data.readiness.1", "Data readiness 1", "data-readiness-1",
     "DATA_READINESS_1\u200b", "\ufeffdata_readiness_1"],
)  # fmt: skip
def test_a_name_that_can_only_mean_one_column_is_read_as_it(name: str) -> None:
    file = respondents(sheet(f"unit,role,{name}", "U1,manager,4"))

    (notice,) = file.notices
    assert file.items == ("data_readiness_1",)
    (example,) = notice.examples
    assert (notice.code, example) == ("names", Reading(visible(name), "data_readiness_1"))


def test_two_names_that_may_mean_one_column_are_not_guessed() -> None:
    with pytest.raises(FileRejected) as caught:
        respondents(sheet("unit,Unit,role,data_first_1", "U1,U1,manager,4"))

    assert [complaint.column for complaint in caught.value.complaints] == ["Unit"]


@pytest.mark.parametrize(
    "name", ["", "Unnamed: 0", "__index_level_0__", "...1", "index", "X", "level_0"]
)
@pytest.mark.parametrize("first", [0, 1])
def test_a_column_that_numbers_the_rows_is_ignored(name: str, first: int) -> None:
    rows = [f"{first + number},U1,manager,4" for number in range(3)]

    file = respondents(sheet(f"{name},unit,role,data_first_1", *rows))

    assert file.rows == 3
    assert [notice.code for notice in file.notices] == ["index"]
    assert file.notices[0].columns == (name or "(column 1)",)


def test_the_index_of_a_parquet_file_is_ignored_whatever_it_holds() -> None:
    target = io.BytesIO()
    frame = {"code": ["A"], "name": ["a"], "parent_code": [None], "headcount": [3]}
    pl.DataFrame(frame | {"__index_level_0__": ["row 7"]}).write_parquet(target)

    assert units(target.getvalue()).frame["code"].to_list() == ["A"]


def test_an_empty_column_under_a_made_up_name_is_ignored() -> None:
    file = respondents(sheet("unit,role,data_first_1,Unnamed: 3", "U1,manager,4,"))

    assert [notice.code for notice in file.notices] == ["index"]


@pytest.mark.parametrize("name", ["", "Unnamed: 0", "index"])
def test_a_column_that_holds_something_else_is_complained_about(name: str) -> None:
    with pytest.raises(FileRejected):
        respondents(sheet(f"{name},unit,role,data_first_1", "7,U1,manager,4", "9,U1,manager,4"))
