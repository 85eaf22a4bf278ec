"""Files are taken whole or not at all, and what they changed is said."""

import csv
import re
from importlib import resources
from pathlib import Path

import msgspec
import pytest

import seed
from seed.content import standard_instrument
from tests.api.cli.conftest import COMPANY, PEOPLE
from tests.api.cli.installation import Installation
from tests.api.cli.open_campaign import CAMPAIGN

pytestmark = pytest.mark.slow

BROKEN = COMPANY.parent / "broken"


def written(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text)
    return file


def test_an_organisation_is_made_with_what_a_release_needs(
    installation: Installation, tmp_path: Path
) -> None:
    file = written(tmp_path, "south.toml", 'key = "south"\nname = "South"\n')

    said = installation.done("import", "organisation", file)

    assert said.startswith("south: new, with the standard instrument")
    assert installation.done("import", "organisation", file) == "south: as it was\n"


@pytest.mark.slow
def test_what_differs_in_an_organisation_is_changed_and_said(
    installation: Installation, tmp_path: Path
) -> None:
    text = 'key = "south"\nname = "South"\n'
    installation.done("import", "organisation", written(tmp_path, "south.toml", text))

    said = installation.done(
        "import", "organisation", written(tmp_path, "again.toml", f"{text}min_group = 7\n")
    )

    assert said == "south: min_group was 5, is 7\n"


@pytest.mark.slow
def test_units_without_an_organisation_say_where_to_begin(installation: Installation) -> None:
    ended = installation.run("import", "units", COMPANY / "units.csv")

    assert ended.returncode == 2
    assert "opmodel import organisation" in ended.stderr


def test_units_that_are_there_are_left_as_they_were(company: Installation) -> None:
    said = company.done("import", "units", COMPANY / "units.csv", "--organisation", "north")

    assert said.split("\n")[2].split() == ["29", "as", "they", "were"]


def test_units_that_a_file_leaves_out_stay(company: Installation, tmp_path: Path) -> None:
    rows = (COMPANY / "units.csv").read_text().splitlines(keepends=True)
    shorter = written(tmp_path, "units.csv", "".join(rows[:-1]))

    said = company.done("import", "units", shorter)

    assert "1 not in the file, and left as they are" in said


def test_a_dry_run_says_what_would_change_and_changes_nothing(
    company: Installation, tmp_path: Path
) -> None:
    rows = (COMPANY / "units.csv").read_text()
    larger = written(tmp_path, "units.csv", f"{rows}NEW,New unit,C,12\n")

    first = company.done("import", "units", larger, "--dry-run")
    second = company.done("import", "units", larger, "--dry-run")

    assert "1 new unit: NEW" in first
    assert "nothing was written" in first
    assert second == first


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("units_cycle.csv", "line 2, column parent_code"),
        ("units_duplicate_code.csv", "line 31, column code"),
        ("units_unknown_parent.csv", "line 6, column parent_code"),
    ],
)
def test_broken_units_are_refused_with_their_place(
    company: Installation, name: str, place: str
) -> None:
    ended = company.run("import", "units", BROKEN / name)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert f"{BROKEN / name}, {place}" in ended.stderr


def test_people_are_brought_into_their_units(company: Installation, tmp_path: Path) -> None:
    file = written(tmp_path, "people.csv", PEOPLE)

    first = company.done("import", "people", file)
    again = company.done("import", "people", file)

    assert "2 new people: p1, p2" in first
    assert "2 as they were" in again


def test_how_people_were_read_is_said_line_by_line(
    company: Installation, tmp_path: Path
) -> None:
    text = (
        "Employee ID,Work Email,Name,Department,Role,Status\n"
        "q1,mailto:q1@x.example,Kim,u001,Individual Contributor,active\n"
        "q2,q2@x.example,Ben,U001,manager,terminated\n"
    )

    said = company.done("import", "people", written(tmp_path, "export.csv", text))

    lines = said.splitlines()
    assert "1 new person: q1" in lines[0]
    assert any("6 columns were read under the names that are meant" in line for line in lines)
    assert any("one address was cleaned: 'mailto:q1@x.example'" in line for line in lines)
    assert "One key is marked as inactive and not known, and was not created: q2." in lines


