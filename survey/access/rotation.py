"""The rotation of keys: a new key takes over, and the old one works until everybody has it."""

from datetime import datetime, timedelta
from typing import Annotated, ClassVar
from uuid import UUID

import msgspec

from models.edges import Moment
from models.engine import connection
from models.moments import hold_moments
from survey.access.errors import KeyEnded, KeyReplaced, LastKeyMaker
from survey.access.key_makers import KeyMaker
from survey.access.keys import (
    IssuedKey,
    KeyPlan,
    KeyView,
    Principal,
    changing_keys,
    issue_key,
    read_key,
    require_future,
    require_grantable,
)
from survey.access.revocation import key_makers_remain

__all__ = ["MAX_OVERLAP_HOURS", "OVERLAP_HOURS", "KeyRotation", "rotate_key"]

OVERLAP_HOURS = 72
"""By default, long enough for a weekend."""
MAX_OVERLAP_HOURS = 720

_SUCCESSOR = "SELECT id FROM api_key WHERE replaces = $1"
_END = "UPDATE api_key SET expires_at = $2 WHERE id = $1"


class KeyRotation(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True
):
    """How a key is replaced by a new one that may do the same."""

    may_be_left_out: ClassVar[bool] = True

    overlap_hours: Annotated[int, msgspec.Meta(ge=0, le=MAX_OVERLAP_HOURS)] = OVERLAP_HOURS
    """For how many hours the old key still works, unless it ends before; 0 ends it at once."""
    expires_at: Moment | None = None
    """When the new key ends; None for the end that the old key had."""

    def __post_init__(self) -> None:
        """Put the moment into UTC."""
        hold_moments(self, "expires_at")


async def rotate_key(
    organisation: UUID,
    key: UUID,
    rotation: KeyRotation,
    *,
    now: datetime,
    by: Principal | None = None,
) -> IssuedKey:
    """Make a key with the name, the scopes and the unit of another, and let that one run out.

    Keys that the old one made stay, and are revoked with the new one as with the old one.

    Parameters
    ----------
    organisation : UUID
        Whose key it is.
    key : UUID
        The old key.
    rotation : KeyRotation
        How long the old key still works, and the new one will.
    now : datetime
        The moment, UTC.
    by : Principal or None
        Who rotates it, and must be allowed to make the new key; None is the operator.

    Raises
    ------
    KeyNotFound
        The organisation has no such key.
    KeyEnded, KeyReplaced
        It has expired, or was revoked or rotated before.
    ExpiryPassed
        The new key would have expired before it is made.
    BeyondOwnRights, OutlivesMaker
        The new key could do more, or last longer, than the key that rotates.
    LastKeyMaker
        No key that can make keys, and lasts, would be left.
    KeyRefused
        The key that rotates has itself ended meanwhile.
    """
    async with changing_keys(organisation):
        old = await _rotatable(organisation, key, now=now)
        plan = KeyPlan(
            name=old.name,
            scopes=old.scopes,
            unit=old.unit,
            expires_at=rotation.expires_at or old.expires_at,
        )
        require_future(plan, now=now)
        await require_grantable(plan, by=by, now=now)
        if by is not None:
            await _require_key_makers(old, plan, now=now)
        await connection().execute(_END, key, _end(old, rotation, now=now))
        return await issue_key(organisation, plan, by=by, now=now, replaces=key)


async def _rotatable(organisation: UUID, key: UUID, *, now: datetime) -> KeyView:
    old = await read_key(organisation, key)
    successor = await connection().fetchval(_SUCCESSOR, key)
    if successor is not None:
        raise KeyReplaced(key, successor=successor)
    if old.revoked_at is not None or (old.expires_at is not None and old.expires_at <= now):
        raise KeyEnded(key)
    return old


async def _require_key_makers(old: KeyView, plan: KeyPlan, *, now: datetime) -> None:
    """Refuse a last key that can make keys and whose end is near; it would be a way to none."""
    new = KeyMaker(scopes=frozenset(plan.scopes), expires_at=plan.expires_at)
    if not await key_makers_remain(ending=[old.id], coming=[new], now=now):
        raise LastKeyMaker(old.id, command="rotate")


def _end(old: KeyView, rotation: KeyRotation, *, now: datetime) -> datetime:
    overlap = now + timedelta(hours=rotation.overlap_hours)
    return overlap if old.expires_at is None else min(overlap, old.expires_at)
