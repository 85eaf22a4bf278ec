"""API keys: made, shown once, checked; what is stored cannot be turned into a key."""

import hashlib
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from uuid_utils.compat import uuid7

from models.access import ApiKey, ApiKeyIndex
from models.edges import Code, Moment, Name, Word
from models.engine import connection, reading, transaction
from models.enums import ActorKind, AuditAction
from models.moments import hold_moments
from survey.access.actors import COMMAND_LINE, Actor
from survey.access.audit import record_event
from survey.access.errors import (
    BeyondOwnRights,
    ExpiryPassed,
    ImportReadsResults,
    KeyNotFound,
    KeyRefused,
    OutlivesMaker,
    UnknownKeyUnit,
    UnknownScopes,
)
from survey.access.scopes import (
    SCOPES,
    not_grantable,
    outlives,
    results_beside_import,
    unknown_scopes,
)
from survey.files.keys import canonical
from survey.paging import Page, id_after, page_of, require_limit

__all__ = [
    "IssuedKey",
    "KeyPlan",
    "KeyView",
    "Principal",
    "changing_keys",
    "create_key",
    "end_of_maker",
    "issue_key",
    "list_keys",
    "read_key",
    "require_future",
    "require_grantable",
    "verify_key",
]

MARK = "omk_"
"""Every key begins with it, so that secret scanners find leaked ones."""
_PREFIX_BYTES = 4
_SECRET_BYTES = 32
_LONGEST = 128  # characters; anything longer is not a key and is not worth a hash
MAX_SCOPES = 50

_OWNER = "SELECT organisation_of_key($1)"
_FIND = """
SELECT id, scopes, unit_code, last_used_on FROM api_key
WHERE key_hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)
"""
_USED = "UPDATE api_key SET last_used_on = $2 WHERE id = $1"
_UNIT = "SELECT EXISTS (SELECT FROM business_unit WHERE code = $1)"
_TURN = "SELECT pg_advisory_xact_lock(hashtextextended('API keys of ' || $1, 0))"
_MAKER = """
SELECT expires_at FROM api_key
WHERE id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)
"""

_SHOWN = (
    *ApiKey.all_columns(exclude=[ApiKey.organisation, ApiKey.key_hash, ApiKey.unit_code]),
    ApiKey.unit_code.as_alias("unit"),
)


class Principal(msgspec.Struct, frozen=True, kw_only=True):
    """Who calls, and what they may do."""

    organisation: UUID
    key: UUID
    scopes: frozenset[str]
    unit: str | None
    """Sees this business unit and below; None sees the whole organisation."""
    address: str | None = None
    """Where the request comes from; None if no trusted proxy or server has told it."""

    @property
    def actor(self) -> Actor:
        """Return them as the audit trail names them."""
        return Actor(kind=ActorKind.KEY, key=self.key, address=self.address)


class KeyPlan(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True
):
    """A key to make."""

    name: Name
    """What it is for, in the organisation's words."""
    scopes: Annotated[tuple[Word, ...], msgspec.Meta(min_length=1, max_length=MAX_SCOPES)]
    """What it may do; names of `SCOPES`."""
    unit: Code | None = None
    """Code of the business unit that it is restricted to, with those below; None for all."""
    expires_at: Moment | None = None
    """When it ends; None for never."""

    def __post_init__(self) -> None:
        """Put the moment into UTC."""
        hold_moments(self, "expires_at")


class KeyView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A key, without the key."""

    id: UUID
    """Id of the key."""
    name: str
    """What it is for, in the organisation's words."""
    prefix: str
    """The first characters of the key, to tell keys apart."""
    scopes: tuple[str, ...]
    """What it may do."""
    unit: str | None
    """Code of the business unit that it is restricted to, with those below; None for all."""
    created_at: Moment
    """When it was made."""
    expires_at: Moment | None
    """When it ends; None for never."""
    last_used_on: date | None
    """Day of the last request with it (UTC, ISO 8601); None if there was none."""
    revoked_at: Moment | None
    """When it was revoked; None if it was not."""
    made_by: UUID | None
    """Id of the key that made it, and with which it is revoked; None for the command line."""
    replaces: UUID | None
    """Id of the key whose rotation made it; None if it replaces no other."""


