"""A backup holds everything in the database, and a restore brings it back."""

import stat
from pathlib import Path

import pytest

from models.backup.backing_up import back_up
from models.backup.errors import BackupRefused
from models.backup.verifying import opened_archive
from models.embedded import EmbeddedPostgres
from models.migrate import pending_migrations
from models.piccolo_app import APP_CONFIG
from tests.databases import query
from tests.factories.server import NOW
from tests.models.backup.databases import (
    MAC_KEY,
    as_role,
    contents,
    names,
    new_database,
    restored,
)

FORCED = "SELECT count(*) FROM pg_class WHERE relforcerowsecurity AND NOT relispartition"


@pytest.fixture
async def owner_is_no_superuser(server: EmbeddedPostgres) -> str:
    """Return the address of an empty database whose login role may only create roles."""
    role = "SELECT count(*) FROM pg_roles WHERE rolname = 'customer'"
    if not await query(server.dsn, role):
        await query(server.dsn, "CREATE ROLE customer LOGIN CREATEROLE")
        await query(server.dsn, "GRANT opmodel_app TO customer WITH ADMIN TRUE")
    made = await new_database(server.dsn)
    name = await query(made, "SELECT current_database()")
    await query(made, f"ALTER DATABASE {name} OWNER TO customer")
    return as_role(made, "customer")


def test_the_example_has_rows_in_every_table(backup: Path) -> None:
    with opened_archive(backup, mac_key=MAC_KEY) as opened:
        rows = {table.name: table.rows for table in opened.manifest.tables}

    assert all(rows[table._meta.tablename] for table in APP_CONFIG.table_classes)


async def test_every_row_comes_back(
    source: str, backup: Path, server: EmbeddedPostgres
) -> None:
    target = await new_database(server.dsn)

    await restored(target, backup)

    assert await contents(target) == await contents(source)


async def test_a_restored_database_has_all_migrations(
    backup: Path, server: EmbeddedPostgres
) -> None:
    target = await new_database(server.dsn)

    await restored(target, backup)

    assert await pending_migrations(target) == []


async def test_row_level_security_applies_to_the_owner_again(
    source: str, backup: Path, server: EmbeddedPostgres
) -> None:
    target = await new_database(server.dsn)

    await restored(target, backup)

    assert await query(target, FORCED) == await query(source, FORCED) > 0


async def test_an_owner_without_superuser_rights_can_restore_and_back_up(
    source: str, backup: Path, owner_is_no_superuser: str, tmp_path: Path
) -> None:
    await restored(owner_is_no_superuser, backup)
    manifest = await back_up(
        owner_is_no_superuser, tmp_path / "again", mac_key=MAC_KEY, now=NOW
    )

    assert await contents(owner_is_no_superuser) == await contents(source)
    with opened_archive(backup, mac_key=MAC_KEY) as before:
        assert manifest.rows == before.manifest.rows


async def test_a_role_that_does_not_see_every_row_is_refused(
    source: str, tmp_path: Path
) -> None:
    if not await query(source, "SELECT count(*) FROM pg_roles WHERE rolname = 'reader'"):
        await query(source, "CREATE ROLE reader LOGIN")
    await query(source, "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")

    with pytest.raises(BackupRefused, match="role that owns the tables"):
        await back_up(as_role(source, "reader"), tmp_path / "part", mac_key=MAC_KEY, now=NOW)

    assert names(tmp_path) == []


def test_only_its_owner_can_read_a_backup(backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600


async def test_an_existing_file_is_not_overwritten(source: str, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("something")

    with pytest.raises(FileExistsError):
        await back_up(source, tmp_path / "mine", mac_key=MAC_KEY, now=NOW)

    assert (tmp_path / "mine").read_text() == "something"


async def test_a_database_with_pending_migrations_is_not_backed_up(
    server: EmbeddedPostgres, template: str, later_version: str, tmp_path: Path
) -> None:
    behind = await new_database(server.dsn, template=template)

    with pytest.raises(BackupRefused, match="opmodel migrate"):
        await back_up(behind, tmp_path / "old", mac_key=MAC_KEY, now=NOW)

    assert not (tmp_path / "old").exists()
