"""Everything that a superuser can SELECT: all tables, with their system columns."""

from dataclasses import dataclass, field
from typing import Any

import asyncpg

__all__ = ["Dump", "dump_database"]

Row = dict[str, Any]

_TABLES = """
    SELECT format('%I.%I', n.nspname, c.relname) AS name, n.nspname AS schema,
           c.relname AS title
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
      AND n.nspname NOT LIKE 'pg_toast%'
    ORDER BY 1
"""


@dataclass(frozen=True)
class Dump:
    """Rows per table, in physical order, and the lines of all logs.

    Attributes
    ----------
    tables
        Table name to rows. Besides its own columns each row has ``ctid`` (page x 65536 + line),
        ``xmin``, ``xmax`` and ``cmin``, all as integers.
    logs
        Lines of all logs, one log after the other, in the order written.
    """

    tables: dict[str, list[Row]]
    logs: list[str] = field(default_factory=list)


def _place(ctid: str) -> int:
    page, line = ctid.strip("()").split(",")
    return int(page) * 65536 + int(line)


async def _rows(connection: asyncpg.Connection, name: str) -> list[Row]:
    system = ", ".join(f"{column}::text AS {column}" for column in ("xmin", "xmax", "cmin"))
    query = f"SELECT t.*, t.ctid::text AS ctid, {system} FROM {name} t"  # noqa: S608 - from pg_class
    rows = [dict(row) for row in await connection.fetch(query)]
    for row in rows:
        row["ctid"] = _place(row["ctid"])
        row |= {column: int(row[column]) for column in ("xmin", "xmax", "cmin")}
    return sorted(rows, key=lambda row: int(row["ctid"]))


async def dump_database(connection: asyncpg.Connection, logs: list[str] | None = None) -> Dump:
    """Read all tables of a database, regardless of their policies.

    Parameters
    ----------
    connection
        A superuser's connection to the database.
    logs
        Lines that the processes have logged, in order.
    """
    found = await connection.fetch(_TABLES)
    tables = {
        row["title"] if row["schema"] == "public" else row["name"]: await _rows(
            connection, row["name"]
        )
        for row in found
    }
    return Dump(tables, logs or [])
