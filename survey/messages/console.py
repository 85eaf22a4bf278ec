"""A channel that writes the links to the console, for development."""

from typing import TextIO

from survey.messages.message import Message, Outcome

__all__ = ["ConsoleChannel"]


class ConsoleChannel:
    """Writes one line per message; anybody who reads the console can answer for everybody.

    Parameters
    ----------
    stream : text stream
        Where to write, such as ``sys.stdout``.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    async def send(self, message: Message) -> Outcome:
        """Write whom the link is for, and the link."""
        recipient = message.email or message.name or "nobody known"
        self._stream.write(f"{message.kind} for {recipient}: {message.link}\n")
        self._stream.flush()
        return Outcome.SENT
