"""A channel that sends mail by the organisation's own mail server."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from survey.errors import FieldInvalid
from survey.messages.kind import ChannelKind, ChannelPlan
from survey.messages.mail import mail_bytes
from survey.messages.message import Contact, Message, Outcome, OutOfReach, needs_address
from survey.messages.signatures import require_secret
from survey.messages.smtp import MailServer, SmtpLine

__all__ = ["EMAIL", "EmailChannel"]

RATE_PER_MINUTE = 600
_ADDRESS = r"[!-;=?A-~]{1,64}@[0-9A-Za-z-]{1,63}(?:\.[0-9A-Za-z-]{1,63})*"
# A name has no sign that ends it or begins another address or header.
_SENDER = re.compile(rf'(?:"?([^<>"@\\\x00-\x1f\x7f]*?)"? *<({_ADDRESS})>|({_ADDRESS}))')


class EmailChannel:
    """Sends one mail per message, over one connection.

    Parameters
    ----------
    server : MailServer
        Whom to hand mail to.
    sender : str
        Who writes: ``Name <address>``, or an address alone.
    """

    def __init__(self, server: MailServer, sender: str) -> None:
        self._line = SmtpLine(server)
        self._name, self._address = _parted(sender)

    async def send(self, message: Message) -> Outcome:
        """Hand one mail over; a person without an address is left to another channel."""
        if message.email is None:
            return Outcome.NO_ADDRESS
        content = mail_bytes(
            message, name=self._name, sender=self._address, now=datetime.now(UTC)
        )
        return await self._line.hand_over(self._address, message.email, content)

    def out_of_reach(self, contact: Contact) -> OutOfReach | None:
        """Return why it cannot reach somebody: it needs an address that takes mail."""
        return needs_address(contact)

    async def fault(self) -> str | None:
        """Connect, encrypt and log in, and hand over nothing."""
        trouble = await self._line.try_out()
        return None if trouble is None else trouble.sentence

    async def close(self) -> None:
        """Leave the server."""
        await self._line.close()


def _settled(plan: ChannelPlan) -> ChannelPlan:
    if plan.url is None:
        expected = "given, such as smtp://user@mail.example.com:587?starttls=1"
        raise FieldInvalid("url", None, expected=expected)
    server = MailServer.at(plan.url, plan.password)
    if plan.bounce_secret is not None:
        require_secret(plan.bounce_secret)
    name, address = _parted(plan.sender or "")
    return ChannelPlan(
        url=server.url,
        sender=f"{name} <{address}>" if name else address,
        rate_per_minute=plan.rate_per_minute or RATE_PER_MINUTE,
        password=server.password,
        bounce_secret=plan.bounce_secret,
    )


def _parted(sender: str) -> tuple[str, str]:
    """Return name and address of a sender; the name may be empty.

    Raises
    ------
    FieldInvalid
        It is not one address, with or without a name.
    """
    found = _SENDER.fullmatch(sender.strip())
    if found is None:
        expected = "an address such as Name <name@example.com>"
        raise FieldInvalid("sender", sender, expected=expected)
    return found[1] or "", found[2] or found[3]


def _built(given: Mapping[str, Any]) -> EmailChannel:
    return EmailChannel(MailServer.at(given["url"], given.get("password")), given["sender"])


EMAIL = ChannelKind(
    name="email",
    takes=frozenset({"url", "sender", "rate_per_minute", "password", "bounce_secret"}),
    secrets=frozenset({"password", "bounce_secret"}),
    settled=_settled,
    build=_built,
)
