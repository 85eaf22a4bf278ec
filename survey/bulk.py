"""Many rows at once into a table under row-level security, which COPY cannot fill."""

from collections.abc import Iterable, Sequence

from models.engine import connection

__all__ = ["insert_rows"]


async def insert_rows(
    table: str, columns: Sequence[str], rows: Iterable[tuple[object, ...]]
) -> None:
    """Insert rows in the current transaction, sent in one stream.

    Parameters
    ----------
    table : str
        Name of the table; never from outside.
    columns : sequence of str
        Names of the columns that each row fills, in order.
    rows : iterable of tuple
        The values.
    """
    places = ", ".join(f"${place}" for place in range(1, len(columns) + 1))
    names = ", ".join(columns)
    await connection().executemany(
        f"INSERT INTO {table} ({names}) VALUES ({places})",  # noqa: S608 - names of our own
        rows,
    )
