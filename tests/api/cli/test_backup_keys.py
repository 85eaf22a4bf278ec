"""Keys of open campaigns in backups, and what becomes of campaigns that lack them."""

import json
import stat
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.cli.installation import Installation
from tests.api.cli.open_campaign import CAMPAIGN
from tests.folders import database_folder

pytestmark = pytest.mark.slow

KEY = {"OPMODEL_BACKUP_KEY": "an invented key of more than 32 characters"}
PASSPHRASE = {"OPMODEL_BACKUP_PASSPHRASE": "an invented passphrase"}


@pytest.fixture
def elsewhere(campaign: Installation) -> Iterator[Installation]:
    """Give another installation, which has server key, backup key and passphrase."""
    key = (campaign.home / "secret.key").read_text().strip()
    with database_folder() as home:
        yield Installation(home, OPMODEL_SECRET_KEY=key, **KEY, **PASSPHRASE)


@pytest.fixture
def backup(campaign: Installation, tmp_path: Path) -> Path:
    """Give a backup with the keys of an open campaign."""
    campaign.environment |= KEY | PASSPHRASE
    campaign.done("backup", tmp_path / "all.opmodel", "--with-keys")
    return tmp_path / "all.opmodel"


def keys_of(installation: Installation) -> list[Path]:
    return sorted((installation.home / "keys").glob("*-*-*"))


def test_a_campaign_is_closed_elsewhere_with_the_keys_of_the_backup(
    campaign: Installation, backup: Path, elsewhere: Installation
) -> None:
    ended = elsewhere.run("restore", backup)

    assert ended.returncode == 0, ended.stderr
    assert f"{CAMPAIGN}, wave 1: its keys came back with the backup" in ended.stderr
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys_of(elsewhere)} == {0o600}
    assert [path.read_bytes() for path in keys_of(elsewhere)] == [
        path.read_bytes() for path in keys_of(campaign)
    ]
    assert "Closed." in elsewhere.done("campaign", "close", CAMPAIGN)


def test_the_record_of_the_export_is_in_the_backup(backup: Path) -> None:
    assert exports_in(backup).startswith('{"2')


def exports_in(backup: Path) -> str:
    """Return when keys of the only campaign were exported, as a backup says it."""
    with zipfile.ZipFile(backup) as archive:
        tables = json.loads(archive.read("manifest.json"))["tables"]
        row = archive.read("tables/campaign.copy").decode().rstrip("\n").split("\t")
    (columns,) = [table["columns"] for table in tables if table["name"] == "campaign"]
    return row[columns.index("keys_exported_at")]


def test_no_key_can_be_read_in_a_backup(campaign: Installation, backup: Path) -> None:
    with zipfile.ZipFile(backup) as archive:
        held = b"".join(archive.read(name) for name in archive.namelist())

    for path in keys_of(campaign):
        assert path.read_bytes() not in held
        assert path.read_bytes().hex().encode() not in held


def test_another_passphrase_restores_nothing(backup: Path, elsewhere: Installation) -> None:
    elsewhere.environment["OPMODEL_BACKUP_PASSPHRASE"] = "another passphrase"

    ended = elsewhere.run("restore", backup)

    assert ended.returncode == 2
    assert "does not open the keys" in ended.stderr
    assert "There is no organisation yet" in elsewhere.run("campaign", "list").stderr
    assert keys_of(elsewhere) == []


def test_other_keys_in_the_folder_are_kept_and_nothing_is_restored(
    campaign: Installation, backup: Path, elsewhere: Installation
) -> None:
    (elsewhere.home / "keys").mkdir(mode=0o700)
    other = elsewhere.home / "keys" / keys_of(campaign)[0].name
    other.touch(mode=0o600)

    ended = elsewhere.run("restore", backup)

    assert ended.returncode == 1
    assert f"{other} is another key" in ended.stderr
    assert other.read_bytes() == b""
    assert "There is no organisation yet" in elsewhere.run("campaign", "list").stderr


def test_without_its_keys_a_campaign_is_named_with_the_way_out(
    backup: Path, elsewhere: Installation
) -> None:
    ended = elsewhere.run("restore", backup, "--without-keys")
    (line,) = [line for line in ended.stderr.splitlines() if line.startswith(CAMPAIGN)]

    assert ended.returncode == 0
    assert "it takes no answers and cannot be closed without its keys" in line
    assert f"MISSING: {elsewhere.home}/keys/" in elsewhere.done("campaign", "keys")
    command = line.partition("opmodel campaign abandon ")[2].split()
    assert "Abandoned" in elsewhere.done("campaign", "abandon", *command, "--yes")


