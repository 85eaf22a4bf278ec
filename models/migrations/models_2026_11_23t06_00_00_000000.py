"""References that cannot leave the organisation.

A foreign key is checked without row-level security, so a plain one would let a row name a
parent of another organisation. Piccolo knows keys of one column only; each is replaced by one
over (organisation, parent), which also makes a key of its own on ``organisation`` needless.

Safe while the application runs: it is the first release. Locks: each table for a moment.
Undo: the plain keys come back.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.engine import DB

ID = "2026-11-23T06:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Keep references inside the organisation."

_PARENTS = ("business_unit", "person", "instrument", "campaign", "invitation", "release")

_REFERENCES = (
    ("business_unit", "parent", "business_unit"),
    ("person", "unit", "business_unit"),
    ("campaign", "instrument", "instrument"),
    ("campaign_unit", "campaign", "campaign"),
    ("invitation", "campaign", "campaign"),
    ("invitation", "person", "person"),
    ("delivery", "campaign", "campaign"),
    ("delivery", "invitation", "invitation"),
    ("delivery_count", "campaign", "campaign"),
    ("response", "campaign", "campaign"),
    ("comment", "campaign", "campaign"),
    ("imported_file", "campaign", "campaign"),
    ("release", "campaign", "campaign"),
    ("score", "release", "release"),
    ("release_unit", "release", "release"),
    ("unit_constraint", "release", "release"),
    ("recommendation", "release", "release"),
    ("sponsorship_gap", "release", "release"),
)


def _on_delete(table: str, column: str) -> str:
    # Erasing a person leaves the invitation, without a name.
    if (table, column) == ("invitation", "person"):
        return "SET NULL (person)"
    return "RESTRICT"


async def add() -> None:
    for parent in _PARENTS:
        await DB.run_ddl(
            f"ALTER TABLE {parent} ADD CONSTRAINT {parent}_tenant_key UNIQUE (organisation, id)"
        )
    for table, column, parent in _REFERENCES:
        await DB.run_ddl(
            f"ALTER TABLE {table} DROP CONSTRAINT {table}_{column}_fkey, "
            f"ADD CONSTRAINT {table}_{column}_fkey FOREIGN KEY (organisation, {column}) "
            f"REFERENCES {parent} (organisation, id) ON DELETE {_on_delete(table, column)}"
        )


async def remove() -> None:
    for table, column, parent in _REFERENCES:
        on_delete = _on_delete(table, column).replace("(person)", "")
        await DB.run_ddl(
            f"ALTER TABLE {table} DROP CONSTRAINT {table}_{column}_fkey, "
            f"ADD CONSTRAINT {table}_{column}_fkey FOREIGN KEY ({column}) "
            f"REFERENCES {parent} (id) ON DELETE {on_delete} ON UPDATE CASCADE"
        )
    for parent in _PARENTS:
        await DB.run_ddl(f"ALTER TABLE {parent} DROP CONSTRAINT {parent}_tenant_key")


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="models", description=DESCRIPTION)
    manager.add_raw(add)
    manager.add_raw_backwards(remove)
    return manager
