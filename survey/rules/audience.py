"""Who is invited: everybody whom the instrument asks something."""

from typing import get_args

from survey.campaigns.errors import NobodyToInvite
from survey.instruments.definition import InstrumentDefinition
from survey.instruments.parts import Role

__all__ = ["asked_roles", "require_somebody"]


def asked_roles(definition: InstrumentDefinition) -> tuple[Role, ...]:
    """Return the roles to which at least one item is put."""
    roles: tuple[Role, ...] = get_args(Role)
    return tuple(role for role in roles if definition.items_for(role))


def require_somebody(invited: int, roles: tuple[Role, ...]) -> None:
    """Check that a campaign would not open to an empty room.

    Raises
    ------
    NobodyToInvite
        Nobody is invited.
    """
    if not invited:
        raise NobodyToInvite(roles)
