"""Keep what people wrote out of the planner's statistics.

``ANALYZE`` copies values of a column into ``pg_statistic``, where they would outlive the rows:
a fingerprint that closing forgets, together with the server key, still leads from a person to a
response. No query filters by these columns, so that the planner misses nothing.

Safe while the application runs. Locks: each table for a moment. Undo: values are sampled again.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.engine import DB

ID = "2026-11-23T06:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Keep answers out of the statistics."

_WRITTEN_BY_PEOPLE = (
    ("invitation", "fingerprint"),
    ("invitation", "draft"),
    ("response", "answers"),
    ("response", "duration_s"),
    ("comment", "text"),
)


async def add() -> None:
    for table, column in _WRITTEN_BY_PEOPLE:
        await DB.run_ddl(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")


async def remove() -> None:
    for table, column in _WRITTEN_BY_PEOPLE:
        await DB.run_ddl(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS -1")


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="models", description=DESCRIPTION)
    manager.add_raw(add)
    manager.add_raw_backwards(remove)
    return manager
