"""Small files and the ways to read them: valid by default."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest
from msgspec.structs import replace

from survey.files.complaints import Complaint, FileRejected
from survey.files.people import PeopleFile, read_people
from survey.files.respondents import RespondentFile, read_respondents
from survey.files.units import UnitFile, read_units
from tests.factories.instrument import COMMENTS, standard_instrument

INSTRUMENT = standard_instrument()


def sheet(header: str, *rows: str, end: str = "\n") -> bytes:
    return "".join(line + end for line in (header, *rows)).encode()


def respondents(
    source: bytes | Path,
    *,
    unit_codes: list[str] | None = None,
    require_consent: bool = False,
) -> RespondentFile:
    return read_respondents(
        source,
        name="file",
        instrument=INSTRUMENT,
        comment_keys=COMMENTS,
        unit_codes=unit_codes,
        require_consent=require_consent,
    )


def units(source: bytes | Path) -> UnitFile:
    return read_units(source, name="file")


def people(
    source: bytes | Path, *, known_people: Mapping[str, str | None] | None = None
) -> PeopleFile:
    return read_people(source, name="file", unit_codes=["U1", "U2"], known_people=known_people)


def rejection(caught: pytest.ExceptionInfo[FileRejected]) -> list[str]:
    """Return the complaints as people read them, without the file's name and without hints."""
    return [said(replace(complaint, hint=None)) for complaint in caught.value.complaints]


def hints(caught: pytest.ExceptionInfo[FileRejected]) -> list[str | None]:
    """Return how to mend what is complained about."""
    return [complaint.hint for complaint in caught.value.complaints]


def said(complaint: Complaint) -> str:
    return str(complaint).removeprefix("file, ").removeprefix("file: ")


def first_row(frame: pl.DataFrame) -> dict[str, object]:
    return frame.row(0, named=True)
