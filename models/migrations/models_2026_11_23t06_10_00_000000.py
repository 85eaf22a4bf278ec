"""Row-level security: a transaction sees and writes the rows of its organisation.

``FORCE`` holds the owner to it as well. The setting is empty after a transaction, not null.
The sub-select is evaluated once per statement, not once per row.

Safe while the application runs: it is the first release. Undo: every row is open to whoever
may read the table.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.engine import DB

ID = "2026-11-23T06:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Enforce row-level security."

_CURRENT = "(SELECT nullif(current_setting('opmodel.organisation', true), '')::uuid)"

_TENANT_COLUMN = {
    "organisation": "id",
    "business_unit": "organisation",
    "person": "organisation",
    "instrument": "organisation",
    "catalogue": "organisation",
    "campaign": "organisation",
    "campaign_unit": "organisation",
    "invitation": "organisation",
    "delivery": "organisation",
    "delivery_count": "organisation",
    "response": "organisation",
    "comment": "organisation",
    "imported_file": "organisation",
    "api_key": "organisation",
    "idempotency": "organisation",
    "release": "organisation",
    "score": "organisation",
    "release_unit": "organisation",
    "unit_constraint": "organisation",
    "recommendation": "organisation",
    "sponsorship_gap": "organisation",
}

# Read before the organisation is known, written within one.
_INDEXES = ("token_index", "api_key_index")


async def add() -> None:
    for table, column in _TENANT_COLUMN.items():
        await _enforce(table)
        await DB.run_ddl(
            f"CREATE POLICY tenant ON {table} USING ({column} = {_CURRENT}) "
            f"WITH CHECK ({column} = {_CURRENT})"
        )
    # The login role lists the organisations: for scheduled work, which goes through all.
    await DB.run_ddl(
        "CREATE POLICY operator_lists ON organisation FOR SELECT TO CURRENT_USER USING (true)"
    )
    for table in _INDEXES:
        await _enforce(table)
        await DB.run_ddl(f"CREATE POLICY anyone_reads ON {table} FOR SELECT USING (true)")
        for verb, clause in (("INSERT", "WITH CHECK"), ("DELETE", "USING")):
            await DB.run_ddl(
                f"CREATE POLICY tenant_{verb.lower()}s ON {table} FOR {verb} "
                f"{clause} (organisation = {_CURRENT})"
            )


async def remove() -> None:
    for table in _TENANT_COLUMN:
        await DB.run_ddl(f"DROP POLICY tenant ON {table}")
    await DB.run_ddl("DROP POLICY operator_lists ON organisation")
    for table in _INDEXES:
        for policy in ("anyone_reads", "tenant_inserts", "tenant_deletes"):
            await DB.run_ddl(f"DROP POLICY {policy} ON {table}")
    for table in (*_TENANT_COLUMN, *_INDEXES):
        await DB.run_ddl(
            f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY"
        )


async def _enforce(table: str) -> None:
    await DB.run_ddl(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="models", description=DESCRIPTION)
    manager.add_raw(add)
    manager.add_raw_backwards(remove)
    return manager
