"""A database with a row in every table, and a backup of it."""

from pathlib import Path

import asyncpg
import pytest
from pgqueuer.queries import Queries

from models import migrations
from models.backup.backing_up import back_up
from models.embedded import EmbeddedPostgres
from tests.databases import query
from tests.factories.directory import make_organisation
from tests.factories.server import NOW
from tests.models.backup.databases import MAC_KEY, new_database
from tests.models.rows import stored


@pytest.fixture(scope="module")
async def source(database: str) -> str:
    """Return the address of a database with a row in every table and a job in its queue."""
    await stored(await make_organisation())
    await stored(await make_organisation())
    connection = await asyncpg.connect(database)
    await Queries.from_asyncpg_connection(connection).enqueue(["sweep"], [None], [0])
    await connection.close()
    return database


@pytest.fixture(scope="module")
async def backup(source: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a backup of that database."""
    file = tmp_path_factory.mktemp("backup") / "all.opmodel"
    await back_up(source, file, mac_key=MAC_KEY, now=NOW)
    return file


@pytest.fixture
async def migrated(server: EmbeddedPostgres, template: str) -> str:
    """Return the address of a migrated database without rows."""
    return await new_database(server.dsn, template=template)


@pytest.fixture
async def with_data(migrated: str) -> str:
    """Return the address of a migrated database with one organisation."""
    await query(
        migrated,
        "INSERT INTO organisation (id, key, name, default_locale, min_group, created_at) "
        "VALUES (gen_random_uuid(), 'mine', 'Mine', 'en', 5, now())",
    )
    return migrated


LATER = "2099-01-01T00:00:00:000000"
LATER_MIGRATION = f'''
from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.engine import DB

ID = "{LATER}"


async def add() -> None:
    await DB.run_ddl("CREATE TABLE later (id uuid PRIMARY KEY)")


async def remove() -> None:
    await DB.run_ddl("DROP TABLE later")


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="models", description="Add a table.")
    manager.add_raw(add)
    manager.add_raw_backwards(remove)
    return manager
'''


@pytest.fixture
def later_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Add a migration, as a later version would have; return its id."""
    (tmp_path / "models_2099.py").write_text(LATER_MIGRATION)
    monkeypatch.setattr(migrations, "__path__", [*migrations.__path__, str(tmp_path)])
    return LATER
