"""The audit trail is a chain: numbered, append-only, each entry's MAC over the one before.

Entries from before get numbers and no MAC. Undo: refused by the database if an action has been
recorded that the version before does not know.
"""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Array, BigInt, Bytea, Column, Text, Varchar
from piccolo.constraints import Check, Unique

from models.engine import DB

ID = "2026-11-28T18:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Chain the audit trail"

_TABLE = {"table_class_name": "AuditEvent", "tablename": "audit_event"}

# What Piccolo compares with the tables of the code; the statements below carry it out.
_NEW_COLUMNS: dict[str, Column] = {
    "number": BigInt(default=None),
    "actor": Varchar(length=16, default=None),
    "address": Varchar(length=45, null=True, default=None),
    "subjects": Array(base_column=Text(), default=None),
    "mac": Bytea(null=True, default=None),
    "key_mark": Bytea(null=True, default=None),
}
_ACTORS = ("key", "command_line", "platform")
_NEW_CHECKS = {
    "audit_event_number_is_positive": "number > 0",
    "audit_event_actor_is_known": f'"actor" IN ({", ".join(map(repr, _ACTORS))})',
    "audit_event_principal_is_a_key": "(actor = 'key') = (principal IS NOT NULL)",
    "audit_event_has_subjects": "cardinality(subjects) BETWEEN 1 AND 10",
    "audit_event_mac_is_sha256": 'octet_length("mac") = 32',
    "audit_event_mac_has_its_key": "num_nulls(mac, key_mark) IN (0, 2)",
}

_NAMES = {
    "recommendation_accepted": "recommendation.accepted",
    "recommendation_overridden": "recommendation.overridden",
    "use_case_created": "use_case.created",
    "use_case_changed": "use_case.changed",
    "operating_models_loaded": "catalogue.loaded",
    "campaign_deleted": "campaign.deleted",
    "campaign_abandoned": "campaign.abandoned",
    "missing_answers_accepted": "campaign.closing",
}
_ACTIONS = (
    "organisation.created",
    "organisation.changed",
    "units.synced",
    "people.synced",
    "key.created",
    "key.revoked",
    "key.rotated",
    "instrument.drafted",
    "instrument.replaced",
    "instrument.published",
    "catalogue.loaded",
    "campaign.drafted",
    "campaign.changed",
    "campaign.deleted",
    "campaign.opened",
    "campaign.closing",
    "campaign.closed",
    "campaign.abandoned",
    "responses.imported",
    "release.started",
    "release.stored",
    "recommendation.accepted",
    "recommendation.overridden",
    "use_case.created",
    "use_case.changed",
    "audit.exported",
    "audit.key_changed",
    "backup.made",
    "backup.restored",
)


def _listed(names: Any) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _renamed(names: dict[str, str]) -> str:
    cases = " ".join(f"WHEN '{before}' THEN '{after}'" for before, after in names.items())
    return f"UPDATE audit_event SET action = CASE action {cases} ELSE action END"  # noqa: S608 - our own words


