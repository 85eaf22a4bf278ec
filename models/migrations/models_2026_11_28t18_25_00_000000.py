"""A campaign keeps when its keys were exported.

Safe while the application runs: a new column with a constant default. Undo: drops it.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Array, Timestamptz

ID = "2026-11-28T18:25:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Keep when keys of a campaign were exported."


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="models", description=DESCRIPTION)
    exported = Array(base_column=Timestamptz(default=None), default=list)
    manager.add_column(
        table_class_name="Campaign",
        tablename="campaign",
        column_name="keys_exported_at",
        column_class_name="Array",
        column_class=Array,
        params=exported._meta.params,
    )
    return manager
