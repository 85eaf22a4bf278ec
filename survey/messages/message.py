"""What a channel is asked to bring, and what it may answer."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol

import msgspec

__all__ = ["Channel", "Message", "Outcome"]


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One message to one person. Its link is a key: it belongs in no log."""

    key: str
    """The same at every attempt, so that the far side can drop repeats."""
    kind: str
    """``invitation`` or ``reminder``."""
    name: str | None
    """Whom to address; None once the person has been erased."""
    email: str | None
    """None if the person has none, or has been erased."""
    locale: str
    """Language of the message, BCP 47; one that the instrument speaks."""
    title: str
    """The instrument's title in that language."""
    campaign: str
    closes_at: datetime | None
    link: str
    """Opens the person's form: whoever has it can answer once."""

    def __repr__(self) -> str:
        return f"Message(key={self.key!r})"


class Outcome(StrEnum):
    """What became of a message."""

    SENT = "sent"
    RETRY = "retry"
    """Not now: the far side is busy or away."""
    GIVE_UP = "give_up"
    """Never: the far side refuses the message."""
    NO_ADDRESS = "no_address"
    """Not by this channel, which has no address of this person; perhaps by another."""


class Channel(Protocol):
    """A way to reach people. Failures of the far side are outcomes, not exceptions."""

    async def send(self, message: Message) -> Outcome:
        """Bring one message, at least once."""
        ...

    async def fault(self) -> str | None:
        """Return why it cannot send now, as a sentence; None if it can. Nothing is sent."""
        ...
