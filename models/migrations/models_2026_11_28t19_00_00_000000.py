"""Let a message be a reminder.

Safe while the application runs. Undo: forgets the reminders, and those that wait are not sent.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.engine import DB

ID = "2026-11-28T19:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Let a message be a reminder"

_ALTER = """
ALTER TABLE {table}
    DROP CONSTRAINT {table}_kind_is_known,
    ADD CONSTRAINT {table}_kind_is_known CHECK ("kind" IN ({kinds}));
"""

# FORCE hides every row from the owner of the table, too.
_FORGET = """
ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
DELETE FROM {table} WHERE kind = 'reminder';
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
"""
_TABLES = ("delivery", "delivery_count")


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="models", description=DESCRIPTION)

    async def allow(kinds: str) -> None:
        for table in _TABLES:
            await DB.run_ddl_script(_ALTER.format(table=table, kinds=kinds))

    async def forth() -> None:
        await allow("'invitation', 'reminder'")

    async def back() -> None:
        for table in _TABLES:
            await DB.run_ddl_script(_FORGET.format(table=table))
        await allow("'invitation'")

    manager.add_raw(forth)
    manager.add_raw_backwards(back)
    return manager
