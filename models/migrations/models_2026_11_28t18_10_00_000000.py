"""Keys know which key made them and which they replace; making keys is a scope of its own.

A key that could do everything that `--all-scopes` gave (and is not restricted to a unit) was made to
administer, and gets ``keys:write``. A key with ``org:write`` for a narrower purpose could make keys
only as a by-product and loses that: make a key for it on the command line. Keys that exist count as
made on the command line. Safe while the application runs: a program of the last version makes keys
without a maker until it is replaced. Undo: ``keys:write`` goes; ``org:write`` makes keys again.
"""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, ForeignKey, OnDelete
from piccolo.table import Table

from models.engine import DB
from models.identifiers import TimeOrderedId

ID = "2026-11-28T18:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Know which key made which, and make keys:write a scope of its own."


class ApiKey(Table, tablename="api_key"):
    """The columns that are new, for what Piccolo compares with the tables of the code."""

    id = UUID(primary_key=True, default=TimeOrderedId())
    made_by: ForeignKey[Any] = ForeignKey(
        "self", null=True, default=None, on_delete=OnDelete.restrict
    )
    replaces: ForeignKey[Any] = ForeignKey(
        "self", null=True, default=None, unique=True, on_delete=OnDelete.restrict
    )


# The references name the organisation, as those of the other tables do.
_COLUMNS = """
ALTER TABLE api_key
    ADD COLUMN made_by uuid,
    ADD COLUMN replaces uuid,
    ADD CONSTRAINT api_key_replaces_key UNIQUE (replaces),
    ADD CONSTRAINT api_key_made_by_fkey FOREIGN KEY (organisation, made_by)
        REFERENCES api_key (organisation, id) ON DELETE RESTRICT,
    ADD CONSTRAINT api_key_replaces_fkey FOREIGN KEY (organisation, replaces)
        REFERENCES api_key (organisation, id) ON DELETE RESTRICT;
"""

# Without people:read and responses:submit, which the oldest keys with all scopes lack.
# FORCE hides every row from the owner of the table, too.
_SCOPES = """
ALTER TABLE api_key NO FORCE ROW LEVEL SECURITY;
UPDATE api_key
SET scopes = (SELECT array_agg(scope ORDER BY scope COLLATE "C")
              FROM unnest(scopes || ARRAY['keys:write']) AS scope)
WHERE unit_code IS NULL AND scopes @> ARRAY[
    'org:read', 'org:write', 'people:write', 'campaigns:read', 'campaigns:write',
    'analytics:read', 'comments:read', 'recommendations:read', 'decisions:write',
    'webhooks:write', 'audit:read'];
ALTER TABLE api_key FORCE ROW LEVEL SECURITY;
"""

_BACK = """
ALTER TABLE api_key NO FORCE ROW LEVEL SECURITY;
UPDATE api_key SET scopes = array_remove(scopes, 'keys:write');
ALTER TABLE api_key FORCE ROW LEVEL SECURITY;
ALTER TABLE api_key DROP COLUMN made_by, DROP COLUMN replaces;
"""


class _OwnStatements(MigrationManager):
    """Piccolo has no word for references over two columns: its part is to remember."""

    async def run(self, backwards: bool = False) -> None:  # noqa: FBT001, FBT002 - Piccolo's
        for script in (_BACK,) if backwards else (_COLUMNS, _SCOPES):
            await DB.run_ddl_script(script)


async def forwards() -> MigrationManager:
    manager = _OwnStatements(migration_id=ID, app_name="models", description=DESCRIPTION)
    for column in (ApiKey.made_by, ApiKey.replaces):
        manager.add_column(
            table_class_name="ApiKey",
            tablename="api_key",
            column_name=column._meta.name,
            column_class_name="ForeignKey",
            column_class=ForeignKey,
            params=column._meta.params,
        )
    return manager
