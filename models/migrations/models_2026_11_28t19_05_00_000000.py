"""An invitation keeps whether its link was handed out.

Safe while the application runs: a new column with a constant default. Undo: drops it.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Boolean

ID = "2026-11-28T19:05:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Keep whether the link of an invitation was handed out."


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="models", description=DESCRIPTION)
    manager.add_column(
        table_class_name="Invitation",
        tablename="invitation",
        column_name="link_exported",
        column_class_name="Boolean",
        column_class=Boolean,
        params=Boolean(default=False)._meta.params,
    )
    return manager
