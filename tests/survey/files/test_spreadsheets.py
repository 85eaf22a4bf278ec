"""Ids and codes are read as they were before a spreadsheet or a data frame changed them."""

import pytest

from survey.files.complaints import FileRejected
from tests.survey.files.sheets import people, rejection, sheet, units

HEADER = "external_id,email,display_name,unit_code,role,manager_external_id"


def row(external_id: str, manager: str = "", unit: str = "U1") -> str:
    return f"{external_id},,Ann,{unit},manager,{manager}"


def ids(*rows: str) -> list[tuple[str, str | None]]:
    return (
        people(sheet(HEADER, *rows)).frame.select("external_id", "manager_external_id").rows()
    )


@pytest.mark.parametrize("text", ['"=""007"""', "'007", "007\u00a0", "\u200b007", "００７"])
def test_what_keeps_zeros_or_does_not_show_is_no_part_of_an_id(text: str) -> None:
    assert ids(row(text)) == [("007", None)]


def test_numbers_that_became_floats_are_numbers() -> None:
    assert ids(row("1.0", "2.0"), row("2.0")) == [("1", "2"), ("2", None)]


def test_only_managers_became_floats_because_one_was_empty() -> None:
    assert ids(row("1", "2.0"), row("2")) == [("1", "2"), ("2", None)]


def test_ids_that_hold_points_stay() -> None:
    assert ids(row("1.0"), row("1.5")) == [("1.0", None), ("1.5", None)]


def test_parents_that_became_floats_find_their_unit() -> None:
    file = units(sheet("code,name,parent_code,headcount", "10,Top,,1", "20,Low,10.0,2.0"))

    assert file.frame.row(1) == ("20", "Low", "10", 2)


@pytest.mark.parametrize("text", ["1E+05", "1.23457E+11", '"1,2E+10"'])
def test_an_id_that_became_a_power_of_ten_is_lost(text: str) -> None:
    with pytest.raises(FileRejected) as caught:
        people(sheet(HEADER, row(text)))

    (complaint,) = rejection(caught)
    assert "a spreadsheet has put a number in its place: format the column as text" in complaint


@pytest.mark.parametrize("text", ["#REF!", "#NAME?", "#VALUE!"])
def test_an_id_that_became_an_error_is_lost(text: str) -> None:
    with pytest.raises(FileRejected, match="a spreadsheet has put an error in its place"):
        people(sheet(HEADER, row(text)))


def test_a_code_is_found_whatever_its_spelling_and_a_notice_says_so() -> None:
    file = people(sheet(HEADER, row("p1", unit="u1\u00a0")))

    assert file.frame["unit_code"].to_list() == ["U1"]
    (notice,) = file.notices
    assert (notice.code, notice.columns) == ("spelling", ("unit_code",))


def test_a_manager_may_be_named_by_their_address() -> None:
    rows = ("p1,a@b,Ann,U1,manager,BOB@c", "p2,bob@c,Bob,U1,sponsor,")

    assert people(sheet(HEADER, *rows)).frame["manager_external_id"].to_list() == ["p2", None]


def test_who_manages_themselves_has_no_manager_and_a_notice_says_so() -> None:
    file = people(sheet(HEADER, row("p1", "p1")))

    assert file.frame["manager_external_id"].to_list() == [None]
    assert [(notice.code, notice.keys) for notice in file.notices] == [("own_manager", ("p1",))]


@pytest.mark.parametrize("text", ["N/A", "NULL", "None", "-", "#N/A"])
def test_a_word_for_nothing_is_no_manager_no_parent_and_no_address(text: str) -> None:
    file = people(sheet(HEADER, f"p1,{text},Ann,U1,manager,{text}"))
    tree = units(sheet("code,name,parent_code,headcount", f"A,Alpha,{text},1"))

    assert file.frame.select("email", "manager_external_id").row(0) == (None, None)
    assert tree.frame["parent_code"].to_list() == [None]
    assert {notice.code for notice in (*file.notices, *tree.notices)} == {"nothing"}


def test_a_unit_may_be_called_like_a_word_for_nothing() -> None:
    rows = ("NA,North America,,1", "A,Alpha,NA,1")

    tree = units(sheet("code,name,parent_code,headcount", *rows))

    assert tree.frame["parent_code"].to_list() == [None, "NA"]
