"""The audit trail: who did what and when, written in the transaction that did it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from uuid_utils.compat import uuid7

from models.edges import Moment
from models.engine import connection, reading
from models.enums import AuditAction
from survey.access.keys import Principal
from survey.paging import Page, id_after, page_of, require_limit

__all__ = ["AuditEventView", "list_events", "record_event"]

_RECORD = """
INSERT INTO audit_event (id, organisation, at, principal, principal_name, action, subject,
                         facts)
VALUES ($1, $2, $3, $4, (SELECT name FROM api_key WHERE id = $4), $5, $6, $7)
"""
_SOME = """
SELECT id, at, principal, principal_name, action, subject, facts FROM audit_event
WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2
"""


class AuditEventView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One thing that was done."""

    id: UUID
    """Id of the event; later events have greater ids."""
    at: Moment
    """When it was done."""
    principal: UUID | None
    """The API key that did it; None for the operator, from the command line."""
    principal_name: str | None
    """The name of the key at that time."""
    action: str
    """What was done, as a word; later versions know more."""
    subject: str
    """Address of what it was done to."""
    facts: dict[str, Any]
    """What changed; without personal data, and without what somebody wrote."""


async def record_event(
    organisation: UUID,
    action: AuditAction,
    *,
    subject: str,
    facts: Mapping[str, object],
    by: Principal | None,
    now: datetime,
) -> None:
    """Write an event in the current transaction, so that it is stored exactly if its work is.

    Parameters
    ----------
    action : AuditAction
        What was done.
    subject : str
        Address of what it was done to.
    facts : mapping
        What changed, in values that JSON can hold. Never what a person wrote.
    by : Principal or None
        Who did it; None is the operator.
    now : datetime
        The moment, UTC.
    """
    await connection().execute(
        _RECORD,
        uuid7(),
        organisation,
        now,
        None if by is None else by.key,
        action,
        subject,
        msgspec.json.encode(facts).decode(),
    )


async def list_events(
    organisation: UUID, *, after: str | None = None, limit: int = 100
) -> Page[AuditEventView]:
    """Return what was done, oldest first.

    Parameters
    ----------
    after
        The ``next`` of the page before; None for the first.

    Raises
    ------
    FieldInvalid
        ``limit`` is out of range, or ``after`` is no id.
    """
    require_limit(limit)
    start = id_after(after)
    async with reading(organisation):
        rows = await connection().fetch(_SOME, start, limit + 1)
    found = [_view(row) for row in rows]
    return page_of(found, limit=limit, key=lambda event: str(event.id))


def _view(row: Any) -> AuditEventView:
    return AuditEventView(**{**dict(row), "facts": msgspec.json.decode(row["facts"])})
