"""The application's role, and what it may do: what its use cases need, and no more.

What a release holds is never changed. A response is removed and written anew at close, never
updated. Unit and role of an invitation are frozen. Roles belong to the whole server, so the
role may be there already, from another database or made by an administrator.

Safe while the application runs: it is the first release. Undo: takes the rights; the role
stays, because other databases of the server may use it.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.engine import DB

ID = "2026-11-23T06:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Create the application's role and its rights."

_ROLE = """
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'opmodel_app') THEN
        CREATE ROLE opmodel_app NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
END $$;

DO $$
BEGIN
    IF EXISTS (
        SELECT FROM pg_roles WHERE rolname = 'opmodel_app' AND (rolsuper OR rolbypassrls)
    ) THEN
        RAISE EXCEPTION 'role opmodel_app must be neither SUPERUSER nor BYPASSRLS';
    END IF;
    IF NOT pg_has_role(current_user, 'opmodel_app', 'SET') THEN
        EXECUTE format('GRANT opmodel_app TO %I WITH INHERIT FALSE, SET TRUE', current_user);
    END IF;
    IF NOT has_schema_privilege('opmodel_app', current_schema(), 'USAGE') THEN
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO opmodel_app', current_schema());
    END IF;
END $$;
"""

_GRANTS = {
    "organisation": "SELECT, INSERT, UPDATE",
    "business_unit": "SELECT, INSERT, UPDATE, DELETE",
    "person": "SELECT, INSERT, UPDATE, DELETE",
    "instrument": "SELECT, INSERT, UPDATE, DELETE",
    "catalogue": "SELECT, INSERT",
    "campaign": "SELECT, INSERT, UPDATE",
    "campaign_unit": "SELECT, INSERT",
    "invitation": "SELECT, INSERT, DELETE, UPDATE ("
    "person, function, locale, generation, token_hash, started, completed, fingerprint, draft)",
    "delivery": "SELECT, INSERT, UPDATE, DELETE",
    "delivery_count": "SELECT, INSERT",
    "response": "SELECT, INSERT, DELETE",
    "comment": "SELECT, INSERT, DELETE",
    "imported_file": "SELECT, INSERT",
    "api_key": "SELECT, INSERT, UPDATE",
    "idempotency": "SELECT, INSERT, DELETE",
    "token_index": "SELECT, INSERT, DELETE",
    "api_key_index": "SELECT, INSERT, DELETE",
    "release": "SELECT, INSERT",
    "score": "SELECT, INSERT",
    "release_unit": "SELECT, INSERT",
    "unit_constraint": "SELECT, INSERT",
    "recommendation": "SELECT, INSERT",
    "sponsorship_gap": "SELECT, INSERT",
}


async def add() -> None:
    await DB.run_ddl_script(_ROLE)
    for table, privileges in _GRANTS.items():
        await DB.run_ddl(f"GRANT {privileges} ON {table} TO opmodel_app")


async def remove() -> None:
    for table in _GRANTS:
        await DB.run_ddl(f"REVOKE ALL ON {table} FROM opmodel_app")


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="models", description=DESCRIPTION)
    manager.add_raw(add)
    manager.add_raw_backwards(remove)
    return manager
