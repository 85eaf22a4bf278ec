"""Reading the audit trail: in pages, newest first, and checked as a whole."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from models.edges import Moment
from models.engine import connection, reading, transaction
from models.enums import ActorKind, AuditAction
from survey.access.actors import Actor
from survey.access.audit import record_event, trail_key
from survey.access.audit_chain import Check, Entry, Verdict
from survey.errors import FieldInvalid
from survey.paging import MAX_LIMIT, Page, page_of, require_limit

__all__ = [
    "AuditActor",
    "AuditEventView",
    "AuditFilter",
    "Verdict",
    "list_events",
    "start_export",
    "verify_trail",
    "whole_trail",
]

_COLUMNS = (
    "id, number, at, actor, principal, principal_name, address, action, subjects, facts, mac, "
    "key_mark"
)
# People are in the facts by our own ids, which only this organisation's directory resolves.
_CONCERNS_PERSON = """action = 'people.synced' AND jsonb_path_exists(
    facts, '$.*.ids[*] ? (@ == $person)', jsonb_build_object('person', (
        SELECT id FROM person WHERE organisation = $1 AND left($6, 11) = '/v1/people/'
        AND external_id = substring($6 FROM 12))))"""
_SOME = f"""
SELECT {_COLUMNS} FROM audit_event
WHERE organisation = $1 AND ($2::bigint IS NULL OR number < $2)
  AND ($3::text IS NULL OR action = $3)
  AND ($4::text IS NULL OR actor = $4) AND ($5::uuid IS NULL OR principal = $5)
  AND ($6::text IS NULL OR $6 = ANY(subjects) OR {_CONCERNS_PERSON})
  AND ($7::timestamptz IS NULL OR at >= $7) AND ($8::timestamptz IS NULL OR at < $8)
ORDER BY number DESC LIMIT $9
"""  # noqa: S608 - our own columns
_ALL = f"SELECT {_COLUMNS} FROM audit_event WHERE organisation = $1 ORDER BY number"  # noqa: S608 - our own columns
_AT_ONCE = 500
_HEAD_BYTES = 32


class AuditActor(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Who did something, and from where."""

    kind: str
    """``key``: a program with an API key; ``command_line``: whoever runs commands on the
    machine of the installation; ``platform``: a job that ended, or a time that had come.
    Later versions know more."""
    key: UUID | None
    """Id of the API key; None if none was used."""
    name: str | None
    """The name of the key at that time."""
    address: str | None
    """IP address of the caller; None unless trusted proxies are configured."""


class AuditEventView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One thing that was done."""

    id: UUID
    """Id of the entry."""
    number: int
    """1, 2, 3, ... without gaps; later entries have greater numbers."""
    at: Moment
    """When it was done, by the clock of the database."""
    actor: AuditActor
    """Who did it."""
    action: str
    """What was done, such as ``campaign.opened``; later versions know more."""
    subjects: tuple[str, ...]
    """Addresses: first of what it was done to, then of what else it concerns."""
    facts: dict[str, Any]
    """What changed; without personal data, and without what somebody wrote."""
    mac: str | None
    """Proves this entry and all before it, in hexadecimal. Keep that of the newest entry
    elsewhere: it is the head, with which ``opmodel audit verify`` shows that none of them is
    missing. None if the entry is older than the chain."""


class AuditFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which entries are asked for; what is None filters nothing."""

    action: str | None = None
    """One of `AuditAction`."""
    actor: str | None = None
    """The id of an API key, or one of `ActorKind`."""
    subject: str | None = None
    """Address of something that the entry concerns; of a person, if they are still known."""
    since: datetime | None = None
    """From this moment on, UTC."""
    until: datetime | None = None
    """Before this moment, UTC."""

    def columns(self) -> tuple[object, ...]:
        """Return action, kind of actor, key, subject and times, for the statement.

        Raises
        ------
        FieldInvalid
            There is no such action, or the actor is neither a key nor a kind.
        """
        if self.action is not None and self.action not in set(AuditAction):
            expected = f"one of {', '.join(AuditAction)}"
            raise FieldInvalid("action", self.action, expected=expected)
        return (self.action, *_kind_and_key(self.actor), self.subject, self.since, self.until)


