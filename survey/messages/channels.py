"""The channels that messages can take: of the installation, and of each organisation."""

import logging
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from models.constraints import length_of
from models.engine import connection, reading
from models.invitation import Delivery
from survey.errors import Conflict, Invalid
from survey.messages.console import ConsoleChannel
from survey.messages.email import EMAIL
from survey.messages.folder import FolderChannel
from survey.messages.kind import ChannelKind
from survey.messages.link import LINK, LinkChannel
from survey.messages.message import (
    Channel,
    Contact,
    Message,
    Outcome,
    OutOfReach,
    needs_address,
)
from survey.messages.secrets import SecretsUnreadableError, open_secrets

__all__ = [
    "DEVELOPMENT",
    "ENVIRONMENT_VARIABLE",
    "KINDS",
    "MAX_KIND",
    "OUTBOX_VARIABLE",
    "ChannelNotConfigured",
    "ChannelNotWorking",
    "Way",
    "channels_of",
    "configured_channels",
    "require_channel",
    "ways_of",
]

ENVIRONMENT_VARIABLE = "OPMODEL_ENV"
DEVELOPMENT = "development"
OUTBOX_VARIABLE = "OPMODEL_OUTBOX"

MAX_KIND = length_of(Delivery.channel)
"""Most characters of a channel's kind."""

KINDS: Mapping[str, ChannelKind] = {kind.name: kind for kind in (EMAIL,)}
"""Kinds that an organisation sets up for itself, by their names."""

_OUTBOX = "outbox"
_ADVICE = {
    "console": "It prints links that anybody can answer with, and exists only with "
    f"{ENVIRONMENT_VARIABLE}={DEVELOPMENT}. "
}
_SET_UP = "SELECT kind, settings, secrets FROM channel ORDER BY kind"

_log = logging.getLogger(__name__)


class ChannelNotConfigured(Invalid):
    """There is no such channel in this installation; nothing was opened."""

    code = "channel-not-configured"

    def __init__(self, kind: str, configured: Sequence[str]) -> None:
        there_are = ", ".join(configured) or "none"
        advice = _ADVICE.get(kind, "")
        if kind in KINDS:
            advice = f"Set it up with PUT /v1/channels/{kind} or `opmodel channel set {kind}`. "
        super().__init__(
            f"There is no channel {kind!r} here. {advice}Configured: {there_are}.",
            configured=list(configured),
            errors=[
                {
                    "pointer": "/channel",
                    "code": "unknown-channel",
                    "detail": f"Expected a configured channel: {there_are}.",
                    "value": kind,
                }
            ],
        )


class ChannelNotWorking(Conflict):
    """The channel is configured and cannot send at the moment; nothing was opened."""

    code = "channel-not-working"

    def __init__(self, kind: str, fault: str) -> None:
        super().__init__(f"The channel {kind!r} does not work. {fault}", channel=kind)


class Way(NamedTuple):
    """A channel, and how fast it may be used."""

    channel: Channel
    rate_per_minute: int | None = None
    """Most messages in a minute, of all workers together; None if nothing holds it back."""


class _UnreadableChannel:
    """Stands for a channel whose secrets do not open: it says so, and sends nothing."""

    def __init__(self, kind: str) -> None:
        self._kind = kind

    async def send(self, message: Message) -> Outcome:  # noqa: ARG002 - the channel's signature
        return Outcome.RETRY.because("secrets-unreadable")

    def out_of_reach(self, contact: Contact) -> OutOfReach | None:
        return needs_address(contact)

    async def fault(self) -> str | None:
        return (
            "Its secrets were stored under another server key. Bring that key back, or set "
            f"the channel {self._kind} again."
        )

    async def close(self) -> None:
        return


def configured_channels(environ: Mapping[str, str], *, home: Path) -> dict[str, Channel]:
    """Return the channels of the installation by their kinds, without touching any of them.

    Parameters
    ----------
    environ
        ``OPMODEL_OUTBOX`` names the folder of ``folder``; only ``OPMODEL_ENV=development`` has
        ``console``, since it prints tokens.
    home : Path
        The data directory, in which ``folder`` writes by default.
    """
    named = environ.get(OUTBOX_VARIABLE)
    outbox = Path(named).expanduser().absolute() if named else home / _OUTBOX
    channels: dict[str, Channel] = {"folder": FolderChannel(outbox), LINK: LinkChannel()}
    if environ.get(ENVIRONMENT_VARIABLE) == DEVELOPMENT:
        channels["console"] = ConsoleChannel(sys.stdout)
    return channels


async def ways_of(
    organisation: UUID, *, installed: Mapping[str, Channel], server_key: bytes
) -> dict[str, Way]:
    """Return every channel that an organisation can use, by its kind; connects to nothing.

    Parameters
    ----------
    installed : mapping of str to Channel
        Those of the installation.
    server_key : bytes
        Opens the secrets of the others.
    """
    async with reading(organisation):
        rows = await connection().fetch(_SET_UP)
    ways = {kind: Way(channel) for kind, channel in installed.items()}
    for row in rows:
        if row["kind"] in KINDS:
            ways[row["kind"]] = _way(organisation, row, server_key)
    return ways


async def channels_of(
    organisation: UUID, *, installed: Mapping[str, Channel], server_key: bytes
) -> dict[str, Channel]:
    """Return what `ways_of` does without the rates."""
    ways = await ways_of(organisation, installed=installed, server_key=server_key)
    return {kind: way.channel for kind, way in ways.items()}


def _way(organisation: UUID, row: Mapping[str, Any], server_key: bytes) -> Way:
    kind = row["kind"]
    settings = msgspec.json.decode(row["settings"], type=dict[str, Any])
    try:
        secrets = {} if row["secrets"] is None else open_secrets(
            row["secrets"], server_key=server_key, organisation=organisation, kind=kind
        )  # fmt: skip
    except SecretsUnreadableError:
        _log.error("The secrets of the channel %s do not open with this server key.", kind)
        return Way(_UnreadableChannel(kind))
    rate = settings.get("rate_per_minute")
    return Way(KINDS[kind].build(settings | secrets), rate)


async def require_channel(
    organisation: UUID,
    kind: str,
    *,
    installed: Mapping[str, Channel],
    server_key: bytes,
    force: bool = False,
) -> None:
    """Check that messages can be sent by a channel; sends none.

    It waits for the network, so it is called outside transactions.

    Parameters
    ----------
    installed : mapping of str to Channel
        Channels of the installation.
    server_key : bytes
        Opens the secrets of the others.
    force : bool
        Whether it is enough that there is such a channel.

    Raises
    ------
    ChannelNotConfigured
        There is no such channel.
    ChannelNotWorking
        It cannot send now.
    """
    ways = await ways_of(organisation, installed=installed, server_key=server_key)
    if kind not in ways:
        raise ChannelNotConfigured(kind, sorted(ways))
    if force:
        return
    channel = ways[kind].channel
    try:
        fault = await channel.fault()
    finally:
        await channel.close()
    if fault is not None:
        raise ChannelNotWorking(kind, fault)