def test_a_campaign_that_has_closed_since_the_backup_can_only_be_abandoned(
    campaign: Installation, tmp_path: Path
) -> None:
    campaign.done("backup", tmp_path / "before")
    campaign.done("campaign", "close", CAMPAIGN)

    ended = campaign.run("restore", tmp_path / "before", "--force")

    assert ended.returncode == 0
    assert f"{CAMPAIGN}, wave 1: it has ended since this backup" in ended.stderr
    assert "opmodel campaign abandon" in ended.stderr
    closing = campaign.run("campaign", "close", CAMPAIGN)
    assert closing.returncode == 1
    assert "cannot be closed without its keys" in closing.stderr
    assert f"open       {CAMPAIGN}" in campaign.done("campaign", "list")
    assert "Abandoned" in campaign.done("campaign", "abandon", CAMPAIGN, "--yes")


def test_a_backup_of_another_installation_needs_its_key(
    backup: Path, elsewhere: Installation
) -> None:
    elsewhere.environment["OPMODEL_BACKUP_KEY"] = "another key of more than 32 characters"
    refused = elsewhere.run("restore", backup)
    del elsewhere.environment["OPMODEL_BACKUP_KEY"]
    without = elsewhere.run("restore", backup)

    assert refused.returncode == 2
    assert "does not verify" in refused.stderr
    assert without.returncode == 1
    assert "There is no key to verify the backup with" in without.stderr
    assert "Restored" in elsewhere.done("restore", backup, "--unverified")


def test_without_a_passphrase_there_is_no_backup_and_no_record(
    campaign: Installation, tmp_path: Path
) -> None:
    ended = campaign.run("backup", tmp_path / "all", "--with-keys")
    campaign.environment |= {"OPMODEL_BACKUP_PASSPHRASE": "short"}
    short = campaign.run("backup", tmp_path / "all", "--with-keys")

    assert (ended.returncode, short.returncode) == (2, 2)
    assert "OPMODEL_BACKUP_PASSPHRASE or --passphrase-file" in ended.stderr
    assert "at least 12 characters" in short.stderr
    assert not (tmp_path / "all").exists()
    campaign.done("backup", tmp_path / "plain")
    assert exports_in(tmp_path / "plain") == "{}"


def test_a_passphrase_may_come_from_a_file(
    campaign: Installation, elsewhere: Installation, tmp_path: Path
) -> None:
    (tmp_path / "passphrase").write_text(PASSPHRASE["OPMODEL_BACKUP_PASSPHRASE"] + "\n")
    given = ("--passphrase-file", tmp_path / "passphrase")
    campaign.environment |= KEY
    campaign.done("backup", tmp_path / "all", "--with-keys", *given)

    assert campaign.run("backup", tmp_path / "two", *given).returncode == 2
    assert "Restored" in elsewhere.done("restore", tmp_path / "all")


_ASK = """
from api.cli.passphrase import chosen_passphrase
print(len(chosen_passphrase(None, new=True)))
"""


def test_a_passphrase_that_is_typed_is_not_shown() -> None:
    terminal = [sys.executable, "-c", "import pty, sys; pty.spawn(sys.argv[1:])"]
    asking = [*terminal, sys.executable, "-c", _ASK]
    with subprocess.Popen(asking, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as typed:
        assert typed.stdin is not None
        assert typed.stdout is not None
        shown = b""
        for _ in range(2):
            while not shown.endswith(b": "):
                shown += typed.stdout.read(1)
            typed.stdin.write(b"typed by somebody\n")
            typed.stdin.flush()
            shown += typed.stdout.read(1)
        shown += typed.stdout.read()

    assert b"typed" not in shown
    assert shown.split()[-1] == b"17"


@pytest.mark.parametrize("inside", ["postgres/keys", "postgres/../postgres", "linked"])
def test_nothing_starts_with_a_key_folder_inside_that_of_the_database(
    installation: Installation, inside: str
) -> None:
    (installation.home / "linked").symlink_to(installation.home / "postgres")
    installation.environment["OPMODEL_KEYS"] = str(installation.home / inside)

    for command in ("serve", "worker", "demo"):
        ended = installation.run(command)
        assert ended.returncode == 1
        assert "lies inside the folder of the database" in ended.stderr
    assert not (installation.home / "postgres").exists()
