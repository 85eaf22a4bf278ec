"""Seal answers until their campaign closes, and keep each closed campaign in a partition."""

from typing import Any

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Boolean, Bytea, Column, ForeignKey, SmallInt
from piccolo.columns.base import OnDelete
from piccolo.constraints import Check
from piccolo.table import Table

from models.engine import DB, connection
from models.identifiers import RandomId

ID = "2026-11-28T18:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Seal answers until close"


class Campaign(Table, tablename="campaign"):
    """As far as this migration refers to it."""

    id = UUID(primary_key=True)


# What Piccolo compares with the tables of the code; the statements below carry it out.
_NEW_COLUMNS: dict[str, dict[str, Column]] = {
    "Envelope": {
        "id": UUID(primary_key=True, default=RandomId()),
        "organisation": UUID(default=None),
        "campaign": ForeignKey(Campaign, null=False, index=True, on_delete=OnDelete.restrict),
        "sealed": Bytea(default=None),
        "mark": Bytea(default=None),
    },
    "Campaign": {
        "public_key": Bytea(null=True, default=None),
        "public_key_mark": Bytea(null=True, default=None),
    },
    "Response": {
        "too_fast": Boolean(null=True, default=None),
        "duration_class": SmallInt(null=True, default=None),
        "imported": Boolean(default=False),
    },
}
_NEW_CHECKS = {
    "Envelope": {"envelope_mark_is_sha256": 'octet_length("mark") = 32'},
    "Campaign": {
        "campaign_answers_are_sealed": "(state IN ('open', 'closing')) = "
        "(num_nonnulls(public_key, public_key_mark) = 2)"
    },
    "Response": {
        "response_duration_class_in_range": "duration_class BETWEEN 0 AND 4",
    },
}

# Answers of an open campaign lie in the database in plain text, and no key exists for them.
_NONE_IS_OPEN = """
DO $$
BEGIN
    IF EXISTS (SELECT FROM campaign WHERE state IN ('open', 'closing')) THEN
        RAISE EXCEPTION 'close every open campaign with the version that opened it' USING
            ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
END $$;
"""

_CAMPAIGN = """
ALTER TABLE campaign
    ADD COLUMN public_key bytea,
    ADD COLUMN public_key_mark bytea,
    DROP CONSTRAINT campaign_state_is_known,
    DROP CONSTRAINT campaign_closed_has_a_time,
    ADD CONSTRAINT campaign_state_is_known
        CHECK ("state" IN ('draft', 'open', 'closing', 'closed', 'abandoned')),
    ADD CONSTRAINT campaign_closed_has_a_time
        CHECK ((state IN ('closed', 'abandoned')) = (closed_at IS NOT NULL)),
    ADD CONSTRAINT campaign_answers_are_sealed CHECK (
        (state IN ('open', 'closing')) = (num_nonnulls(public_key, public_key_mark) = 2));

DROP TRIGGER campaign_goes_forwards ON campaign;
CREATE TRIGGER campaign_goes_forwards BEFORE UPDATE ON campaign
FOR EACH ROW WHEN (
    OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('draft', 'open'), ('open', 'closing'), ('closing', 'closed'),
        ('open', 'abandoned'), ('closing', 'abandoned'))
)
EXECUTE FUNCTION refuse_campaign_going_back();
"""

_CAMPAIGN_BACK = """
DROP TRIGGER campaign_goes_forwards ON campaign;
CREATE TRIGGER campaign_goes_forwards BEFORE UPDATE ON campaign
FOR EACH ROW WHEN (
    OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('draft', 'open'), ('open', 'closing'), ('closing', 'closed'))
)
EXECUTE FUNCTION refuse_campaign_going_back();

ALTER TABLE campaign
    DROP CONSTRAINT campaign_answers_are_sealed,
    DROP CONSTRAINT campaign_state_is_known,
    DROP CONSTRAINT campaign_closed_has_a_time,
    DROP COLUMN public_key,
    DROP COLUMN public_key_mark,
    ADD CONSTRAINT campaign_state_is_known
        CHECK ("state" IN ('draft', 'open', 'closing', 'closed')),
    ADD CONSTRAINT campaign_closed_has_a_time
        CHECK ((state = 'closed') = (closed_at IS NOT NULL));
"""

