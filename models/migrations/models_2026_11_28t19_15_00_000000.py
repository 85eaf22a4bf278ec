"""Organisations set up channels of their own, and campaigns have words of their own.

Safe while the application runs: two new tables, and more actions in the audit trail. Undo: drops
the tables; refused by the database if one of the actions has been recorded.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import (
    JSONB,
    UUID,
    Bytea,
    ForeignKey,
    Integer,
    OnDelete,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.constraints import Check, Constraint, Unique
from piccolo.table import Table

from models.engine import DB
from models.identifiers import TimeOrderedId

ID = "2026-11-28T19:15:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Channels of organisations, and own words of campaigns"


class Organisation(Table, tablename="organisation"):
    id = UUID(primary_key=True)


class Campaign(Table, tablename="campaign"):
    id = UUID(primary_key=True)


class Channel(Table, tablename="channel"):
    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = ForeignKey(Organisation, null=False, on_delete=OnDelete.restrict)
    kind = Varchar(length=32, default=None)
    settings = JSONB(default="{}")
    secrets = Bytea(null=True, default=None)
    revision = Integer(default=1)
    free_at = Timestamptz(null=True, default=None)
    updated_at = Timestamptz(default=None)

    channel_kind_once = Unique(["organisation", "kind"])
    channel_kind_not_empty = Check("kind <> ''")
    channel_settings_are_an_object = Check("jsonb_typeof(settings) = 'object'")


class CampaignWording(Table, tablename="campaign_wording"):
    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = UUID(default=None)
    campaign = ForeignKey(Campaign, null=False, on_delete=OnDelete.cascade)
    kind = Varchar(length=16, default=None)
    locale = Varchar(length=35, default=None)
    subject = Varchar(length=200, default=None)
    text = Text(default=None)

    campaign_wording_once = Unique(["campaign", "kind", "locale"])
    campaign_wording_kind_is_known = Check("\"kind\" IN ('invitation', 'reminder')")


_TABLES: tuple[type[Table], ...] = (Channel, CampaignWording)
_CURRENT = "(SELECT nullif(current_setting('opmodel.organisation', true), '')::uuid)"

# The reference names the organisation, as those of the other tables do.
_REFERENCE = """
ALTER TABLE campaign_wording DROP CONSTRAINT campaign_wording_campaign_fkey,
    ADD CONSTRAINT campaign_wording_campaign_fkey FOREIGN KEY (organisation, campaign)
        REFERENCES campaign (organisation, id) ON DELETE CASCADE;
"""
_GUARD = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {table} USING (organisation = {current})
    WITH CHECK (organisation = {current});
GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO opmodel_app;
"""

_ACTIONS = (
    "channel.set",
    "channel.removed",
    "channel.tested",
    "deliveries.requeued",
    "wording.changed",
)
# Other steps of the same days add actions, too: each adds its own to those that are there.
_MORE_ACTIONS = """
DO $$
DECLARE
    words text[] := ARRAY{words}::text[];
    known text[];
BEGIN
    SELECT array_agg(quoted.parts[1]) INTO known FROM pg_constraint,
        regexp_matches(pg_get_constraintdef(oid), '''([^'']+)''', 'g') AS quoted (parts)
    WHERE conname = 'audit_event_action_is_known' AND conrelid = 'audit_event'::regclass;
    known := {change};
    EXECUTE format(
        'ALTER TABLE audit_event DROP CONSTRAINT audit_event_action_is_known, '
        'ADD CONSTRAINT audit_event_action_is_known CHECK ("action" IN (%s))',
        (SELECT string_agg(quote_literal(word), ', ' ORDER BY place)
         FROM unnest(known) WITH ORDINALITY AS listed (word, place)));
END $$;
"""
_ADDED = "known || words"
_REMOVED = "ARRAY(SELECT word FROM unnest(known) AS word WHERE word <> ALL (words))"


class _TablesThenGuards(MigrationManager):
    """Piccolo runs steps of our own before it adds tables; these steps need the tables."""

    async def run(self, backwards: bool = False) -> None:  # noqa: FBT001, FBT002 - Piccolo's
        change = _REMOVED if backwards else _ADDED
        await DB.run_ddl_script(_MORE_ACTIONS.format(words=list(_ACTIONS), change=change))
        await super().run(backwards=backwards)
        if backwards:
            return
        await DB.run_ddl_script(_REFERENCE)
        for table in _TABLES:
            name = table._meta.tablename
            await DB.run_ddl_script(_GUARD.format(table=name, current=_CURRENT))


async def forwards() -> MigrationManager:
    manager = _TablesThenGuards(migration_id=ID, app_name="models", description=DESCRIPTION)
    for table in _TABLES:
        name, tablename = table.__name__, table._meta.tablename
        manager.add_table(class_name=name, tablename=tablename)
        for column in table._meta.columns:
            manager.add_column(
                table_class_name=name,
                tablename=tablename,
                column_name=column._meta.name,
                column_class_name=type(column).__name__,
                column_class=type(column),
                params=column._meta.params,
            )
        for constraint in table._meta.constraints:
            _add_constraint(manager, table, constraint)
    return manager


def _add_constraint(
    manager: MigrationManager, table: type[Table], constraint: Constraint
) -> None:
    manager.add_constraint(
        table_class_name=table.__name__,
        tablename=table._meta.tablename,
        constraint_name=constraint._meta.name,
        constraint_class=type(constraint),
        params=constraint._meta.params,
    )
