"""A channel that writes the links to the console, for development."""

from typing import TextIO

from survey.messages.message import Contact, Message, Outcome, OutOfReach, needs_address

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
        """Write a line that ends in the person's address and the link: ``ADDRESS: URL``."""
        if message.email is None:
            return Outcome.NO_ADDRESS
        self._stream.write(f"{message.kind} for {message.email}: {message.link}\n")
        self._stream.flush()
        return Outcome.SENT

    def out_of_reach(self, contact: Contact) -> OutOfReach | None:
        """Return why it cannot reach somebody: it needs an address."""
        return needs_address(contact)

    async def fault(self) -> str | None:
        """Return None: the console is there as long as the worker is."""
        return None

    async def close(self) -> None:
        """Do nothing: the console stays."""
