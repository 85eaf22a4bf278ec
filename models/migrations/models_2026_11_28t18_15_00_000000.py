"""Let the application log in as a role that owns nothing and lists nobody else's rows."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.engine import DB, connection

ID = "2026-11-28T18:15:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Give the application a login of its own"

# Roles belong to the whole server: the role may be there already, from another database or made
# by an administrator, and a password is his business or that of `opmodel migrate`.
_LOGIN = """
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'opmodel_login') THEN
        CREATE ROLE opmodel_login LOGIN NOINHERIT
            NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION;
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
END $$;

DO $$
BEGIN
    IF EXISTS (
        SELECT FROM pg_roles WHERE rolname = 'opmodel_login'
        AND (rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole OR rolreplication)
    ) THEN
        RAISE EXCEPTION 'role opmodel_login must have no attribute but LOGIN';
    END IF;
    IF NOT pg_has_role('opmodel_login', 'opmodel_app', 'SET') THEN
        GRANT opmodel_app TO opmodel_login WITH INHERIT FALSE, SET TRUE;
    END IF;
    IF NOT has_schema_privilege('opmodel_login', current_schema(), 'USAGE') THEN
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO opmodel_login', current_schema());
    END IF;
END $$;
"""

# Whoever may create a table, be it a temporary one, may put it in the place of another.
_CREATE_NOTHING = """
DO $$
BEGIN
    IF pg_has_role((SELECT datdba FROM pg_database WHERE datname = current_database()), 'USAGE')
    THEN
        EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
    END IF;
    IF pg_has_role((SELECT nspowner FROM pg_namespace WHERE nspname = current_schema()), 'USAGE')
    THEN
        EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC', current_schema());
    END IF;
END $$;
"""
_CREATE_TEMPORARY = """
DO $$
BEGIN
    IF pg_has_role((SELECT datdba FROM pg_database WHERE datname = current_database()), 'USAGE')
    THEN
        EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO PUBLIC', current_database());
    END IF;
END $$;
"""

_CURRENT = "(SELECT nullif(current_setting('opmodel.organisation', true), '')::uuid)"
_INDEXES = ("token_index", "api_key_index")

# The key's hash leads to its organisation, which nobody knows before.
_FIND = """
CREATE FUNCTION organisation_of_key(hashed bytea) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT organisation FROM api_key_index WHERE key_hash = hashed
$$;

REVOKE SELECT ON token_index, api_key_index FROM opmodel_app;
GRANT SELECT (key_hash) ON api_key_index TO opmodel_app;
"""
_FIND_BACK = """
REVOKE SELECT (key_hash) ON api_key_index FROM opmodel_app;
GRANT SELECT ON token_index, api_key_index TO opmodel_app;
DROP FUNCTION organisation_of_key(bytea);
"""

# It left the last organisation in the setting, from where a caller could go on to its rows.
_KEYS = """
CREATE OR REPLACE FUNCTION campaigns_with_keys() RETURNS SETOF uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    before text := coalesce(current_setting('opmodel.organisation', true), '');
    owner uuid;
BEGIN
    FOR owner IN SELECT id FROM organisation LOOP
        PERFORM set_config('opmodel.organisation', owner::text, true);
        RETURN QUERY SELECT c.id FROM campaign c
        WHERE c.organisation = owner AND c.state IN ('open', 'closing');
    END LOOP;
    PERFORM set_config('opmodel.organisation', before, true);
END $$;
"""

_STATISTICS = """
CREATE FUNCTION analyse_invitations() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    ANALYZE (SKIP_LOCKED) invitation, token_index;
END $$;
"""

_NEW = ("organisation_of_key(bytea)", "analyse_invitations()")
_OF_THE_LOGIN = (
    "analyse_invitations()",
    "campaigns_with_keys()",
    "invitation_facts(bytea[])",
    "store_envelope(uuid, uuid, timestamptz, uuid[], bytea[], uuid, bytea, bytea)",
)
_OLD_AND_OPEN = (
    "guard_responses(text)",
    "refuse_campaign_going_back()",
    "refuse_change_of_locked_campaign()",
    "refuse_change_of_published_instrument()",
    "refuse_change_of_what_is_written_once()",
    "refuse_deletion_of_opened_campaign()",
    "refuse_person_in_anonymous_campaign()",
)
"""Functions before which the caller's temporary tables came."""

