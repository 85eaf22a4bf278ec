"""Clearing away dead rows, and what the planner has sampled of them, once a campaign closed."""

from models.engine import pool

__all__ = ["sweep"]

_VACUUM = "VACUUM (ANALYZE) response, comment, invitation, delivery"


async def sweep() -> None:
    """Vacuum the tables that closing a campaign rewrites, as the operator.

    The statistics are taken anew, for they still tell of functions, languages and days that
    closing took away. Rows that an older transaction may still see stay; the next vacuum takes
    them. Bytes stay where they were written, in the files and in the write-ahead log, until
    something is written over them: whoever reads the disk is not kept out by this.
    """
    async with pool().acquire() as operator:
        await operator.execute(_VACUUM)