_ACTIONS = """
ALTER TABLE audit_event
    DROP CONSTRAINT audit_event_action_is_known,
    ADD CONSTRAINT audit_event_action_is_known CHECK ("action" IN ({}));
"""
_BEFORE = (
    "recommendation_accepted",
    "recommendation_overridden",
    "use_case_created",
    "use_case_changed",
    "operating_models_loaded",
    "campaign_deleted",
)
_NEW = ("campaign_abandoned", "missing_answers_accepted")


def _actions(*names: str) -> str:
    return _ACTIONS.format(", ".join(f"'{name}'" for name in names))


_CURRENT = "(SELECT nullif(current_setting('opmodel.organisation', true), '')::uuid)"

_ENVELOPE = f"""
CREATE TABLE envelope (
    id uuid PRIMARY KEY,
    organisation uuid NOT NULL,
    campaign uuid NOT NULL,
    sealed bytea NOT NULL,
    mark bytea NOT NULL,
    CONSTRAINT envelope_mark_is_sha256 CHECK (octet_length("mark") = 32),
    CONSTRAINT envelope_campaign_fkey FOREIGN KEY (organisation, campaign)
        REFERENCES campaign (organisation, id) ON DELETE RESTRICT
);
ALTER TABLE envelope ALTER COLUMN sealed SET STORAGE EXTERNAL;
CREATE INDEX envelope_campaign ON envelope USING btree (campaign);
ALTER TABLE envelope ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON envelope USING (organisation = {_CURRENT})
    WITH CHECK (organisation = {_CURRENT});
GRANT SELECT, INSERT, DELETE ON envelope TO opmodel_app;
"""

# The rows of a campaign arrive all at once and never change. Row-level security guards the
# table that is read by name; nobody but its owner may read a partition.
_RESPONSE = f"""
ALTER TABLE response RENAME TO response_before;
CREATE TABLE response (
    id uuid NOT NULL,
    organisation uuid NOT NULL,
    campaign uuid NOT NULL,
    unit_code varchar(64) NOT NULL DEFAULT NULL,
    role varchar(16) NOT NULL DEFAULT NULL,
    function varchar(64) DEFAULT NULL,
    locale varchar(35) DEFAULT NULL,
    submitted_on date,
    too_fast boolean,
    duration_class smallint,
    imported boolean NOT NULL DEFAULT false,
    consent boolean,
    person uuid,
    answers smallint[] NOT NULL,
    CONSTRAINT response_role_is_known CHECK ("role" IN ('sponsor', 'manager', 'contributor')),
    CONSTRAINT response_duration_class_in_range CHECK (duration_class BETWEEN 0 AND 4),
    CONSTRAINT response_answers_are_one_row
        CHECK (cardinality(answers) > 0 AND array_ndims(answers) = 1),
    CONSTRAINT response_consent_is_a_sponsors CHECK (role = 'sponsor' OR consent IS NULL),
    CONSTRAINT response_of_campaign FOREIGN KEY (organisation, campaign)
        REFERENCES campaign (organisation, id) ON DELETE RESTRICT
) PARTITION BY LIST (campaign);
ALTER TABLE response ALTER COLUMN answers SET STATISTICS 0;
ALTER TABLE response ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON response USING (organisation = {_CURRENT})
    WITH CHECK (organisation = {_CURRENT});
GRANT SELECT ON response TO opmodel_app;
"""

_KEYS = """
ALTER TABLE response ADD CONSTRAINT response_pkey PRIMARY KEY (campaign, id);
CREATE INDEX response_person ON response USING btree (person);
"""

