"""Each broken file ends in the complaint that helps to mend it."""

import pytest
from msgspec.structs import replace

from survey.files.complaints import Complaint, FileRejected
from survey.files.respondents import read_respondents
from survey.files.units import read_units
from tests.data import DATA
from tests.factories.instrument import COMMENTS
from tests.survey.files.sheets import INSTRUMENT

Place = tuple[int | None, str | None, str | None, str]

SCALE = "a whole number from 1 to 5, or an empty cell"

RESPONDENT_FILES: dict[str, Place] = {
    "duplicate_respondent.csv": (
        7,
        "respondent_id",
        "R00005",
        "a value that occurs once; it stands in line 6 already",
    ),
    "empty.csv": (
        None,
        None,
        None,
        "a table: CSV in UTF-8, or Parquet, with a header and at least one row; "
        "the file is empty",
    ),
    "header_only.csv": (1, None, None, "at least one row below the header; there is none"),
    "latin1.csv": (
        2,
        "unit",
        r"\xdc004",
        "UTF-8; byte 1191 of the file is 0xDC, which is not: "
        "in a spreadsheet program save it as 'CSV UTF-8'",
    ),
    "missing_unit_column.csv": (1, "unit", None, "this column, which is required"),
    "negative_duration.csv": (
        9,
        "duration_s",
        "-5",
        "a number of seconds, not negative and at most 100000000",
    ),
    "not_a_number.csv": (18, "data_readiness_2", "agree", SCALE),
    "not_csv.csv": (
        None,
        None,
        None,
        "a table: CSV in UTF-8, or Parquet; this file is a ZIP archive: "
        "unpack it, and give the file that is in it",
    ),
    "out_of_scale.csv": (18, "data_readiness_2", "7", SCALE),
    "repeated_column.csv": (
        1,
        "executive_sponsorship_8",
        None,
        "each column once; this name stands at positions 64, 65",
    ),
    "short_row.csv": (
        11,
        None,
        None,
        "64 cells, one per column of the header; there are 61",
    ),
    "unknown_column.csv": (
        1,
        "governence_3",
        None,
        "a known column (did you mean governance_3?), or a name that begins with x_",
    ),
    "unknown_role.csv": (5, "role", "boss", "sponsor, manager or contributor"),
    "unknown_unit.csv": (
        42,
        "unit",
        "U999",
        "a unit of the unit file; this code is not in it",
    ),
}

UNIT_FILES: dict[str, Place] = {
    "units_cycle.csv": (
        2,
        "parent_code",
        "U024",
        "a parent that is not below the unit; C → U024 → D04 → C is a circle",
    ),
    "units_duplicate_code.csv": (
        31,
        "code",
        "U024",
        "a value that occurs once; it stands in line 30 already",
    ),
    "units_unknown_parent.csv": (
        6,
        "parent_code",
        "D99",
        "the code of a unit in this file, or an empty cell for a root",
    ),
}


@pytest.mark.parametrize(("name", "place"), RESPONDENT_FILES.items())
def test_a_broken_respondent_file_is_complained_about_exactly_once(
    name: str, place: Place
) -> None:
    codes = read_units(DATA / "company-north/units.csv", name="units.csv").frame["code"]

    with pytest.raises(FileRejected) as caught:
        read_respondents(
            DATA / "broken" / name,
            name=name,
            instrument=INSTRUMENT,
            comment_keys=COMMENTS,
            unit_codes=codes,
        )

    (complaint,) = caught.value.complaints
    assert replace(complaint, hint=None) == Complaint(name, *place)
    assert caught.value.total == 1


@pytest.mark.parametrize(("name", "place"), UNIT_FILES.items())
def test_a_broken_unit_file_is_complained_about_exactly_once(name: str, place: Place) -> None:
    with pytest.raises(FileRejected) as caught:
        read_units(DATA / "broken" / name, name=name)

    assert caught.value.complaints == (Complaint(name, *place),)
    assert caught.value.total == 1


def test_every_broken_file_is_in_the_tables() -> None:
    files = {path.name for path in (DATA / "broken").iterdir()}

    assert files == RESPONDENT_FILES.keys() | UNIT_FILES.keys()


@pytest.mark.parametrize(("company", "rows"), [("company-north", 805), ("company-south", 716)])
def test_the_files_of_a_company_are_accepted(company: str, rows: int) -> None:
    codes = read_units(DATA / company / "units.csv", name="units.csv").frame["code"]

    file = read_respondents(
        DATA / company / "responses.csv",
        name="responses.csv",
        instrument=INSTRUMENT,
        comment_keys=COMMENTS,
        unit_codes=codes,
    )

    assert file.rows == rows
    assert len(file.items) == 60
