"""Let a published instrument get languages, and the trail tell of them and of handed-out links.

Safe while the application runs. Undo: refused by the database if such an action is in the
trail.
"""

import re

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.engine import DB, connection

ID = "2026-11-28T19:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Let instruments get languages, and links be handed out"

_ADDED = {
    "instrument.published": "instrument.languages_added",
    "campaign.abandoned": "invitations.links_exported",
}
"""What is added to the known actions, by the one that it follows."""

_RULE = """
SELECT pg_get_constraintdef(oid) FROM pg_constraint
WHERE conname = 'audit_event_action_is_known' AND conrelid = 'audit_event'::regclass
"""

_KNOW = """
ALTER TABLE audit_event
    DROP CONSTRAINT audit_event_action_is_known,
    ADD CONSTRAINT audit_event_action_is_known CHECK ("action" IN ({actions}));
"""

# Containment ignores the order of a list, so that of the items is compared by itself.
_LANGUAGES_MAY_BE_ADDED = """
CREATE OR REPLACE FUNCTION refuse_change_of_published_instrument() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.state = 'published' AND NEW.definition @> OLD.definition
        AND jsonb_path_query_array(NEW.definition, '$.items[*].key')
            = jsonb_path_query_array(OLD.definition, '$.items[*].key')
        AND (NEW.id, NEW.organisation, NEW.key, NEW.version, NEW.published_at)
            = (OLD.id, OLD.organisation, OLD.key, OLD.version, OLD.published_at)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a published instrument never changes' USING
        ERRCODE = 'restrict_violation',
        TABLE = TG_TABLE_NAME,
        CONSTRAINT = 'instrument_published_is_immutable';
END $$;
"""

_NOTHING_CHANGES = """
CREATE OR REPLACE FUNCTION refuse_change_of_published_instrument() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    RAISE EXCEPTION 'a published instrument never changes' USING
        ERRCODE = 'restrict_violation',
        TABLE = TG_TABLE_NAME,
        CONSTRAINT = 'instrument_published_is_immutable';
END $$;
"""

# The caller's temporary tables must not stand in for ours.
_SECURE = """
DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION refuse_change_of_published_instrument() '
                   'SET search_path = %I, pg_temp', current_schema());
END $$;
"""


async def _known() -> list[str]:
    """Return the actions that the database knows by now, whichever migrations came before."""
    return re.findall(r"'([^']+)'", await connection().fetchval(_RULE))


async def _know(actions: list[str]) -> None:
    await DB.run_ddl_script(_KNOW.format(actions=", ".join(f"'{one}'" for one in actions)))


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="models", description=DESCRIPTION)

    async def forth() -> None:
        await _know([word for one in await _known() for word in (one, _ADDED.get(one)) if word])
        await DB.run_ddl("GRANT UPDATE (link_exported) ON invitation TO opmodel_app")
        await DB.run_ddl_script(_LANGUAGES_MAY_BE_ADDED + _SECURE)

    async def back() -> None:
        await _know([one for one in await _known() if one not in _ADDED.values()])
        await DB.run_ddl("REVOKE UPDATE (link_exported) ON invitation FROM opmodel_app")
        await DB.run_ddl_script(_NOTHING_CHANGES + _SECURE)

    manager.add_raw(forth)
    manager.add_raw_backwards(back)
    return manager