def _kind_and_key(actor: str | None) -> tuple[str | None, UUID | None]:
    if actor is None or actor in set(ActorKind):
        return actor, None
    try:
        return None, UUID(actor)
    except ValueError:
        expected = f"the id of an API key, or one of {', '.join(ActorKind)}"
        raise FieldInvalid("actor", actor, expected=expected) from None


async def list_events(
    organisation: UUID,
    wanted: AuditFilter = AuditFilter(),  # noqa: B008 - frozen
    *,
    after: str | None = None,
    limit: int = 100,
) -> Page[AuditEventView]:
    """Return what was done, newest first.

    Parameters
    ----------
    wanted : AuditFilter
        Which entries.
    after
        The ``next`` of the page before; None for the first.

    Raises
    ------
    FieldInvalid
        ``limit`` is out of range, ``after`` is no number, or the filter is not as it should be.
    """
    require_limit(limit)
    before = _number(after)
    async with reading(organisation):
        rows = await connection().fetch(
            _SOME, organisation, before, *wanted.columns(), limit + 1
        )
    found = [_view(_entry(row)) for row in rows]
    return page_of(found, limit=limit, key=lambda event: str(event.number))


def _number(after: str | None) -> int | None:
    if after is None:
        return None
    if not after.isdecimal() or len(after) > len(str(2**62)):
        raise FieldInvalid("after", after, expected="the number of an entry")
    return int(after)


async def start_export(organisation: UUID, wanted: AuditFilter, *, by: Actor) -> None:
    """Record that the trail is exported; call it before the export, which then tells so.

    Raises
    ------
    FieldInvalid
        The filter is not as it should be.
    """
    wanted.columns()
    filters = {
        name: value for name, value in msgspec.to_builtins(wanted).items() if value is not None
    }
    async with transaction(organisation):
        await record_event(
            organisation,
            AuditAction.AUDIT_EXPORTED,
            "/v1/audit",
            facts={"filters": filters},
            by=by,
        )


async def whole_trail(organisation: UUID, wanted: AuditFilter) -> AsyncIterator[AuditEventView]:
    """Yield everything that was done, newest first, one page in memory at a time."""
    after: str | None = None
    while True:
        page = await list_events(organisation, wanted, after=after, limit=MAX_LIMIT)
        for event in page.items:
            yield event
        if page.next is None:
            return
        after = page.next


async def verify_trail(organisation: UUID, *, head: str | None = None) -> Verdict:
    """Check every entry of an organisation's trail, oldest first.

    Parameters
    ----------
    head
        MAC of an entry, which was kept elsewhere, in hexadecimal; it must be in the trail.

    Raises
    ------
    FieldInvalid
        The head is not 64 hexadecimal digits.
    """
    check = Check(trail_key(organisation), head=_head(head))
    async with reading(organisation):
        some: list[Entry] = []
        async for row in connection().cursor(_ALL, organisation, prefetch=_AT_ONCE):
            some.append(_entry(row))
            if len(some) == _AT_ONCE:
                if wrong := check.problem_with(some):
                    return wrong
                some.clear()
    return check.problem_with(some) or check.ended()


def _head(given: str | None) -> bytes | None:
    if given is None:
        return None
    try:
        head = bytes.fromhex(given)
    except ValueError:
        head = b""
    if len(head) != _HEAD_BYTES:
        raise FieldInvalid("head", given, expected=f"{2 * _HEAD_BYTES} hexadecimal digits")
    return head


def _entry(row: Any) -> Entry:
    return Entry(
        id=row["id"],
        number=row["number"],
        at=row["at"],
        actor=Actor(kind=row["actor"], key=row["principal"], address=row["address"]),
        name=row["principal_name"],
        action=row["action"],
        subjects=tuple(row["subjects"]),
        facts=msgspec.json.decode(row["facts"]),
        mac=row["mac"],
        key_mark=row["key_mark"],
    )


def _view(entry: Entry) -> AuditEventView:
    return AuditEventView(
        id=entry.id,
        number=entry.number,
        at=entry.at,
        actor=AuditActor(
            kind=entry.actor.kind,
            key=entry.actor.key,
            name=entry.name,
            address=entry.actor.address,
        ),
        action=entry.action,
        subjects=entry.subjects,
        facts=dict(entry.facts),
        mac=None if entry.mac is None else entry.mac.hex(),
    )
