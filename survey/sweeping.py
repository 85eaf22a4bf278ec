"""Clearing away dead rows, so that not even the files still hold what closing destroyed."""

from models.engine import pool

__all__ = ["sweep"]

_VACUUM = "VACUUM response, comment, invitation, delivery"


async def sweep() -> None:
    """Vacuum the tables that closing a campaign rewrites, as the operator.

    Rows that an older transaction may still see stay; the next vacuum takes them.
    """
    async with pool().acquire() as operator:
        await operator.execute(_VACUUM)