_ADD = f"""
ALTER TABLE audit_event
    NO FORCE ROW LEVEL SECURITY,
    DISABLE TRIGGER audit_event_is_immutable,
    DROP CONSTRAINT audit_event_action_is_known,
    ADD COLUMN number bigint,
    ADD COLUMN actor varchar(16) DEFAULT NULL,
    ADD COLUMN address varchar(45) DEFAULT NULL,
    ADD COLUMN subjects text[],
    ADD COLUMN mac bytea,
    ADD COLUMN key_mark bytea;

{_renamed(_NAMES)};
UPDATE audit_event e
SET number = counted.number, subjects = ARRAY[e.subject::text],
    actor = CASE WHEN e.principal IS NULL THEN 'command_line' ELSE 'key' END
FROM (SELECT id, row_number() OVER (PARTITION BY organisation ORDER BY id) AS number
      FROM audit_event) AS counted
WHERE counted.id = e.id;

ALTER TABLE audit_event
    ALTER COLUMN number SET NOT NULL,
    ALTER COLUMN actor SET NOT NULL,
    ALTER COLUMN subjects SET NOT NULL,
    DROP COLUMN subject,
    ADD CONSTRAINT audit_event_number_once UNIQUE (organisation, number),
    ADD CONSTRAINT audit_event_action_is_known
        CHECK ("action" IN ({_listed(_ACTIONS)})),
    {", ".join(f"ADD CONSTRAINT {name} CHECK ({rule})" for name, rule in _NEW_CHECKS.items())},
    ENABLE TRIGGER audit_event_is_immutable,
    FORCE ROW LEVEL SECURITY;

-- The application has no right to any of these; the triggers stop the owner's mistakes.
CREATE TRIGGER audit_event_is_never_emptied BEFORE TRUNCATE ON audit_event
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_what_is_written_once();

-- The lock makes writers take turns, until the end of their transactions. The statement behind
-- it sees what the writer before has committed.
CREATE FUNCTION audit_trail_end(acting uuid) RETURNS TABLE (
    number bigint, mac bytea, key_mark bytea, at timestamptz, name text)
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    owner uuid := nullif(current_setting('opmodel.organisation', true), '')::uuid;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('audit ' || owner::text, 0));
    RETURN QUERY
    SELECT coalesce(last.number, 0), last.mac, last.key_mark, clock_timestamp(),
           (SELECT k.name::text FROM api_key k WHERE k.id = acting)
    FROM (SELECT 1) AS one LEFT JOIN LATERAL (
        SELECT e.number, e.mac, e.key_mark FROM audit_event e
        WHERE e.organisation = owner ORDER BY e.number DESC LIMIT 1) AS last ON true;
END $$;
DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION audit_trail_end(uuid) SET search_path = %I, pg_temp',
                   current_schema());
END $$;
REVOKE ALL ON FUNCTION audit_trail_end(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_trail_end(uuid) TO opmodel_app;
"""  # noqa: S608 - our own words

_BACK = f"""
DROP FUNCTION audit_trail_end(uuid);
DROP TRIGGER audit_event_is_never_emptied ON audit_event;
ALTER TABLE audit_event
    NO FORCE ROW LEVEL SECURITY,
    DISABLE TRIGGER audit_event_is_immutable,
    DROP CONSTRAINT audit_event_action_is_known,
    DROP CONSTRAINT audit_event_number_once,
    {", ".join(f"DROP CONSTRAINT {name}" for name in _NEW_CHECKS)},
    ADD COLUMN subject varchar(255) DEFAULT NULL;
{_renamed({after: before for before, after in _NAMES.items()})};
UPDATE audit_event SET subject = subjects[1];
ALTER TABLE audit_event
    ALTER COLUMN subject SET NOT NULL,
    {", ".join(f"DROP COLUMN {name}" for name in _NEW_COLUMNS)},
    ADD CONSTRAINT audit_event_action_is_known CHECK ("action" IN ({_listed(_NAMES)})),
    ENABLE TRIGGER audit_event_is_immutable,
    FORCE ROW LEVEL SECURITY;
"""  # noqa: S608 - our own words


class _OwnStatements(MigrationManager):
    """Piccolo's part is to remember what the table looks like."""

    async def run(self, backwards: bool = False) -> None:  # noqa: FBT001, FBT002 - Piccolo's
        await DB.run_ddl_script(_BACK if backwards else _ADD)


async def forwards() -> MigrationManager:
    manager = _OwnStatements(migration_id=ID, app_name="models", description=DESCRIPTION)
    for column, kind in _NEW_COLUMNS.items():
        manager.add_column(
            column_name=column,
            column_class_name=type(kind).__name__,
            column_class=type(kind),
            params=kind._meta.params,
            **_TABLE,
        )
    manager.drop_column(column_name="subject", **_TABLE)
    for check, condition in _NEW_CHECKS.items():
        manager.add_constraint(
            constraint_name=check,
            constraint_class=Check,
            params={"condition": condition},
            **_TABLE,
        )
    manager.add_constraint(
        constraint_name="audit_event_number_once",
        constraint_class=Unique,
        params={"columns": ["organisation", "number"], "nulls_distinct": True},
        **_TABLE,
    )
    return manager
