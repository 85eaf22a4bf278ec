"""Everything that a superuser can SELECT: tables with their system columns, and files."""

from dataclasses import dataclass, field
from typing import Any

import asyncpg

from tests.attackers.files import Source, read_files

__all__ = ["Dump", "dump_database"]

Row = dict[str, Any]

_TABLES = """
    SELECT format('%I.%I', n.nspname, c.relname) AS name, n.nspname AS schema,
           coalesce(p.inhparent::regclass::text, c.relname) AS title
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_inherits p ON p.inhrelid = c.oid AND c.relispartition
    WHERE c.relkind IN ('r', 'm', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
      AND n.nspname NOT LIKE 'pg_toast%'
    ORDER BY 1
"""

# Samples of values that the planner keeps; a superuser sees them for every table.
_STATISTICS = """
    SELECT schemaname, tablename, attname, most_common_vals::text AS values,
           histogram_bounds::text AS bounds
    FROM pg_stats WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
"""


@dataclass(frozen=True)
class Dump:
    """Rows per table, in physical order, the lines of all logs, and all files.

    Attributes
    ----------
    tables
        Table name to rows; the rows of partitions count as rows of their table. Besides its
        own columns each row has ``ctid`` (page x 65536 + line), ``xmin``, ``xmax`` and
        ``cmin``, all as integers.
    logs
        Lines of all logs, one log after the other, in the order written.
    files
        Relations and the write-ahead log.
    """

    tables: dict[str, list[Row]]
    logs: list[str] = field(default_factory=list)
    files: list[Source] = field(default_factory=list)


def _place(ctid: str) -> int:
    page, line = ctid.strip("()").split(",")
    return int(page) * 65536 + int(line)


async def _rows(connection: asyncpg.Connection, name: str) -> list[Row]:
    system = ", ".join(f"{column}::text AS {column}" for column in ("xmin", "xmax", "cmin"))
    query = f"SELECT t.*, t.ctid::text AS ctid, {system} FROM ONLY {name} t"  # noqa: S608 - from pg_class
    rows = [dict(row) for row in await connection.fetch(query)]
    for row in rows:
        row["ctid"] = _place(row["ctid"])
        row |= {column: int(row[column]) for column in ("xmin", "xmax", "cmin")}
    return sorted(rows, key=lambda row: int(row["ctid"]))


async def dump_database(
    connection: asyncpg.Connection, logs: list[str] | None = None, *, since: str | None = None
) -> Dump:
    """Read all tables of a database, regardless of their policies, and its files.

    Parameters
    ----------
    connection
        A superuser's connection to the database.
    logs
        Lines that the processes have logged, in order.
    since
        Position in the write-ahead log from which it is read; by default no file is read.
    """
    tables: dict[str, list[Row]] = {}
    for row in await connection.fetch(_TABLES):
        title = row["title"] if row["schema"] == "public" else row["name"]
        tables.setdefault(title, []).extend(await _rows(connection, row["name"]))
    tables["pg_stats"] = [dict(row) for row in await connection.fetch(_STATISTICS)]
    files = [] if since is None else await read_files(connection, since=since)
    return Dump(tables, logs or [], files)
