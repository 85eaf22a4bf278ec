"""The organisation and its settings on the wire."""

from typing import Any, ClassVar
from uuid import UUID

import msgspec

from api.schemas.wire import Given, Moment, Shown

__all__ = ["OrganisationChange", "OrganisationRead"]


class OrganisationRead(Shown, frozen=True, kw_only=True):
    """An organisation and its settings."""

    example: ClassVar[dict[str, Any]] = {
        "id": "0193e4a0-7c1e-7d3a-9a44-3f0c5b2f8a00",
        "key": "example",
        "name": "Example Group",
        "defaultLocale": "en",
        "minGroup": 5,
        "createdAt": "2026-11-23T09:00:00Z",
    }

    id: UUID
    key: str
    name: str
    default_locale: str
    min_group: int
    """k of campaigns that say nothing else."""
    created_at: Moment


class OrganisationChange(Given, frozen=True, kw_only=True):
    """Settings to change; what is absent stays."""

    example: ClassVar[dict[str, Any]] = {"minGroup": 8}

    name: str | msgspec.UnsetType = msgspec.UNSET
    default_locale: str | msgspec.UnsetType = msgspec.UNSET
    min_group: int | msgspec.UnsetType = msgspec.UNSET

    def given(self) -> dict[str, Any]:
        """Return what is to be changed."""
        fields = msgspec.structs.asdict(self)
        return {name: value for name, value in fields.items() if value is not msgspec.UNSET}
