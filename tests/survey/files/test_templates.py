"""Files that were begun from a template are accepted."""

import pytest

from survey.files.templates import blank_file
from tests.factories.instrument import COMMENTS
from tests.survey.files.sheets import INSTRUMENT, people, respondents, units

ANSWERS = ",".join(["4"] * 62)


def test_a_filled_template_of_respondents_is_accepted() -> None:
    template = blank_file("respondents", INSTRUMENT, comment_keys=COMMENTS)

    row = f"r1,U1,manager,it,en,2026-03-01,300,,{ANSWERS},a word,another"
    file = respondents((template + row + "\n").encode(), unit_codes=["U1"])

    assert file.items == tuple(item.key for item in INSTRUMENT.items)
    assert file.comments == COMMENTS


def test_a_filled_template_of_units_is_accepted() -> None:
    file = units((blank_file("units", INSTRUMENT) + "A,Alpha,,3,\n").encode())

    assert file.frame.row(0) == ("A", "Alpha", None, 3)


def test_a_filled_template_of_people_is_accepted() -> None:
    template = blank_file("people", INSTRUMENT)

    file = people((template + "p1,a@b,Ann,U1,manager,it,en,,,\n").encode())

    assert file.frame["external_id"].to_list() == ["p1"]


@pytest.mark.parametrize("kind", ["respondents", "units", "people"])
def test_a_template_is_one_line(kind: str) -> None:
    template = blank_file(kind, INSTRUMENT)  # type: ignore[arg-type]  # one of the kinds

    assert template.count("\n") == 1
    assert template.endswith("\n")
