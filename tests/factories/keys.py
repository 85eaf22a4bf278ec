"""API keys that are made by the operator or by another key, and who calls with them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from survey.access.keys import IssuedKey, KeyPlan, Principal, create_key, verify_key

__all__ = ["KEY_MAKER", "caller", "issue"]

KEY_MAKER = ("keys:write", "org:read")
"""What a key needs to make keys that are of use."""


async def issue(
    organisation: UUID, now: datetime, *, by: Principal | None = None, **fields: Any
) -> IssuedKey:
    """Return a new key with ``org:read``, or with other fields."""
    plan = KeyPlan(**({"name": "Reader", "scopes": ("org:read",)} | fields))
    return await create_key(organisation, plan, granted_by=by, now=now)


async def caller(key: IssuedKey, now: datetime) -> Principal:
    """Return who calls with a key."""
    return await verify_key(str(key.key), now=now)
