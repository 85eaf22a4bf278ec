"""A campaign can be scheduled, and says when its messages and reminders leave.

Safe while the application runs: it allows more than before. Undo: refused by the database if a
campaign is scheduled, or if an action has been recorded that the version before does not know.
"""

import re

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import (
    JSONB,
    UUID,
    Array,
    Boolean,
    Column,
    SmallInt,
    Timestamptz,
    Varchar,
)
from piccolo.constraints import Check

from models.engine import DB, connection

ID = "2026-11-28T19:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Let campaigns be scheduled and have a plan of reminders"

_COLUMNS: dict[str, dict[str, Column]] = {
    "Campaign": {
        "channel": Varchar(length=32, null=True, default=None),
        "problem": JSONB(null=True, default=None),
        "sending_window": JSONB(null=True, default=None),
        "reminders": Array(base_column=SmallInt(default=None), default=list),
        "reminder_hour": SmallInt(null=True, default=None),
        "invite_joiners": Boolean(default=False),
        "next_reminder_at": Timestamptz(null=True, default=None),
        "reminder_chain": UUID(null=True, default=None),
    },
    "Organisation": {"time_zone": Varchar(length=64, default="UTC")},
    "Person": {"time_zone": Varchar(length=64, null=True, default=None)},
}
_TABLES = {"Campaign": "campaign", "Organisation": "organisation", "Person": "person"}
_CHECKS = {
    "campaign_scheduled_has_a_time": "state <> 'scheduled' OR "
    "num_nonnulls(opens_at, channel) = 2",
    "campaign_problem_only_when_scheduled": "problem IS NULL OR state = 'scheduled'",
    "campaign_problem_is_an_object": "jsonb_typeof(problem) = 'object'",
    "campaign_sending_window_is_an_object": "jsonb_typeof(sending_window) = 'object'",
    "campaign_reminders_are_few": "cardinality(reminders) <= 5",
    "campaign_reminder_hour_in_range": "reminder_hour BETWEEN 0 AND 23",
}
_ACTIONS = (
    "campaign.scheduled",
    "invitations.sent",
    "invitations.reminded",
    "invitations.joined",
)

# A campaign locks when it opens, and not when it is scheduled.
_STATES = """
ALTER TABLE campaign
    DROP CONSTRAINT campaign_state_is_known,
    DROP CONSTRAINT campaign_opened_has_a_time,
    ADD CONSTRAINT campaign_state_is_known CHECK ("state" IN ({known})),
    ADD CONSTRAINT campaign_opened_has_a_time CHECK (({before}) = (opened_at IS NULL));

DROP TRIGGER campaign_goes_forwards ON campaign;
CREATE TRIGGER campaign_goes_forwards BEFORE UPDATE ON campaign
FOR EACH ROW WHEN (
    OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        {moves}
        ('draft', 'open'), ('open', 'closing'), ('closing', 'closed'),
        ('open', 'abandoned'), ('closing', 'abandoned'))
)
EXECUTE FUNCTION refuse_campaign_going_back();

DROP TRIGGER campaign_locks_when_it_opens ON campaign;
CREATE TRIGGER campaign_locks_when_it_opens BEFORE UPDATE ON campaign
FOR EACH ROW WHEN (
    {after}
    AND (OLD.mode, OLD.min_group, OLD.min_comments, OLD.min_drivers, OLD.instrument, OLD.wave,
         OLD.audience, OLD.audience_people)
        IS DISTINCT FROM
        (NEW.mode, NEW.min_group, NEW.min_comments, NEW.min_drivers, NEW.instrument, NEW.wave,
         NEW.audience, NEW.audience_people)
)
EXECUTE FUNCTION refuse_change_of_locked_campaign();
"""
_FORTH = {
    "known": "'draft', 'scheduled', 'open', 'closing', 'closed', 'abandoned'",
    "before": "state IN ('draft', 'scheduled')",
    "moves": "('draft', 'scheduled'), ('scheduled', 'draft'), ('scheduled', 'open'),",
    "after": "OLD.state NOT IN ('draft', 'scheduled')",
}
_BACK = {
    "known": "'draft', 'open', 'closing', 'closed', 'abandoned'",
    "before": "state = 'draft'",
    "moves": "",
    "after": "OLD.state <> 'draft'",
}

# Open campaigns go on with the channel that they were opened with.
_CHANNELS = """
ALTER TABLE campaign NO FORCE ROW LEVEL SECURITY;
ALTER TABLE delivery NO FORCE ROW LEVEL SECURITY;
UPDATE campaign c SET channel = d.channel
FROM (SELECT DISTINCT ON (campaign) campaign, channel FROM delivery ORDER BY campaign, id) AS d
WHERE d.campaign = c.id;
ALTER TABLE campaign FORCE ROW LEVEL SECURITY;
ALTER TABLE delivery FORCE ROW LEVEL SECURITY;
"""

_RULE = """
SELECT pg_get_constraintdef(oid) FROM pg_constraint
WHERE conname = 'audit_event_action_is_known' AND conrelid = 'audit_event'::regclass
"""
_RESTRICT = """
ALTER TABLE audit_event
    DROP CONSTRAINT audit_event_action_is_known,
    ADD CONSTRAINT audit_event_action_is_known CHECK ("action" IN ({}));
"""


async def _restrict_actions(*, to_new: bool) -> None:
    """Add our actions to those that the trail knows, or take them away again."""
    known = re.findall(r"'([a-z_.]+)'", await connection().fetchval(_RULE))
    actions = [*known, *_ACTIONS] if to_new else [x for x in known if x not in _ACTIONS]
    await DB.run_ddl_script(_RESTRICT.format(", ".join(f"'{action}'" for action in actions)))


class _ColumnsThenRules(MigrationManager):
    """Piccolo adds the columns, then come the rules that it has no words for."""

    async def run(self, backwards: bool = False) -> None:  # noqa: FBT001, FBT002 - Piccolo's
        await DB.run_ddl_script(_STATES.format(**(_BACK if backwards else _FORTH)))
        await _restrict_actions(to_new=not backwards)
        await super().run(backwards=backwards)
        if not backwards:
            await DB.run_ddl_script(_CHANNELS)


async def forwards() -> MigrationManager:
    manager = _ColumnsThenRules(migration_id=ID, app_name="models", description=DESCRIPTION)
    for name, columns in _COLUMNS.items():
        for column, kind in columns.items():
            manager.add_column(
                table_class_name=name,
                tablename=_TABLES[name],
                column_name=column,
                column_class_name=type(kind).__name__,
                column_class=type(kind),
                params=kind._meta.params,
            )
    for check, condition in _CHECKS.items():
        manager.add_constraint(
            table_class_name="Campaign",
            tablename="campaign",
            constraint_name=check,
            constraint_class=Check,
            params={"condition": condition},
        )
    return manager
