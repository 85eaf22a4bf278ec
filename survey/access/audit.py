"""Writing the audit trail: an entry is stored in the transaction that did what it tells.

The trail keeps addresses and numbers and never what a person wrote, so that erasing a person
never touches it. Record last: until the transaction ends, others of the organisation who do
something wait for it. Submissions record nothing, and never wait.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeAlias
from uuid import UUID

import msgspec
from uuid_utils.compat import uuid7

from models.engine import connection, transaction
from models.enums import AuditAction
from survey.access.actors import Actor
from survey.access.audit_chain import Entry, Fact, Facts, TrailKey
from survey.access.errors import TrailKeyDiffers

__all__ = [
    "MOST_LISTED",
    "adopt_server_key",
    "changes",
    "listed",
    "record_event",
    "trail_key",
    "use_server_key",
]

Settings: TypeAlias = msgspec.Struct | Mapping[str, Any]

MOST_LISTED = 1_000
"""So many ids of one kind are listed in an entry; all of them are counted."""

_END = "SELECT number, mac, key_mark, at, name FROM audit_trail_end($1)"
_RECORD = """
INSERT INTO audit_event (id, organisation, number, at, actor, principal, principal_name,
                         address, action, subjects, facts, mac, key_mark)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
"""

_server_key: Callable[[], bytes] | None = None
"""Like the engine: one per process, given once when the process starts."""


def use_server_key(source: Callable[[], bytes]) -> None:
    """Say where this process has its server key from, before it records anything.

    Parameters
    ----------
    source
        Returns the server key; asked only when an entry is made or checked.
    """
    global _server_key  # noqa: PLW0603 - one key per process, as there is one engine
    _server_key = source


def trail_key(organisation: UUID) -> TrailKey:
    """Return what makes and checks the entries of an organisation.

    Raises
    ------
    RuntimeError
        `use_server_key` has not been called.
    """
    if _server_key is None:
        msg = "The audit trail has no key; call use_server_key(source) first."
        raise RuntimeError(msg)
    return TrailKey(_server_key(), organisation)


async def record_event(
    organisation: UUID, action: AuditAction, *subjects: str, facts: Facts, by: Actor
) -> None:
    """Write an entry in the current transaction, so that it is stored exactly if its work is.

    Parameters
    ----------
    action : AuditAction
        What was done.
    *subjects : str
        Addresses: first of what it was done to, then of what else somebody may look for.
    facts : mapping
        What changed, without fractions. Never what a person wrote, and nothing of a person but
        an id that leads nowhere once they are erased.
    by : Actor
        Who did it.

    Raises
    ------
    TrailKeyDiffers
        The last entry was made with another server key.

    Notes
    -----
    The time is that of the database, taken when this writer's turn has come: later entries
    have later times.
    """
    key, end = trail_key(organisation), await _end(by)
    if end["key_mark"] not in {None, key.mark}:
        raise TrailKeyDiffers
    await _append(organisation, key, end, action, subjects, facts, by)


async def adopt_server_key(organisation: UUID, *, by: Actor) -> bool:
    """Go on with another server key, because the one before is lost or was exposed.

    An entry says so. The entries before it can be checked only with their own key.

    Returns
    -------
    bool
        Whether the last entry was made with another key.
    """
    async with transaction(organisation):
        key, end = trail_key(organisation), await _end(by)
        if end["key_mark"] in {None, key.mark}:
            return False
        action, facts = AuditAction.AUDIT_KEY_CHANGED, {"headBefore": end["mac"].hex()}
        await _append(organisation, key, end, action, ("/v1/audit",), facts, by)
    return True


async def _end(by: Actor) -> Any:
    """Return the last entry, the time, and the name of who acts; others wait from now on."""
    return await connection().fetchrow(_END, by.key)


async def _append(
    organisation: UUID,
    key: TrailKey,
    end: Any,
    action: AuditAction,
    subjects: tuple[str, ...],
    facts: Facts,
    by: Actor,
) -> None:
    entry = Entry(
        id=uuid7(),
        number=end["number"] + 1,
        at=end["at"],
        actor=by,
        name=end["name"],
        action=action,
        subjects=subjects,
        facts=facts,
    )
    await _store(organisation, entry, key, before=end["mac"])


async def _store(
    organisation: UUID, entry: Entry, key: TrailKey, *, before: bytes | None
) -> None:
    await connection().execute(
        _RECORD,
        entry.id,
        organisation,
        entry.number,
        entry.at,
        entry.actor.kind,
        entry.actor.key,
        entry.name,
        entry.actor.address,
        entry.action,
        entry.subjects,
        msgspec.json.encode(entry.facts).decode(),
        key.mac(entry, before),
        key.mark,
    )


def changes(before: Settings, after: Settings) -> dict[str, Fact]:
    """Return the settings that differ, each with its value before and after.

    Parameters
    ----------
    before, after : struct or mapping
        Two states of one record. Names on the wire are used.
    """
    old, new = (msgspec.to_builtins(one) for one in (before, after))
    return {
        name: {"before": old.get(name), "after": value}
        for name, value in new.items()
        if old.get(name) != value
    }


def listed(**ids: Collection[str]) -> dict[str, Fact]:
    """Return how many ids of each kind there are, and which, as far as there is room.

    Parameters
    ----------
    **ids
        Per kind, such as ``deactivated``; those without any are left out.
    """
    return {
        kind: {"count": len(some), "ids": sorted(some)[:MOST_LISTED]}
        for kind, some in ids.items()
        if some
    }
