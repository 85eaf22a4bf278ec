"""Messages on their way out: written in the transaction of their cause, sent by a worker."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import msgspec
from uuid_utils.compat import uuid7

from models.engine import connection
from models.enums import DeliveryKind
from survey.jobs.kind import JobKind
from survey.jobs.queue import enqueue
from survey.messages.link import LINK

__all__ = [
    "DELIVER",
    "MESSAGES_PER_JOB",
    "DeliverJob",
    "queue_again",
    "queue_messages",
    "queue_waiting",
]

MESSAGES_PER_JOB = 20
"""One job sends them, by one connection of their channel."""

_WRITE = """
INSERT INTO delivery (id, organisation, campaign, invitation, channel, kind, state, attempts,
                      number)
SELECT given.id, $1, $2, given.invitation, $3, $4, 'queued', 0, $7
FROM unnest($5::uuid[], $6::uuid[]) AS given (id, invitation)
"""

# The campaigns first, as everywhere. Locked rows are read again: a message is queued once.
_ADDRESSED = """
WITH open AS (
    SELECT c.id FROM campaign c WHERE c.state = 'open' AND EXISTS (
        SELECT FROM delivery d WHERE d.campaign = c.id AND d.state = 'waiting')
    ORDER BY c.id FOR SHARE)
UPDATE delivery d SET state = 'queued', reason = NULL FROM open, invitation i, person p
WHERE d.campaign = open.id AND d.state = 'waiting' AND i.id = d.invitation AND p.id = i.person
  AND p.email IS NOT NULL AND p.email_fault IS NULL AND p.active AND NOT i.revoked
RETURNING d.id
"""


class DeliverJob(msgspec.Struct, frozen=True, kw_only=True):
    """Messages to be sent together; it names rows, never a person or a token."""

    organisation: UUID
    deliveries: tuple[UUID, ...]


DELIVER = JobKind(name="deliver", payload=DeliverJob)


async def queue_messages(
    organisation: UUID,
    campaign: UUID,
    invitations: Sequence[UUID],
    *,
    kind: DeliveryKind,
    channel: str,
    after: timedelta | None = None,
    number: int | None = None,
) -> None:
    """Queue one message per invitation in the current transaction.

    Parameters
    ----------
    invitations : sequence of UUID
        Of the people who get it, all of this campaign.
    kind : DeliveryKind
        What the message is for.
    channel : str
        Kind of the channel that brings it.
    after : timedelta, optional
        How long it waits first; by default not at all.
    number : int, optional
        Which reminder of the campaign's plan it is, from 1.

    Raises
    ------
    asyncpg.UniqueViolationError
        This reminder has been queued for one of them.
    """
    if channel == LINK:
        return  # the office brings the links
    deliveries = [uuid7() for _ in invitations]
    await connection().execute(
        _WRITE, organisation, campaign, channel, kind, deliveries, invitations, number
    )
    await queue_again(organisation, deliveries, after=after)


async def queue_waiting(organisation: UUID) -> None:
    """Queue, in the current transaction, the messages whose people have an address by now."""
    rows = await connection().fetch(_ADDRESSED)
    if rows:
        await queue_again(organisation, [row["id"] for row in rows])


async def queue_again(
    organisation: UUID, deliveries: Sequence[UUID], *, after: timedelta | None = None
) -> None:
    """Queue the jobs of messages that are written already, in the current transaction."""
    groups = [
        tuple(deliveries[start : start + MESSAGES_PER_JOB])
        for start in range(0, len(deliveries), MESSAGES_PER_JOB)
    ]
    jobs = [DeliverJob(organisation=organisation, deliveries=group) for group in groups]
    if jobs:
        await enqueue(DELIVER, jobs, after=after)
