"""Refused backups and restores change nothing."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from models.backup.errors import BackupUnreadable, RestoreRefused
from models.embedded import EmbeddedPostgres
from models.migrate import migrate, pending_migrations
from tests.models.backup.databases import altered, contents, new_database, restored

Change = Callable[[dict[str, Any]], None]


def flipped(data: bytes) -> bytes:
    """Change a byte of the rows of the largest table."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        largest = max(archive.infolist(), key=lambda member: member.compress_size)
    place = largest.header_offset + len(largest.filename) + largest.compress_size // 2
    return data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :]


def rewritten(backup: Path, folder: Path, damage: Callable[[bytes], bytes]) -> Path:
    (folder / "damaged").write_bytes(damage(backup.read_bytes()))
    return folder / "damaged"


@pytest.mark.parametrize(
    "damage",
    [flipped, lambda data: data[: len(data) // 2], lambda _: b"", lambda _: b"not a backup"],
    ids=["one byte", "cut off", "empty", "another file"],
)
async def test_a_damaged_file_changes_nothing(
    backup: Path, with_data: str, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    before = await contents(with_data)

    with pytest.raises(BackupUnreadable):
        await restored(with_data, rewritten(backup, tmp_path, damage), replace=True)

    assert await contents(with_data) == before


@pytest.mark.parametrize(
    "change",
    [
        lambda manifest: manifest.update(formatVersion=3),
        lambda manifest: manifest.update(format="another"),
        lambda manifest: manifest["migrations"].append("2099-01-01T00:00:00:000000"),
        lambda manifest: manifest["tables"][0].update(sha256="0" * 64),
        lambda manifest: manifest["tables"][0].update(rows=10_000),
        lambda manifest: manifest["tables"][0]["columns"].append("unknown"),
    ],
    ids=["later format", "another format", "later version", "checksum", "rows", "columns"],
)
async def test_a_manifest_that_does_not_match_changes_nothing(
    backup: Path, with_data: str, change: Change
) -> None:
    before = await contents(with_data)

    with pytest.raises(BackupUnreadable):
        await restored(with_data, altered(backup, change), replace=True)

    assert await contents(with_data) == before


async def test_data_is_not_replaced_without_a_request(backup: Path, with_data: str) -> None:
    before = await contents(with_data)

    with pytest.raises(RestoreRefused, match="--force"):
        await restored(with_data, backup)

    assert await contents(with_data) == before


async def test_data_is_replaced_on_request(source: str, backup: Path, with_data: str) -> None:
    await restored(with_data, backup, replace=True)

    assert await contents(with_data) == await contents(source)


async def test_a_database_in_use_is_not_restored(backup: Path, migrated: str) -> None:
    server = await asyncpg.connect(migrated, server_settings={"application_name": "opmodel"})

    with pytest.raises(RestoreRefused, match="in use"):
        await restored(migrated, backup)

    await server.close()


@pytest.mark.parametrize("empty", ["new", "migrated"])
async def test_a_backup_of_an_older_version_is_migrated(
    backup: Path, server: EmbeddedPostgres, later_version: str, empty: str
) -> None:
    target = await new_database(server.dsn)
    if empty == "migrated":
        await migrate(target)

    manifest = await restored(target, backup)

    assert later_version not in manifest.migrations
    assert await pending_migrations(target) == []
    assert sum(map(len, (await contents(target)).values())) == manifest.rows


async def test_a_backup_of_an_older_version_never_replaces_data(
    backup: Path, with_data: str, later_version: str
) -> None:
    assert await migrate(with_data) == [later_version]
    before = await contents(with_data)

    with pytest.raises(RestoreRefused, match="empty database"):
        await restored(with_data, backup, replace=True)

    assert await contents(with_data) == before
