"""A channel that leaves messages as files in a folder, for another program to send."""

import asyncio
import logging
import tempfile
from pathlib import Path

import msgspec

from survey.messages.message import Contact, Message, Outcome, OutOfReach, needs_address

__all__ = ["FolderChannel"]

_log = logging.getLogger(__name__)


class FolderChannel:
    """Writes one JSON file per message, named by its key: a repeat replaces the first.

    Parameters
    ----------
    folder : Path
        Made if it is not there, readable by its owner alone: the files hold links.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, message: Message) -> Outcome:
        """Write the message; a folder that cannot be written to is tried again later.

        The program that sends it needs an address, so that a message without one stays here.
        """
        if message.email is None:
            return Outcome.NO_ADDRESS
        try:
            await asyncio.to_thread(self._write, message)
        except OSError:
            return Outcome.RETRY.because("folder-not-writable")
        return Outcome.SENT

    def out_of_reach(self, contact: Contact) -> OutOfReach | None:
        """Return why it cannot reach somebody: it needs an address."""
        return needs_address(contact)

    async def fault(self) -> str | None:
        """Try to write to the folder, and leave nothing there."""
        try:
            await asyncio.to_thread(self._try)
        except OSError as error:
            _log.error("Messages cannot be written to %s: %s.", self._folder, error.strerror)
            return f"Its folder cannot be written to ({error.strerror}); the log names it."
        return None

    async def close(self) -> None:
        """Do nothing: no file stays open."""

    def _write(self, message: Message) -> None:
        self._make()
        partial = self._folder / f".{message.key}.partial"
        partial.touch(mode=0o600)
        partial.write_bytes(msgspec.json.encode(message))
        partial.replace(self._folder / f"{message.key}.json")

    def _try(self) -> None:
        self._make()
        with tempfile.TemporaryFile(dir=self._folder):
            pass

    def _make(self) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
