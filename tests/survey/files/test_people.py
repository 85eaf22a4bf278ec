"""What a file of people may hold."""

import pytest

from survey.files.complaints import FileRejected
from tests.survey.files.sheets import first_row, people, rejection, sheet

SHORT = "external_id,email,display_name,unit_code,role"
FULL = f"{SHORT},function,locale,manager_external_id"


def test_everything_a_file_may_say_is_read() -> None:
    file = people(
        sheet(
            f"{FULL},time_zone",
            "p1,ann@example.org,Ann,U1,manager,it,de,p2,Europe/Berlin",
            "p2,b@c,Bob,U2,sponsor,,,,",
        )
    )

    assert first_row(file.frame) == {
        "external_id": "p1",
        "email": "ann@example.org",
        "display_name": "Ann",
        "unit_code": "U1",
        "role": "manager",
        "function": "it",
        "locale": "de",
        "manager_external_id": "p2",
        "time_zone": "Europe/Berlin",
        "active": True,
    }


def test_columns_that_need_not_be_there_are_null() -> None:
    file = people(sheet(SHORT, "p1,a@b,Ann,U1,manager"))

    assert file.frame.columns == [*FULL.split(","), "time_zone", "active"]
    assert file.frame.row(0)[5:] == (None, None, None, None, True)


def test_a_time_zone_is_recognised_whatever_its_case_and_blanks() -> None:
    row = "p1,a@b,Ann,U1,manager,america/new york"

    file = people(sheet(f"{SHORT},Time Zone", row))

    assert file.frame["time_zone"].to_list() == ["America/New_York"]


def test_a_time_zone_that_nobody_knows_is_complained_about() -> None:
    with pytest.raises(FileRejected) as caught:
        people(sheet(f"{SHORT},time_zone", "p1,a@b,Ann,U1,manager,Europe/Bern"))

    assert rejection(caught) == [
        "line 2, column time_zone: found 'Europe/Bern', expected a time zone of the IANA "
        "database, such as Europe/Berlin"
    ]


@pytest.mark.parametrize("column", SHORT.split(","))
def test_columns_that_must_be_there_are_named(column: str) -> None:
    header = SHORT.replace(column, f"x_{column}")

    with pytest.raises(FileRejected) as caught:
        people(sheet(header, "p1,a@b,Ann,U1,manager"))

    hint = "; its cells may be empty" if column == "email" else ", which is required"
    assert rejection(caught) == [f"line 1, column {column}: expected this column{hint}"]


@pytest.mark.parametrize("column", ["external_id", "display_name", "unit_code", "role"])
def test_cells_that_must_be_filled_are_complained_about(column: str) -> None:
    row = ["p1", "a@b", "Ann", "U1", "manager"]
    row[SHORT.split(",").index(column)] = ""

    with pytest.raises(FileRejected) as caught:
        people(sheet(SHORT, ",".join(row)))

    (complaint,) = caught.value.complaints
    assert (complaint.line, complaint.column, complaint.value) == (2, column, "")


@pytest.mark.parametrize(
    "email", ["ann", "@", "a@", "@b", "a b@c", "a@b@c", "a@b c", "x" * 65 + "@b"]
)
def test_an_implausible_address_is_complained_about(email: str) -> None:
    with pytest.raises(FileRejected, match="expected an e-mail address"):
        people(sheet(SHORT, f"p1,{email},Ann,U1,manager"))


def test_ids_and_addresses_occur_once_whatever_their_case() -> None:
    rows = ["p1,a@b,Ann,U1,manager", "p1,c@d,Cid,U1,manager", "P1,A@B,Bob,U1,manager"]

    with pytest.raises(FileRejected) as caught:
        people(sheet(SHORT, *rows))

    once = "expected a value that occurs once; it stands in line 2 already"
    assert rejection(caught) == [
        f"line 3, column external_id: found 'p1', {once}",
        "line 4, column email: found 'A@B', "
        "expected a key of its own; 'a@b' in line 2 is the same key in another spelling",
    ]


def test_a_unit_that_nobody_knows_is_complained_about() -> None:
    with pytest.raises(FileRejected) as caught:
        people(sheet(SHORT, "p1,a@b,Ann,U9,manager"))

    assert rejection(caught) == [
        "line 2, column unit_code: found 'U9', "
        "expected the code of a known unit; there is none with this code"
    ]


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("role", "boss", "sponsor, manager or contributor"),
        ("function", "sales", "business, it, data, risk or other"),
        ("locale", "de+DE", "a BCP 47 language, such as de or de-CH"),
        (
            "manager_external_id",
            "p9",
            "the external_id of a person in this file or known already",
        ),
    ],
)
def test_a_cell_that_is_not_as_it_should_be_is_complained_about(
    column: str, value: str, expected: str
) -> None:
    row = ["p1", "a@b", "Ann", "U1", "manager", "", "", ""]
    row[FULL.split(",").index(column)] = value

    with pytest.raises(FileRejected) as caught:
        people(sheet(FULL, ",".join(row)))

    assert rejection(caught) == [
        f"line 2, column {column}: found '{value}', expected {expected}"
    ]


def test_a_manager_may_be_known_from_elsewhere() -> None:
    row = "p1,a@b,Ann,U1,manager,,,boss"

    assert people(sheet(FULL, row), known_people={"boss": None}).frame.height == 1


def test_a_row_that_is_left_out_does_not_orphan_its_reports() -> None:
    with pytest.raises(FileRejected) as caught:
        people(sheet(FULL, "p1,a@b,Ann,U1,manager,,", "p2,b@b,Bob,U1,contributor,,,p1"))

    assert [complaint.line for complaint in caught.value.complaints] == [2]
