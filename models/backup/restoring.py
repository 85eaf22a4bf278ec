"""Restore: load an opened backup in one transaction, all of it or nothing."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from models.backup.archive import Manifest, OpenedBackup, TableContent
from models.backup.errors import BackupUnreadable, RestoreRefused
from models.backup.tables import (
    StoredTable,
    applied_migrations,
    quoted,
    sequences_of,
    stored_tables,
)
from models.migrate import migrate, migrate_down, pending_migrations

__all__ = ["RestoredCampaign", "restore"]

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

_ENDED = "SELECT id FROM campaign WHERE state IN ('closed', 'abandoned')"

_OPEN = """
SELECT c.id, c.name, c.wave, o.key AS organisation, c.id = ANY($1) AS has_ended_since
FROM campaign c JOIN organisation o ON o.id = c.organisation
WHERE c.state IN ('open', 'closing') ORDER BY o.key, c.name, c.wave
"""


class RestoredCampaign(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign that takes answers or is closing again, and needs its keys for it."""

    id: UUID
    name: str
    wave: int
    organisation: str
    """Key of the organisation."""
    has_ended_since: bool
    """Whether the data that were replaced had it as closed or abandoned."""


BeforeCommit = Callable[[Sequence[RestoredCampaign]], None]


async def restore(
    dsn: str,
    backup: OpenedBackup,
    *,
    replace: bool = False,
    before_commit: BeforeCommit = lambda _: None,
) -> Manifest:
    """Restore a backup into the database: all of its rows, or none.

    The tables are migrated to the state of the backup, filled, and then migrated to the latest
    state.

    Parameters
    ----------
    dsn
        Address with the role that owns the tables, or will own them.
    backup
        The backup.
    replace
        Whether existing rows may be lost.
    before_commit
        Called with the campaigns that need their keys; if it fails, nothing is restored.

    Raises
    ------
    BackupUnreadable
        The backup lacks tables, or names migrations that this version lacks.
    RestoreRefused
        The database is in use, or holds data that the backup may not or cannot replace.
    asyncpg.PostgresError
        The database reports an error.
    """
    async with _tables_of(dsn, backup, replace=replace):
        connection = await asyncpg.connect(dsn)
        try:
            async with connection.transaction():
                await _require_room(connection, replace=replace)
                before_commit(await _fill(connection, backup))
        finally:
            await connection.close()
    await migrate(dsn)
    return backup.manifest


@asynccontextmanager
async def _tables_of(dsn: str, backup: OpenedBackup, *, replace: bool) -> AsyncIterator[None]:
    """Bring the tables to the backup's migrations, and back if the block fails.

    No table that holds a row is ever dropped.
    """
    wanted = backup.manifest.migrations
    applied = await _applied(dsn, backup, replace=replace)
    if applied == wanted:
        yield
        return
    try:
        await _build(dsn, migrations=len(wanted))
        yield
    except BaseException:
        await _build(dsn, migrations=len(applied))
        raise


async def _build(dsn: str, *, migrations: int) -> None:
    await migrate_down(dsn)
    await migrate(dsn, steps=migrations)


async def _applied(dsn: str, backup: OpenedBackup, *, replace: bool) -> tuple[str, ...]:
    """Return the migrations of the database, having checked that it can become the backup's."""
    pending = await pending_migrations(dsn)
    connection = await asyncpg.connect(dsn)
    try:
        applied = await applied_migrations(connection)
        _require_known(backup, [*applied, *pending])
        if applied and applied != backup.manifest.migrations:
            await _require_room(connection, replace=False, ahead=replace)
        return applied
    finally:
        await connection.close()


def _require_known(backup: OpenedBackup, known: Sequence[str]) -> None:
    named = backup.manifest.migrations
    if not named or tuple(known[: len(named)]) != named:
        msg = (
            f"{backup.archive.filename} was made by a later version of opmodel than this one. "
            "Restore it with that version."
        )
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


async def _fill(connection: Any, backup: OpenedBackup) -> list[RestoredCampaign]:
    """Replace all rows by the backup's; return the campaigns that need their keys now."""
    tables = await stored_tables(connection)
    _require_tables(backup, tables)
    async with _unforced(connection, [table for table in tables if table.forced]):
        ended = [row["id"] for row in await connection.fetch(_ENDED)]
        names = [quoted(table.name) for table in tables]
        await connection.execute(f"TRUNCATE {', '.join(names)}")
        await _drop_partitions(connection)
        for content in backup.manifest.tables:
            if content.name == "response":
                await _add_partitions(connection)
            await _fill_table(connection, backup, content)
        found = await connection.fetch(_OPEN, ended)
    return [RestoredCampaign(**row) for row in found]


def _require_tables(backup: OpenedBackup, tables: Collection[StoredTable]) -> None:
    """Refuse a backup that has other tables or columns than its migrations make."""
    made = {table.name: set(table.columns) for table in tables}
    named = {content.name: set(content.columns) for content in backup.manifest.tables}
    file = backup.archive.filename
    if missing := sorted(made.keys() - named.keys()):
        msg = f"{file} lacks tables: {', '.join(missing)}. Take another backup."
        raise BackupUnreadable(msg)
    for name, columns in named.items():
        if columns != made.get(name):
            msg = (
                f"The columns of {name} in {file} do not match its migrations. Take another "
                "backup."
            )
            raise BackupUnreadable(msg)


@asynccontextmanager
async def _unforced(connection: Any, tables: Sequence[StoredTable]) -> AsyncIterator[None]:
    """Let the owner pass the policies meanwhile: COPY cannot fill a table under them."""
    for table in tables:
        await connection.execute(
            f"ALTER TABLE {quoted(table.name)} NO FORCE ROW LEVEL SECURITY"
        )
    # The audit trail must not be emptied by mistake; here another one takes its place.
    await connection.execute("ALTER TABLE audit_event DISABLE TRIGGER USER")
    yield
    await connection.execute("ALTER TABLE audit_event ENABLE TRIGGER USER")
    for table in tables:
        await connection.execute(f"ALTER TABLE {quoted(table.name)} FORCE ROW LEVEL SECURITY")


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


async def _fill_table(connection: Any, backup: OpenedBackup, content: TableContent) -> None:
    with backup.rows_of(content.name) as rows:
        status = await connection.copy_to_table(
            content.name, source=rows, columns=content.columns
        )
    if status != f"COPY {content.rows}":
        msg = (
            f"{content.name} in {backup.archive.filename} should have {content.rows} rows; "
            f"PostgreSQL reports {status!r}. Take another backup."
        )
        raise BackupUnreadable(msg)
    await _continue_sequences(connection, content)


async def _continue_sequences(connection: Any, content: TableContent) -> None:
    """Let sequences go on after what they had given out, to rows that are gone as well.

    ``setval`` would not be taken back with the transaction.
    """
    for one in await sequences_of(connection, content.name):
        stored = await connection.fetchval(
            f"SELECT max({quoted(one.column)}) FROM {quoted(content.name)}"  # noqa: S608 - names from the catalog
        )
        last = max(content.sequences.get(one.column, 0), stored or 0)
        await connection.execute(f"ALTER SEQUENCE {one.sequence} RESTART WITH {last + 1}")
