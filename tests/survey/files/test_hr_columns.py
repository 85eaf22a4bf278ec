"""Exports of HR tools are read by the names that their columns have."""

import pytest

from survey.files.complaints import FileRejected
from tests.survey.files.sheets import first_row, people, rejection, sheet, units

SHORT = "external_id,email,display_name,unit_code,role"
ROW = "p1,ann@example.org,Ann,U1,manager"


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (  # Workday
            "Employee ID,Email - Work,Worker,Supervisory Organization,Job Level,Manager ID",
            "p1,ann@example.org,Ann,U1,People Manager,",
        ),
        (  # SAP SuccessFactors
            "Person ID External,Business Email,Full Name,Department Code,Job Level,Status",
            "p1,ann@example.org,Ann,U1,manager,Active",
        ),
        (  # BambooHR
            "Employee #,Work Email,Preferred Name,Department,Role,Employment Status",
            "p1,ann@example.org,Ann,U1,manager,Full-Time",
        ),
        (  # Personio
            "Personalnummer,E-Mail-Adresse,Name,Abteilung,Rolle,Beschäftigungsstatus",
            "p1,ann@example.org,Ann,U1,Führungskraft,aktiv",
        ),
        (  # Active Directory
            "employeeID,mail,displayName,department,role,Enabled",
            "p1,ann@example.org,Ann,U1,manager,TRUE",
        ),
        ("External ID,E-MAIL,Display Name,Unit Code,ROLE", "p1,ann@example.org,Ann,U1,manager"),
    ],
)
def test_usual_exports_are_read(header: str, row: str) -> None:
    file = people(sheet(header, row))

    assert first_row(file.frame) == {
        "external_id": "p1",
        "email": "ann@example.org",
        "display_name": "Ann",
        "unit_code": "U1",
        "role": "manager",
        "function": None,
        "locale": None,
        "manager_external_id": None,
        "time_zone": None,
        "active": True,
    }
    assert "names" in {notice.code for notice in file.notices}


def test_usual_exports_of_units_are_read() -> None:
    header = "Organization ID,Organization Name,Superior Organization,Head Count"

    file = units(sheet(header, "U1,Unit,,4"))

    assert file.frame.row(0) == ("U1", "Unit", None, 4)


def test_a_notice_names_every_column_that_was_renamed() -> None:
    file = people(sheet("Employee ID,E-Mail,Name,Department,Role", ROW))

    (notice,) = file.notices
    assert {one.found: one.read_as for one in notice.examples} == {
        "Employee ID": "external_id",
        "E-Mail": "email",
        "Name": "display_name",
        "Department": "unit_code",
        "Role": "role",
    }


def test_first_and_last_names_are_one_name() -> None:
    header = "external_id,email,First Name,Last Name,unit_code,role"

    file = people(sheet(header, "p1,a@b,Ann,Doe,U1,manager", "p2,c@d,,Cid,U1,manager"))

    assert file.frame["display_name"].to_list() == ["Ann Doe", "Cid"]


def test_two_columns_that_could_each_be_it_are_not_guessed() -> None:
    header = "external_id,email,display_name,Department,Division,role"

    with pytest.raises(FileRejected) as caught:
        people(sheet(header, "p1,a@b,Ann,U1,U2,manager"))

    assert rejection(caught) == [
        "line 1: expected one column for unit_code; 'Department' and 'Division' could each be "
        "it: call the right one unit_code, and begin the others' names with x_"
    ]


def test_a_column_with_our_own_name_beats_others() -> None:
    header = "external_id,email,display_name,unit_code,role,x_Division"

    assert people(sheet(header, f"{ROW},U2")).frame["unit_code"].to_list() == ["U1"]


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("Business Title", "job titles"),
        ("Hire Date", "the day somebody began"),
        ("Location", "places"),
        ("Home Email", "private addresses"),
        ("Manager", "names of managers"),
        ("sAMAccountName", "names for signing in"),
    ],
)
def test_other_columns_of_hr_exports_are_named_for_what_they_hold(
    name: str, meaning: str
) -> None:
    with pytest.raises(FileRejected) as caught:
        people(sheet(f"{SHORT},{name}", f"{ROW},something"))

    (complaint,) = rejection(caught)
    assert complaint.startswith(f"line 1, column {name}: expected no column of {meaning}")
    assert "begin its name with x_ to leave it out" in complaint


