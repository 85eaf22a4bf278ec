"""A channel that leaves messages as files in a folder, for another program to send."""

import asyncio
from pathlib import Path

import msgspec

from survey.messages.message import Message, Outcome

__all__ = ["FolderChannel"]


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
        """Write the message; a folder that cannot be written to is tried again later."""
        try:
            await asyncio.to_thread(self._write, message)
        except OSError:
            return Outcome.RETRY
        return Outcome.SENT

    def _write(self, message: Message) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial = self._folder / f".{message.key}.partial"
        partial.touch(mode=0o600)
        partial.write_bytes(msgspec.json.encode(message))
        partial.replace(self._folder / f"{message.key}.json")
