"""Ways in which messages reach people."""

import io
import stat
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from survey.messages.channels import (
    ChannelNotConfigured,
    ChannelNotWorking,
    configured_channels,
    require_channel,
)
from survey.messages.console import ConsoleChannel
from survey.messages.folder import FolderChannel
from survey.messages.message import Channel, Message, Outcome
from tests.factories.server import SERVER_KEY

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


def files_below(folder: Path) -> list[str]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(str(path.relative_to(folder)) for path in found)


async def test_the_console_shows_whom_a_link_is_for() -> None:
    console = io.StringIO()

    outcome = await ConsoleChannel(console).send(MESSAGE)

    assert outcome is Outcome.SENT
    assert console.getvalue() == (
        "invitation for ann@example.com: http://localhost/answer#secret\n"
    )


async def test_whoever_has_no_address_is_left_to_another_channel(tmp_path: Path) -> None:
    console, nobody = io.StringIO(), msgspec.structs.replace(MESSAGE, email=None)

    assert await ConsoleChannel(console).send(nobody) is Outcome.NO_ADDRESS
    assert await FolderChannel(tmp_path / "out").send(nobody) is Outcome.NO_ADDRESS

    assert console.getvalue() == ""
    assert files_below(tmp_path) == []


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

    outcome = await FolderChannel(tmp_path / "out").send(MESSAGE)

    assert outcome == Outcome.RETRY.because("folder-not-writable")


@pytest.mark.parametrize("shown", [repr(MESSAGE), str(MESSAGE), f"{MESSAGE}", f"{MESSAGE!r}"])
def test_a_message_does_not_show_its_link(shown: str) -> None:
    assert "secret" not in shown


@pytest.mark.parametrize(
    "environment", [{}, {"OPMODEL_ENV": "production"}, {"OPMODEL_ENV": "Dev"}]
)
def test_only_development_has_the_console(environment: dict[str, str], tmp_path: Path) -> None:
    development = configured_channels({"OPMODEL_ENV": "development"}, home=tmp_path)

    assert set(development) == {"console", "folder", "link"}
    assert set(configured_channels(environment, home=tmp_path)) == {"folder", "link"}


async def test_messages_lie_in_the_data_directory_unless_a_folder_is_named(
    tmp_path: Path,
) -> None:
    default = configured_channels({}, home=tmp_path)
    named = configured_channels({"OPMODEL_OUTBOX": str(tmp_path / "named")}, home=tmp_path)

    for channels in (default, named):
        await channels["folder"].send(MESSAGE)

    assert files_below(tmp_path) == ["named/0190-1.json", "outbox/0190-1.json"]


async def require(organisation: UUID, kind: str, installed: Mapping[str, Channel]) -> None:
    await require_channel(organisation, kind, installed=installed, server_key=SERVER_KEY)


async def test_a_channel_that_works_is_asked_and_nothing_is_sent(
    organisation: UUID, tmp_path: Path
) -> None:
    await require(organisation, "folder", configured_channels({}, home=tmp_path))

    assert files_below(tmp_path) == []


async def test_the_console_is_refused_with_the_reason(organisation: UUID) -> None:
    with pytest.raises(ChannelNotConfigured, match="OPMODEL_ENV=development") as caught:
        await require(organisation, "console", {"folder": FolderChannel(Path())})

    assert "Configured: folder." in str(caught.value)


async def test_a_folder_that_cannot_be_written_to_is_a_fault_without_its_path(
    organisation: UUID,
    tmp_path: Path,
) -> None:
    (tmp_path / "outbox").write_text("a file where the folder should be")

    with pytest.raises(ChannelNotWorking, match="File exists") as caught:
        await require(organisation, "folder", configured_channels({}, home=tmp_path))

    assert str(tmp_path) not in str(caught.value)
