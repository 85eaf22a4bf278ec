"""Backup: write one snapshot of the database to a file, while it stays in use."""

import hashlib
import zipfile
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import asyncpg
import msgspec

from models.backup.archive import (
    Manifest,
    SealedKeys,
    TableContent,
    new_archive,
    table_member,
    write_keys,
    write_manifest,
)
from models.backup.errors import BackupRefused
from models.backup.tables import (
    StoredTable,
    applied_migrations,
    quoted,
    sequences_of,
    stored_tables,
)
from models.backup.verifying import opened_archive
from models.migrate import pending_migrations

__all__ = ["back_up"]


async def back_up(
    dsn: str, file: Path, *, mac_key: bytes, keys: SealedKeys | None = None, now: datetime
) -> Manifest:
    """Write every row to a new file, then read the file to check that it is complete.

    Servers and workers may keep running: all tables are read from one snapshot.

    Parameters
    ----------
    dsn
        Address with the role that owns the tables.
    file
        The file to write; must not exist yet.
    mac_key
        A secret, 32 bytes or more, under which the manifest is written.
    keys
        The keys of open campaigns, if they are to be in the file.
    now
        The moment of the backup, UTC.

    Raises
    ------
    BackupRefused
        Migrations are pending, or the role does not own the tables.
    FileExistsError
        The file exists.
    asyncpg.PostgresError
        The database reports an error.
    """
    if await pending_migrations(dsn):
        msg = "The database lacks migrations. Run `opmodel migrate` first."
        raise BackupRefused(msg)
    connection = await asyncpg.connect(dsn)
    try:
        with new_archive(file) as archive:
            manifest = await _written(connection, archive, now)
            if keys is not None:
                content = write_keys(archive, keys)
                manifest = msgspec.structs.replace(manifest, keys=content)
            write_manifest(archive, manifest, mac_key=mac_key)
    finally:
        await connection.close()
    with opened_archive(file, mac_key=mac_key) as backup:
        return backup.manifest


async def _written(connection: Any, archive: zipfile.ZipFile, now: datetime) -> Manifest:
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        tables = await stored_tables(connection)
        _require_owner(tables)
        organisations = [
            row["id"] for row in await connection.fetch("SELECT id FROM organisation")
        ]
        version = connection.get_server_version()
        return Manifest(
            created_at=now,
            server=f"{version.major}.{version.minor}",
            migrations=await applied_migrations(connection),
            tables=tuple(
                [await _copied(connection, archive, table, organisations) for table in tables]
            ),
        )


def _require_owner(tables: list[StoredTable]) -> None:
    """Refuse if rows could be missing silently: only the owner can copy all of them."""
    for table in tables:
        if table.hidden and not table.owned:
            msg = (
                f"Row-level security hides rows of {table.name} from this role. Back up with "
                "the role that owns the tables."
            )
            raise BackupRefused(msg)


async def _copied(
    connection: Any, archive: zipfile.ZipFile, table: StoredTable, organisations: list[Any]
) -> TableContent:
    digest = hashlib.sha256()
    with archive.open(table_member(table.name), "w", force_zip64=True) as member:
        rows = await _copy(connection, table, member, digest, organisations)
    given_out = {one.column: one.last for one in await sequences_of(connection, table.name)}
    return TableContent(
        name=table.name,
        columns=table.columns,
        rows=rows,
        sha256=digest.hexdigest(),
        sequences={column: last for column, last in given_out.items() if last is not None},
    )


async def _copy(
    connection: Any,
    table: StoredTable,
    member: IO[bytes],
    digest: Any,
    organisations: list[Any],
) -> int:
    """Copy a table, one organisation at a time if row-level security applies."""

    async def take(data: bytes) -> None:
        digest.update(data)
        member.write(data)

    statement = f"SELECT {table.copied_columns} FROM {quoted(table.name)}"  # noqa: S608 - names from the catalog
    if not table.hidden:
        return _count(await connection.copy_from_query(statement, output=take))
    rows = 0
    for organisation in organisations:
        await connection.execute(
            "SELECT set_config('opmodel.organisation', $1, true)", str(organisation)
        )
        own = "organisation" if table.has_organisation else "id"
        rows += _count(
            await connection.copy_from_query(
                f"{statement} WHERE {own} = $1", organisation, output=take
            )
        )
    return rows


def _count(status: str) -> int:
    return int(status.removeprefix("COPY "))
