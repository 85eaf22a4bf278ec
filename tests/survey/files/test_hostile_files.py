"""Files made to break the reader end in a complaint, or are read as the text they are."""

import io
import re
import zipfile

import pytest

from survey.files.complaints import FileRejected
from tests.survey.files.sheets import rejection, respondents, sheet, units

HEADER = "unit,role,data_readiness_1,comment_help"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (sheet(HEADER, "U1,manager,4,").decode().encode("utf-16"), "in UTF-16"),
        (b"\xfe\xff" + "unit".encode("utf-16-be"), "in UTF-16"),
        (b"\xd0\xcf\x11\xe0...", "an old workbook"),
    ],
)
def test_another_format_is_called_by_its_name(content: bytes, what: str) -> None:
    with pytest.raises(FileRejected) as caught:
        respondents(content)

    assert rejection(caught) == [
        f"expected a table: CSV in UTF-8, or Parquet; this file is {what}: "
        "in a spreadsheet program save it as 'CSV UTF-8'"
    ]


def test_a_nul_byte_is_complained_about_where_it_stands() -> None:
    with pytest.raises(FileRejected) as caught:
        respondents(sheet(HEADER, "U1,manager,4,a", "U1,manager,4,\0"))

    assert rejection(caught) == [
        "line 3: expected a table: CSV in UTF-8, or Parquet; byte 69 of this file is NUL"
    ]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_called_by_its_name(encoding: str) -> None:
    with pytest.raises(FileRejected, match="this file is in UTF-16 without a byte order mark"):
        respondents(sheet(HEADER, "U1,manager,4,").decode().encode(encoding))


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"<!DOCTYPE html><form>Sign in", "an HTML page: the page asks to sign in"),
        (b"\n<html><table>", "an HTML page: download the data itself"),
        (b"<?xml version='1.0'?>", "an XML document"),
        (b'[{"unit": "U1"}]', "JSON"),
        (b'{"responses": []}', "JSON"),
        (b"$FL2@(#) SPSS DATA FILE", "a file of SPSS: export CSV"),
        (b"\x1f\x8b...", "compressed with gzip: unpack it"),
        (b"%PDF-1.7", "a PDF document: export CSV"),
        ("\ufeffunit".encode("utf-32-le"), "in UTF-32"),
    ],
)
def test_what_is_not_delimited_is_called_by_its_name(content: bytes, what: str) -> None:
    with pytest.raises(FileRejected, match=f"this file is .*{what}"):
        respondents(content)


@pytest.mark.parametrize(
    ("members", "what"),
    [
        ({"[Content_Types].xml": "", "xl/workbook.xml": ""}, "an Excel workbook (XLSX): in a"),
        (
            {"mimetype": "application/vnd.oasis.opendocument.spreadsheet"},
            "an OpenDocument spreadsheet (ODS): in a",
        ),
        ({"Index/Tables/DataList.iwa": ""}, "a workbook of Numbers: in a"),
        ({"[Content_Types].xml": "", "word/document.xml": ""}, "a Word document (DOCX): exp"),
        ({"mimetype": "application/vnd.oasis.opendocument.text"}, "an OpenDocument file that"),
        ({"export/answers.csv": "unit,role\n"}, "a ZIP archive: unpack it"),
    ],
)
def test_an_archive_is_called_by_what_is_in_it(members: dict[str, str], what: str) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)

    with pytest.raises(FileRejected, match=f"this file is {re.escape(what)}"):
        respondents(content.getvalue())


@pytest.mark.parametrize(
    ("sign", "named"), [("|", "pipes"), ("^", "carets"), (":", "colons"), (" ", "blanks")]
)
def test_another_delimiter_is_called_by_its_name(sign: str, named: str) -> None:
    with pytest.raises(FileRejected) as caught:
        respondents(sheet(HEADER, "U1,manager,4,").replace(b",", sign.encode()))

    assert len(caught.value.complaints) == 1
    assert f"in this file they are separated by {named}" in rejection(caught)[0]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_a_first_line_may_name_the_delimiter(delimiter: str, end: str, quote: str) -> None:
    table = sheet(HEADER, "U1,manager,4,", "U1,manager,3,", end=end)
    first = f"{quote}sep={delimiter}{quote}{end}".encode()

    file = respondents(first + table.replace(b",", delimiter.encode()))

    assert file.frame["data_readiness_1"].to_list() == [4, 3]


