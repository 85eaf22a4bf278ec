"""A channel that sends nothing: the office downloads the links, or prints letters with them.

No message is written for it, so that none is counted as sent; what is counted is the links that
the office has (``survey.campaigns.links``).
"""

from survey.messages.message import Message, Outcome

__all__ = ["LINK", "LinkChannel"]

LINK = "link"
"""Kind of this channel."""


class LinkChannel:
    """Leaves it to the office to bring people their links."""

    async def send(self, message: Message) -> Outcome:  # noqa: ARG002 - the channel's signature
        """Send nothing; no message is queued for this channel."""
        return Outcome.GIVE_UP

    async def fault(self) -> str | None:
        """Return None: there is nothing that could fail."""
        return None

    def out_of_reach(self, contact: object) -> None:  # noqa: ARG002 - the channel's signature
        """Return None: a letter reaches everybody."""
        return

    async def close(self) -> None:
        """Do nothing: no connection stays open."""
