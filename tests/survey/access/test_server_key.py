"""The server key comes from the environment or from a file that only its owner reads."""

import stat
import threading
from pathlib import Path

import pytest

from survey.access.server_key import KEY_FILE, ServerKeyRefused, server_key

KEY = "an invented key of more than 32 characters"


def test_the_variable_wins_over_the_file(tmp_path: Path) -> None:
    server_key({}, home=tmp_path)

    assert server_key({"OPMODEL_SECRET_KEY": KEY}, home=tmp_path) == KEY.encode()


def test_with_the_variable_no_file_is_made(tmp_path: Path) -> None:
    server_key({"OPMODEL_SECRET_KEY": KEY}, home=tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_the_key_that_is_made_stays_the_same(tmp_path: Path) -> None:
    made = server_key({}, home=tmp_path / "new")

    assert len(made) >= 32
    assert server_key({}, home=tmp_path / "new") == made


def test_only_the_owner_can_read_the_file_that_is_made(tmp_path: Path) -> None:
    server_key({}, home=tmp_path)

    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == [KEY_FILE]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    server_key({}, home=tmp_path)
    (tmp_path / KEY_FILE).chmod(mode)

    with pytest.raises(ServerKeyRefused, match="chmod 600"):
        server_key({}, home=tmp_path)


@pytest.mark.parametrize("key", ["", " ", "short", "x" * 31, "x" * 31 + "\n "])
def test_a_short_key_is_refused_without_being_told(tmp_path: Path, key: str) -> None:
    with pytest.raises(ServerKeyRefused, match="at least 32 characters") as refused:
        server_key({"OPMODEL_SECRET_KEY": key}, home=tmp_path)

    assert not key.strip() or key not in str(refused.value)


def test_a_short_key_in_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).write_text("short")
    (tmp_path / KEY_FILE).chmod(0o600)

    with pytest.raises(ServerKeyRefused, match=KEY_FILE):
        server_key({}, home=tmp_path)


def test_processes_that_start_together_get_one_key(tmp_path: Path) -> None:
    found: list[bytes] = []
    together = threading.Barrier(8)

    def start() -> None:
        together.wait()
        found.append(server_key({}, home=tmp_path))

    starters = [threading.Thread(target=start) for _ in range(8)]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join()

    assert len(found) == 8
    assert len(set(found)) == 1
