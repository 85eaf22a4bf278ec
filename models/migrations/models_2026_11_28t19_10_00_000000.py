"""An organisation names the origins whose pages may show its forms inside them.

Safe while the application runs: a new column with a constant default. Undo: drops it.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Array, Varchar

ID = "2026-11-28T19:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Name the origins that may embed the form."


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="models", description=DESCRIPTION)
    manager.add_column(
        table_class_name="Organisation",
        tablename="organisation",
        column_name="embed_origins",
        column_class_name="Array",
        column_class=Array,
        params=Array(base_column=Varchar(length=255), default=list)._meta.params,
    )
    return manager
