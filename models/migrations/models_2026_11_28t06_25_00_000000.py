"""What is shown of the participation in an open campaign is stored, and moves in steps.

Safe while the application runs: a new table. Undo: drops the table.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import JSONB, UUID, ForeignKey, OnDelete, Timestamptz
from piccolo.table import Table

from models.engine import DB
from models.identifiers import TimeOrderedId

ID = "2026-11-28T06:25:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Show the participation of an open campaign in steps."


class Campaign(Table, tablename="campaign"):
    id = UUID(primary_key=True)


class ParticipationSteps(Table, tablename="participation_steps"):
    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = UUID(default=None)
    campaign = ForeignKey(Campaign, on_delete=OnDelete.restrict, null=False, unique=True)
    as_of = Timestamptz(default=None)
    steps = JSONB(default=None)


_CURRENT = "(SELECT nullif(current_setting('opmodel.organisation', true), '')::uuid)"

# The reference names the organisation, as those of the other tables do.
_GUARDS = (
    "ALTER TABLE participation_steps DROP CONSTRAINT participation_steps_campaign_fkey, "
    "ADD CONSTRAINT participation_steps_campaign_fkey FOREIGN KEY (organisation, campaign) "
    "REFERENCES campaign (organisation, id) ON DELETE RESTRICT",
    "ALTER TABLE participation_steps ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
    f"CREATE POLICY tenant ON participation_steps USING (organisation = {_CURRENT}) "
    f"WITH CHECK (organisation = {_CURRENT})",
    "GRANT SELECT, INSERT, UPDATE ON participation_steps TO opmodel_app",
)


class _TableThenGuards(MigrationManager):
    """Piccolo runs steps of our own before it adds tables; these steps need the table."""

    async def run(self, backwards: bool = False) -> None:  # noqa: FBT001, FBT002 - Piccolo's
        await super().run(backwards=backwards)
        if not backwards:
            for guard in _GUARDS:
                await DB.run_ddl(guard)


async def forwards() -> MigrationManager:
    manager = _TableThenGuards(migration_id=ID, app_name="models", description=DESCRIPTION)
    name, tablename = ParticipationSteps.__name__, ParticipationSteps._meta.tablename
    manager.add_table(class_name=name, tablename=tablename)
    for column in ParticipationSteps._meta.columns:
        manager.add_column(
            table_class_name=name,
            tablename=tablename,
            column_name=column._meta.name,
            column_class_name=type(column).__name__,
            column_class=type(column),
            params=column._meta.params,
        )
    return manager
