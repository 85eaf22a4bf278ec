"""The end of keys: at once, with every key that was made with them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from models.access import ApiKeyIndex
from models.engine import connection
from models.enums import AuditAction
from survey.access.actors import COMMAND_LINE
from survey.access.audit import MOST_LISTED, record_event
from survey.access.errors import KeyNotFound, LastKeyMaker
from survey.access.key_makers import KeyMaker, can_spare
from survey.access.keys import Principal, changing_keys, end_of_maker
from survey.access.scopes import KEYS

__all__ = ["Revocation", "RevokedKey", "key_makers_remain", "revoke_key"]

# A key and those that replaced it are one: whoever holds one of them can have had the others.
_FAMILY = """
WITH RECURSIVE family AS (
    SELECT id, replaces FROM api_key WHERE id = $1
    UNION
    SELECT k.id, k.replaces FROM api_key k
    JOIN family f ON f.id = k.made_by OR f.id = k.replaces OR f.replaces = k.id
)
SELECT id FROM family
"""
_REVOKE = """
UPDATE api_key SET revoked_at = $2 WHERE id = ANY($1::uuid[]) AND revoked_at IS NULL
RETURNING id, name, prefix, key_hash
"""
_KEY_MAKERS = """
SELECT id, scopes, expires_at FROM api_key
WHERE $1 = ANY(scopes) AND unit_code IS NULL AND revoked_at IS NULL
  AND (expires_at IS NULL OR expires_at > $2)
"""


class RevokedKey(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A key that was ended."""

    id: UUID
    """Id of the key."""
    name: str
    """What it was for, in the organisation's words."""
    prefix: str
    """The first characters of the key, to tell keys apart."""


class Revocation(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What was ended with a key."""

    revoked: tuple[RevokedKey, ...]
    """The keys that this ended, oldest first; empty if they had been revoked before.

    They are the key itself, those that it replaced or was replaced by, and all that were made
    with any of these."""


async def revoke_key(
    organisation: UUID, key: UUID, *, now: datetime, by: Principal | None = None
) -> Revocation:
    """End a key at once, and with it every key that was made with it, however indirectly.

    Ending it again changes nothing.

    Parameters
    ----------
    organisation : UUID
        Whose key it is.
    key : UUID
        The key.
    now : datetime
        The moment, UTC.
    by : Principal or None
        Who ends it; None is the operator, who may end the last key that can make keys.

    Raises
    ------
    KeyNotFound
        The organisation has no such key.
    LastKeyMaker
        No key that can make keys would be left.
    KeyRefused
        The key that ends it has itself ended meanwhile.
    """
    async with changing_keys(organisation):
        family = [row["id"] for row in await connection().fetch(_FAMILY, key)]
        if not family:
            raise KeyNotFound(key)
        if by is not None:
            await end_of_maker(by, now=now)
            if not await key_makers_remain(ending=family, now=now):
                raise LastKeyMaker(key, command="revoke")
        rows = await connection().fetch(_REVOKE, family, now)
        hashes = [row["key_hash"] for row in rows]
        if hashes:
            await ApiKeyIndex.delete().where(ApiKeyIndex.key_hash.is_in(hashes))
            await _tell_of_end(organisation, key, [row["id"] for row in rows], by=by)
    ended = [RevokedKey(id=row["id"], name=row["name"], prefix=row["prefix"]) for row in rows]
    return Revocation(revoked=tuple(sorted(ended, key=lambda one: one.id)))


async def _tell_of_end(
    organisation: UUID, key: UUID, ended: Sequence[UUID], *, by: Principal | None
) -> None:
    """Record that a key was ended, and which others with it."""
    others = sorted(str(one) for one in ended if one != key)
    await record_event(
        organisation,
        AuditAction.KEY_REVOKED,
        f"/v1/keys/{key}",
        *(f"/v1/keys/{other}" for other in others[:MOST_LISTED]),
        facts={"keys": len(ended)},
        by=COMMAND_LINE if by is None else by.actor,
    )


async def key_makers_remain(
    *, ending: Collection[UUID], coming: Collection[KeyMaker] = (), now: datetime
) -> bool:
    """Tell whether some keys can end and keys can still be made over the API.

    Parameters
    ----------
    ending
        Ids of the keys that are to end.
    coming
        Keys that will be there instead.
    now
        The moment, UTC.
    """
    rows = await connection().fetch(_KEY_MAKERS, KEYS, now)
    makers = {
        row["id"]: KeyMaker(scopes=frozenset(row["scopes"]), expires_at=row["expires_at"])
        for row in rows
    }
    going = [maker for key, maker in makers.items() if key in ending]
    staying = [maker for key, maker in makers.items() if key not in ending]
    return can_spare(going, [*staying, *coming], now=now)