# Both run with the owner's rights. The application may call them, and may write into the
# partition of a campaign that it is closing, but only until the partition is attached.
_PARTITIONS = """
CREATE FUNCTION guard_responses(part text) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    EXECUTE format('ALTER TABLE %I ALTER COLUMN answers SET STATISTICS 0', part);
    -- The policy of the parent does not protect a partition that is read directly.
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', part);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', part);
    EXECUTE format(
        'CREATE POLICY tenant ON %I USING (organisation = nullif('
        'current_setting(''opmodel.organisation'', true), '''')::uuid)', part);
END $$;

CREATE FUNCTION begin_responses(closing uuid) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    part text := 'response_' || replace(closing::text, '-', '');
BEGIN
    PERFORM FROM campaign WHERE id = closing AND state = 'closing'
        AND organisation = nullif(current_setting('opmodel.organisation', true), '')::uuid;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'campaign % is not closing', closing USING
            ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    EXECUTE format(
        'CREATE TABLE %I (LIKE response INCLUDING DEFAULTS INCLUDING CONSTRAINTS, '
        'CHECK (campaign = %L), CHECK (organisation = %L))',
        part, closing, current_setting('opmodel.organisation'));
    EXECUTE format('GRANT INSERT ON %I TO opmodel_app', part);
    RETURN part;
END $$;

CREATE FUNCTION attach_responses(closing uuid) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    part text := 'response_' || replace(closing::text, '-', '');
    named boolean;
    stored bigint;
BEGIN
    EXECUTE format('SELECT count(*), count(person) > 0 FROM %I', part) INTO stored, named;
    IF named AND EXISTS (
        SELECT FROM campaign WHERE id = closing AND mode <> 'confidential'
    ) THEN
        RAISE EXCEPTION 'a response to an anonymous campaign names no person' USING
            ERRCODE = 'check_violation',
            TABLE = 'response',
            CONSTRAINT = 'response_anonymous_names_nobody';
    END IF;
    EXECUTE format('REVOKE ALL ON %I FROM opmodel_app', part);
    PERFORM guard_responses(part);
    EXECUTE format('ALTER TABLE response ATTACH PARTITION %I FOR VALUES IN (%L)', part, closing);
    EXECUTE format('ANALYZE %I', part);
    RETURN stored;
END $$;
"""

# What a group of submissions needs: one call that reads, and one that writes all or nothing.
_CAPTURE = """
CREATE FUNCTION invitation_facts(hashes bytea[]) RETURNS TABLE (
    token_hash bytea, id uuid, organisation uuid, campaign uuid, instrument uuid,
    unit_code text, role text, function text, locale text, person uuid, completed boolean,
    fingerprint bytea, state text, mode text, closes_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    owner uuid;
BEGIN
    FOR owner IN
        SELECT DISTINCT t.organisation FROM token_index t WHERE t.token_hash = ANY(hashes)
    LOOP
        PERFORM set_config('opmodel.organisation', owner::text, true);
        RETURN QUERY
        SELECT i.token_hash, i.id, c.organisation, c.id, c.instrument, i.unit_code::text,
               i.role::text, i.function::text, i.locale::text, i.person, i.completed,
               i.fingerprint, c.state::text, c.mode::text, c.closes_at
        FROM invitation i JOIN campaign c ON c.id = i.campaign
        WHERE i.token_hash = ANY(hashes) AND i.organisation = owner;
    END LOOP;
END $$;

CREATE FUNCTION campaigns_with_keys() RETURNS SETOF uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    owner uuid;
BEGIN
    FOR owner IN SELECT id FROM organisation LOOP
        PERFORM set_config('opmodel.organisation', owner::text, true);
        RETURN QUERY SELECT c.id FROM campaign c
        WHERE c.organisation = owner AND c.state IN ('open', 'closing');
    END LOOP;
END $$;

CREATE FUNCTION store_envelope(
    owner uuid, taking uuid, moment timestamptz, invitations uuid[], fingerprints bytea[],
    envelope uuid, sealed bytea, mark bytea) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    spent int;
BEGIN
    PERFORM set_config('opmodel.organisation', owner::text, true);
    -- Closing changes the state of the campaign, and waits here for whoever is storing.
    PERFORM FROM campaign c WHERE c.id = taking AND c.organisation = owner
        AND c.state = 'open' AND (c.closes_at IS NULL OR c.closes_at > moment) FOR SHARE;
    IF NOT FOUND THEN
        RETURN 'not open';
    END IF;
    PERFORM FROM invitation i WHERE i.id = ANY(invitations) AND i.campaign = taking
        AND NOT i.completed ORDER BY i.id FOR UPDATE;
    GET DIAGNOSTICS spent = ROW_COUNT;
    IF spent < cardinality(invitations) THEN
        RETURN 'lost';
    END IF;
    UPDATE invitation i
    SET completed = true, started = true, fingerprint = given.fingerprint, draft = NULL
    FROM unnest(invitations, fingerprints) AS given (id, fingerprint) WHERE i.id = given.id;
    INSERT INTO envelope (id, organisation, campaign, sealed, mark)
    VALUES (store_envelope.envelope, owner, taking, store_envelope.sealed, store_envelope.mark);
    RETURN 'stored';
END $$;
"""

