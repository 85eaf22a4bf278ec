"""Keys that look alike are one key, and a message shows why they are not spelled alike."""

import sys
import unicodedata

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.files.complaints import FileRejected
from survey.files.keys import canonical, canonical_keys, caseless, known_spellings, visible
from tests.survey.files.sheets import people, rejection, respondents, sheet, units

UNITS = "code,name,parent_code,headcount"
ANSWERS = "unit,role,data_readiness_1"
PEOPLE = "external_id,email,display_name,unit_code,role,manager_external_id"

INVISIBLE = [
    "\u200b",  # zero-width space
    "\u200c",  # zero-width non-joiner
    "\u200d",  # zero-width joiner
    "\u2060",  # word joiner
    "\ufeff",  # byte order mark
    "\u00ad",  # soft hyphen
    "\u200e",  # left-to-right mark
    "\u202e",  # right-to-left override
    "\u061c",  # Arabic letter mark
    "\ufe0f",  # variation selector
    "\u034f",  # combining grapheme joiner
    "\u3164",  # Hangul filler
    "\u180e",  # Mongolian vowel separator
    "\U000e0041",  # tag
]
BLANKS = [" ", "\t", "\u00a0", "\u2003", "\u2009", "\u202f", "\u205f", "\u3000", "\u2800"]


@pytest.mark.parametrize("sign", INVISIBLE, ids=lambda sign: f"{ord(sign):04x}")
def test_signs_that_show_nothing_are_no_part_of_a_key(sign: str) -> None:
    assert canonical(f"{sign}U0{sign}13{sign}") == "U013"


@pytest.mark.parametrize("blank", BLANKS, ids=lambda sign: f"{ord(sign):04x}")
def test_blanks_at_the_ends_of_any_kind_are_no_part_of_a_key(blank: str) -> None:
    assert canonical(f"{blank}U013{blank}") == "U013"


def test_a_blank_behind_an_invisible_sign_is_still_at_the_end() -> None:
    assert canonical("U013 \u200b") == "U013"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Z\u00fcrich", "Zu\u0308rich"),
        ("\u212bngstr\u00f6m", "\u00c5ngstro\u0308m"),
        ("\uff35\uff10\uff11\uff13", "U013"),
        ("\uff76\uff9e", "\u30ac"),
        ("A\u00a0B", "A B"),
        ("e\u200d\u0301", "\u00e9"),
    ],
)
def test_keys_that_look_alike_are_one(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"), [("R\u00b2", "R2"), ("A  B", "A B"), ("A", "\u0410")]
)
def test_keys_that_people_tell_apart_are_two(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


def test_case_is_kept_and_can_be_left_out_of_a_comparison() -> None:
    assert canonical("u017") == "u017"
    assert caseless("u017") == caseless("U017")
    assert caseless("Stra\u00dfe") == caseless("STRASSE")


@given(st.text())
def test_the_form_of_a_form_is_itself(text: str) -> None:
    form = canonical(text)

    assert canonical(form) == form
    assert unicodedata.is_normalized("NFC", form)


def test_no_form_of_any_sign_holds_a_sign_that_shows_nothing() -> None:
    signs = (chr(point) for point in range(sys.maxunicode + 1) if not 0xD800 <= point <= 0xDFFF)
    forms = pl.Series([canonical(sign) for sign in signs])

    assert forms.str.contains(r"\p{Default_Ignorable_Code_Point}").sum() == 0


def test_a_column_of_keys_gets_its_forms_and_loses_what_shows_nothing() -> None:
    texts = pl.Series(["U1", "U\u200b1", None, "\u200b", "\u00a0U1"])

    assert canonical_keys(texts).to_list() == ["U1", "U1", None, None, "U1"]


def test_a_key_in_another_case_is_found_under_its_known_spelling() -> None:
    assert known_spellings(["u017", "U001", "x"], ["U017", "U001"]) == {"u017": "U017"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("U013\u200b", r"U013\u200b"),
        ("U013 ", r"U013\x20"),
        ("\u00a0U013", r"\xa0U013"),
        ("Zu\u0308rich", r"Zu\u0308rich"),
        ("\u212bx", r"\u212bx"),
        ("Z\u00fcrich, Werk 2", "Z\u00fcrich, Werk 2"),
        ("\u0939\u093f\u0928\u094d\u0926\u0940", "\u0939\u093f\u0928\u094d\u0926\u0940"),
    ],
)
def test_a_message_shows_what_hides_in_a_spelling(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize(
    ("other", "shown"),
    [("U013\u200b", r"U013\u200b"), ("U013\u00a0", r"U013\xa0"), ("u013", "u013")],
)
def test_two_units_that_differ_in_spelling_alone_are_refused_with_both(
    other: str, shown: str
) -> None:
    with pytest.raises(FileRejected) as caught:
        units(sheet(UNITS, "U013,a,,1", f"{other},b,,1"))

    assert rejection(caught) == [
        f"line 3, column code: found '{shown}', expected a key of its own; "
        "'U013' in line 2 is the same key in another spelling"
    ]


def test_two_people_whose_ids_differ_in_spelling_alone_are_refused_with_both() -> None:
    rows = ["e\u200d1,a@b,Ann,U1,manager,", "e1,c@d,Bob,U1,manager,"]

    with pytest.raises(FileRejected) as caught:
        people(sheet(PEOPLE, *rows))

    assert rejection(caught) == [
        "line 3, column external_id: found 'e1', expected a key of its own; "
        r"'e\u200d1' in line 2 is the same key in another spelling"
    ]


def test_a_reference_is_read_as_the_key_that_it_looks_like() -> None:
    tree = units(sheet(UNITS, "Z\u00fcrich,a,,1", "B,b,Zu\u0308rich,1", "c,c,\u200bb,1"))
    rows = ["e1,a@b,Ann,u1\u200b,manager,\u00a0e2", "e2,c@d,Bob,U1,manager,"]
    staff = people(sheet(PEOPLE, *rows))

    assert tree.frame["parent_code"].to_list() == [None, "Z\u00fcrich", "B"]
    assert staff.frame["unit_code"].to_list() == ["U1", "U1"]
    assert staff.frame["manager_external_id"].to_list() == ["e2", None]


def test_answers_under_several_spellings_belong_to_one_unit() -> None:
    spellings = ["u017", "U017", "U017\u200b", "U017\u00a0", "U017"]

    file = respondents(sheet(ANSWERS, *(f"{unit},manager,4" for unit in spellings)))

    assert file.frame["unit"].to_list() == ["U017"] * 5


def test_answers_follow_the_spelling_of_the_unit_file() -> None:
    file = respondents(sheet(ANSWERS, "u017,manager,4"), unit_codes=["U017"])

    assert file.frame["unit"].to_list() == ["U017"]


def test_a_key_that_shows_nothing_is_an_empty_cell() -> None:
    with pytest.raises(FileRejected) as caught:
        respondents(sheet(ANSWERS, "\u200b,manager,4"))

    assert rejection(caught) == [
        r"line 2, column unit: found '\u200b', "
        "expected text of 1 to 200 characters, none a control character"
    ]
