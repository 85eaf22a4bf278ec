"""Installations: a new one for each test, and one with a company in it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.embedded import attach_or_start
from tests.api.cli.installation import Installation
from tests.architecture.tracked import ROOT
from tests.folders import database_folder
from tests.models.processes import wait_until

COMPANY = ROOT / "tests" / "data" / "company-north"
PEOPLE = (
    "external_id,email,display_name,unit_code,role\n"
    "p1,p1@x.example,Ada,U001,manager\n"
    "p2,p2@x.example,Grace,U002,contributor\n"
)


@pytest.fixture
def installation() -> Iterator[Installation]:
    """Give an installation in which nothing has been done."""
    with database_folder() as home:
        yield Installation(home)
        # A database whose process was killed takes a moment to go, and writes until then.
        wait_until(lambda: not is_running(home))


def is_running(home: Path) -> bool:
    """Tell whether the database of an installation is still there."""
    sign = home / "postgres" / "data" / "postmaster.pid"
    try:
        os.kill(int(sign.read_text().split()[0]), 0)
    except (FileNotFoundError, ProcessLookupError, IndexError):
        return False
    return True


@pytest.fixture(scope="module")
def company() -> Iterator[Installation]:
    """Give an installation with one organisation and its units; tests only add to it."""
    with database_folder() as home:
        made = Installation(home)
        # Held here, so that each command finds the database running.
        server = attach_or_start(home)
        described = home / "north.toml"
        described.write_text('key = "north"\nname = "Company North"\n')
        made.done("import", "organisation", described)
        made.done("import", "units", COMPANY / "units.csv")
        yield made
        server.stop()


@pytest.fixture
def campaign(installation: Installation, tmp_path: Path) -> Installation:
    """Give an installation with an open campaign, to which two people are invited."""
    (tmp_path / "people.csv").write_text(PEOPLE)
    files = (COMPANY / "units.csv", tmp_path / "people.csv")
    subprocess.run(
        [sys.executable, "-m", "tests.api.cli.open_campaign", *files],
        cwd=ROOT,
        env=installation.environment,
        check=True,
    )
    return installation
