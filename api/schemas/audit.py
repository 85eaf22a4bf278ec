"""The audit trail on the wire."""

from typing import Any, ClassVar
from uuid import UUID

from api.schemas.wire import Moment, Shown

__all__ = ["AuditEventRead"]


class AuditEventRead(Shown, frozen=True, kw_only=True):
    """One thing that was done."""

    example: ClassVar[dict[str, Any]] = {
        "id": "0193e4a0-7c1e-7d3a-9a44-3f0c5b2f8a09",
        "at": "2026-12-18T10:00:00Z",
        "principal": "0193e4a0-7c1e-7d3a-9a44-3f0c5b2f8a01",
        "principalName": "Strategy office",
        "action": "recommendation_overridden",
        "subject": "/v1/releases/0193e4a0-7c1e-7d3a-9a44-3f0c5b2f8a04/recommendations/D01"
        "/decision",
        "facts": {"revision": 2, "model": "federated", "recommended": "coe"},
    }

    id: UUID
    at: Moment
    principal: UUID | None
    """The API key that did it; null for the operator, from the command line."""
    principal_name: str | None
    """The name of the key at that time."""
    action: str
    subject: str
    """Address of what it was done to."""
    facts: dict[str, Any]
    """What changed; without personal data, and without what somebody wrote."""
