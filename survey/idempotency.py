"""The first answer to a request, kept with the write it answers and given again to a repeat."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from uuid_utils.compat import uuid7

from models.engine import connection, reading, transaction
from survey.errors import Conflict, Invalid

__all__ = [
    "REPLAYED_FOR",
    "Answer",
    "KeyUsedOtherwise",
    "Request",
    "RequestInFlight",
    "answer_afterwards",
    "answer_once",
]

REPLAYED_FOR = timedelta(hours=24)

_LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0))"
_FIND = """
SELECT request_hash, status, body, headers, created_at > $3 AS fresh FROM idempotency
WHERE key = $1 AND operation = $2
"""
_FORGET_OLD = "DELETE FROM idempotency WHERE created_at <= $1"
_KEEP = """
INSERT INTO idempotency (id, organisation, key, operation, request_hash, status, body, headers,
                         created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (organisation, key, operation) DO NOTHING
"""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a caller got, as it went over the wire."""

    status: int
    body: bytes
    headers: dict[str, str] = {}
    kept: bytes | None = None
    """What a repeat gets instead of ``body``, if that holds a secret."""
    replayed: bool = False


class RequestInFlight(Conflict):
    """The same request is being worked on at this moment; ask again for its answer."""

    code = "request-in-flight"

    def __init__(self) -> None:
        super().__init__("This request is already being worked on. Send it again shortly.")


class KeyUsedOtherwise(Invalid):
    """The Idempotency-Key belongs to a request with another body."""

    code = "idempotency-key-reused"

    def __init__(self) -> None:
        super().__init__(
            "This Idempotency-Key was used for another request. Take a new one, "
            "or send the first request unchanged."
        )


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What tells a repeat from another request.

    Attributes
    ----------
    key
        The caller's key, at most 255 characters, made unique per caller.
    operation
        What is asked; the same key may be used once for each.
    hash
        SHA-256 of the request.
    """

    key: str
    operation: str
    hash: bytes


async def answer_once(
    organisation: UUID,
    work: Callable[[], Awaitable[Answer]],
    request: Request,
    *,
    now: datetime,
) -> Answer:
    """Do the work, or give the answer that it had before.

    The work runs inside one transaction with the row that remembers its answer: both are
    there afterwards or neither is. An error leaves nothing behind, so that a repeat after it
    runs the work again.

    Parameters
    ----------
    organisation : UUID
        Whose transaction the work runs in; its own transactions become savepoints.
    work
        The use case and the making of its answer.
    now : datetime
        The moment of the request, UTC. Answers are kept for `REPLAYED_FOR`.

    Raises
    ------
    RequestInFlight
        The first request with this key has not ended yet.
    KeyUsedOtherwise
        The key was used for another request.

    Notes
    -----
    A lock of the database, held until the end of the transaction, tells a request in flight:
    it vanishes with a process that dies, which a row would not. If a commit succeeds and its
    answer is lost on the way, the repeat gets it from the row.
    """
    async with transaction(organisation):
        name = f"{organisation} {request.operation} {request.key}"
        if not await connection().fetchval(_LOCK, name):
            raise RequestInFlight
        earlier = await _earlier(request, now)
        if earlier is not None:
            return earlier
        answer = await work()
        await _keep(organisation, request, answer, now)
    return answer


async def answer_afterwards(
    organisation: UUID,
    work: Callable[[], Awaitable[Answer]],
    request: Request,
    *,
    now: datetime,
) -> Answer:
    """Do the work, or give the answer that it had before; for work in several transactions.

    Only for use cases whose own rules keep them from happening twice: the answer is kept after
    the work is done. If the process dies between the two, or the request is repeated while it
    runs, the repeat meets those rules and gets their conflict instead of the first answer.

    Parameters
    ----------
    organisation, work, now
        As for `answer_once`.

    Raises
    ------
    KeyUsedOtherwise
        The key was used for another request.
    """
    async with reading(organisation):
        earlier = await _earlier(request, now)
    if earlier is not None:
        return earlier
    answer = await work()
    async with transaction(organisation):
        await _keep(organisation, request, answer, now)
    return answer


async def _earlier(request: Request, now: datetime) -> Answer | None:
    row = await connection().fetchrow(_FIND, request.key, request.operation, now - REPLAYED_FOR)
    if row is None or not row["fresh"]:
        return None
    if row["request_hash"] != request.hash:
        raise KeyUsedOtherwise
    return Answer(
        status=row["status"],
        body=row["body"],
        headers=msgspec.json.decode(row["headers"], type=dict[str, str]),
        replayed=True,
    )


async def _keep(organisation: UUID, request: Request, answer: Answer, now: datetime) -> None:
    """Keep an answer, and forget those that are no longer replayed."""
    await connection().execute(_FORGET_OLD, now - REPLAYED_FOR)
    await connection().execute(
        _KEEP,
        uuid7(),
        organisation,
        request.key,
        request.operation,
        request.hash,
        answer.status,
        answer.body if answer.kept is None else answer.kept,
        msgspec.json.encode(answer.headers).decode(),
        now,
    )
