"""What no constraint can say, because it compares with the row before or with another table.

Safe while the application runs: it is the first release. Undo: drops the triggers.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.engine import DB

ID = "2026-11-23T06:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Refuse changes that no constraint can refuse."

_PUBLISHED_IS_IMMUTABLE = """
CREATE FUNCTION refuse_change_of_published_instrument() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    RAISE EXCEPTION 'a published instrument never changes' USING
        ERRCODE = 'restrict_violation',
        TABLE = TG_TABLE_NAME,
        CONSTRAINT = 'instrument_published_is_immutable';
END $$;

CREATE TRIGGER instrument_published_is_immutable BEFORE UPDATE OR DELETE ON instrument
FOR EACH ROW WHEN (OLD.state = 'published')
EXECUTE FUNCTION refuse_change_of_published_instrument();
"""

_OPEN_CAMPAIGN_IS_LOCKED = """
CREATE FUNCTION refuse_change_of_locked_campaign() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    RAISE EXCEPTION 'mode, thresholds, instrument and wave lock when a campaign opens' USING
        ERRCODE = 'restrict_violation',
        TABLE = TG_TABLE_NAME,
        CONSTRAINT = 'campaign_locks_when_it_opens';
END $$;

CREATE TRIGGER campaign_locks_when_it_opens BEFORE UPDATE ON campaign
FOR EACH ROW WHEN (
    OLD.state NOT IN ('draft', 'scheduled')
    AND (OLD.mode, OLD.min_group, OLD.min_comments, OLD.min_drivers, OLD.instrument, OLD.wave)
        IS DISTINCT FROM
        (NEW.mode, NEW.min_group, NEW.min_comments, NEW.min_drivers, NEW.instrument, NEW.wave)
)
EXECUTE FUNCTION refuse_change_of_locked_campaign();
"""

# Costs nothing where it matters: a response without a person does not call it.
_ANONYMOUS_NAMES_NOBODY = """
CREATE FUNCTION refuse_person_in_anonymous_campaign() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (SELECT FROM campaign WHERE id = NEW.campaign AND mode <> 'confidential') THEN
        RAISE EXCEPTION 'a response to an anonymous campaign names no person' USING
            ERRCODE = 'check_violation',
            TABLE = TG_TABLE_NAME,
            CONSTRAINT = 'response_anonymous_names_nobody';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER response_anonymous_names_nobody BEFORE INSERT OR UPDATE ON response
FOR EACH ROW WHEN (NEW.person IS NOT NULL)
EXECUTE FUNCTION refuse_person_in_anonymous_campaign();
"""

_REMOVE = """
DROP TRIGGER response_anonymous_names_nobody ON response;
DROP FUNCTION refuse_person_in_anonymous_campaign();
DROP TRIGGER campaign_locks_when_it_opens ON campaign;
DROP FUNCTION refuse_change_of_locked_campaign();
DROP TRIGGER instrument_published_is_immutable ON instrument;
DROP FUNCTION refuse_change_of_published_instrument();
"""


async def add() -> None:
    for script in (
        _PUBLISHED_IS_IMMUTABLE,
        _OPEN_CAMPAIGN_IS_LOCKED,
        _ANONYMOUS_NAMES_NOBODY,
    ):
        await DB.run_ddl_script(script)


async def remove() -> None:
    await DB.run_ddl_script(_REMOVE)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="models", description=DESCRIPTION)
    manager.add_raw(add)
    manager.add_raw_backwards(remove)
    return manager
