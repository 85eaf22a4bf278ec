"""From delimited text to records with their physical lines; strict about quotes."""

import csv
import io
import re
from codecs import BOM_UTF8
from collections.abc import Iterator

from survey.files.bounds import CELL_CHARACTERS, RECORD_CHARACTERS
from survey.files.complaints import Complaints
from survey.files.formats import SAVE_AS, other_encoding, other_format

__all__ = ["Records", "text_of"]

DELIMITERS = (",", ";", "\t")
_OTHER_DIVIDERS = {
    "|": "pipes (|)",
    "^": "carets (^)",
    "~": "tildes (~)",
    ":": "colons (:)",
    "#": "hash signs (#)",
    "\x1f": "unit separators (\\x1f)",
    "\x01": "control characters (\\x01)",
    "¦": "broken bars (¦)",
    "  ": "blanks",
    " ": "blanks",
}
_LEAST_DIVIDED = 2  # so often a sign stands in a header of one cell that it divides

_FAULTS = {
    "unexpected end of data": "a closing quote for the quoted cell that begins in this row",
    "expected after": "quoted cells that end at the delimiter; a quote within one is doubled",
    "field larger than": f"cells of at most {CELL_CHARACTERS} characters; "
    "is a closing quote missing?",
    "record larger than": f"rows of at most {RECORD_CHARACTERS} characters; "
    "is a closing quote missing, or the file without line ends?",
}
_TABLE = "a table: CSV in UTF-8, or Parquet"
_NAMED_DELIMITER = re.compile(r"\"?sep=([^\w\s\"]|\t)\"?[ ,;\t]*(?:\r\n|\r|\n)", re.IGNORECASE)
_LINE_END = re.compile(rb"\r\n|\r|\n")
_UNDECODABLE = re.compile("[\udc80-\udcff]")  # what "surrogateescape" leaves of a wrong byte


csv.field_size_limit(CELL_CHARACTERS)


class _Lines:
    """The lines of a text; refuses to go on within one record for too long."""

    def __init__(self, text: str) -> None:
        # newline="" keeps line ends within quotes as they are, and counts each as one
        self._lines = io.StringIO(text, newline="")
        self.since_record = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.since_record += len(line)
            if self.since_record > RECORD_CHARACTERS:
                msg = "record larger than its bound"
                raise csv.Error(msg)
            yield line


class Records:
    """The records of delimited text, one after the other.

    Parameters
    ----------
    text : str
        The whole file; its delimiter is the one that the header has most of, unless a first
        line such as ``sep=;`` names it.
    """

    def __init__(self, text: str) -> None:
        start = io.StringIO(text[:RECORD_CHARACTERS], newline="")
        first = next((line for line in start if line.strip()), "")
        named = _NAMED_DELIMITER.match(text)
        self._lines = _Lines(text)
        self._reader = csv.reader(
            self._lines,
            delimiter=named[1] if named else max(DELIMITERS, key=first.count),
            strict=True,
        )
        if named:
            next(self._reader)

    def header(self, complaints: Complaints) -> tuple[int, list[str]]:
        """Return the first record that is not empty, and its line.

        Raises
        ------
        FileRejected
            There is none that can be read.
        """
        for line, row in self.rows(complaints):
            if any(map(str.strip, row)):
                _require_delimiter(row, line, complaints)
                return line, row
        if not complaints.total:
            complaints.add("a header with the names of the columns")
        complaints.raise_any()
        raise AssertionError("a complaint was added")

    def rows(self, complaints: Complaints) -> Iterator[tuple[int, list[str]]]:
        """Yield the line on which each further record begins, and its cells.

        A fault in the quotes is noted and ends the records: what follows cannot be trusted.
        """
        line = self._reader.line_num + 1
        try:
            for row in self._reader:
                self._lines.since_record = 0
                yield line, row
                line = self._reader.line_num + 1
        except csv.Error as error:
            complaints.add(_fault(str(error)), line=line)


def _require_delimiter(header: list[str], line: int, complaints: Complaints) -> None:
    """Complain about a header that other signs than delimiters divide into names."""
    if len(header) > 1:
        return
    divider = max(_OTHER_DIVIDERS, key=header[0].count)
    if header[0].count(divider) >= _LEAST_DIVIDED:
        complaints.add(
            "cells that are separated by commas, semicolons or tabs; in this file they are "
            f"separated by {_OTHER_DIVIDERS[divider]}: choose another delimiter in the export",
            line=line,
            value=header[0],
        )
        complaints.raise_any()


def _fault(message: str) -> str:
    return next(
        (fault for sign, fault in _FAULTS.items() if sign in message), f"strict CSV ({message})"
    )


def text_of(data: bytes, complaints: Complaints) -> str:
    """Return the text of a CSV file, without its byte order mark.

    Raises
    ------
    FileRejected
        The file is empty, is in another format or holds a byte that is not UTF-8; the complaint
        about a byte names the byte, its position in the file, and its line and column.
    """
    content = data.removeprefix(BOM_UTF8)
    if not content.strip():
        complaints.add(f"{_TABLE}, with a header and at least one row; the file is empty")
    elif other := other_format(data):
        complaints.add(f"{_TABLE}; this file is {other}")
    elif (position := data.find(b"\0")) >= 0:
        place = _line_of(data, position)
        complaints.add(f"{_TABLE}; byte {position + 1} of this file is NUL", line=place)
    complaints.raise_any()
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        _complain_of_byte(data, len(data) - len(content) + error.start, complaints)
        complaints.raise_any()
        raise  # never reached: a complaint was added


def _line_of(data: bytes, position: int) -> int:
    return 1 + len(_LINE_END.findall(data, 0, position))


def _complain_of_byte(data: bytes, position: int, complaints: Complaints) -> None:
    """Complain about the first byte that is not UTF-8, and name its cell."""
    column, cell = _undecodable_cell(data)
    complaints.add(
        f"UTF-8; byte {position + 1} of the file is 0x{data[position]:02X}, "
        f"which is not: {SAVE_AS}",
        line=_line_of(data, position),
        column=column,
        value=cell,
        hint=f"As a whole, {other_encoding(data)}.",
    )


def _undecodable_cell(data: bytes) -> tuple[str | None, str | None]:
    """Return the name of the column and the content of the first cell that is not UTF-8."""
    text = data.removeprefix(BOM_UTF8).decode("utf-8", errors="surrogateescape")
    unheard = Complaints("")  # whatever else is wrong is not the point here
    records = Records(text)
    header: list[str] = []
    for _, row in records.rows(unheard):
        for position, cell in enumerate(row):
            if _UNDECODABLE.search(cell):
                column = header[position] if position < len(header) else None
                return column, _with_bytes_shown(cell)
        header = header or row
    return None, None


def _with_bytes_shown(cell: str) -> str:
    raw = cell.strip().encode("utf-8", errors="surrogateescape")
    return raw.decode("utf-8", errors="backslashreplace")
