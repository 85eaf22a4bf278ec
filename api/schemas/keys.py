"""API keys on the wire."""

from datetime import date
from typing import Annotated, Any, ClassVar
from uuid import UUID

import msgspec

from api.schemas.wire import Given, Moment, Shown
from survey.access.keys import IssuedKey

__all__ = ["KeyCreate", "KeyIssued", "KeyRead"]

_READ = {
    "id": "0193e4a0-7c1e-7d3a-9a44-3f0c5b2f8a01",
    "name": "Strategy dashboard",
    "prefix": "omk_8c1f2a9e",
    "scopes": ["analytics:read", "recommendations:read"],
    "unit": None,
    "createdAt": "2026-11-23T09:00:00Z",
    "expiresAt": "2027-11-23T09:00:00Z",
    "lastUsedOn": None,
    "revokedAt": None,
}


class KeyCreate(Given, frozen=True, kw_only=True):
    """A key to make."""

    example: ClassVar[dict[str, Any]] = {
        "name": "Strategy dashboard",
        "scopes": ["analytics:read", "recommendations:read"],
        "expiresAt": "2027-11-23T09:00:00Z",
    }

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    scopes: Annotated[tuple[str, ...], msgspec.Meta(min_length=1, max_length=50)]
    unit: str | None = None
    """Code of the business unit that the key is kept to, with those below."""
    expires_at: Moment | None = None


class KeyRead(Shown, frozen=True, kw_only=True):
    """A key, without the key."""

    example: ClassVar[dict[str, Any]] = _READ

    id: UUID
    name: str
    prefix: str
    """The first characters of the key, to tell keys apart."""
    scopes: tuple[str, ...]
    unit: str | None
    created_at: Moment
    expires_at: Moment | None
    last_used_on: date | None
    revoked_at: Moment | None


class KeyIssued(KeyRead, frozen=True, kw_only=True):
    """A new key, with the key: it is shown once, and a repeat of the request shows null."""

    example: ClassVar[dict[str, Any]] = {
        **_READ,
        "key": "omk_8c1f2a9e_Yp3l0mB2y0Qk9oQ4H5mVb1cJrS7dXw8uTfZ6gKaNE0I",
    }

    key: str | None

    @classmethod
    def issued(cls, issued: IssuedKey) -> "KeyIssued":
        """Show a key for the only time."""
        shown = KeyRead.of(issued.view)
        return cls(**msgspec.structs.asdict(shown), key=issued.key)

    def location(self) -> str:
        """Return the address of the key."""
        return f"/v1/keys/{self.id}"

    def without_key(self) -> "KeyIssued":
        """Return what may be kept."""
        return msgspec.structs.replace(self, key=None)
