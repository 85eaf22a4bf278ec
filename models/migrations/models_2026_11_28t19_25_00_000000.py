"""A campaign has an audience, and keeps what it has shown of its participation.

Safe while the application runs: new columns with constant defaults, and a trigger that locks the
audience as well. Undo: drops the columns, and with them the audiences of drafts.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import JSONB, UUID, Array, Column, Integer
from piccolo.constraints import Check

from models.engine import DB

ID = "2026-11-28T19:25:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Let a campaign have an audience, and keep what participation it has shown."

_COLUMNS: dict[tuple[str, str], dict[str, Column]] = {
    ("Campaign", "campaign"): {
        "audience": JSONB(null=True, default=None),
        "audience_people": Array(base_column=UUID(default=None), default=list),
    },
    ("CampaignUnit", "campaign_unit"): {
        "managers": Integer(null=True, default=None),
        "contributors": Integer(null=True, default=None),
    },
    ("ParticipationSteps", "participation_steps"): {"shown": JSONB(default="[]")},
}
_CHECKS = {
    "campaign_unit_population_is_known_or_not": (
        "num_nonnulls(managers, contributors) IN (0, 2)"
    ),
    "campaign_unit_population_not_negative": "managers >= 0 AND contributors >= 0",
}

_LOCKED = "mode, min_group, min_comments, min_drivers, instrument, wave"
_LOCK = """
DROP TRIGGER campaign_locks_when_it_opens ON campaign;
CREATE TRIGGER campaign_locks_when_it_opens BEFORE UPDATE ON campaign
FOR EACH ROW WHEN (
    OLD.state <> 'draft' AND ({old}) IS DISTINCT FROM ({new})
)
EXECUTE FUNCTION refuse_change_of_locked_campaign();
"""


def _lock(columns: str) -> str:
    names = columns.split(", ")
    return _LOCK.format(
        old=", ".join(f"OLD.{name}" for name in names),
        new=", ".join(f"NEW.{name}" for name in names),
    )


class _LockedColumns(MigrationManager):
    """Piccolo runs steps of our own before it adds columns; the lock needs them."""

    async def run(self, backwards: bool = False) -> None:  # noqa: FBT001, FBT002 - Piccolo's
        if backwards:
            await DB.run_ddl_script(_lock(_LOCKED))
        await super().run(backwards=backwards)
        if not backwards:
            await DB.run_ddl_script(_lock(f"{_LOCKED}, audience, audience_people"))


async def forwards() -> MigrationManager:
    manager = _LockedColumns(migration_id=ID, app_name="models", description=DESCRIPTION)
    for (table, tablename), columns in _COLUMNS.items():
        for name, column in columns.items():
            manager.add_column(
                table_class_name=table,
                tablename=tablename,
                column_name=name,
                column_class_name=type(column).__name__,
                column_class=type(column),
                params=column._meta.params,
            )
    for name, condition in _CHECKS.items():
        manager.add_constraint(
            table_class_name="CampaignUnit",
            tablename="campaign_unit",
            constraint_name=name,
            constraint_class=Check,
            params={"condition": condition},
        )
    return manager
