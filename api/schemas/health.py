"""What the health addresses say."""

from typing import Any, ClassVar, Literal

from api.schemas.wire import Shown

__all__ = ["Health", "Ready"]


class Health(Shown, frozen=True, kw_only=True):
    """The process lives."""

    example: ClassVar[dict[str, Any]] = {"status": "alive"}

    status: Literal["alive"]


class Ready(Shown, frozen=True, kw_only=True):
    """Whether requests can be served, and what is missing where not."""

    example: ClassVar[dict[str, Any]] = {"ready": True, "database": True, "migrations": True}

    ready: bool
    database: bool
    migrations: bool