_OF_CLOSING = ("begin_responses(uuid)", "attach_responses(uuid)")
"""Called by the application in the transaction of an organisation."""
_OF_ALL_ORGANISATIONS = (
    "invitation_facts(bytea[])",
    "campaigns_with_keys()",
    "store_envelope(uuid, uuid, timestamptz, uuid[], bytea[], uuid, bytea, bytea)",
)

_SIGNATURES = (*_OF_CLOSING, *_OF_ALL_ORGANISATIONS)

# The caller's temporary tables must not stand in for ours.
_SECURE = """
DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION {0} SET search_path = %I, pg_temp', current_schema());
END $$;
REVOKE ALL ON FUNCTION {0} FROM PUBLIC;
"""

_MOVE = """
DO $$
DECLARE
    moved uuid;
    part text;
BEGIN
    FOR moved IN SELECT DISTINCT campaign FROM response_before LOOP
        part := 'response_' || replace(moved::text, '-', '');
        EXECUTE format('CREATE TABLE %I PARTITION OF response FOR VALUES IN (%L)', part, moved);
        EXECUTE format(
            'INSERT INTO %I (id, organisation, campaign, unit_code, role, function, locale, '
            'submitted_on, imported, consent, person, answers) '
            'SELECT id, organisation, campaign, unit_code, role, function, locale, '
            'submitted_on, NOT EXISTS (SELECT FROM invitation i WHERE i.campaign = %L '
            'AND i.completed), consent, person, answers FROM response_before '
            'WHERE campaign = %L ORDER BY random()', part, moved, moved);
        PERFORM guard_responses(part);
    END LOOP;
END $$;
DROP TABLE response_before;
"""

_RESPONSE_BACK = f"""
ALTER TABLE response RENAME TO response_after;
ALTER TABLE response_after RENAME CONSTRAINT response_pkey TO response_after_pkey;
DROP INDEX response_person;
CREATE TABLE response (
    id uuid PRIMARY KEY,
    organisation uuid NOT NULL,
    campaign uuid NOT NULL,
    unit_code varchar(64) NOT NULL DEFAULT NULL,
    role varchar(16) NOT NULL DEFAULT NULL,
    function varchar(64) DEFAULT NULL,
    locale varchar(35) DEFAULT NULL,
    submitted_on date,
    duration_s integer,
    consent boolean,
    person uuid,
    answers smallint[] NOT NULL,
    CONSTRAINT response_role_is_known CHECK ("role" IN ('sponsor', 'manager', 'contributor')),
    CONSTRAINT response_duration_not_negative CHECK (duration_s >= 0),
    CONSTRAINT response_answers_are_one_row
        CHECK (cardinality(answers) > 0 AND array_ndims(answers) = 1),
    CONSTRAINT response_consent_is_a_sponsors CHECK (role = 'sponsor' OR consent IS NULL),
    CONSTRAINT response_campaign_fkey FOREIGN KEY (organisation, campaign)
        REFERENCES campaign (organisation, id) ON DELETE RESTRICT
);
INSERT INTO response (id, organisation, campaign, unit_code, role, function, locale,
                      submitted_on, consent, person, answers)
SELECT id, organisation, campaign, unit_code, role, function, locale, submitted_on, consent,
       person, answers FROM response_after ORDER BY random();
DROP TABLE response_after;
CREATE INDEX response_campaign ON response USING btree (campaign);
CREATE INDEX response_person ON response USING btree (person);
ALTER TABLE response ALTER COLUMN answers SET STATISTICS 0,
    ALTER COLUMN duration_s SET STATISTICS 0;
ALTER TABLE response ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON response USING (organisation = {_CURRENT})
    WITH CHECK (organisation = {_CURRENT});
GRANT SELECT, INSERT, DELETE ON response TO opmodel_app;
CREATE TRIGGER response_anonymous_names_nobody BEFORE INSERT OR UPDATE ON response
FOR EACH ROW WHEN (NEW.person IS NOT NULL)
EXECUTE FUNCTION refuse_person_in_anonymous_campaign();
"""  # noqa: S608 - our own


