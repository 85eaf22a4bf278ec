"""Callers with a key of their own."""

from uuid import UUID

from survey.access.keys import KeyPlan, Principal, create_key, verify_key
from survey.access.scopes import GENERAL_SCOPES
from tests.factories.server import NOW

__all__ = ["make_principal"]


async def make_principal(
    organisation: UUID, *, name: str = "Strategy office", unit: str | None = None
) -> Principal:
    """Return who calls with a new key that has the general scopes, perhaps in one part only."""
    issued = await create_key(organisation, KeyPlan(name=name, scopes=GENERAL_SCOPES), now=NOW)
    principal = await verify_key(str(issued.key), now=NOW)
    return Principal(
        organisation=organisation, key=principal.key, scopes=principal.scopes, unit=unit
    )
