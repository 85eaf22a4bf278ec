"""`opmodel analyse` as a program: what it prints, what it writes, how it ends."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from api.cli import main
from tests.data import DATA

NORTH = DATA / "company-north"

BROKEN = {
    "duplicate_respondent.csv": ["line 7", "respondent_id", "R00005", "occurs once"],
    "empty.csv": ["the file is empty"],
    "header_only.csv": ["line 1", "at least one row"],
    "latin1.csv": ["line 2", "unit", "UTF-8"],
    "missing_unit_column.csv": ["line 1", "column unit", "required"],
    "negative_duration.csv": ["line 9", "duration_s", "-5", "not negative"],
    "not_a_number.csv": ["line 18", "data_readiness_2", "agree", "whole number from 1 to 5"],
    "not_csv.csv": ["expected a table"],
    "out_of_scale.csv": ["line 18", "data_readiness_2", "7", "whole number from 1 to 5"],
    "repeated_column.csv": ["line 1", "executive_sponsorship_8", "once"],
    "short_row.csv": ["line 11", "64 cells", "61"],
    "unknown_column.csv": ["line 1", "governence_3", "did you mean governance_3"],
    "unknown_role.csv": ["line 5", "role", "boss", "sponsor, manager or contributor"],
    "unknown_unit.csv": ["line 42", "unit", "U999"],
    "units_cycle.csv": ["line 2", "parent_code", "U024"],
    "units_duplicate_code.csv": ["line 31", "code", "U024"],
    "units_unknown_parent.csv": ["line 6", "parent_code", "D99"],
}


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


Command = Callable[..., Ended]


@pytest.fixture
def opmodel(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run the command line in this process, which saves a second of imports each time."""

    def run(*words: object) -> Ended:
        monkeypatch.setattr(sys, "argv", ["opmodel", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        return Ended(int(ended.value.code or 0), *capsys.readouterr())

    return run


def test_it_is_a_program_whose_exit_code_says_how_it_went() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "api", "analyse", DATA / "broken" / "empty.csv"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ended.returncode, ended.stdout) == (2, "")
    assert "the file is empty" in ended.stderr


def test_every_broken_file_is_expected_to_be_one() -> None:
    assert {path.name for path in (DATA / "broken").iterdir()} == set(BROKEN)


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_broken_file_is_refused_with_its_place_and_nothing_is_written(
    name: str, tmp_path: Path, opmodel: Command
) -> None:
    broken, output = DATA / "broken" / name, tmp_path / "result.json"
    is_unit_file = name.startswith("units_")
    responses = NORTH / "responses.csv" if is_unit_file else broken
    units = broken if is_unit_file else NORTH / "units.csv"

    ended = opmodel("analyse", responses, "--units", units, "--output", output)

    assert ended.returncode == 2
    assert ended.stdout == ""
    assert list(tmp_path.iterdir()) == []
    for part in [str(broken), *BROKEN[name]]:
        assert part in ended.stderr
    assert "Traceback" not in ended.stderr


def test_writes_the_json_that_the_format_describes(tmp_path: Path, opmodel: Command) -> None:
    output = tmp_path / "result.json"

    ended = opmodel(
        "analyse", NORTH / "responses.csv", "--units", NORTH / "units.csv",
        "--format", "json", "--output", output, "--seed", 3,
    )  # fmt: skip

    document = json.loads(output.read_text())
    assert (ended.returncode, ended.stdout) == (0, "")
    assert {"lineage", "organisation", "units"} <= set(document)
    assert document["lineage"]["seed"] == 3
    assert list(tmp_path.iterdir()) == [output]


def test_prints_a_report_that_names_units_models_and_limits(opmodel: Command) -> None:
    ended = opmodel("analyse", NORTH / "responses.csv", "--units", NORTH / "units.csv")

    assert ended.returncode == 0
    for part in (
        "Unit 014",
        "Centre of excellence",
        "What to do next",
        "agreed to be shown",
        "theory",
    ):
        assert part in ended.stdout


def test_an_output_that_is_there_is_kept_when_the_input_is_refused(
    tmp_path: Path, opmodel: Command
) -> None:
    output = tmp_path / "result.json"
    output.write_text("yesterday")

    opmodel("analyse", DATA / "broken" / "empty.csv", "--output", output)

    assert output.read_text() == "yesterday"


def test_a_file_that_is_not_there_is_bad_input(opmodel: Command) -> None:
    ended = opmodel("analyse", "nowhere.csv")

    assert ended.returncode == 2
    assert "nowhere.csv" in ended.stderr


def test_prints_the_units_asked_for_and_nothing_of_the_company(opmodel: Command) -> None:
    ended = opmodel(
        "analyse", NORTH / "responses.csv", "--units", NORTH / "units.csv", "--unit", "U017"
    )

    assert "Which model fits Unit 017" in ended.stdout
    assert "What would change the nearest model" in ended.stdout
    assert "What we found" not in ended.stdout


def test_says_everything_where_it_is_asked_to_and_in_german(opmodel: Command) -> None:
    ended = opmodel(
        "analyse", NORTH / "responses.csv", "--units", NORTH / "units.csv",
        "--full", "--locale", "de",
    )  # fmt: skip

    assert "Veröffentlichte Zahlen" in ended.stdout
    assert "Wie wurde das berechnet?" in ended.stdout


def test_a_language_without_a_report_finds_english_and_says_so(opmodel: Command) -> None:
    ended = opmodel("analyse", NORTH / "responses.csv", "--locale", "fr")

    assert ended.returncode == 0
    assert ended.stdout.startswith("There is no report in French yet")


def test_what_is_no_language_is_refused(opmodel: Command) -> None:
    ended = opmodel("analyse", NORTH / "responses.csv", "--locale", "german")

    assert ended.returncode == 2
    assert "'german' is no language; expected a tag such as de" in ended.stderr


def test_a_unit_that_is_not_in_the_files_is_refused_by_name(opmodel: Command) -> None:
    ended = opmodel("analyse", NORTH / "responses.csv", "--unit", "U999")

    assert ended.returncode == 2
    assert "there is no unit 'U999'" in ended.stderr


def test_compares_with_the_last_wave(tmp_path: Path, opmodel: Command) -> None:
    output = tmp_path / "result.json"

    opmodel(
        "analyse", NORTH / "responses.csv", "--units", NORTH / "units.csv",
        "--earlier", NORTH / "responses.csv", "--earlier-units", NORTH / "units.csv",
        "--format", "json", "--output", output,
    )  # fmt: skip

    document = json.loads(output.read_text())
    assert document["drift"]["status"] == "stable"
    assert {
        unit["recommendation"]["sinceLastWave"]["outcome"]
        for unit in document["units"]
        if "sinceLastWave" in unit.get("recommendation", {})
    } == {"confirmed"}


def test_a_unit_file_of_the_last_wave_needs_its_respondents(opmodel: Command) -> None:
    ended = opmodel("analyse", NORTH / "responses.csv", "--earlier-units", NORTH / "units.csv")

    assert ended.returncode == 2
    assert "--earlier-units goes with --earlier" in ended.stderr
