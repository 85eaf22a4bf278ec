"""Guard the tables of findings, decisions, use cases and the audit trail.

As for the tables before them: references that cannot leave the organisation, row-level
security, and the rights that the use cases need. What a release found, what was decided and
what the audit trail tells never changes, whoever connects; the triggers fire after the
statement, so that a policy speaks first. The catalogue gets a kind for the criteria that use
cases are judged by.

Safe while the application runs: older code ignores the tables. Locks: the catalogue, for as
long as it takes to look through its few rows. Undo: findings, decisions, use cases, the audit
trail, and criteria and yardsticks in the catalogue are deleted.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.engine import DB

ID = "2026-11-25T13:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Guard the tables of what follows from a release."

_CURRENT = "(SELECT nullif(current_setting('opmodel.organisation', true), '')::uuid)"

_REFERENCES = (
    ("finding", "release", "release"),
    ("decision", "release", "release"),
    ("use_case", "unit", "business_unit"),
)
_GRANTS = {
    "finding": "SELECT, INSERT",
    "decision": "SELECT, INSERT",
    "audit_event": "SELECT, INSERT",
    "use_case": "SELECT, INSERT, UPDATE (unit, title, description, scores, deferrals, state, "
    "revision, changed_at)",
}
_READ_IN_ORDER = ("audit_event", "use_case")
_WRITTEN_ONCE = ("finding", "decision", "audit_event")

_REFUSE = """
CREATE FUNCTION refuse_change_of_what_is_written_once() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    RAISE EXCEPTION 'a row of % never changes', TG_TABLE_NAME USING
        ERRCODE = 'restrict_violation',
        TABLE = TG_TABLE_NAME,
        CONSTRAINT = TG_NAME;
END $$;
"""
_KINDS = "'operating_models', 'evidence', 'phases', 'maturity_levels'"


async def add() -> None:
    await _catalogue_kinds(f"{_KINDS}, 'use_case_criteria', 'diagnosis'")
    for table, column, parent in _REFERENCES:
        await _refer(table, column, f"(organisation, {column})", f"{parent} (organisation, id)")
    for table, privileges in _GRANTS.items():
        await DB.run_ddl(
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"
        )
        await DB.run_ddl(
            f"CREATE POLICY tenant ON {table} USING (organisation = {_CURRENT}) "
            f"WITH CHECK (organisation = {_CURRENT})"
        )
        await DB.run_ddl(f"GRANT {privileges} ON {table} TO opmodel_app")
    for table in _READ_IN_ORDER:
        await DB.run_ddl(
            f"ALTER TABLE {table} ADD CONSTRAINT {table}_tenant_key UNIQUE (organisation, id)"
        )
    await DB.run_ddl_script(_REFUSE)
    for table in _WRITTEN_ONCE:
        await DB.run_ddl(
            f"CREATE TRIGGER {table}_is_immutable AFTER UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change_of_what_is_written_once()"
        )


async def remove() -> None:
    for table in _WRITTEN_ONCE:
        await DB.run_ddl(f"DROP TRIGGER {table}_is_immutable ON {table}")
    for table in _READ_IN_ORDER:
        await DB.run_ddl(f"ALTER TABLE {table} DROP CONSTRAINT {table}_tenant_key")
    await DB.run_ddl("DROP FUNCTION refuse_change_of_what_is_written_once()")
    # Their tables go next; kept, their rows would be held against releases that row-level
    # security hides from an owner.
    await DB.run_ddl(f"TRUNCATE {', '.join(_GRANTS)}")
    for table in _GRANTS:
        await DB.run_ddl(f"REVOKE ALL ON {table} FROM opmodel_app")
        await DB.run_ddl(f"DROP POLICY tenant ON {table}")
        await DB.run_ddl(
            f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY"
        )
    for table, column, parent in _REFERENCES:
        await _refer(table, column, f"({column})", f"{parent} (id)", "ON UPDATE CASCADE")
    await DB.run_ddl("DELETE FROM catalogue WHERE kind IN ('use_case_criteria', 'diagnosis')")
    await _catalogue_kinds(_KINDS)


async def _refer(table: str, column: str, own: str, parent: str, more: str = "") -> None:
    await DB.run_ddl(
        f"ALTER TABLE {table} DROP CONSTRAINT {table}_{column}_fkey, "
        f"ADD CONSTRAINT {table}_{column}_fkey FOREIGN KEY {own} "
        f"REFERENCES {parent} ON DELETE RESTRICT {more}"
    )


async def _catalogue_kinds(kinds: str) -> None:
    await DB.run_ddl(
        "ALTER TABLE catalogue DROP CONSTRAINT catalogue_kind_is_known, "
        f"ADD CONSTRAINT catalogue_kind_is_known CHECK (kind IN ({kinds}))"
    )


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="models", description=DESCRIPTION)
    manager.add_raw(add)
    manager.add_raw_backwards(remove)
    return manager
