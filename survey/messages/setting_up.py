"""Channels of an organisation: set up, listed, tried out with one message, and removed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from uuid_utils.compat import uuid7

from models.engine import connection, reading, transaction
from models.enums import AuditAction
from survey.access.actors import COMMAND_LINE, Actor
from survey.access.audit import record_event
from survey.access.audit_chain import Facts
from survey.directory.errors import PersonNotFound
from survey.errors import NotFound
from survey.messages.channels import KINDS, ChannelNotConfigured, ways_of
from survey.messages.kind import ChannelKind, ChannelPlan
from survey.messages.message import Channel, Message, Outcome
from survey.messages.secrets import seal_secrets
from survey.messages.smtp import redacted
from survey.paging import MAX_LIMIT, Page, page_of, require_limit

__all__ = [
    "ChannelKindUnknown",
    "ChannelNotFound",
    "ChannelTest",
    "ChannelView",
    "list_channels",
    "read_channel",
    "remove_channel",
    "set_channel",
    "try_channel",
]

_COLUMNS = "SELECT kind, settings, revision, updated_at FROM channel"
_READ = f"{_COLUMNS} WHERE kind = $1"
_LIST = f"{_COLUMNS} WHERE $1::text IS NULL OR kind > $1 ORDER BY kind LIMIT $2"
_WRITE = """
INSERT INTO channel (id, organisation, kind, settings, secrets, revision, updated_at)
VALUES ($1, $2, $3, $4, $5, 1, $6)
ON CONFLICT (organisation, kind) DO UPDATE
SET settings = excluded.settings, secrets = excluded.secrets, free_at = NULL,
    revision = channel.revision + 1, updated_at = excluded.updated_at
"""
_REMOVE = "DELETE FROM channel WHERE kind = $1"
_PERSON = """
SELECT p.display_name, p.email, coalesce(p.locale, o.default_locale) AS locale, o.name
FROM person p JOIN organisation o ON o.id = p.organisation
WHERE p.external_id = $1 AND p.active
"""

_ON_THE_WIRE = {"password": "password", "bounce_secret": "bounceSecret"}
"""Names of secrets, here and there."""

_TOLD = {
    "sent": "The message was handed over. See whether it has arrived, and where.",
    "no_address": "This person has no mail address.",
    "uncertain": "The server had the whole message and did not say whether it keeps it. See "
    "whether it has arrived; if not, ask whoever runs the server.",
}
_BY_REASON = {
    "sender-refused": "The server does not let this channel write as its sender. Use an "
    "address that belongs to the user of the channel, or allow this one on the server.",
    "address-not-ascii": "The address has letters that this channel cannot send to.",
    "connection-lost": "The server ended the connection before it had the message. Try again.",
}


class ChannelKindUnknown(NotFound):
    """There is no kind of channel of this name that an organisation can set up."""

    code = "channel-kind-unknown"

    def __init__(self, kind: str) -> None:
        known = ", ".join(KINDS)
        super().__init__(
            f"There is no kind of channel {kind!r} to set up. Kinds: {known}.", kind=kind
        )


class ChannelNotFound(NotFound):
    """The organisation has not set up this channel."""

    code = "channel-not-found"

    def __init__(self, kind: str) -> None:
        super().__init__(f"The channel {kind!r} has not been set up.", kind=kind)


class ChannelView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A channel that an organisation has set up, without its secrets."""

    kind: str
    """Kind of the channel: `email`."""
    url: str | None
    """Address of the server, without the password; None if this kind has none."""
    sender: str | None
    """Who writes; None if this kind has no sender."""
    rate_per_minute: int | None
    """Most messages that leave in a minute, of all workers together; None: no limit."""
    secrets: tuple[str, ...]
    """Which secrets are stored: `password`, `bounceSecret`. They are never shown."""
    bounces: str | None
    """Address that takes signed reports of bounced mail; None without a `bounceSecret`."""
    revision: int
    """Rises with every change; the ETag."""
    updated_at: datetime
    """When it was set up as it is, UTC."""


