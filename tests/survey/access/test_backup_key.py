"""The key that marks backups comes from the environment or from the key folder."""

import stat
from pathlib import Path

import pytest

from survey.access.server_key import BACKUP_KEY_FILE, ServerKeyRefused, backup_key

KEY = "an invented key of more than 32 characters"


def test_the_first_backup_makes_a_key_that_stays(tmp_path: Path) -> None:
    made = backup_key({}, folder=tmp_path / "keys")

    assert len(made) >= 32
    assert backup_key({}, folder=tmp_path / "keys", verifying=True) == made
    file = tmp_path / "keys" / BACKUP_KEY_FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_variable_wins_over_the_file(tmp_path: Path) -> None:
    backup_key({}, folder=tmp_path)

    assert backup_key({"OPMODEL_BACKUP_KEY": KEY}, folder=tmp_path) == KEY.encode()


def test_no_key_is_made_to_verify_with(tmp_path: Path) -> None:
    with pytest.raises(ServerKeyRefused, match=r"OPMODEL_BACKUP_KEY.*--unverified"):
        backup_key({}, folder=tmp_path, verifying=True)

    assert list(tmp_path.iterdir()) == []


def test_a_short_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ServerKeyRefused, match="OPMODEL_BACKUP_KEY needs at least 32"):
        backup_key({"OPMODEL_BACKUP_KEY": "short"}, folder=tmp_path)


def test_a_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    backup_key({}, folder=tmp_path)
    (tmp_path / BACKUP_KEY_FILE).chmod(0o644)

    with pytest.raises(ServerKeyRefused, match="chmod 600"):
        backup_key({}, folder=tmp_path)
