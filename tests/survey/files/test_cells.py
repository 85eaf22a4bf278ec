"""The shape of a file: delimiters, quotes, line ends, lines and header."""

from pathlib import Path

import pytest

from survey.files.cells import read_cells
from survey.files.complaints import LINE, FileRejected
from tests.survey.files.sheets import first_row, rejection, sheet, units

HEADER = "code,name,parent_code,headcount"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_told_from_the_header(delimiter: str) -> None:
    row = delimiter.join(["A", '"a,b;c"', "", "3"])

    file = units(sheet(HEADER.replace(",", delimiter), row))

    assert first_row(file.frame) == {
        "code": "A",
        "name": "a,b;c",
        "parent_code": None,
        "headcount": 3,
    }


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_counts_as_one(end: str) -> None:
    with pytest.raises(FileRejected) as caught:
        units(sheet(HEADER, "A,a,,3", "", "B,b,,-1", end=end))

    assert [complaint.line for complaint in caught.value.complaints] == [4]


def test_a_byte_order_mark_is_no_part_of_the_first_name() -> None:
    file = units(b"\xef\xbb\xbf" + sheet(HEADER, "A,Größe,,3"))

    assert file.frame["name"].to_list() == ["Größe"]


def test_blanks_around_names_and_cells_mean_nothing() -> None:
    file = units(sheet(" code , name,parent_code ,\theadcount", " A , a ,  , 3 "))

    assert file.frame.row(0) == ("A", "a", None, 3)


def test_rows_without_content_are_skipped() -> None:
    file = units(sheet("", HEADER, "", "A,a,,3", ",,,", "   ", " , , ,", ",", "B,b,A,4"))

    assert file.frame["code"].to_list() == ["A", "B"]


def test_a_quoted_line_end_moves_the_rows_below_it() -> None:
    cells = read_cells(sheet(HEADER, 'A,"two\nlines",,3', "B,b,,4"), name="file")

    assert cells.frame[LINE].to_list() == [2, 4]
    assert cells.frame["1"].to_list() == ["two\nlines", "b"]


@pytest.mark.parametrize(
    ("row", "found"), [("A,a", 2), ("A,a,,3,", 5), (",,,,3", 5), ('"A,a,,3"', 1)]
)
def test_a_row_with_another_number_of_cells_is_complained_about(row: str, found: int) -> None:
    with pytest.raises(FileRejected) as caught:
        units(sheet(HEADER, "B,b,,1", row))

    assert rejection(caught) == [
        f"line 3: expected 4 cells, one per column of the header; there are {found}"
    ]


def test_a_row_that_is_left_out_does_not_orphan_its_children() -> None:
    with pytest.raises(FileRejected) as caught:
        units(sheet(HEADER, "A,a,", "B,b,A,1"))

    assert [complaint.line for complaint in caught.value.complaints] == [2]


@pytest.mark.parametrize("content", [b"", b" \n\t\r\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"])
def test_a_file_without_content_is_called_empty(content: bytes) -> None:
    with pytest.raises(FileRejected, match="the file is empty"):
        units(content)


def test_a_file_of_delimiters_has_no_header() -> None:
    with pytest.raises(FileRejected) as caught:
        units(b",,,\n,,,\n")

    assert rejection(caught) == ["expected a header with the names of the columns"]


def test_a_header_alone_is_not_enough() -> None:
    with pytest.raises(FileRejected) as caught:
        units(sheet(HEADER, ",,,", ""))

    assert rejection(caught) == [
        "line 1: expected at least one row below the header; there is none"
    ]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ('A,"a', "a closing quote for the quoted cell that begins in this row"),
        ('A,"a"b,,3', "quoted cells that end at the delimiter; a quote within one is doubled"),
        ('A,"a,,3\nB,"b",,3', "quoted cells that end at the delimiter; a quote within one is "),
    ],
)
def test_a_lone_quote_is_complained_about_where_its_row_begins(row: str, fault: str) -> None:
    with pytest.raises(FileRejected) as caught:
        units(sheet(HEADER, "C,c,,1", row))

    assert rejection(caught)[0].startswith(f"line 3: expected {fault}")


def test_a_quote_within_a_bare_cell_is_itself() -> None:
    assert units(sheet(HEADER, 'A,6" pipes,,3')).frame["name"].to_list() == ['6" pipes']


def test_empty_columns_that_a_spreadsheet_left_behind_are_ignored() -> None:
    assert units(sheet(HEADER + ",,", "A,a,,3,,", "B,b,,3, ,")).frame.height == 2


def test_content_below_an_empty_name_is_complained_about() -> None:
    with pytest.raises(FileRejected) as caught:
        units(sheet(HEADER + ",,", "A,a,,3,,", "B,b,,3,,x"))

    assert rejection(caught) == [
        "line 3: found 'x', expected a name in the header for column 6, which has content"
    ]


def test_what_is_wrong_with_header_rows_and_cells_is_told_at_once() -> None:
    with pytest.raises(FileRejected) as caught:
        units(sheet("code,nmae,parent_code,headcount,code", "A,a,,3,A", "B,b,C", "D,d,,x,D"))

    assert [(told.line, told.column) for told in caught.value.complaints] == [
        (1, "code"),
        (1, "nmae"),
        (1, "name"),
        (3, None),
        (4, "headcount"),
    ]


def test_the_checksum_is_that_of_the_bytes() -> None:
    # printf 'code,name,parent_code,headcount\nA,a,,3\n' | sha256sum
    expected = "21d1446f28e164b77779b82c43a306f9cee9e9e25b2661edf31f26c5a87fd7a7"

    assert read_cells(sheet(HEADER, "A,a,,3"), name="file").sha256 == expected


def test_a_file_is_read_from_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_bytes(sheet(HEADER, "A,a,,3"))

    assert units(path).frame["code"].to_list() == ["A"]