class IssuedKey(KeyView, frozen=True, kw_only=True):
    """A new key, with the key: it is shown once, and a repeat of the request shows null."""

    key: str | None
    """The key itself; None in a repeat of the request."""

    def __repr__(self) -> str:
        return f"IssuedKey({self.prefix})"

    def without_key(self) -> "IssuedKey":
        """Return what may be kept."""
        return msgspec.structs.replace(self, key=None)


async def create_key(
    organisation: UUID, plan: KeyPlan, *, now: datetime, granted_by: Principal | None = None
) -> IssuedKey:
    """Make a key.

    Parameters
    ----------
    organisation : UUID
        Whose data it opens.
    plan : KeyPlan
        What it is for, what it may do, and until when.
    now : datetime
        The moment of creation, UTC.
    granted_by : Principal or None
        Who grants it; None is the operator, who may grant everything.

    Raises
    ------
    UnknownScopes, UnknownKeyUnit, ExpiryPassed
        The key would make no sense.
    ImportReadsResults
        It could import answers and see what they do to a result.
    BeyondOwnRights, OutlivesMaker
        It could do more, or last longer, than the key that grants it.
    KeyRefused
        The key that grants it has itself ended meanwhile.
    """
    if plan.unit is not None:
        plan = msgspec.structs.replace(plan, unit=canonical(plan.unit))
    _require_sense(plan, now=now)
    async with changing_keys(organisation):
        await require_grantable(plan, by=granted_by, now=now)
        if plan.unit is not None and not await connection().fetchval(_UNIT, plan.unit):
            raise UnknownKeyUnit(plan.unit)
        return await issue_key(organisation, plan, by=granted_by, now=now)


@asynccontextmanager
async def changing_keys(organisation: UUID) -> AsyncIterator[None]:
    """Open a transaction in which nobody else changes the keys of an organisation.

    Otherwise a key could make another one while it is being revoked, and two requests could
    each revoke all but the last key that can make keys.
    """
    async with transaction(organisation):
        await connection().execute(_TURN, str(organisation))
        yield


async def end_of_maker(maker: Principal, *, now: datetime) -> datetime | None:
    """Return when the key ends that changes others; None for never.

    Raises
    ------
    KeyRefused
        It has ended since its request began.
    """
    row = await connection().fetchrow(_MAKER, maker.key, now)
    if row is None:
        raise KeyRefused
    end: datetime | None = row["expires_at"]
    return end


async def require_grantable(plan: KeyPlan, *, by: Principal | None, now: datetime) -> None:
    """Check that a key may make another; the operator may make every key.

    Raises
    ------
    BeyondOwnRights, OutlivesMaker
        The new key could do more, or last longer.
    KeyRefused
        The key that makes it has itself ended meanwhile.
    """
    if by is None:
        return
    if beyond := not_grantable(plan.scopes, held=by.scopes):
        raise BeyondOwnRights(scopes=beyond)
    if by.unit is not None and plan.unit != by.unit:
        raise BeyondOwnRights(unit=plan.unit)
    end = await end_of_maker(by, now=now)
    if end is not None and outlives(plan.expires_at, maker=end):
        raise OutlivesMaker(plan.expires_at, maker=end)


async def issue_key(
    organisation: UUID,
    plan: KeyPlan,
    *,
    by: Principal | None,
    now: datetime,
    replaces: UUID | None = None,
) -> IssuedKey:
    """Make and store a key in the current transaction; everything was checked before.

    Parameters
    ----------
    replaces
        The key that it takes over from; None for a key of its own.
    """
    prefix = secrets.token_hex(_PREFIX_BYTES)
    key = f"{MARK}{prefix}_{secrets.token_urlsafe(_SECRET_BYTES)}"
    issued = IssuedKey(
        id=uuid7(),
        name=plan.name,
        prefix=MARK + prefix,
        scopes=tuple(sorted(set(plan.scopes))),
        unit=plan.unit,
        created_at=now,
        expires_at=plan.expires_at,
        last_used_on=None,
        revoked_at=None,
        made_by=None if by is None else by.key,
        replaces=replaces,
        key=key,
    )
    await _store(organisation, issued, _hash(key))
    await _tell_of_new(organisation, issued, by=by)
    return issued


