"""Jobs for the worker, put into the queue in the caller's transaction: all or nothing."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from pgqueuer.queries import Queries

from models.engine import connection

__all__ = ["DELIVER", "SWEEP", "DeliverJob", "enqueue"]

DELIVER = "deliver"
"""Send some messages of one organisation."""
SWEEP = "sweep"
"""Clear away the dead rows that closing a campaign has left."""


class DeliverJob(msgspec.Struct, frozen=True, kw_only=True):
    """Messages to be sent together; it names rows, never a person or a token."""

    organisation: UUID
    deliveries: tuple[UUID, ...]


async def enqueue(entrypoint: str, payloads: Sequence[msgspec.Struct | None]) -> None:
    """Queue one job per payload in the current transaction.

    Parameters
    ----------
    entrypoint
        Which of the worker's functions takes the jobs.
    payloads
        What each job is about; None where the entrypoint says it all.
    """
    encoded = [None if one is None else msgspec.json.encode(one) for one in payloads]
    queue = Queries.from_asyncpg_connection(connection())
    await queue.enqueue([entrypoint] * len(encoded), encoded, [0] * len(encoded))
