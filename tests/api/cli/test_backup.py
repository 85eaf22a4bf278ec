"""Backups from the command line: written once, verified, and restored if there is room."""

import stat
import zipfile
from pathlib import Path

import pytest

from tests.api.cli.installation import Installation
from tests.folders import database_folder

pytestmark = pytest.mark.slow

KEY = {"OPMODEL_BACKUP_KEY": "an invented key of more than 32 characters"}


@pytest.fixture(autouse=True)
def backup_key(company: Installation) -> None:
    """Give the company a backup key that another installation can be given, too."""
    company.environment |= KEY


def test_a_backup_makes_the_same_installation_elsewhere(
    company: Installation, installation: Installation, tmp_path: Path
) -> None:
    installation.environment |= KEY
    key = company.done("key", "create", "--name", "kept", "--all-scopes").strip()
    company.done("backup", tmp_path / "all.opmodel")

    restored = installation.run("restore", tmp_path / "all.opmodel")

    assert restored.stdout.startswith("Restored ")
    assert "This is not in the audit trail." in restored.stderr
    assert installation.done("key", "list") == company.done("key", "list")
    assert key[:12] in installation.done("key", "list")


def test_a_key_is_made_for_the_first_backup_and_that_is_said(
    company: Installation, tmp_path: Path
) -> None:
    del company.environment["OPMODEL_BACKUP_KEY"]

    ended = company.run("backup", tmp_path / "all.opmodel")

    made = company.home / "keys" / "backup.mac-key"
    assert str(made) in ended.stderr
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert "Restored" in company.done("restore", tmp_path / "all.opmodel", "--force")


def test_without_an_open_campaign_there_are_no_keys_to_take(
    company: Installation, tmp_path: Path
) -> None:
    company.environment["OPMODEL_BACKUP_PASSPHRASE"] = "an invented passphrase"

    ended = company.run("backup", tmp_path / "all.opmodel", "--with-keys")

    del company.environment["OPMODEL_BACKUP_PASSPHRASE"]
    assert "No key of an open campaign" in ended.stderr
    assert "Restored" in company.done("restore", tmp_path / "all.opmodel", "--force")


def test_the_server_key_is_not_in_a_backup_and_that_is_said(
    company: Installation, tmp_path: Path
) -> None:
    key = (company.home / "secret.key").read_bytes().strip()

    ended = company.run("backup", tmp_path / "all.opmodel")

    with zipfile.ZipFile(tmp_path / "all.opmodel") as archive:
        held = b"".join(archive.read(name) for name in archive.namelist())
    assert str(company.home / "secret.key") in ended.stderr
    assert key not in held


def test_a_backup_is_not_overwritten(company: Installation, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("something")

    ended = company.run("backup", tmp_path / "mine")

    assert ended.returncode == 2
    assert (tmp_path / "mine").read_text() == "something"


def test_a_backup_that_cannot_be_written_is_a_sentence(company: Installation) -> None:
    ended = company.run("backup", "/proc/nowhere/all.opmodel")

    assert ended.returncode == 1
    assert "/proc/nowhere" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_data_is_replaced_only_by_force(company: Installation, tmp_path: Path) -> None:
    company.done("backup", tmp_path / "before")
    company.done("key", "create", "--name", "later", "--all-scopes")

    refused = company.run("restore", tmp_path / "before")
    kept = company.done("key", "list")
    company.done("restore", tmp_path / "before", "--force")

    assert refused.returncode == 1
    assert "--force" in refused.stderr
    assert "later" in kept
    assert "later" not in company.done("key", "list")


def test_a_file_that_is_no_backup_is_bad_input(company: Installation, tmp_path: Path) -> None:
    (tmp_path / "other").write_text("no backup")

    ended = company.run("restore", tmp_path / "other", "--force")

    assert ended.returncode == 2
    assert "not a complete backup" in ended.stderr


def test_the_trail_tells_of_a_backup_and_goes_on_after_it(
    company: Installation, tmp_path: Path
) -> None:
    company.done("backup", tmp_path / "all.opmodel")
    head = company.done("audit", "head").strip()

    with database_folder() as home:
        secret = (company.home / "secret.key").read_text()
        elsewhere = Installation(home, OPMODEL_SECRET_KEY=secret, **KEY)
        elsewhere.done("restore", tmp_path / "all.opmodel")
        elsewhere.done("audit", "verify", "--head", head)
        before = company.done("audit", "verify")
        after = elsewhere.done("audit", "verify")

    assert int(after.split()[2]) == int(before.split()[2]) + 1
