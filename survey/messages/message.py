"""What a channel is asked to bring, and what it may answer."""

from datetime import datetime
from typing import ClassVar, Literal, Protocol, TypeAlias

import msgspec

__all__ = [
    "NO_ANSWER",
    "Channel",
    "Contact",
    "Message",
    "OutOfReach",
    "Outcome",
    "OwnWords",
    "needs_address",
]

NO_ANSWER = "no-answer-after-data"
"""Why a message is uncertain."""

OutOfReach: TypeAlias = Literal["no_address", "refused"]
"""Why a message does not reach somebody: ``no_address``, the channel needs an address that they
do not have; ``refused``, the far side has refused the message, or was away for too long."""


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """What a channel needs to know of somebody to tell whether it can reach them."""

    email: str | None
    """None if the person has none."""
    is_refused: bool = False
    """Whether the far side has said that the address leads nowhere."""


class OwnWords(msgspec.Struct, frozen=True, kw_only=True):
    """What an office says instead of our words; placeholders stand in braces."""

    subject: str
    text: str
    """Paragraphs, with an empty line between them."""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One message to one person. Its link is a key: it belongs in no log."""

    key: str
    """The same at every attempt, so that the far side can drop repeats."""
    kind: str
    """``invitation`` or ``reminder``; ``test`` of the channel, which has no link."""
    name: str | None
    """Whom to address; None once the person has been erased."""
    email: str | None
    """None if the person has none, or has been erased, or if mail to it came back."""
    locale: str
    """Language of the message, BCP 47; one that the instrument speaks."""
    title: str
    """The instrument's title in that language."""
    campaign: str
    closes_at: datetime | None
    """In the person's time zone; None if it is closed by hand."""
    link: str
    """Opens the person's form: ``{address}/f/{token}``."""
    on_record: bool = False
    """Whether the person answers on the record, as sponsors do."""
    opt_out: str | None = None
    """Where a person ends the messages of this campaign; it cannot open the form."""
    dated: datetime | None = None
    """The moment of the first attempt, UTC; the same at every attempt. None is now."""
    words: OwnWords | None = None
    """None for those of the platform."""

    def __repr__(self) -> str:
        return f"Message(key={self.key!r})"


class Outcome(msgspec.Struct, frozen=True):
    """What became of a message, and why: a code, and never what the far side wrote."""

    word: str
    reason: str | None = None

    SENT: ClassVar["Outcome"]
    RETRY: ClassVar["Outcome"]
    """Not now: the far side is busy or away."""
    GIVE_UP: ClassVar["Outcome"]
    """Never: the far side refuses the message."""
    BAD_ADDRESS: ClassVar["Outcome"]
    """Never, and no other message either: the far side knows nobody of this address."""
    UNCERTAIN: ClassVar["Outcome"]
    """The far side had all of it and did not answer; sent again, it might come twice."""
    NO_ADDRESS: ClassVar["Outcome"]
    """Not by this channel, which has no address of this person; perhaps by another."""

    def because(self, reason: str) -> "Outcome":
        """Return the same outcome with its reason."""
        return Outcome(self.word, reason)


Outcome.SENT = Outcome("sent")
Outcome.RETRY = Outcome("retry")
Outcome.GIVE_UP = Outcome("give_up")
Outcome.BAD_ADDRESS = Outcome("bad_address")
Outcome.UNCERTAIN = Outcome("uncertain", NO_ANSWER)
Outcome.NO_ADDRESS = Outcome("no_address", "no-address")


class Channel(Protocol):
    """A way to reach people. Failures of the far side are outcomes, not exceptions."""

    async def send(self, message: Message) -> Outcome:
        """Bring one message, at least once."""
        ...

    def out_of_reach(self, contact: Contact) -> OutOfReach | None:
        """Return why it cannot reach somebody; None if it can. Nothing is sent."""
        ...

    async def fault(self) -> str | None:
        """Return why it cannot send now, as a sentence; None if it can. Nothing is sent."""
        ...

    async def close(self) -> None:
        """Let go of connections that it keeps from one message to the next."""
        ...


def needs_address(contact: Contact) -> OutOfReach | None:
    """Return why a channel that sends to addresses cannot reach somebody; None if it can."""
    if contact.email is None:
        return "no_address"
    return "refused" if contact.is_refused else None
