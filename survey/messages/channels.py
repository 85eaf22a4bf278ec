"""The channels that an installation has; a campaign only opens with one of them."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from models.constraints import length_of
from models.invitation import Delivery
from survey.errors import Conflict, Invalid
from survey.messages.console import ConsoleChannel
from survey.messages.folder import FolderChannel
from survey.messages.link import LINK, LinkChannel
from survey.messages.message import Channel

__all__ = [
    "DEVELOPMENT",
    "ENVIRONMENT_VARIABLE",
    "MAX_KIND",
    "OUTBOX_VARIABLE",
    "ChannelNotConfigured",
    "ChannelNotWorking",
    "configured_channels",
    "require_channel",
]

ENVIRONMENT_VARIABLE = "OPMODEL_ENV"
DEVELOPMENT = "development"
OUTBOX_VARIABLE = "OPMODEL_OUTBOX"

MAX_KIND = length_of(Delivery.channel)
"""Most characters of a channel's kind."""

_OUTBOX = "outbox"
_ADVICE = {
    "console": "It prints links that anybody can answer with, and exists only with "
    f"{ENVIRONMENT_VARIABLE}={DEVELOPMENT}. "
}


class ChannelNotConfigured(Invalid):
    """There is no such channel in this installation; nothing was opened."""

    code = "channel-not-configured"

    def __init__(self, kind: str, configured: Sequence[str]) -> None:
        there_are = ", ".join(configured) or "none"
        super().__init__(
            f"There is no channel {kind!r} here. {_ADVICE.get(kind, '')}"
            f"Configured: {there_are}.",
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


def configured_channels(environ: Mapping[str, str], *, home: Path) -> dict[str, Channel]:
    """Return the channels by their kinds, without touching any of them.

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


async def require_channel(channels: Mapping[str, Channel], kind: str) -> None:
    """Check that messages can be sent by a channel; sends none.

    Raises
    ------
    ChannelNotConfigured
        There is no such channel.
    ChannelNotWorking
        It cannot send now.
    """
    channel = channels.get(kind)
    if channel is None:
        raise ChannelNotConfigured(kind, sorted(channels))
    if (fault := await channel.fault()) is not None:
        raise ChannelNotWorking(kind, fault)
