"""The invitations of an open campaign, one by one: how each fares, and whom none has reached.

No entry says whose message it is or when it was sent, and none tells who has answered: messages
that nobody needs any more are shown as sent, and whom nothing has reached is judged by the
invitations alone. Reminders are not listed. They reach only those who have not answered, so
that the number of those on their way, or given up, would be the number of answers missing.
"""

from typing import Literal
from uuid import UUID

import msgspec

from models.engine import connection, reading, transaction
from models.enums import AuditAction
from survey.access.actors import COMMAND_LINE, Actor
from survey.access.audit import record_event
from survey.campaigns.errors import CampaignNotRunning
from survey.campaigns.read import locked_campaign, read_campaign
from survey.messages.outbox import queue_again
from survey.paging import Page, id_after, page_of, require_limit

__all__ = [
    "SHOWN_STATE",
    "DeliveryView",
    "GivenUp",
    "Kind",
    "Requeue",
    "Requeued",
    "State",
    "UnreachedPerson",
    "list_deliveries",
    "list_unreached",
    "requeue_deliveries",
]

Kind = Literal["invitation", "reminder"]
State = Literal["queued", "sent", "uncertain", "failed", "waiting"]
GivenUp = Literal["failed", "uncertain"]

SHOWN_STATE = """
CASE state WHEN 'sending' THEN 'queued' WHEN 'dropped' THEN 'sent' ELSE state END
"""
"""How a state is shown. Whether a message was dropped would tell who has answered."""

_LIST = f"""
SELECT id, channel, {SHOWN_STATE} AS state, attempts,
       CASE WHEN state NOT IN ('sent', 'dropped') THEN reason END AS reason
FROM delivery
WHERE campaign = $1 AND kind = 'invitation' AND ($2::uuid IS NULL OR id > $2)
  AND ($4::text IS NULL OR {SHOWN_STATE} = $4)
ORDER BY id LIMIT $3
"""  # noqa: S608 - our own words

# The reason stays, and the attempts begin anew: survey.messages.claims tells by that.
_REQUEUE = """
UPDATE delivery SET state = 'queued', attempts = 0
WHERE campaign = $1 AND state = $2 AND kind = $3
RETURNING id
"""

_UNREACHED = """
SELECT p.external_id, max(coalesce(d.reason, 'unknown')) AS reason
FROM delivery d JOIN invitation i ON i.id = d.invitation JOIN person p ON p.id = i.person
WHERE d.campaign = $1 AND d.kind = 'invitation' AND p.active
  AND ($2::text IS NULL OR p.external_id > $2)
GROUP BY p.external_id HAVING bool_and(d.state IN ('failed', 'waiting'))
ORDER BY p.external_id LIMIT $3
"""


class DeliveryView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One invitation on its way, without its contents and without its person."""

    channel: str
    """Kind of the channel that brings it."""
    state: State
    """`queued`: on its way; `sent`: handed to the channel, or not needed any more (the two are
    not told apart, because that would tell who has answered); `uncertain`: handed over without
    an answer, and not sent again; `failed`: given up; `waiting`: for people without an address
    that works."""
    attempts: int
    """Number of times it was tried."""
    reason: str | None
    """Why it was not sent, a code such as `login-refused` or the status of the mail server such
    as `5.1.1`; None if nothing is wrong."""


class Requeue(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"
):
    """Which messages are to be queued again."""

    state: GivenUp = "failed"
    """`failed`: those given up; `uncertain`: those without an answer, which may come twice."""
    kind: Kind = "invitation"
    """`invitation` or `reminder`."""


class Requeued(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """How many messages were queued again."""

    messages: int | None
    """Number of invitations. None for reminders: it would tell how many people answered."""


class UnreachedPerson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Somebody whom no invitation has reached; that says nothing about answers."""

    external_id: str
    """Id of the person in the customer's own systems."""
    reason: str
    """Why: a code such as `no-address`, or the status of the mail server such as `5.1.1`."""


async def list_deliveries(
    organisation: UUID,
    campaign: UUID,
    *,
    state: str | None = None,
    after: str | None = None,
    limit: int = 100,
) -> Page[DeliveryView]:
    """Return the invitations of a campaign; none once it has closed, when they become counts.

    Parameters
    ----------
    state
        Only those in it; None for all.
    after, limit
        As for every list.

    Raises
    ------
    CampaignNotFound
        No campaign of the organisation has this id.
    FieldInvalid
        ``limit`` is out of range, or ``after`` is no id.
    """
    require_limit(limit)
    start = id_after(after)
    async with reading(organisation):
        await read_campaign(organisation, campaign)
        rows = await connection().fetch(_LIST, campaign, start, limit + 1, state)
    page = page_of(rows, limit=limit, key=lambda row: str(row["id"]))
    names = DeliveryView.__struct_fields__
    views = tuple(DeliveryView(**{name: row[name] for name in names}) for row in page.items)
    return Page(items=views, next=page.next)


async def list_unreached(
    organisation: UUID, campaign: UUID, *, after: str | None = None, limit: int = 100
) -> Page[UnreachedPerson]:
    """Return the people whom no invitation has reached, whether they have answered or not.

    Raises
    ------
    CampaignNotFound
        No campaign of the organisation has this id.
    FieldInvalid
        ``limit`` is out of range.
    """
    require_limit(limit)
    async with reading(organisation):
        await read_campaign(organisation, campaign)
        rows = await connection().fetch(_UNREACHED, campaign, after, limit + 1)
    found = [UnreachedPerson(**row) for row in rows]
    return page_of(found, limit=limit, key=lambda person: person.external_id)


async def requeue_deliveries(
    organisation: UUID,
    campaign: UUID,
    wanted: Requeue | None = None,
    *,
    by: Actor = COMMAND_LINE,
) -> Requeued:
    """Queue messages again that were given up.

    Parameters
    ----------
    wanted : Requeue, optional
        Which; by default all invitations that have failed.
    by : Actor
        Who does it; the audit trail keeps that.

    Raises
    ------
    CampaignNotFound
        No campaign of the organisation has this id.
    CampaignNotRunning
        It is not open.
    """
    chosen = wanted or Requeue()
    async with transaction(organisation):
        found = await locked_campaign(campaign)
        if found.state != "open":
            raise CampaignNotRunning(found.state)
        rows = await connection().fetch(_REQUEUE, campaign, chosen.state, chosen.kind)
        await queue_again(organisation, [row["id"] for row in rows])
        told = len(rows) if chosen.kind == "invitation" else None
        await record_event(
            organisation,
            AuditAction.DELIVERIES_REQUEUED,
            f"/v1/campaigns/{campaign}",
            facts={"state": chosen.state, "kind": chosen.kind, "messages": told},
            by=by,
        )
    return Requeued(messages=told)
