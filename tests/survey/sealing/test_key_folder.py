"""The keys of open campaigns: made whole, closed to others, gone when they are destroyed."""

import errno
import os
import secrets
import stat
from pathlib import Path
from uuid import UUID

import pytest

from survey.sealing.errors import KeysMissing, KeysNotKept
from survey.sealing.key_folder import (
    CampaignKeys,
    KeyFolder,
    KeyFolderRefused,
    key_folder,
)

CAMPAIGN = UUID("018f0000-0000-7000-8000-000000000001")


@pytest.fixture
def keys(tmp_path: Path) -> KeyFolder:
    return KeyFolder(tmp_path / "keys")


def test_what_was_made_is_read_again(keys: KeyFolder) -> None:
    secret, private = keys.create(CAMPAIGN)

    sealed = private.public_key().seal(b"answer", bound_to=b"")
    assert keys.secret(CAMPAIGN) == secret
    assert keys.private_key(CAMPAIGN).open(sealed, bound_to=b"") == b"answer"
    assert list(keys.problems([CAMPAIGN])) == []


def test_nobody_but_the_owner_can_read_the_keys(keys: KeyFolder) -> None:
    keys.create(CAMPAIGN)

    modes = {stat.S_IMODE(path.stat().st_mode) for path in keys.folder.iterdir()}
    assert modes == {0o600}
    assert stat.S_IMODE(keys.folder.stat().st_mode) == 0o700


def test_keys_that_others_can_read_are_refused(keys: KeyFolder) -> None:
    keys.create(CAMPAIGN)
    (keys.folder / f"{CAMPAIGN}.secret").chmod(0o644)

    with pytest.raises(KeysMissing) as missing:
        keys.secret(CAMPAIGN)

    assert "chmod 600" in missing.value.reason
    assert "chmod" not in str(missing.value)


def test_a_folder_that_cannot_be_written_to_takes_no_keys(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    keys = KeyFolder(tmp_path / "file" / "keys")

    with pytest.raises(KeysNotKept) as refused:
        keys.create(CAMPAIGN)

    assert refused.value.reason == "Not a directory"
    assert str(tmp_path) not in str(refused.value)
    assert f"Keys cannot be written to {keys.folder}: Not a directory." in caplog.messages


def test_a_write_that_fails_leaves_no_part_of_a_key(
    keys: KeyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(KeysNotKept):
        keys.create(CAMPAIGN)

    assert list(keys.folder.iterdir()) == []


def test_destroyed_keys_leave_no_file(keys: KeyFolder) -> None:
    keys.create(CAMPAIGN)

    keys.destroy(CAMPAIGN)
    keys.destroy(CAMPAIGN)

    assert list(keys.folder.iterdir()) == []
    with pytest.raises(KeysMissing):
        keys.private_key(CAMPAIGN)


def test_a_campaign_with_one_of_its_files_has_no_keys(keys: KeyFolder) -> None:
    keys.create(CAMPAIGN)
    (keys.folder / f"{CAMPAIGN}.key").unlink()

    (missing,) = keys.problems([CAMPAIGN])

    assert missing.campaign == CAMPAIGN
    assert missing.reason.startswith(f"{keys.folder / str(CAMPAIGN)}.key cannot be read")


def test_a_campaign_that_is_opened_again_has_new_keys(keys: KeyFolder) -> None:
    first, _ = keys.create(CAMPAIGN)

    second, _ = keys.create(CAMPAIGN)

    assert keys.secret(CAMPAIGN) == second != first


def test_the_folder_lies_beside_the_embedded_database(tmp_path: Path) -> None:
    assert key_folder({}, home=tmp_path).folder == tmp_path / "keys"


def test_the_variable_names_the_folder(tmp_path: Path) -> None:
    named = {"OPMODEL_KEYS": str(tmp_path / "mount")}

    assert key_folder(named, home=tmp_path).folder == tmp_path / "mount"


def test_with_a_database_elsewhere_the_folder_must_be_named() -> None:
    with pytest.raises(KeyFolderRefused, match="OPMODEL_KEYS must name the folder"):
        key_folder({}, home=None)


@pytest.mark.parametrize("inside", ["", "keys", "data/keys", "../postgres/keys", "a/../keys"])
def test_a_folder_inside_that_of_the_database_is_refused(tmp_path: Path, inside: str) -> None:
    database = tmp_path / "postgres"
    database.mkdir()

    with pytest.raises(KeyFolderRefused, match=f"such as {tmp_path}/keys"):
        key_folder({"OPMODEL_KEYS": f"{database}/{inside}"}, home=tmp_path, database=database)


def test_a_link_into_the_folder_of_the_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "postgres" / "keys").mkdir(parents=True)
    (tmp_path / "keys").symlink_to(tmp_path / "postgres" / "keys")

    with pytest.raises(KeyFolderRefused, match="lies inside"):
        key_folder({}, home=tmp_path, database=tmp_path / "postgres")


def test_a_database_behind_a_link_is_found(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "postgres").symlink_to(tmp_path / "disk")
    named = {"OPMODEL_KEYS": str(tmp_path / "disk" / "keys")}

    with pytest.raises(KeyFolderRefused, match="lies inside"):
        key_folder(named, home=tmp_path, database=tmp_path / "postgres")


def test_a_folder_beside_that_of_the_database_is_taken(tmp_path: Path) -> None:
    named = {"OPMODEL_KEYS": str(tmp_path / "postgres" / ".." / "postgres-keys")}

    taken = key_folder(named, home=tmp_path, database=tmp_path / "postgres")

    taken.create(CAMPAIGN)
    assert (tmp_path / "postgres-keys" / f"{CAMPAIGN}.key").exists()


# From a backup

GIVEN = {CAMPAIGN: CampaignKeys(secrets.token_bytes(32), secrets.token_bytes(96))}


def test_keys_from_a_backup_are_closed_to_others(keys: KeyFolder) -> None:
    keys.put_back(GIVEN)

    assert keys.both(CAMPAIGN) == GIVEN[CAMPAIGN]
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys.folder.iterdir()} == {0o600}


def test_the_same_keys_may_come_back_twice(keys: KeyFolder) -> None:
    keys.put_back(GIVEN)
    keys.put_back(GIVEN)

    assert keys.both(CAMPAIGN) == GIVEN[CAMPAIGN]


def test_other_keys_are_not_overwritten(keys: KeyFolder) -> None:
    keys.create(CAMPAIGN)
    before = keys.both(CAMPAIGN)

    with pytest.raises(KeyFolderRefused, match=f"{CAMPAIGN}.secret is another key"):
        keys.put_back(GIVEN)

    assert keys.both(CAMPAIGN) == before
