"""The keys of open campaigns: made whole, closed to others, gone when they are destroyed."""

import stat
from pathlib import Path
from uuid import UUID

import pytest

from survey.sealing.errors import KeysMissing
from survey.sealing.key_folder import KeyFolder, KeyFolderRefused, key_folder

CAMPAIGN = UUID("018f0000-0000-7000-8000-000000000001")


@pytest.fixture
def keys(tmp_path: Path) -> KeyFolder:
    return KeyFolder(tmp_path / "keys")


def test_what_was_made_is_read_again(keys: KeyFolder) -> None:
    secret, private = keys.create(CAMPAIGN)

    sealed = private.public_key().seal(b"answer", bound_to=b"")
    assert keys.secret(CAMPAIGN) == secret
    assert keys.private_key(CAMPAIGN).open(sealed, bound_to=b"") == b"answer"
    assert keys.campaigns() == {CAMPAIGN}


def test_nobody_but_the_owner_can_read_the_keys(keys: KeyFolder) -> None:
    keys.create(CAMPAIGN)

    modes = {stat.S_IMODE(path.stat().st_mode) for path in keys.folder.iterdir()}
    assert modes == {0o600}
    assert stat.S_IMODE(keys.folder.stat().st_mode) == 0o700


def test_keys_that_others_can_read_are_refused(keys: KeyFolder) -> None:
    keys.create(CAMPAIGN)
    (keys.folder / f"{CAMPAIGN}.secret").chmod(0o644)

    with pytest.raises(KeyFolderRefused, match="chmod 600"):
        keys.secret(CAMPAIGN)


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

    assert keys.campaigns() == frozenset()


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