# The caller's temporary tables must not stand in for ours.
_SECURE = """
DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION {0} SET search_path = %I, pg_temp', current_schema());
END $$;
REVOKE ALL ON FUNCTION {0} FROM PUBLIC;
"""

# Payloads name organisations. What a job is and how it fares does not.
_QUEUE = """
REVOKE SELECT ON pgqueuer, pgqueuer_log FROM opmodel_app;
DO $$
DECLARE
    visible record;
BEGIN
    FOR visible IN
        SELECT attrelid::regclass AS place, string_agg(quote_ident(attname), ', ') AS columns
        FROM pg_attribute
        WHERE attrelid IN ('pgqueuer'::regclass, 'pgqueuer_log'::regclass)
          AND attnum > 0 AND NOT attisdropped
          AND attname NOT IN ('payload', 'headers', 'traceback')
        GROUP BY attrelid
    LOOP
        EXECUTE format('GRANT SELECT (%s) ON %s TO opmodel_app, opmodel_login',
                       visible.columns, visible.place);
    END LOOP;
END $$;
"""
# Revoking from a table revokes from its columns, too.
_QUEUE_BACK = """
REVOKE SELECT ON pgqueuer, pgqueuer_log FROM opmodel_app, opmodel_login;
GRANT SELECT ON pgqueuer, pgqueuer_log TO opmodel_app;
"""


async def _separate() -> None:
    await DB.run_ddl_script(_LOGIN)
    for script in (_CREATE_NOTHING, _FIND, _KEYS, _STATISTICS, _QUEUE):
        await DB.run_ddl_script(script)
    for index in _INDEXES:
        await _guard_index(index)
    for signature in (*_NEW, *_OLD_AND_OPEN, "campaigns_with_keys()"):
        await connection().execute(_SECURE.format(signature))
    for signature in _OF_THE_LOGIN:
        await DB.run_ddl(f"GRANT EXECUTE ON FUNCTION {signature} TO opmodel_login")
    await DB.run_ddl("GRANT EXECUTE ON FUNCTION organisation_of_key(bytea) TO opmodel_app")
    await DB.run_ddl("GRANT SELECT ON migration TO opmodel_login")


async def _guard_index(index: str) -> None:
    """Guard it as every other table; its owner finds rows for the functions."""
    for policy in ("anyone_reads", "tenant_inserts", "tenant_deletes"):
        await DB.run_ddl(f"DROP POLICY {policy} ON {index}")
    await DB.run_ddl(
        f"CREATE POLICY tenant ON {index} USING (organisation = {_CURRENT}) "
        f"WITH CHECK (organisation = {_CURRENT})"
    )
    await DB.run_ddl(
        f"CREATE POLICY owner_finds ON {index} FOR SELECT TO CURRENT_USER USING (true)"
    )


async def _join() -> None:
    """Undo it; the role stays, for it belongs to the server, and so do safer functions."""
    await DB.run_ddl("REVOKE SELECT ON migration FROM opmodel_login")
    for signature in _OF_THE_LOGIN:
        await DB.run_ddl(f"REVOKE EXECUTE ON FUNCTION {signature} FROM opmodel_login")
    for index in _INDEXES:
        await _open_index(index)
    for script in (_QUEUE_BACK, _FIND_BACK, _CREATE_TEMPORARY):
        await DB.run_ddl_script(script)
    await DB.run_ddl("DROP FUNCTION analyse_invitations()")


async def _open_index(index: str) -> None:
    for policy in ("tenant", "owner_finds"):
        await DB.run_ddl(f"DROP POLICY {policy} ON {index}")
    await DB.run_ddl(f"CREATE POLICY anyone_reads ON {index} FOR SELECT USING (true)")
    for verb, clause in (("INSERT", "WITH CHECK"), ("DELETE", "USING")):
        await DB.run_ddl(
            f"CREATE POLICY tenant_{verb.lower()}s ON {index} FOR {verb} "
            f"{clause} (organisation = {_CURRENT})"
        )


class _OwnStatements(MigrationManager):
    """Piccolo knows neither roles nor functions, and no table changes."""

    async def run(self, backwards: bool = False) -> None:  # noqa: FBT001, FBT002 - Piccolo's
        await (_join() if backwards else _separate())


async def forwards() -> MigrationManager:
    return _OwnStatements(migration_id=ID, app_name="models", description=DESCRIPTION)
