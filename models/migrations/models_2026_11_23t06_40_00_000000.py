"""Create the queue's tables; the application may put jobs in, the operator's worker takes them.

Safe while the application runs: it is the first release. Undo: drops the queue and what waits
in it.
"""

from pgqueuer.queries import Queries
from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.engine import DB, connection

ID = "2026-11-23T06:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Create the queue's tables."


async def add() -> None:
    queue = Queries.from_asyncpg_connection(connection())
    await queue.install()
    names = queue.qbe.settings.qualified
    for table in (names.queue_table, names.queue_table_log):
        await DB.run_ddl(f"GRANT SELECT, INSERT ON {table} TO opmodel_app")
        sequence = await connection().fetchval("SELECT pg_get_serial_sequence($1, 'id')", table)
        await DB.run_ddl(f"GRANT USAGE ON SEQUENCE {sequence} TO opmodel_app")


async def remove() -> None:
    await Queries.from_asyncpg_connection(connection()).uninstall()


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="models", description=DESCRIPTION)
    manager.add_raw(add)
    manager.add_raw_backwards(remove)
    return manager
