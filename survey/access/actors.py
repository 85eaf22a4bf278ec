"""Who does something, as the audit trail names them."""

from uuid import UUID

import msgspec

from models.enums import ActorKind

__all__ = ["COMMAND_LINE", "PLATFORM", "Actor"]


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Who does something, and from where."""

    kind: ActorKind
    key: UUID | None = None
    """The API key, if a program does it."""
    address: str | None = None
    """IP address of the caller; None if no trusted proxy or server has told it."""


COMMAND_LINE = Actor(kind=ActorKind.COMMAND_LINE)
"""Whoever runs a command on the machine of the installation."""
PLATFORM = Actor(kind=ActorKind.PLATFORM)
"""Nobody at this moment: a job ends, or a time has come that somebody had set."""
