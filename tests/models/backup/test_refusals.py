"""A backup that is not whole, and a database that has no room for one, change nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from models.backup.errors import BackupUnreadable, RestoreRefused
from models.backup.reading import restore
from models.embedded import EmbeddedPostgres
from models.migrate import pending_migrations
from tests.models.backup.databases import altered, contents, new_database, query

Change = Callable[[dict[str, Any]], None]


@pytest.fixture
async def migrated(server: EmbeddedPostgres, template: str) -> str:
    """Give the address of a migrated database without rows."""
    return await new_database(server.dsn, template=template)


@pytest.fixture
async def with_data(migrated: str) -> str:
    """Give the address of a migrated database with one organisation."""
    await query(
        migrated,
        "INSERT INTO organisation (id, key, name, default_locale, min_group, created_at) "
        "VALUES (gen_random_uuid(), 'mine', 'Mine', 'en', 5, now())",
    )
    return migrated


def without_the_queue(manifest: dict[str, Any]) -> None:
    """Make the manifest that of a version in which later migrations were not there yet.

    Such a version would have refused some of the content, so its catalogue is empty.
    """
    later = ("pgqueuer", "finding", "decision", "use_case", "audit_event", "catalogue")
    manifest["migrations"] = manifest["migrations"][:5]
    manifest["tables"] = [
        table for table in manifest["tables"] if not table["name"].startswith(later)
    ]


def flipped(data: bytes) -> bytes:
    middle = len(data) // 3
    return data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :]


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
        await restore(with_data, rewritten(backup, tmp_path, damage), replace=True)

    assert await contents(with_data) == before


@pytest.mark.parametrize(
    "change",
    [
        lambda manifest: manifest.update(formatVersion=2),
        lambda manifest: manifest.update(format="another"),
        lambda manifest: manifest["migrations"].append("2099-01-01T00:00:00:000000"),
        lambda manifest: manifest["tables"][0].update(sha256="0" * 64),
        lambda manifest: manifest["tables"][0].update(rows=10_000),
        lambda manifest: manifest["tables"][0]["columns"].append("unknown"),
    ],
    ids=["later format", "another format", "later version", "checksum", "rows", "columns"],
)
async def test_a_manifest_that_does_not_fit_changes_nothing(
    backup: Path, with_data: str, change: Change
) -> None:
    before = await contents(with_data)

    with pytest.raises(BackupUnreadable):
        await restore(with_data, altered(backup, change), replace=True)

    assert await contents(with_data) == before


async def test_data_is_not_overwritten_unasked(backup: Path, with_data: str) -> None:
    before = await contents(with_data)

    with pytest.raises(RestoreRefused, match="--force"):
        await restore(with_data, backup)

    assert await contents(with_data) == before


async def test_data_is_replaced_on_request(source: str, backup: Path, with_data: str) -> None:
    await restore(with_data, backup, replace=True)

    assert await contents(with_data) == await contents(source)


async def test_a_database_in_use_is_left_alone(backup: Path, migrated: str) -> None:
    server = await asyncpg.connect(migrated, server_settings={"application_name": "opmodel"})

    with pytest.raises(RestoreRefused, match="in use"):
        await restore(migrated, backup)

    await server.close()


@pytest.mark.parametrize("empty", ["new", "migrated"])
async def test_a_backup_of_an_older_version_is_brought_up_to_date(
    backup: Path, server: EmbeddedPostgres, template: str, empty: str
) -> None:
    known = {"template": template} if empty == "migrated" else {}
    target = await new_database(server.dsn, **known)

    manifest = await restore(target, altered(backup, without_the_queue))

    assert await pending_migrations(target) == []
    assert sum(map(len, (await contents(target)).values())) == manifest.rows


async def test_a_backup_of_an_older_version_never_replaces_data(
    backup: Path, with_data: str
) -> None:
    before = await contents(with_data)

    with pytest.raises(RestoreRefused, match="empty database"):
        await restore(with_data, altered(backup, without_the_queue), replace=True)

    assert await contents(with_data) == before
