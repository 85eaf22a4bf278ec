"""An invitation can be late or revoked, and a reminder has a number that is used once.

Safe while the application runs: new columns with constant defaults. Undo: drops them.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Boolean, Column, SmallInt
from piccolo.constraints import Check, Unique

from models.engine import DB

ID = "2026-11-28T19:35:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Let invitations be late or revoked, and queue each reminder once"

_COLUMNS: dict[str, dict[str, Column]] = {
    "Invitation": {
        "invited_late": Boolean(default=False),
        "revoked": Boolean(default=False),
    },
    "Delivery": {"number": SmallInt(null=True, default=None)},
}
_CHECKS = {
    "delivery_number_is_of_a_reminder": "number IS NULL OR kind = 'reminder'",
    "delivery_number_is_positive": "number >= 1",
}


class _ColumnsThenGrants(MigrationManager):
    """The application may revoke an invitation; it cannot move one."""

    async def run(self, backwards: bool = False) -> None:  # noqa: FBT001, FBT002 - Piccolo's
        await super().run(backwards=backwards)
        if not backwards:
            await DB.run_ddl("GRANT UPDATE (revoked) ON invitation TO opmodel_app")


async def forwards() -> MigrationManager:
    manager = _ColumnsThenGrants(migration_id=ID, app_name="models", description=DESCRIPTION)
    for name, columns in _COLUMNS.items():
        for column, kind in columns.items():
            manager.add_column(
                table_class_name=name,
                tablename=name.lower(),
                column_name=column,
                column_class_name=type(kind).__name__,
                column_class=type(kind),
                params=kind._meta.params,
            )
    for check, condition in _CHECKS.items():
        manager.add_constraint(
            table_class_name="Delivery",
            tablename="delivery",
            constraint_name=check,
            constraint_class=Check,
            params={"condition": condition},
        )
    manager.add_constraint(
        table_class_name="Delivery",
        tablename="delivery",
        constraint_name="delivery_reminder_once",
        constraint_class=Unique,
        params={"columns": ["invitation", "number"], "nulls_distinct": True},
    )
    return manager