# FORCE hides every row from the owner of the tables, too: rows that are not seen would be lost.
_READ = ("campaign", "invitation", "response")


async def _force(how: str) -> None:
    for table in _READ:
        await DB.run_ddl(f"ALTER TABLE {table} {how} ROW LEVEL SECURITY")


async def _seal() -> None:
    await _force("NO FORCE")
    for script in (
        _NONE_IS_OPEN,
        _CAMPAIGN,
        _ENVELOPE,
        _RESPONSE,
        _PARTITIONS,
        _MOVE,
        _KEYS,
        _CAPTURE,
        _actions(*_BEFORE, *_NEW),
    ):
        await DB.run_ddl_script(script)
    for signature in _SIGNATURES:
        await connection().execute(_SECURE.format(signature))
    # The others choose the organisation themselves. Only the login role calls them: within the
    # transaction of one organisation they would lead to the rows of another.
    for signature in _OF_CLOSING:
        await DB.run_ddl(f"GRANT EXECUTE ON FUNCTION {signature} TO opmodel_app")
    await _force("FORCE")


async def _unseal() -> None:
    await _force("NO FORCE")
    for signature in (*_SIGNATURES, "guard_responses(text)"):
        await DB.run_ddl(f"DROP FUNCTION {signature}")
    for script in (
        _NONE_IS_OPEN,
        _RESPONSE_BACK,
        "DROP TABLE envelope",
        _CAMPAIGN_BACK,
        _actions(*_BEFORE),
    ):
        await DB.run_ddl_script(script)
    await _force("FORCE")


class _OwnStatements(MigrationManager):
    """Piccolo knows no partitions: its part is to remember what the tables look like."""

    async def run(self, backwards: bool = False) -> None:  # noqa: FBT001, FBT002 - Piccolo's
        await (_unseal() if backwards else _seal())


def _describe(manager: MigrationManager) -> None:
    manager.add_table(class_name="Envelope", tablename="envelope")
    for name, columns in _NEW_COLUMNS.items():
        for column, kind in columns.items():
            manager.add_column(
                table_class_name=name,
                tablename=name.lower(),
                column_name=column,
                column_class_name=type(kind).__name__,
                column_class=type(kind),
                params=kind._meta.params,
            )
    for name, checks in _NEW_CHECKS.items():
        for check, condition in checks.items():
            manager.add_constraint(
                table_class_name=name,
                tablename=name.lower(),
                constraint_name=check,
                constraint_class=Check,
                params={"condition": condition},
            )
    response: dict[str, Any] = {"table_class_name": "Response", "tablename": "response"}
    manager.drop_column(column_name="duration_s", **response)
    manager.drop_constraint(constraint_name="response_duration_not_negative", **response)
    manager.alter_column(
        column_name="campaign",
        params={"index": False},
        old_params={"index": True},
        column_class=ForeignKey,
        old_column_class=ForeignKey,
        **response,
    )


async def forwards() -> MigrationManager:
    manager = _OwnStatements(migration_id=ID, app_name="models", description=DESCRIPTION)
    _describe(manager)
    return manager
