"""Ways in which messages reach people."""

import io
import stat
from pathlib import Path

import msgspec
import pytest

from survey.messages.console import ConsoleChannel
from survey.messages.folder import FolderChannel
from survey.messages.message import Message, Outcome

MESSAGE = Message(
    key="0190-1",
    kind="invitation",
    name="Ann",
    email="ann@example.com",
    locale="en",
    title="Title",
    campaign="Baseline",
    closes_at=None,
    link="http://localhost/answer#secret",
)


async def test_the_console_shows_whom_a_link_is_for() -> None:
    console = io.StringIO()

    outcome = await ConsoleChannel(console).send(MESSAGE)

    assert outcome is Outcome.SENT
    assert console.getvalue() == (
        "invitation for ann@example.com: http://localhost/answer#secret\n"
    )


async def test_the_folder_gets_one_file_per_message(tmp_path: Path) -> None:
    channel = FolderChannel(tmp_path / "out")

    await channel.send(MESSAGE)
    await channel.send(MESSAGE)

    (file,) = (tmp_path / "out").iterdir()
    assert msgspec.json.decode(file.read_bytes(), type=Message) == MESSAGE


async def test_files_with_links_are_their_owners_alone(tmp_path: Path) -> None:
    await FolderChannel(tmp_path / "out").send(MESSAGE)

    (file,) = (tmp_path / "out").iterdir()
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "out", file)]
    assert modes == [0o700, 0o600]


async def test_a_folder_that_cannot_be_written_to_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file where the folder should be")

    assert await FolderChannel(tmp_path / "out").send(MESSAGE) is Outcome.RETRY


@pytest.mark.parametrize("shown", [repr(MESSAGE), str(MESSAGE), f"{MESSAGE}", f"{MESSAGE!r}"])
def test_a_message_does_not_show_its_link(shown: str) -> None:
    assert "secret" not in shown
