"""What a file is that is no CSV in UTF-8, told from its first bytes."""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE

__all__ = ["SAVE_AS", "other_encoding", "other_format"]

SAVE_AS = "in a spreadsheet program save it as 'CSV UTF-8'"

_EXPORT = "export CSV from the program it comes from"
_UNPACK = "unpack it, and give the file that is in it"
_BEGINNINGS = {
    b"PK\x03\x04": ("a ZIP archive", _UNPACK),
    b"\xd0\xcf\x11\xe0": ("an old workbook", SAVE_AS),
    b"\x1f\x8b": ("compressed with gzip", _UNPACK),
    b"%PDF": ("a PDF document", _EXPORT),
    BOM_UTF32_LE: ("in UTF-32", SAVE_AS),
    BOM_UTF32_BE: ("in UTF-32", SAVE_AS),
    BOM_UTF16_LE: ("in UTF-16", SAVE_AS),
    BOM_UTF16_BE: ("in UTF-16", SAVE_AS),
    b"$FL2": ("a file of SPSS", _EXPORT),
    b"$FL3": ("a file of SPSS", _EXPORT),
    b"<stata_dta>": ("a file of Stata", _EXPORT),
    b"HEADER RECORD*******": ("a file of SAS", _EXPORT),
    b"ARROW1": ("an Arrow or Feather file", _EXPORT),
    b"SQLite format 3": ("a database of SQLite", _EXPORT),
    b"{\\rtf": ("a text document (RTF)", _EXPORT),
}
_INSIDE_ZIP = {
    b"xl/workbook": ("an Excel workbook (XLSX)", SAVE_AS),
    b"opendocument.spreadsheet": ("an OpenDocument spreadsheet (ODS)", SAVE_AS),
    b"Index/Tables": ("a workbook of Numbers", SAVE_AS),
    b"word/document": ("a Word document (DOCX)", _EXPORT),
    b"[Content_Types].xml": ("a workbook or another Office document", SAVE_AS),
    b"opendocument.": ("an OpenDocument file that is no spreadsheet", _EXPORT),
}
"""What archives hold that are one document, by names and types within them."""
_MARKUP = (
    (re.compile(rb"\s*<(!doctype html|html|head|body|script)", re.IGNORECASE), "an HTML page"),
    (re.compile(rb"\s*<\?xml|\s*<[a-z]+[ >:]", re.IGNORECASE), "an XML document"),
    (re.compile(rb'\s*(\[\s*[{\[]|\{\s*")'), "JSON"),
)
_LOGIN = re.compile(rb"log.?in|sign.?in|password|anmeld|passwort|connexion", re.IGNORECASE)
_PROBE = 4_096  # bytes that are looked at
_DIRECTORY = 65_536  # of an archive, whose names stand at its end
_MANY_NULS = 0.4  # of every second byte; in UTF-16 of a Latin script it is nearly all


def other_format(data: bytes) -> str | None:
    """Return what a file is and what to do with it; None if it may be delimited text."""
    for beginning, named in _BEGINNINGS.items():
        if data.startswith(beginning):
            inside = _inside_zip(data) if beginning.startswith(b"PK") else None
            return ": ".join(inside or named)
    start = data[:_PROBE].removeprefix(b"\xef\xbb\xbf")
    for pattern, what in _MARKUP:
        if pattern.match(start):
            return f"{what}: {_how_to_get_a_table(what, data)}"
    if _is_utf16(start):
        return f"in UTF-16 without a byte order mark: {SAVE_AS}"
    return None


def _inside_zip(data: bytes) -> tuple[str, str] | None:
    ends = data[:_PROBE] + data[-_DIRECTORY:]
    return next((named for sign, named in _INSIDE_ZIP.items() if sign in ends), None)


def _how_to_get_a_table(what: str, data: bytes) -> str:
    if what == "an HTML page" and _LOGIN.search(data):
        return "the page asks to sign in, so sign in to the tool and download the file again"
    if what == "an HTML page":
        return "download the data itself, or open the page in a spreadsheet program and save it"
    return "export CSV from the tool it comes from"


def _is_utf16(start: bytes) -> bool:
    """Tell text with a NUL in every second byte."""
    half = len(start) // 2
    return half > 1 and any(
        start[parity::2].count(0) >= _MANY_NULS * half > start[1 - parity :: 2].count(0) * 4
        for parity in (0, 1)
    )


def other_encoding(data: bytes) -> str:
    """Return which encoding text that is not UTF-8 most likely has."""
    if b"\x81" not in data and not re.search(rb"[\x8d\x8f\x90\x9d]", data):
        return "it looks like Windows-1252 or Latin-1"
    return "it is in another encoding, or damaged"