async def list_keys(
    organisation: UUID, *, after: str | None = None, limit: int = 100
) -> Page[KeyView]:
    """Return the keys of an organisation, revoked ones included, oldest first.

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
    query = ApiKey.select(*_SHOWN)
    if start := id_after(after):
        query = query.where(ApiKey.id > start)
    async with reading(organisation):
        rows = await query.order_by(ApiKey.id).limit(limit + 1)
    return page_of([_view(row) for row in rows], limit=limit, key=lambda key: str(key.id))


async def read_key(organisation: UUID, key: UUID) -> KeyView:
    """Return a key of an organisation, whether it still works or not.

    Raises
    ------
    KeyNotFound
        The organisation has no such key.
    """
    async with reading(organisation):
        row = await ApiKey.select(*_SHOWN).where(ApiKey.id == key).first()
    if row is None:
        raise KeyNotFound(key)
    return _view(row)


async def verify_key(key: str, *, now: datetime) -> Principal:
    """Return who calls with this key.

    The day of the last use is kept, not the moment: it tells a forgotten key from a used one,
    and nothing more.

    Raises
    ------
    KeyRefused
        It is unknown, expired or revoked.
    """
    if not key.startswith(MARK) or len(key) > _LONGEST:
        raise KeyRefused
    hashed = _hash(key)
    async with reading(None):
        organisation = await connection().fetchval(_OWNER, hashed)
    if organisation is None:
        raise KeyRefused
    async with transaction(organisation):
        row = await connection().fetchrow(_FIND, hashed, now)
        if row is None:
            raise KeyRefused
        if row["last_used_on"] != now.date():
            await connection().execute(_USED, row["id"], now.date())
    return Principal(
        organisation=organisation,
        key=row["id"],
        scopes=frozenset(row["scopes"]),
        unit=row["unit_code"],
    )


def _require_sense(plan: KeyPlan, *, now: datetime) -> None:
    if unknown := unknown_scopes(plan.scopes):
        raise UnknownScopes(unknown, list(SCOPES))
    if results := results_beside_import(plan.scopes):
        raise ImportReadsResults(results)
    require_future(plan, now=now)


def require_future(plan: KeyPlan, *, now: datetime) -> None:
    """Check that a key would not end before it is made.

    Raises
    ------
    ExpiryPassed
        It would.
    """
    if plan.expires_at is not None and plan.expires_at <= now:
        raise ExpiryPassed(plan.expires_at)


async def _store(organisation: UUID, view: KeyView, hashed: bytes) -> None:
    await ApiKey.insert(
        ApiKey(
            id=view.id,
            organisation=organisation,
            name=view.name,
            prefix=view.prefix,
            key_hash=hashed,
            scopes=list(view.scopes),
            unit_code=view.unit,
            created_at=view.created_at,
            expires_at=view.expires_at,
            made_by=view.made_by,
            replaces=view.replaces,
        )
    )
    await ApiKeyIndex.insert(ApiKeyIndex(key_hash=hashed, organisation=organisation))


async def _tell_of_new(organisation: UUID, made: KeyView, *, by: Principal | None) -> None:
    expires = None if made.expires_at is None else made.expires_at.isoformat()
    is_new = made.replaces is None
    keys = (made.id,) if is_new else (made.replaces, made.id)
    await record_event(
        organisation,
        AuditAction.KEY_CREATED if is_new else AuditAction.KEY_ROTATED,
        *(f"/v1/keys/{key}" for key in keys),
        facts={"scopes": made.scopes, "unit": made.unit, "expiresAt": expires},
        by=COMMAND_LINE if by is None else by.actor,
    )


def _view(row: dict[str, Any]) -> KeyView:
    return KeyView(**{**row, "scopes": tuple(row["scopes"])})


def _hash(key: str) -> bytes:
    """Return the SHA-256 of a key; 256 random bits need no slow hash and no salt."""
    return hashlib.sha256(key.encode()).digest()
