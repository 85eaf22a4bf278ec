"""A file appears only when it is complete, and nothing but a file is ever replaced."""

import os
import stat
import threading
from pathlib import Path

import pytest

from api.cli.destination import destination, write_whole


def written(output: Path, text: str = "new") -> None:
    with destination(output) as stream:
        stream.write(text)


def test_a_file_is_replaced_when_everything_has_been_written(tmp_path: Path) -> None:
    file = tmp_path / "result.json"
    file.write_text("old")

    with destination(file) as stream:
        stream.write("new")
        before = file.read_text()

    assert (before, file.read_text()) == ("old", "new")


def test_a_failure_leaves_the_old_file_and_no_draft(tmp_path: Path) -> None:
    file = tmp_path / "result.json"
    file.write_text("old")

    with pytest.raises(UnicodeEncodeError):
        written(file, "half \ud800")

    assert [one.name for one in tmp_path.iterdir()] == ["result.json"]
    assert file.read_text() == "old"


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    received: list[str] = []
    reader = threading.Thread(target=lambda: received.append(pipe.read_text()))
    reader.start()

    written(pipe)

    reader.join(timeout=10)
    assert received == ["new"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_device_stays_a_device() -> None:
    device = Path(os.devnull)

    written(device)

    assert stat.S_ISCHR(device.stat().st_mode)


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_text("old")
    link.symlink_to(file)

    written(link)

    assert link.is_symlink()
    assert file.read_text() == "new"


def test_a_whole_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "letters.pdf"
    file.write_bytes(b"old")
    file.chmod(0o644)

    write_whole(file, b"new")

    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (b"new", 0o600)
    assert [path.name for path in tmp_path.iterdir()] == ["letters.pdf"]
