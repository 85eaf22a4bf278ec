"""Business units and people on the wire, and the report of a file of them."""

from typing import Any, ClassVar

from api.schemas.wire import Given, Shown

__all__ = ["PersonGiven", "PersonRead", "SyncRead", "UnitGiven", "UnitRead"]


class UnitGiven(Given, frozen=True, kw_only=True):
    """A business unit of a whole tree."""

    example: ClassVar[dict[str, Any]] = {
        "code": "D01",
        "name": "Operations",
        "parentCode": "C",
        "headcount": 12,
    }

    code: str
    name: str
    parent_code: str | None = None
    headcount: int
    """Employees of the unit itself, without the units below it."""


class UnitRead(Shown, frozen=True, kw_only=True):
    """A business unit."""

    example: ClassVar[dict[str, Any]] = {**UnitGiven.example, "active": True}

    code: str
    name: str
    parent_code: str | None
    headcount: int
    active: bool


class PersonGiven(Given, frozen=True, kw_only=True):
    """A person who can be invited, of all of them."""

    example: ClassVar[dict[str, Any]] = {
        "externalId": "e-1042",
        "email": "kim@example.com",
        "displayName": "Kim Example",
        "unitCode": "D01",
        "role": "contributor",
        "function": "business",
        "locale": "en",
        "managerExternalId": "e-0007",
    }

    external_id: str
    email: str
    display_name: str
    unit_code: str
    role: str
    """sponsor, manager or contributor."""
    function: str | None = None
    locale: str | None = None
    manager_external_id: str | None = None


class PersonRead(Shown, frozen=True, kw_only=True):
    """A person who can be invited."""

    example: ClassVar[dict[str, Any]] = {**PersonGiven.example, "active": True}

    external_id: str
    email: str | None
    display_name: str
    unit_code: str
    role: str
    function: str | None
    locale: str | None
    manager_external_id: str | None
    active: bool


class SyncRead(Shown, frozen=True, kw_only=True):
    """What a file changed, or in a dry run would have."""

    example: ClassVar[dict[str, Any]] = {
        "created": ["D01"],
        "changed": [],
        "missing": ["D07"],
        "deactivated": [],
        "unchanged": 28,
        "dryRun": True,
    }

    created: tuple[str, ...]
    changed: tuple[str, ...]
    missing: tuple[str, ...]
    """Active ones that the file does not name."""
    deactivated: tuple[str, ...]
    unchanged: int
    dry_run: bool
