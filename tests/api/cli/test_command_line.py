"""What holds for every command: help, speed of starting, exit codes and sentences."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from api.cli import COMMANDS, opmodel
from tests.api.cli.installation import Installation
from tests.architecture.tracked import ROOT

HEAVY = {"polars", "sklearn", "scipy", "numpy", "litestar", "piccolo", "asyncpg", "granian"}
NOWHERE = "postgresql://ada:hunter2secret@127.0.0.1:1/opmodel"


def test_help_lists_every_command_with_its_line(installation: Installation) -> None:
    said = " ".join(installation.done("--help").split())

    assert [line for line in COMMANDS.values() if line not in said] == []


def test_help_names_the_environment_and_the_exit_codes(installation: Installation) -> None:
    said = installation.done("--help")

    assert [
        word
        for word in (
            "DATABASE_URL",
            "OPMODEL_HOME",
            "OPMODEL_SECRET_KEY",
            "OPMODEL_OUTBOX",
            "OPMODEL_ENV",
            "Exit codes",
        )
        if word not in said
    ] == []


def test_help_loads_nothing_that_takes_long() -> None:
    program = (
        "import sys; sys.argv = ['opmodel', '--help']\n"
        "import api.cli\n"
        "try: api.cli.main()\n"
        "except SystemExit: pass\n"
        f"print('loaded', *({HEAVY!r} & set(sys.modules)))"
    )

    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert ended.stdout.splitlines()[-1] == "loaded"


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_explains_itself_and_starts_nothing(name: str, tmp_path: Path) -> None:
    asked = CliRunner().invoke(opmodel, [name, "--help"], env={"OPMODEL_HOME": str(tmp_path)})

    assert asked.exit_code == 0
    assert asked.output.startswith(f"Usage: opmodel {name}")
    assert len(asked.output.splitlines()) > 5
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["organisation", "units", "people", "instrument", "responses"])
def test_each_import_explains_itself(name: str) -> None:
    asked = CliRunner().invoke(opmodel, ["import", name, "--help"])

    assert asked.exit_code == 0
    assert "--dry-run" in asked.output


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["serve", "--port", "0"], ["restore", "no"]]
)
def test_wrong_arguments_end_with_2(installation: Installation, arguments: list[str]) -> None:
    assert installation.run(*arguments).returncode == 2


def test_a_database_that_does_not_answer_is_a_sentence(installation: Installation) -> None:
    away = Installation(installation.home, DATABASE_URL=NOWHERE)

    ended = away.run("migrate")

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("opmodel: The database cannot be reached:")
    assert len(ended.stderr.splitlines()) == 1
    assert "hunter2" not in ended.stderr


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"DATABASE_URL": "mysql://localhost/opmodel"}, "DATABASE_URL"),
        ({"OPMODEL_API_PROT": "8000"}, "OPMODEL_API_PORT"),
        ({"OPMODEL_API_PORT": "many"}, "OPMODEL_API_PORT"),
        ({"OPMODEL_SECRET_KEY": "short"}, "OPMODEL_SECRET_KEY"),
    ],
)
def test_a_setting_that_does_not_fit_is_named(
    installation: Installation, variables: dict[str, str], named: str
) -> None:
    ended = Installation(installation.home, **variables).run("serve")

    assert ended.returncode == 1
    assert named in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_key_file_that_others_can_read_stops_the_start(installation: Installation) -> None:
    key = installation.home / "secret.key"
    key.write_text("k" * 40)
    key.chmod(0o644)

    ended = installation.run("worker")

    assert ended.returncode == 1
    assert "chmod 600" in ended.stderr


def test_without_a_database_the_message_says_what_to_set(installation: Installation) -> None:
    # The wheel of the embedded server is hidden from this process.
    program = (
        "import importlib.util as u; find = u.find_spec\n"
        "u.find_spec = lambda name, *rest: None if name.startswith('pixeltable') "
        "else find(name, *rest)\n"
        "import sys; sys.argv = ['opmodel', 'migrate']\n"
        "import api.cli; api.cli.main()"
    )

    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=installation.environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert "set DATABASE_URL" in ended.stderr
    assert "opmodel[embedded]" in ended.stderr
