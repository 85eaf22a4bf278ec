"""Bodies that no use case knows, and what they share."""

from typing import Annotated, Any, ClassVar, Generic, Literal, Self, TypeVar

import msgspec

from models.edges import MAX_EXTERNAL_ID, MOST_LISTED, Code, Moment
from survey.errors import FieldInvalid
from survey.messages.channels import MAX_KIND

__all__ = [
    "CampaignOpen",
    "ChannelTry",
    "Health",
    "InvitationSending",
    "Moment",
    "Page",
    "PreviewRead",
    "Reminding",
    "RequestBody",
    "ResponseBody",
    "Wire",
    "quoted",
]

T = TypeVar("T")


def quoted(version: str | int) -> str:
    """Return the ETag of a version."""
    return f'"{version}"'


class Wire(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A body on the wire."""

    example: ClassVar[dict[str, Any]]
    """One body as JSON; a test reads it back, and the description shows it."""


class RequestBody(Wire, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A body that callers send; a field it does not know is an error."""

    may_be_left_out: ClassVar[bool] = False
    """Whether a request without a body means one with every field at its default."""


class ResponseBody(Wire, frozen=True, kw_only=True):
    """A body that callers get; later versions may add fields."""

    @classmethod
    def of(cls, view: object) -> Self:
        """Show what a use case returned: the fields listed here, and no others it may have."""
        return msgspec.convert(view, cls, from_attributes=True)


class CampaignOpen(RequestBody, frozen=True, kw_only=True):
    """How a campaign is opened."""

    channel: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_KIND)]
    """Kind of the channel that invites: `folder`, one that the organisation has set up such as
    `email`, or `console` in development."""
    force: bool = False
    """True opens the campaign although nobody knows whether the channel works."""


class ChannelTry(RequestBody, frozen=True, kw_only=True):
    """To whom a test message goes."""

    person: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_EXTERNAL_ID)]
    """External id of a person who is active."""


ExternalId = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_EXTERNAL_ID)]


class InvitationSending(RequestBody, frozen=True, kw_only=True):
    """Who gets the invitation again: people by name, or all whom it has not reached."""

    example: ClassVar = {"people": ["e-1042", "e-0007"]}

    people: (
        Annotated[tuple[ExternalId, ...], msgspec.Meta(min_length=1, max_length=MOST_LISTED)]
        | None
    ) = None
    """External ids; left out with ``undelivered``."""
    undelivered: bool = False
    """Everybody to whom each attempt to send it has failed."""

    def recipients(self) -> tuple[str, ...] | None:
        """Return the people by name, or None for those whom it has not reached.

        Raises
        ------
        FieldInvalid
            Both are given, or neither.
        """
        if (self.people is None) != self.undelivered:
            expected = "given, or undelivered true, and not both"
            raise FieldInvalid("people", None, expected=expected)
        return self.people


class Reminding(RequestBody, frozen=True, kw_only=True):
    """Whom to remind."""

    may_be_left_out: ClassVar[bool] = True
    example: ClassVar = {"unit": "D01"}

    unit: Code | None = None
    """Code of a unit, for its people and those below it; None is everybody."""


class Health(Wire, frozen=True, kw_only=True):
    """The process lives."""

    status: Literal["alive"]
    """Always ``alive``."""


class PreviewRead(ResponseBody, frozen=True, kw_only=True):
    """Where a form is shown as a preview."""

    address: str
    """Path of the page on this server; whoever has it sees the preview, without a key."""
    expires_at: Moment
    """From then on the address shows nothing."""

    example: ClassVar[dict[str, Any]] = {
        "address": "/preview/W251bGxd.AAAAAAAAAAAAAAAAAAAAAA",
        "expiresAt": "2026-11-23T10:00:00Z",
    }


class Page(msgspec.Struct, Generic[T], frozen=True, kw_only=True, rename="camel"):
    """A part of a list."""

    items: tuple[T, ...]
    """The entries of this page."""
    next_cursor: str | None
    """Give it as ``cursor`` to get what follows; null at the end."""
