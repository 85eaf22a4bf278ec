"""Keys as they were stored before they were compared as people read them."""

from uuid import UUID

from models.engine import connection, transaction

__all__ = ["respell"]


async def respell(organisation: UUID, column: str, old: str, new: str) -> None:
    """Store a key in another spelling.

    Parameters
    ----------
    column
        Table and column, as ``person.external_id``.
    """
    table, _, name = column.partition(".")
    async with transaction(organisation):
        await connection().execute(
            f"UPDATE {table} SET {name} = $1 WHERE {name} = $2",  # noqa: S608 - names of ours
            new,
            old,
        )
