"""Jobs for the worker, put into the queue in the caller's transaction: all or nothing."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TypeVar

import msgspec
from pgqueuer.queries import Queries

from models.engine import connection
from survey.jobs.kind import JobKind

__all__ = ["enqueue"]

P = TypeVar("P", bound=msgspec.Struct)


async def enqueue(
    kind: JobKind[P], payloads: Sequence[P], *, after: timedelta | None = None
) -> None:
    """Queue one job per payload in the current transaction.

    Parameters
    ----------
    kind
        What is to be done.
    payloads
        What each job is about.
    after
        How long the jobs sleep first.
    """
    encoded: list[bytes | None] = [msgspec.json.encode(one) for one in payloads]
    queue = Queries.from_asyncpg_connection(connection())
    names, priorities = [kind.name] * len(encoded), [0] * len(encoded)
    await queue.enqueue(names, encoded, priorities, execute_after=[after] * len(encoded))
