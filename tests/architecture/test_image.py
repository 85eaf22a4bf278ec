"""The Dockerfile names packages, commands, variables and routes that exist."""

import re
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib import metadata
from pathlib import Path

import pytest

from api.app import create_app
from api.settings import ApiSettings
from survey.sealing.key_folder import KeyFolder
from tests.architecture.code import command_of, settings_names
from tests.architecture.image import environment, of_last_stage, values
from tests.architecture.test_top_level import ROOMS
from tests.architecture.tracked import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PYTHONS_OWN = {"PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}


def test_the_image_has_the_python_version_of_the_checks() -> None:
    stages = {words.split()[0] for words in values("FROM")}

    assert stages == {f"python:{PROJECT['tool']['mypy']['python_version']}-slim"}
    assert PROJECT["project"]["requires-python"] == ">=3.11"


def test_the_packages_copied_are_the_rooms_without_their_tests() -> None:
    copied = {words.split()[0] for words in values("COPY") if words.split()[0].endswith("/")}

    assert copied == {f"{room}/" for room in ROOMS - {"tests"}}


def test_every_copied_file_exists_and_is_not_ignored() -> None:
    sources = [source for words in values("COPY") for source in words.split()[:-1]]
    from_here = {source for source in sources if not source.startswith(("--", "/"))}
    let_through = (ROOT / ".dockerignore").read_text().splitlines()

    assert "requirements.lock" in from_here
    assert from_here == {line[1:] for line in let_through if line.startswith("!")}
    assert "*" in let_through
    assert [source for source in from_here if not (ROOT / source).exists()] == []


def test_only_packages_with_a_hash_in_the_lock_are_downloaded() -> None:
    installs = [words for words in values("RUN") if "pip install" in words]

    assert len(installs) == 2
    assert "--no-deps --require-hashes --requirement requirements.lock" in installs[0]
    assert "pip install --no-deps --no-build-isolation ." in installs[1]


def test_exactly_the_developer_tools_are_removed() -> None:
    taken_out = next(words for words in values("RUN") if "pip uninstall" in words)
    tools = {required(tool) for tool in PROJECT["project"]["optional-dependencies"]["dev"]}
    embedded = {required(it) for it in PROJECT["project"]["optional-dependencies"]["embedded"]}

    assert set(taken_out.partition(" --yes ")[2].split()) == (
        tools | embedded
    ) - needed_to_run() - {"opmodel"}


def required(requirement: str) -> str:
    """Return the name of a requirement such as ``piccolo[postgres]>=1.38``."""
    return re.split(r"[^\w.\-]", requirement, maxsplit=1)[0].lower()


def needed_to_run() -> set[str]:
    """Return the project's installed dependencies, including indirect ones."""
    waiting = [required(one) for one in PROJECT["project"]["dependencies"]]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [required(one) for one in _requires(name) if "extra ==" not in one]
    return found


def _requires(name: str) -> list[str]:
    try:
        return metadata.requires(name) or []
    except metadata.PackageNotFoundError:  # for another platform
        return []


def test_the_image_runs_as_a_user_without_rights() -> None:
    users = [one.words for one in of_last_stage() if one.name == "USER"]
    created = " ".join(values("RUN"))

    assert users == ["10001"]
    assert "useradd --system --uid 10001" in created


def test_the_image_is_labelled() -> None:
    labels = " ".join(values("LABEL"))

    assert PROJECT["project"]["description"] in labels
    assert f'licenses="{PROJECT["project"]["license"]}"' in labels


def test_the_image_sets_only_variables_that_are_read() -> None:
    assert set(environment()) - PYTHONS_OWN <= settings_names()


def test_the_image_starts_a_command_that_exists() -> None:
    entry, arguments = (
        next(one.listed for one in of_last_stage() if one.name == name)
        for name in ("ENTRYPOINT", "CMD")
    )

    assert entry == ["opmodel"]
    assert PROJECT["project"]["scripts"]["opmodel"] == "api.cli:main"
    assert command_of(arguments).command.name == "serve"


def test_the_health_check_uses_a_route_that_exists() -> None:
    app = create_app(
        ApiSettings(),
        dsn="postgresql://localhost/none",
        server_key=b"k" * 32,
        keys=KeyFolder(Path("keys")),
    )
    asked = re.search(r"'GET', '([^']+)'", health_check()[-1])

    assert asked is not None
    assert asked[1] in {route.path for route in app.routes}


def health_check() -> list[str]:
    return next(one.listed for one in of_last_stage() if one.name == "HEALTHCHECK")


@pytest.fixture
def answering(status: int) -> Iterator[int]:
    """Answer every request with ``status``; yield the port."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_the_health_check_passes_if_the_answer_is_200(answering: int, code: int) -> None:
    _, *arguments = health_check()

    checked = subprocess.run(
        [sys.executable, *arguments],
        env={"OPMODEL_API_PORT": str(answering), "http_proxy": "http://127.0.0.1:9"},
        check=False,
    )

    assert checked.returncode == code
