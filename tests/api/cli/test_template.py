"""Blank files are those that are read, and never take the place of a filled one."""

from pathlib import Path

from survey.files.people import read_people
from survey.files.units import read_units
from tests.api.cli.installation import Installation

FILLED = {
    "units": "C,Company,,10,yes\n",
    "people": "p1,p1@x.example,Ada,C,manager,it,en,,Europe/Berlin,yes\n",
}


def test_a_filled_template_of_units_is_read(installation: Installation, tmp_path: Path) -> None:
    blank = installation.done("template", "units")
    (tmp_path / "units.csv").write_text(blank + FILLED["units"])

    assert read_units(tmp_path / "units.csv", name="units").frame.height == 1


def test_a_filled_template_of_people_is_read(
    installation: Installation, tmp_path: Path
) -> None:
    blank = installation.done("template", "people")
    (tmp_path / "people.csv").write_text(blank + FILLED["people"])

    assert (
        read_people(tmp_path / "people.csv", name="people", unit_codes=["C"]).frame.height == 1
    )


def test_a_template_of_respondents_has_a_column_per_item(installation: Installation) -> None:
    columns = installation.done("template", "respondents").strip().split(",")

    assert columns[0] == "respondent_id"
    assert len(set(columns)) == len(columns) > 62


def test_writes_the_same_to_a_file(installation: Installation, tmp_path: Path) -> None:
    installation.done("template", "units", "--output", tmp_path / "blank.csv")

    assert (tmp_path / "blank.csv").read_text() == installation.done("template", "units")


def test_a_file_that_is_there_stays_as_it_is(
    installation: Installation, tmp_path: Path
) -> None:
    (tmp_path / "mine.csv").write_text("filled in")

    ended = installation.run("template", "units", "--output", tmp_path / "mine.csv")

    assert ended.returncode == 2
    assert (tmp_path / "mine.csv").read_text() == "filled in"