def test_lines_are_counted_from_the_line_that_names_the_delimiter() -> None:
    with pytest.raises(FileRejected) as caught:
        respondents(b"sep=,\n" + sheet(HEADER, "U1,manager,9,"))

    assert [complaint.line for complaint in caught.value.complaints] == [3]


def test_text_in_latin1_is_called_what_it_looks_like() -> None:
    with pytest.raises(FileRejected, match="it looks like Windows-1252 or Latin-1"):
        respondents(sheet(HEADER, "Z\u00fcrich,manager,4,").decode().encode("latin-1"))


def test_any_number_of_columns_of_the_givers_own_may_stand_beside() -> None:
    own = ",".join(f"x_{number}" for number in range(3_000))

    file = respondents(sheet(f"{HEADER},{own}", "U1,manager,4," + "," * 3_000))

    assert file.frame["data_readiness_1"].to_list() == [4]


def test_a_byte_that_is_not_utf8_is_found_behind_quoted_line_ends() -> None:
    content = sheet(HEADER, 'U1,manager,4,"one\r\ntwo"', 'U1,manager,4,"x\ny\xff"')
    content = content.replace("\xff".encode(), b"\xff")

    with pytest.raises(FileRejected) as caught:
        respondents(b"\xef\xbb\xbf" + content)

    assert rejection(caught) == [
        r"line 5, column comment_help: found 'x\ny\xff', expected UTF-8; byte 85 of the file "
        "is 0xFF, which is not: in a spreadsheet program save it as 'CSV UTF-8'"
    ]


def test_a_name_that_is_not_utf8_is_shown() -> None:
    with pytest.raises(FileRejected) as caught:
        units(b"code,gr\xf6\xdfe\nA,1\n")

    (complaint,) = caught.value.complaints
    assert (complaint.line, complaint.column, complaint.value) == (1, None, r"gr\xf6\xdfe")


def test_formulas_are_text_in_comments_and_no_answer_in_items() -> None:
    formula = "=HYPERLINK(A1)"

    file = respondents(sheet(HEADER, f"U1,manager,4,{formula}"))
    with pytest.raises(FileRejected) as caught:
        respondents(sheet(HEADER, f"U1,manager,{formula},"))

    assert file.frame["comment_help"].to_list() == [formula]
    assert rejection(caught) == [
        f"line 2, column data_readiness_1: found '{formula}', "
        "expected a whole number from 1 to 5, or an empty cell"
    ]


@pytest.mark.parametrize(
    "line", ["x" * 10**6, "U1,manager,4," + "x" * 10**6, "U1,manager," + "9" * 10**6 + ","]
)
def test_an_enormous_cell_is_complained_about(line: str) -> None:
    with pytest.raises(FileRejected) as caught:
        respondents(sheet(HEADER, line))

    assert rejection(caught) == [
        "line 2: expected cells of at most 131072 characters; is a closing quote missing?"
    ]


def test_a_long_cell_is_shown_in_short() -> None:
    with pytest.raises(FileRejected) as caught:
        respondents(sheet(HEADER, "U1,manager," + "9" * 100_000 + ","))

    assert caught.value.complaints[0].value == "9" * 59 + "…"


def test_a_line_of_many_cells_is_complained_about() -> None:
    with pytest.raises(FileRejected) as caught:
        respondents(sheet(HEADER, "4," * 10**6))

    assert rejection(caught) == [
        "line 2: expected 4 cells, one per column of the header; there are 1000001"
    ]


def test_a_header_of_a_million_names_is_refused() -> None:
    with pytest.raises(FileRejected) as caught:
        respondents(sheet("a," * 10**6, "U1"))

    assert rejection(caught) == [
        "line 1: expected at most 2000 columns that do not begin with x_; there are 1000001"
    ]


def test_signs_that_only_look_like_digits_are_no_answer() -> None:
    with pytest.raises(FileRejected):
        respondents(sheet(HEADER, "U1,manager,４,"))


def test_control_characters_are_no_part_of_a_name() -> None:
    with pytest.raises(FileRejected) as caught:
        respondents(sheet(HEADER, "U\x1b[31m1,manager,4,"))

    assert rejection(caught) == [
        r"line 2, column unit: found 'U\x1b[31m1', "
        "expected text of 1 to 200 characters, none a control character"
    ]
