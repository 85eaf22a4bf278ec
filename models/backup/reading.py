"""From a file to the database: checked first, then all of it in one transaction."""

import asyncio
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import asyncpg

from models.backup.archive import Manifest, TableContent, opened_archive, table_member
from models.backup.errors import BackupUnreadable, RestoreRefused
from models.backup.tables import StoredTable, applied_migrations, quoted, stored_tables
from models.migrate import migrate, migrate_down, pending_migrations

__all__ = ["restore"]

_LOOKS = 40
_PAUSE_S = 0.05

_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'opmodel'
"""

_SERIALS = """
SELECT a.attname::text AS column, pg_get_serial_sequence(quote_ident($1), a.attname) AS sequence
FROM pg_attribute a
WHERE a.attrelid = to_regclass(quote_ident($1)) AND a.attnum > 0 AND NOT a.attisdropped
  AND pg_get_serial_sequence(quote_ident($1), a.attname) IS NOT NULL
"""


async def restore(dsn: str, file: Path, *, replace: bool = False) -> Manifest:
    """Read a backup into the database: every row of it, or nothing.

    The tables are brought to the migrations that the backup has seen, filled, and then brought
    to the present ones.

    Parameters
    ----------
    dsn
        Address with the role that owns the tables, or will.
    file
        The backup.
    replace
        Whether the rows that are there may be lost.

    Raises
    ------
    BackupUnreadable
        The file is no backup, is damaged, or knows migrations that this version does not.
    RestoreRefused
        The database holds data, is in use, or is ahead of the backup with data in it.
    asyncpg.PostgresError
        The database refused.
    """
    with opened_archive(file) as (archive, manifest):
        await _prepare_tables(dsn, manifest, replace=replace)
        connection = await asyncpg.connect(dsn)
        try:
            async with connection.transaction():
                await _require_room(connection, replace=replace)
                await _fill(connection, archive, manifest)
        finally:
            await connection.close()
    await migrate(dsn)
    return manifest


async def _prepare_tables(dsn: str, manifest: Manifest, *, replace: bool) -> None:
    """Bring the tables to the backup's migrations; drop none that holds a row."""
    pending = await pending_migrations(dsn)
    connection = await asyncpg.connect(dsn)
    try:
        applied = await applied_migrations(connection)
        _require_known(manifest, [*applied, *pending])
        if applied == manifest.migrations:
            return
        if applied:
            await _require_room(connection, replace=False, ahead=replace)
    finally:
        await connection.close()
    await migrate_down(dsn)
    await migrate(dsn, steps=len(manifest.migrations))


def _require_known(manifest: Manifest, known: Sequence[str]) -> None:
    if tuple(known[: len(manifest.migrations)]) != manifest.migrations:
        msg = "The backup was made by another version of opmodel than this one, a later one."
        raise BackupUnreadable(msg)


async def _require_room(connection: Any, *, replace: bool, ahead: bool = False) -> None:
    await _require_quiet(connection)
    if replace or not await connection.fetchval("SELECT EXISTS (SELECT FROM organisation)"):
        return
    if ahead:
        msg = (
            "The backup is of an older version, and its tables cannot take the place of tables "
            "with data in them. Restore it into an empty database."
        )
        raise RestoreRefused(msg)
    msg = "The database holds data already, which --force would replace."
    raise RestoreRefused(msg)


async def _require_quiet(connection: Any) -> None:
    """Refuse while servers or workers are connected; sessions that are ending may end."""
    for _ in range(_LOOKS):
        if not await connection.fetchval(_OTHERS):
            return
        await asyncio.sleep(_PAUSE_S)
    msg = "The database is in use. Stop the servers and workers of opmodel first."
    raise RestoreRefused(msg)


async def _fill(connection: Any, archive: zipfile.ZipFile, manifest: Manifest) -> None:
    tables = {table.name: table for table in await stored_tables(connection)}
    forced = [table for table in tables.values() if table.forced]
    # Its owner is held to row-level security as well, which COPY cannot fill a table under.
    await _force(connection, forced, "NO FORCE")
    await connection.execute(f"TRUNCATE {', '.join(map(quoted, tables))}")
    for content in manifest.tables:
        if content.name not in tables or set(content.columns) - {*tables[content.name].columns}:
            msg = f"The backup holds {content.name} in a shape that its migrations do not give."
            raise BackupUnreadable(msg)
        await _fill_table(connection, archive, content)
    await _force(connection, forced, "FORCE")


async def _force(connection: Any, tables: Sequence[StoredTable], how: str) -> None:
    for table in tables:
        await connection.execute(f"ALTER TABLE {quoted(table.name)} {how} ROW LEVEL SECURITY")


async def _fill_table(connection: Any, archive: zipfile.ZipFile, content: TableContent) -> None:
    with archive.open(table_member(content.name)) as member:
        status = await connection.copy_to_table(
            content.name, source=member, columns=content.columns
        )
    if status != f"COPY {content.rows}":
        msg = f"{content.name} took {status!r} of {content.rows} rows."
        raise BackupUnreadable(msg)
    for serial in await connection.fetch(_SERIALS, content.name):
        column, table = quoted(serial["column"]), quoted(content.name)
        await connection.execute(
            f"SELECT setval($1, coalesce(max({column}), 1), max({column}) IS NOT NULL) "  # noqa: S608 - names from the catalog
            f"FROM {table}",
            serial["sequence"],
        )
