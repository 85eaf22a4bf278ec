"""Messages are claimed before they are sent and keep why they failed; people can opt out.

Safe while the application runs: columns with constant defaults, and more states of a message.
Undo: drops the columns; refused while a message is in one of the new states.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Boolean, Column, Timestamptz, Varchar

from models.engine import DB

ID = "2026-11-28T19:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Claim messages, keep why they failed, and let people opt out"

_COLUMNS: tuple[tuple[str, str, str, Column], ...] = (
    ("Person", "person", "email_fault", Varchar(length=16, null=True, default=None)),
    ("Invitation", "invitation", "opted_out", Boolean(default=False)),
    ("Delivery", "delivery", "reason", Varchar(length=64, null=True, default=None)),
    ("Delivery", "delivery", "dated_at", Timestamptz(null=True, default=None)),
)
_BEFORE = ("queued", "sent", "failed", "waiting")
_NOW = ("queued", "sending", "sent", "uncertain", "failed", "waiting", "dropped")

_STATES = """
ALTER TABLE {table}
    DROP CONSTRAINT {table}_state_is_known,
    ADD CONSTRAINT {table}_state_is_known CHECK ("state" IN ({states}));
"""

# Whoever writes another address need not know that the one before did not work.
_FORGET_FAULT = """
CREATE FUNCTION forget_fault_of_address() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    NEW.email_fault := NULL;
    RETURN NEW;
END $$;
DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION forget_fault_of_address() SET search_path = %I, pg_temp',
                   current_schema());
END $$;
CREATE TRIGGER person_address_is_new BEFORE UPDATE ON person
FOR EACH ROW WHEN (OLD.email IS DISTINCT FROM NEW.email)
EXECUTE FUNCTION forget_fault_of_address();
GRANT UPDATE (opted_out) ON invitation TO opmodel_app;
"""
_KEEP_FAULT = """
DROP TRIGGER person_address_is_new ON person;
DROP FUNCTION forget_fault_of_address();
"""


class _ColumnsAndStates(MigrationManager):
    """Piccolo has no word for triggers, and its part is the columns."""

    async def run(self, backwards: bool = False) -> None:  # noqa: FBT001, FBT002 - Piccolo's
        if backwards:
            await DB.run_ddl_script(_KEEP_FAULT)
        await super().run(backwards=backwards)
        if not backwards:
            await DB.run_ddl_script(_FORGET_FAULT)
        states = ", ".join(f"'{state}'" for state in (_BEFORE if backwards else _NOW))
        for table in ("delivery", "delivery_count"):
            await DB.run_ddl_script(_STATES.format(table=table, states=states))


async def forwards() -> MigrationManager:
    manager = _ColumnsAndStates(migration_id=ID, app_name="models", description=DESCRIPTION)
    for class_name, tablename, name, column in _COLUMNS:
        manager.add_column(
            table_class_name=class_name,
            tablename=tablename,
            column_name=name,
            column_class_name=type(column).__name__,
            column_class=type(column),
            params=column._meta.params,
        )
    return manager