def test_a_wrong_number_of_people_to_deactivate_is_refused(
    company: Installation, tmp_path: Path
) -> None:
    file = written(tmp_path, "people.csv", PEOPLE)

    ended = company.run("import", "people", file, "--expect-deactivated", "7")

    assert ended.returncode == 2
    assert "0 of" in ended.stderr
    assert "--expect-deactivated 0" in ended.stderr


def test_people_in_a_unit_that_is_not_there_are_refused(
    company: Installation, tmp_path: Path
) -> None:
    file = written(tmp_path, "people.csv", PEOPLE.replace("U002", "NOWHERE"))

    ended = company.run("import", "people", file, "--dry-run")

    assert ended.returncode == 2
    assert "line 3, column unit_code" in ended.stderr


def test_an_instrument_is_loaded_and_published(company: Installation, tmp_path: Path) -> None:
    own = msgspec.structs.replace(standard_instrument(), key="own")
    file = written(tmp_path, "own.json", msgspec.json.encode(own).decode())

    draft = company.done("import", "instrument", file)
    published = company.done("import", "instrument", file, "--publish")

    assert draft == "own version 1: created, draft\n"
    assert published == "own version 1: unchanged, published\n"


def test_an_instrument_with_an_unknown_field_is_refused(
    company: Installation, tmp_path: Path
) -> None:
    ended = company.run("import", "instrument", written(tmp_path, "own.json", '{"name": 1}'))

    assert ended.returncode == 2
    assert "no field 'name'" in ended.stderr


def own_models() -> str:
    """Return the standard operating models, as a version of one's own."""
    file = resources.files(seed).joinpath("catalogue", "operating_models.toml")
    return file.read_text(encoding="utf-8").replace('version = "1"', 'version = "acme-1"')


def test_operating_models_of_ones_own_are_loaded(company: Installation, tmp_path: Path) -> None:
    file = written(tmp_path, "own.toml", own_models())

    rehearsed = company.done("import", "operating-models", file, "--dry-run")
    first = company.done("import", "operating-models", file)
    again = company.done("import", "operating-models", file)

    loaded = "operating models acme-1: loaded; releases from now on use it\n"
    assert rehearsed == f"{loaded}This was a dry run: nothing was written.\n"
    assert (first, again) == (loaded, "operating models acme-1: as they were\n")


def test_operating_models_without_a_reason_are_refused_with_every_cell(
    company: Installation, tmp_path: Path
) -> None:
    blank = re.sub(r'^reason = ".*"$', 'reason = ""', own_models(), count=2, flags=re.MULTILINE)

    ended = company.run("import", "operating-models", written(tmp_path, "own.toml", blank))

    assert ended.returncode == 2
    assert ended.stderr.count("there is no reason for the value") == 2


def test_responses_need_a_campaign_that_is_there(company: Installation) -> None:
    ended = company.run("import", "responses", COMPANY / "responses.csv", "--campaign", "2026")

    assert ended.returncode == 2
    assert "'2026' does not name exactly one campaign" in ended.stderr


@pytest.mark.slow
def test_responses_are_taken_once(campaign: Installation, tmp_path: Path) -> None:
    rows = without_sponsors()
    file = written(tmp_path, "responses.csv", "".join(rows))
    command = ("import", "responses", file, "--campaign", CAMPAIGN)

    rehearsed = campaign.done(*command, "--dry-run")
    stored = campaign.done(*command)
    again = campaign.run(*command)

    assert rehearsed.startswith(stored)
    assert stored.split("\n")[0].strip() == f"{len(rows) - 1} responses to Autumn, wave 1"
    assert again.returncode == 2
    assert "imported into the campaign before" in again.stderr


def without_sponsors() -> list[str]:
    """Return the example's respondents but its sponsors, who have not been asked to consent."""
    lines = (COMPANY / "responses.csv").read_text().splitlines(keepends=True)
    return [line for line in lines if ",sponsor," not in line]


def test_the_example_has_a_row_per_unit() -> None:
    with (COMPANY / "units.csv").open() as file:
        assert len(list(csv.DictReader(file))) == 29
