"""What a file of business units may hold."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from survey.files.complaints import FileRejected
from survey.files.units import circles
from tests.survey.files.sheets import rejection, sheet, units

HEADER = "code,name,parent_code,headcount"
NAME = "text of 1 to 200 characters, none a control character"
COUNT = "a whole number from 0 to 999999999"


def test_a_forest_is_read_as_it_stands() -> None:
    rows = ["B,Branch,A,12", "A,Alpha,,0", "Z,Zeta,,3.0"]

    file = units(sheet(HEADER, *rows))

    assert_frame_equal(
        file.frame,
        pl.DataFrame(
            {
                "code": ["B", "A", "Z"],
                "name": ["Branch", "Alpha", "Zeta"],
                "parent_code": ["A", None, None],
                "headcount": [12, 0, 3],
            }
        ),
    )


def test_a_unit_that_is_its_own_parent_is_a_root() -> None:
    file = units(sheet(HEADER, "A,Alpha,a,3", "B,Beta,A,4"))

    (notice,) = file.notices
    assert file.frame["parent_code"].to_list() == [None, "A"]
    assert (notice.code, notice.count) == ("own_parent", 1)


def test_columns_may_stand_in_any_order() -> None:
    file = units(sheet("headcount,code,parent_code,name", "3,A,,Alpha"))

    assert file.frame.row(0) == ("A", "Alpha", None, 3)


@pytest.mark.parametrize(
    ("row", "column", "found", "expected"),
    [
        (",Alpha,,3", "code", "nothing", NAME),
        ("A,,,3", "name", "nothing", NAME),
        ("A,Alpha,,", "headcount", "nothing", COUNT),
        ("A,Alpha,,-1", "headcount", "'-1'", COUNT),
        ("A,Alpha,,2.5", "headcount", "'2.5'", COUNT),
        ("A,Alpha,,1e3", "headcount", "'1e3'", COUNT),
        ("A,Alpha,,many", "headcount", "'many'", COUNT),
        ("A,Alpha,,1000000000", "headcount", "'1000000000'", COUNT),
        (
            "A,Alpha,B,3",
            "parent_code",
            "'B'",
            "the code of a unit in this file, or an empty cell for a root",
        ),
    ],
)
def test_a_cell_that_is_not_as_it_should_be_is_complained_about(
    row: str, column: str, found: str, expected: str
) -> None:
    with pytest.raises(FileRejected) as caught:
        units(sheet(HEADER, row))

    assert rejection(caught) == [f"line 2, column {column}: found {found}, expected {expected}"]


def test_all_columns_are_required() -> None:
    with pytest.raises(FileRejected) as caught:
        units(sheet("x_note", "A"))

    assert [complaint.column for complaint in caught.value.complaints] == HEADER.split(",")


def test_each_circle_is_named_once_from_its_first_line() -> None:
    rows = ["R,r,,1", "A,a,B,1", "B,b,C,1", "C,c,A,1", "D,d,A,1", "X,x,Y,1", "Y,y,X,1"]

    with pytest.raises(FileRejected) as caught:
        units(sheet(HEADER, *rows))

    below = "expected a parent that is not below the unit;"
    assert rejection(caught) == [
        f"line 3, column parent_code: found 'B', {below} A → B → C → A is a circle",
        f"line 7, column parent_code: found 'Y', {below} X → Y → X is a circle",
    ]


def test_a_long_circle_is_named_in_short() -> None:
    rows = [f"U{i},u,U{(i + 1) % 5000},1" for i in range(5000)]

    with pytest.raises(FileRejected) as caught:
        units(sheet(HEADER, *rows))

    (complaint,) = caught.value.complaints
    assert "U0 → U1 → U2 → U3 → U4 → U5 → U6 → U7 → … → U0 is" in complaint.expected


def test_a_unit_is_its_own_parent_only_if_no_root_has_an_empty_parent() -> None:
    with pytest.raises(FileRejected) as caught:
        units(sheet(HEADER, "A,Alpha,,1", "B,Beta,B,1"))

    assert rejection(caught) == [
        "line 3, column parent_code: found 'B', expected another unit; the roots of this file "
        "have an empty cell here"
    ]


def test_a_repeated_code_is_told_with_the_first_line() -> None:
    with pytest.raises(FileRejected) as caught:
        units(sheet(HEADER, "A,a,,1", "B,b,A,1", "A,c,B,1"))

    assert rejection(caught) == [
        "line 4, column code: found 'A', "
        "expected a value that occurs once; it stands in line 2 already"
    ]


@settings(deadline=None)
@given(st.dictionaries(st.integers(0, 12), st.integers(0, 12)))
def test_whoever_meets_themselves_above_is_on_exactly_one_circle(
    parents: dict[int, int],
) -> None:
    def is_above_itself(unit: int) -> bool:
        above = parents.get(unit)
        for _ in parents:
            if above is None or above == unit:
                break
            above = parents.get(above)
        return above == unit

    found = circles({str(unit): str(parent) for unit, parent in parents.items()})

    on_circles = sorted(unit for circle in found for unit in circle)
    assert on_circles == sorted(str(unit) for unit in parents if is_above_itself(unit))
