"""The stored tables: columns, owner, and whether row-level security hides rows."""

from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from typing import Any

import msgspec
from pgqueuer.queries import Queries

from models.piccolo_app import APP_CONFIG

__all__ = [
    "Sequence",
    "StoredTable",
    "applied_migrations",
    "quoted",
    "sequences_of",
    "stored_tables",
]

_TABLES = """
SELECT c.relname::text AS name, c.oid, c.relforcerowsecurity AS forced,
       row_security_active(c.oid) AS hidden,
       pg_has_role(c.relowner, 'USAGE') AS owned,
       array_agg(a.attname::text ORDER BY a.attnum) AS columns
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.oid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
GROUP BY c.oid
"""

_PARENTS = """
SELECT DISTINCT conrelid AS child, confrelid AS parent FROM pg_constraint
WHERE contype = 'f' AND conrelid <> confrelid
"""

_SEQUENCES = """
SELECT owned.column, owned.sequence, pg_sequence_last_value(owned.sequence::regclass) AS last
FROM (
    SELECT a.attname::text AS column,
           pg_get_serial_sequence(quote_ident($1), a.attname) AS sequence
    FROM pg_attribute a
    WHERE a.attrelid = to_regclass(quote_ident($1)) AND a.attnum > 0 AND NOT a.attisdropped
) AS owned
WHERE owned.sequence IS NOT NULL
"""

_MIGRATIONS = "SELECT name::text FROM migration WHERE app_name = 'models' ORDER BY name"


class StoredTable(msgspec.Struct, frozen=True, kw_only=True):
    """One of our tables as it exists in the database."""

    name: str
    columns: tuple[str, ...]
    forced: bool
    """Whether row-level security applies to its owner too."""
    hidden: bool
    """Whether row-level security applies to this connection."""
    owned: bool
    """Whether this connection's role owns the table or belongs to its owner."""

    @property
    def has_organisation(self) -> bool:
        """Whether its rows name their organisation."""
        return "organisation" in self.columns

    @property
    def copied_columns(self) -> str:
        """The columns, quoted for a statement."""
        return ", ".join(map(quoted, self.columns))


class Sequence(msgspec.Struct, frozen=True, kw_only=True):
    """What numbers the rows of a table."""

    column: str
    sequence: str
    """Its name, quoted for a statement."""
    last: int | None
    """The last number that it has given out."""


def quoted(name: str) -> str:
    """Quote a name for a statement."""
    return '"' + name.replace('"', '""') + '"'


async def stored_tables(connection: Any) -> list[StoredTable]:
    """Return our existing tables, parents before their children.

    The table of applied migrations is not among them.
    """
    found = {}
    for name in _names(connection):
        if (row := await connection.fetchrow(_TABLES, name)) is not None:
            found[row["oid"]] = StoredTable(
                name=row["name"],
                columns=tuple(row["columns"]),
                forced=row["forced"],
                hidden=row["hidden"],
                owned=row["owned"],
            )
    return [found[oid] for oid in await _parents_first(connection, found)]


async def sequences_of(connection: Any, table: str) -> list[Sequence]:
    """Return the sequences of a table's serial and identity columns."""
    return [Sequence(**row) for row in await connection.fetch(_SEQUENCES, table)]


async def applied_migrations(connection: Any) -> tuple[str, ...]:
    """Return the ids of the applied migrations, in order."""
    if await connection.fetchval("SELECT to_regclass('migration')") is None:
        return ()
    return tuple(row["name"] for row in await connection.fetch(_MIGRATIONS))


def _names(connection: Any) -> Iterator[str]:
    for table in APP_CONFIG.table_classes:
        yield table._meta.tablename  # noqa: SLF001 - Piccolo's way to a table's name
    queue = Queries.from_asyncpg_connection(connection).qbe.settings.qualified
    yield from (
        queue.queue_table,
        queue.queue_table_log,
        queue.statistics_table,
        queue.schedules_table,
    )


async def _parents_first(connection: Any, tables: Mapping[int, StoredTable]) -> Iterator[int]:
    order = TopologicalSorter[int](dict.fromkeys(tables, ()))
    for row in await connection.fetch(_PARENTS):
        if row["child"] in tables and row["parent"] in tables:
            order.add(row["child"], row["parent"])
    return iter(order.static_order())
