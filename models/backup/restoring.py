"""Restore: check a backup file, then load all of it in one transaction."""

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

_PARTITIONS = """
SELECT inhrelid::regclass::text AS name FROM pg_inherits
WHERE inhparent = to_regclass('response')
"""

_IS_PARTITIONED = """
SELECT relkind = 'p' FROM pg_class WHERE oid = to_regclass('response')
"""

_SERIALS = """
SELECT a.attname::text AS column, pg_get_serial_sequence(quote_ident($1), a.attname) AS sequence
FROM pg_attribute a
WHERE a.attrelid = to_regclass(quote_ident($1)) AND a.attnum > 0 AND NOT a.attisdropped
  AND pg_get_serial_sequence(quote_ident($1), a.attname) IS NOT NULL
"""


async def restore(dsn: str, file: Path, *, replace: bool = False) -> Manifest:
    """Restore a backup into the database: all of its rows, or none.

    The tables are migrated to the state of the backup, filled, and then migrated to the latest
    state.

    Parameters
    ----------
    dsn
        Address with the role that owns the tables, or will own them.
    file
        The backup.
    replace
        Whether existing rows may be lost.

    Raises
    ------
    BackupUnreadable
        The file is not a backup, is damaged, or names migrations that this version lacks.
    RestoreRefused
        The database is in use, or holds data that the backup may not or cannot replace.
    asyncpg.PostgresError
        The database reports an error.
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
    """Bring the tables to the backup's migrations; never drop one that holds a row."""
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
        msg = "The backup was made by a later version of opmodel than this one."
        raise BackupUnreadable(msg)


async def _require_room(connection: Any, *, replace: bool, ahead: bool = False) -> None:
    await _require_quiet(connection)
    if replace or not await connection.fetchval("SELECT EXISTS (SELECT FROM organisation)"):
        return
    if ahead:
        msg = (
            "The backup was made by an older version, and cannot replace the data of a newer "
            "one. Restore it into an empty database."
        )
        raise RestoreRefused(msg)
    msg = "The database already holds data. Use --force to replace it."
    raise RestoreRefused(msg)


async def _require_quiet(connection: Any) -> None:
    """Refuse if servers or workers are connected; give ending sessions time to end."""
    for _ in range(_LOOKS):
        if not await connection.fetchval(_OTHERS):
            return
        await asyncio.sleep(_PAUSE_S)
    msg = "The database is in use. Stop the servers and workers of opmodel first."
    raise RestoreRefused(msg)


async def _fill(connection: Any, archive: zipfile.ZipFile, manifest: Manifest) -> None:
    tables = {table.name: table for table in await stored_tables(connection)}
    forced = [table for table in tables.values() if table.forced]
    # COPY cannot fill a table under row-level security, which FORCE applies to the owner too.
    await _force(connection, forced, "NO FORCE")
    # The audit trail must not be emptied by mistake; here another one takes its place.
    await connection.execute("ALTER TABLE audit_event DISABLE TRIGGER USER")
    await connection.execute(f"TRUNCATE {', '.join(map(quoted, tables))}")
    await _drop_partitions(connection)
    for content in manifest.tables:
        if content.name not in tables or set(content.columns) - {*tables[content.name].columns}:
            msg = f"The columns of {content.name} in the backup do not match its migrations."
            raise BackupUnreadable(msg)
        if content.name == "response":
            await _add_partitions(connection)
        await _fill_table(connection, archive, content)
    await connection.execute("ALTER TABLE audit_event ENABLE TRIGGER USER")
    await _force(connection, forced, "FORCE")


async def _drop_partitions(connection: Any) -> None:
    for row in await connection.fetch(_PARTITIONS):
        await connection.execute(f"DROP TABLE {quoted(row['name'])}")


async def _add_partitions(connection: Any) -> None:
    """Give every closed campaign a partition, where the backup's tables have such."""
    if not await connection.fetchval(_IS_PARTITIONED):
        return
    for row in await connection.fetch("SELECT id FROM campaign WHERE closed_at IS NOT NULL"):
        part = f"response_{row['id'].hex}"
        await connection.execute(
            f"CREATE TABLE {part} PARTITION OF response FOR VALUES IN ('{row['id']}')"
        )
        await connection.execute("SELECT guard_responses($1)", part)


async def _force(connection: Any, tables: Sequence[StoredTable], how: str) -> None:
    for table in tables:
        await connection.execute(f"ALTER TABLE {quoted(table.name)} {how} ROW LEVEL SECURITY")


async def _fill_table(connection: Any, archive: zipfile.ZipFile, content: TableContent) -> None:
    with archive.open(table_member(content.name)) as member:
        status = await connection.copy_to_table(
            content.name, source=member, columns=content.columns
        )
    if status != f"COPY {content.rows}":
        msg = f"{content.name} should take {content.rows} rows; PostgreSQL reports {status!r}."
        raise BackupUnreadable(msg)
    for serial in await connection.fetch(_SERIALS, content.name):
        column, table = quoted(serial["column"]), quoted(content.name)
        await connection.execute(
            f"SELECT setval($1, coalesce(max({column}), 1), max({column}) IS NOT NULL) "  # noqa: S608 - names from the catalog
            f"FROM {table}",
            serial["sequence"],
        )