class ChannelTest(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What became of a test message."""

    outcome: Literal["sent", "failed", "uncertain"]
    """`sent`: handed over; `failed`: not handed over; `uncertain`: handed over without an
    answer."""
    reason: str | None
    """Code of what is wrong; None if nothing is."""
    detail: str
    """What happened and what to do about it, in words for people."""


async def list_channels(
    organisation: UUID, *, after: str | None = None, limit: int = MAX_LIMIT
) -> Page[ChannelView]:
    """Return the channels that an organisation has set up, by their kinds.

    Parameters
    ----------
    after : str or None
        The kind of the last channel that the caller has; None begins.
    limit : int
        Most channels of one page.

    Raises
    ------
    FieldInvalid
        The limit is out of range.
    """
    require_limit(limit)
    async with reading(organisation):
        rows = await connection().fetch(_LIST, after, limit + 1)
    views = [_view(organisation, row) for row in rows]
    return page_of(views, limit=limit, key=lambda view: view.kind)


async def read_channel(organisation: UUID, kind: str) -> ChannelView:
    """Return one channel that an organisation has set up.

    Raises
    ------
    ChannelNotFound
        It has not set up this one.
    """
    async with reading(organisation):
        row = await connection().fetchrow(_READ, kind)
    if row is None:
        raise ChannelNotFound(kind)
    return _view(organisation, row)


async def set_channel(
    organisation: UUID,
    kind: str,
    plan: ChannelPlan,
    *,
    server_key: bytes,
    now: datetime,
    by: Actor = COMMAND_LINE,
) -> ChannelView:
    """Set up a channel, or set it up anew: nothing is kept of how it was before.

    Secrets are not kept either: whoever could change the server alone would have them sent to
    a server of their own.

    Parameters
    ----------
    plan : ChannelPlan
        All of its settings and secrets.
    server_key : bytes
        From which the key for the secrets is derived.
    now : datetime
        The moment, UTC.
    by : Actor
        Who sets it up; the audit trail keeps that, and no secret.

    Raises
    ------
    ChannelKindUnknown
        There is no such kind.
    FieldInvalid
        A setting is missing or wrong.
    """
    chosen = _kind(kind)
    settings, secrets = chosen.divided(plan)
    sealed = None
    if secrets:
        sealed = seal_secrets(
            secrets, server_key=server_key, organisation=organisation, kind=kind
        )
    async with transaction(organisation):
        names = [_ON_THE_WIRE[name] for name in sorted(secrets)]
        written = msgspec.json.encode(settings | {"secrets": names}).decode()
        await connection().execute(_WRITE, uuid7(), organisation, kind, written, sealed, now)
        view = await read_channel(organisation, kind)
        facts: Facts = {
            "server": redacted(view.url or ""),
            "ratePerMinute": view.rate_per_minute,
            "secrets": list(view.secrets),
            "revision": view.revision,
        }
        await record_event(
            organisation, AuditAction.CHANNEL_SET, _address(kind), facts=facts, by=by
        )
    return view


async def remove_channel(organisation: UUID, kind: str, *, by: Actor = COMMAND_LINE) -> None:
    """Forget a channel and its secrets; messages that wait for it go on waiting.

    Raises
    ------
    ChannelNotFound
        The organisation has not set it up.
    """
    async with transaction(organisation):
        if await connection().execute(_REMOVE, kind) == "DELETE 0":
            raise ChannelNotFound(kind)
        await record_event(
            organisation, AuditAction.CHANNEL_REMOVED, _address(kind), facts={}, by=by
        )


async def try_channel(
    organisation: UUID,
    kind: str,
    *,
    person: str,
    installed: Mapping[str, Channel],
    server_key: bytes,
    by: Actor = COMMAND_LINE,
) -> ChannelTest:
    """Send one test message to a person, and say what happened.

    Parameters
    ----------
    person : str
        External id of somebody who is active.
    installed : mapping of str to Channel
        Channels of the installation, which can be tried out as well.
    server_key : bytes
        Opens the secrets of the others.
    by : Actor
        Who tries it; the audit trail keeps that before anything is sent.

    Raises
    ------
    ChannelNotConfigured
        There is no such channel.
    PersonNotFound
        Nobody who is active has this external id.
    """
    ways = await ways_of(organisation, installed=installed, server_key=server_key)
    if kind not in ways:
        raise ChannelNotConfigured(kind, sorted(ways))
    async with transaction(organisation):
        row = await connection().fetchrow(_PERSON, person)
        if row is None:
            raise PersonNotFound(person)
        await record_event(
            organisation, AuditAction.CHANNEL_TESTED, _address(kind), facts={}, by=by
        )
    return await _tried(ways[kind].channel, _test_message(row))


async def _tried(channel: Channel, message: Message) -> ChannelTest:
    try:
        if (fault := await channel.fault()) is not None:
            return ChannelTest(outcome="failed", reason="channel-not-working", detail=fault)
        return _told(await channel.send(message))
    finally:
        await channel.close()


def _told(outcome: Outcome) -> ChannelTest:
    told = _BY_REASON.get(outcome.reason or "") or _TOLD.get(outcome.word)
    if told is None:
        again = " for now; try again later" if outcome.word == Outcome.RETRY.word else ""
        told = (
            f"The far side refuses the message{again} (reply {outcome.reason}). Check the "
            "person's address, and ask whoever runs the server what the reply means."
        )
    match outcome.word:
        case "sent":
            return ChannelTest(outcome="sent", reason=None, detail=told)
        case "uncertain":
            return ChannelTest(outcome="uncertain", reason=outcome.reason, detail=told)
    return ChannelTest(outcome="failed", reason=outcome.reason, detail=told)


def _test_message(row: Mapping[str, Any]) -> Message:
    return Message(
        key=str(uuid7()),
        kind="test",
        name=row["display_name"],
        email=row["email"],
        locale=row["locale"],
        title=row["name"],
        campaign=row["name"],
        closes_at=None,
        link="",
    )


def _kind(name: str) -> ChannelKind:
    if name not in KINDS:
        raise ChannelKindUnknown(name)
    return KINDS[name]


def _view(organisation: UUID, row: Mapping[str, Any]) -> ChannelView:
    settings = msgspec.json.decode(row["settings"], type=dict[str, Any])
    names = tuple(settings.get("secrets", ()))
    bounces = f"{_address(row['kind'])}/bounces?organisation={organisation}"
    return ChannelView(
        kind=row["kind"],
        url=settings.get("url"),
        sender=settings.get("sender"),
        rate_per_minute=settings.get("rate_per_minute"),
        secrets=names,
        bounces=bounces if "bounceSecret" in names else None,
        revision=row["revision"],
        updated_at=row["updated_at"],
    )


def _address(kind: str) -> str:
    return f"/v1/channels/{kind}"
