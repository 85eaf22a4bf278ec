"""A channel that sends nothing: the office downloads the links, or prints letters with them.

No message is written for it, so that none is counted as sent; what is counted is the links that
the office has (``survey.campaigns.links``).
"""

from survey.messages.message import Contact, Message, Outcome, OutOfReach

__all__ = ["LINK", "LinkChannel"]

LINK = "link"
"""Kind of this channel."""


class LinkChannel:
    """Leaves it to the office to bring people their links."""

    async def send(self, message: Message) -> Outcome:  # noqa: ARG002 - the channel's signature
        """Send nothing; no message is queued for this channel."""
        return Outcome.GIVE_UP

    def out_of_reach(self, contact: Contact) -> OutOfReach | None:  # noqa: ARG002 - the channel's signature
        """Return None: whoever can be found can be handed a link."""
        return None

    async def fault(self) -> str | None:
        """Return None: there is nothing that could fail."""
        return None

    async def close(self) -> None:
        """Do nothing: nothing is kept."""
