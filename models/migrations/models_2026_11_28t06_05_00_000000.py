"""Drafts of campaigns can be deleted, and messages can wait for an address.

Safe while the application runs: it allows more than before. Undo: refused by the database if a
message waits or a deletion has been recorded.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.engine import DB

ID = "2026-11-28T06:05:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Let drafts of campaigns be deleted and messages wait for an address."

_STATES = ("queued", "sent", "failed")
_ACTIONS = (
    "recommendation_accepted",
    "recommendation_overridden",
    "use_case_created",
    "use_case_changed",
    "operating_models_loaded",
)

_ONLY_DRAFTS_ARE_DELETED = """
CREATE FUNCTION refuse_deletion_of_opened_campaign() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    RAISE EXCEPTION 'a campaign that is % is never deleted', OLD.state USING
        ERRCODE = 'restrict_violation',
        TABLE = TG_TABLE_NAME,
        CONSTRAINT = 'campaign_only_drafts_are_deleted';
END $$;

CREATE TRIGGER campaign_only_drafts_are_deleted BEFORE DELETE ON campaign
FOR EACH ROW WHEN (OLD.state <> 'draft')
EXECUTE FUNCTION refuse_deletion_of_opened_campaign();

GRANT DELETE ON campaign TO opmodel_app;
"""

_NOTHING_IS_DELETED = """
REVOKE DELETE ON campaign FROM opmodel_app;
DROP FUNCTION refuse_deletion_of_opened_campaign() CASCADE;
"""


async def _know(table: str, column: str, words: tuple[str, ...]) -> None:
    """Let a column take these words and no others."""
    name = f"{table}_{column}_is_known"
    listed = ", ".join(f"'{word}'" for word in words)
    await DB.run_ddl(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    await DB.run_ddl(
        f'ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ("{column}" IN ({listed}))'
    )


async def _apply() -> None:
    for table in ("delivery", "delivery_count"):
        await _know(table, "state", (*_STATES, "waiting"))
    await _know("audit_event", "action", (*_ACTIONS, "campaign_deleted"))
    await DB.run_ddl_script(_ONLY_DRAFTS_ARE_DELETED)


async def _revert() -> None:
    await DB.run_ddl_script(_NOTHING_IS_DELETED)
    await _know("audit_event", "action", _ACTIONS)
    for table in ("delivery", "delivery_count"):
        await _know(table, "state", _STATES)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="models", description=DESCRIPTION)
    manager.add_raw(_apply)
    manager.add_raw_backwards(_revert)
    return manager
