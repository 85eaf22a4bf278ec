"""Campaigns from the command line, on the machine that has their keys."""

import csv
import stat
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.api.cli.installation import Installation
from tests.api.cli.open_campaign import CAMPAIGN
from tests.architecture.tracked import ROOT
from tests.factories.imports import CASES
from tests.folders import database_folder

pytestmark = pytest.mark.slow


@pytest.fixture
def opened() -> Iterator[Installation]:
    """Give an installation with an open campaign that 400 have answered."""
    with database_folder() as home:
        made = Installation(home)
        subprocess.run(
            [sys.executable, "-m", "tests.api.cli.open_campaign", *_FILES],
            cwd=ROOT,
            env=made.environment,
            check=True,
        )
        export = CASES / "export_week1.csv"
        made.done("import", "responses", export, "--campaign", CAMPAIGN)
        yield made


_FILES = (CASES / "units.csv", CASES / "people.csv")


def keys_of(installation: Installation) -> list[str]:
    return [path.name for path in (installation.home / "keys").iterdir()]


def test_an_open_campaign_is_listed_with_its_keys(opened: Installation) -> None:
    assert f"open       {CAMPAIGN}, wave 1" in opened.done("campaign", "list")
    assert f"{CAMPAIGN}, wave 1: keys here" in opened.done("campaign", "keys")


def test_an_operator_reads_who_is_invited(opened: Installation) -> None:
    said = opened.done("campaign", "audience", CAMPAIGN, "--people")

    assert "people are invited by console." in said
    assert "Out of reach:" in said


def test_links_and_letters_are_files_for_their_owner_alone(opened: Installation) -> None:
    table, letters = opened.home / "links.csv", opened.home / "letters.pdf"
    elsewhere = Installation(opened.home, OPMODEL_FORM_URL="https://ask.example/")

    said = elsewhere.done("campaign", "links", CAMPAIGN, "--out", table)
    elsewhere.done("campaign", "letters", CAMPAIGN, "--out", letters)

    with table.open(encoding="utf-8-sig", newline="") as stream:
        people = list(csv.DictReader(stream))
    assert said == f"{len(people):,} links written to {table}.\n"
    assert {one["link"].rpartition("/")[0] for one in people} == {"https://ask.example/f"}
    assert letters.read_bytes().startswith(b"%PDF")
    assert {stat.S_IMODE(file.stat().st_mode) for file in (table, letters)} == {0o600}


def test_a_campaign_closes_and_its_keys_are_gone(opened: Installation) -> None:
    said = opened.done("campaign", "close", CAMPAIGN)

    assert "Closed." in said
    assert keys_of(opened) == []
    assert f"closed     {CAMPAIGN}" in opened.done("campaign", "list")


def test_without_its_keys_a_campaign_can_only_be_abandoned(opened: Installation) -> None:
    for path in (opened.home / "keys").iterdir():
        path.unlink()

    assert f"{CAMPAIGN}, wave 1: keys MISSING" in opened.done("campaign", "keys")
    ended = opened.done("campaign", "abandon", CAMPAIGN, "--yes")

    assert f"Abandoned: {CAMPAIGN}, wave 1." in ended
    assert f"abandoned  {CAMPAIGN}" in opened.done("campaign", "list")


def test_abandoning_asks_first(opened: Installation) -> None:
    ended = opened.run("campaign", "abandon", CAMPAIGN)

    assert ended.returncode == 1
    assert f"open       {CAMPAIGN}" in opened.done("campaign", "list")
