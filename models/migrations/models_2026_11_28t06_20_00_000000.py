"""Whoever imports responses reads no results: ``responses:write`` ends, and the database knows.

A key with ``responses:write`` gets ``responses:import`` if it reads no results; otherwise it loses
that right, and whoever imports with it needs a second key. Keys that were revoked are treated alike.
Safe while the application runs: a program of the last version refuses imports by keys that were
changed, until it is replaced. Undo: ``responses:import`` becomes ``responses:write``; keys that
lost the right do not get it back.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.constraints import Check

from models.engine import DB

ID = "2026-11-28T06:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Let no key import responses and read results."

_CONDITION = (
    "NOT (scopes @> ARRAY['responses:import'] AND scopes && ARRAY["
    "'analytics:read', 'comments:read', 'recommendations:read', 'responses:export'])"
)

# FORCE hides every row from the owner of the table, too.
_APPLY = """
ALTER TABLE api_key NO FORCE ROW LEVEL SECURITY;
UPDATE api_key SET scopes = array_replace(scopes, 'responses:write', 'responses:import')
WHERE NOT scopes && ARRAY['analytics:read', 'comments:read', 'recommendations:read'];
UPDATE api_key SET scopes = array_remove(scopes, 'responses:write');
ALTER TABLE api_key FORCE ROW LEVEL SECURITY;
"""
_REVERT = """
ALTER TABLE api_key NO FORCE ROW LEVEL SECURITY;
UPDATE api_key SET scopes = array_replace(scopes, 'responses:import', 'responses:write');
ALTER TABLE api_key FORCE ROW LEVEL SECURITY;
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="models", description=DESCRIPTION)
    manager.add_raw(_put_up)
    manager.add_raw_backwards(_take_down)
    manager.add_constraint(
        table_class_name="ApiKey",
        tablename="api_key",
        constraint_name="api_key_import_reads_no_results",
        constraint_class=Check,
        params={"condition": _CONDITION},
    )
    return manager


async def _put_up() -> None:
    await DB.run_ddl_script(_APPLY)


async def _take_down() -> None:
    await DB.run_ddl_script(_REVERT)