@pytest.mark.parametrize(
    ("column", "word"),
    [
        ("active", "no"),
        ("Active", "FALSE"),
        ("active", "0"),
        ("active", "0.0"),
        ("status", "Terminated"),
        ("Employee Status", "inactive"),
        ("Employment Status", "Leaver"),
        ("User Status", "No longer employed"),
        ("Account Enabled", "False"),
        ("Mitarbeiterstatus", "ausgeschieden"),
        ("Terminated", "yes"),
        ("Is Terminated", "TRUE"),
        ("Inactive", "x"),
        ("Leaver", "1"),
    ],
)
def test_a_column_marks_who_has_left(column: str, word: str) -> None:
    file = people(sheet(f"{SHORT},{column}", f"{ROW},{word}", "p2,b@c,Bob,U1,manager,"))

    assert file.frame.select("external_id", "active").rows() == [("p1", False), ("p2", True)]


def test_of_people_who_have_left_only_the_id_is_read() -> None:
    file = people(
        sheet(f"{SHORT},active", "p1,,,GONE,boss,no", "p2,b@c,Bob,U1,manager,yes"),
    )

    assert file.frame.row(0) == ("p1", *[None] * 8, False)


def test_an_address_may_pass_from_somebody_who_has_left() -> None:
    rows = ["p1,a@b,Ann,U1,manager,no", "p2,A@B,Bob,U1,manager,yes"]

    file = people(sheet(f"{SHORT},active", *rows))

    assert file.frame["email"].to_list() == [None, "A@b"]


@pytest.mark.parametrize("word", ["On Leave", "suspended", "maybe", "2"])
def test_a_word_that_does_not_say_whom_to_invite_is_complained_about(word: str) -> None:
    with pytest.raises(FileRejected, match=r"column active: found .*, expected yes or no"):
        people(sheet(f"{SHORT},Status", f"{ROW},{word}"))


def test_an_empty_cell_beside_yes_is_complained_about() -> None:
    with pytest.raises(FileRejected, match="line 3, column active: found nothing"):
        people(sheet(f"{SHORT},active", f"{ROW},yes", "p2,b@c,Bob,U1,manager,"))


@pytest.mark.parametrize("name", ["Termination Date", "Last Day of Work", "Austrittsdatum"])
def test_a_day_of_leaving_is_never_to_be_ignored_before_active_says_who_left(name: str) -> None:
    with pytest.raises(FileRejected) as caught:
        people(sheet(f"{SHORT},{name}", f"{ROW},2025-01-31"))

    (complaint,) = rejection(caught)
    assert "expected a column active with no for everybody who has left" in complaint


def test_a_day_of_leaving_beside_active_may_be_ignored() -> None:
    with pytest.raises(FileRejected) as caught:
        people(sheet(f"{SHORT},active,Exit Date", f"{ROW},no,2025-01-31"))

    (complaint,) = rejection(caught)
    assert "expected no column of days on which people left" in complaint


def test_an_unknown_column_that_marks_leavers_is_called_active() -> None:
    rows = (f"{ROW},da", "p2,b@c,Bob,U1,manager,Ausgeschieden")

    with pytest.raises(FileRejected) as caught:
        people(sheet(f"{SHORT},Zustand", *rows))

    (complaint,) = rejection(caught)
    assert "this one holds 'Ausgeschieden'" in complaint
    assert "call it active if it does" in complaint
    assert "x_" not in complaint


def test_an_ignored_column_that_marks_leavers_is_named() -> None:
    file = people(sheet(f"{SHORT},x_status", f"{ROW},Terminated"))

    (notice,) = file.notices
    assert (notice.code, notice.columns) == ("ignored_leavers", ("x_status",))


def test_two_columns_of_leavers_are_not_to_be_ignored() -> None:
    header = f"{SHORT},Employee Status,Account Status"

    with pytest.raises(FileRejected) as caught:
        people(sheet(header, f"{ROW},active,disabled"))

    (complaint,) = rejection(caught)
    assert "keep one, called active, that says no about everybody who has left" in complaint
