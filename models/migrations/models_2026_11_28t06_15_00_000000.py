"""The rows of imported files are remembered, as keyed hashes, until their campaign closes.

Safe while the application runs: a new table, and a right more. Rows that were imported before
are not remembered; campaigns that are open meanwhile know them by the hash of their file only.
Undo: drops the table and takes the right back.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Bytea, ForeignKey, OnDelete
from piccolo.constraints import Check
from piccolo.table import Table

from models.engine import DB
from models.identifiers import RandomId

ID = "2026-11-28T06:15:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Remember the rows of imported files until the campaign closes."


class Campaign(Table, tablename="campaign"):
    id = UUID(primary_key=True)


class ImportedRows(Table, tablename="imported_rows"):
    id = UUID(primary_key=True, default=RandomId())
    organisation = UUID(default=None)
    campaign = ForeignKey(Campaign, on_delete=OnDelete.restrict, null=False, unique=True)
    respondents = Bytea(default=b"")
    sheets = Bytea(default=b"")
    imported_rows_respondents_are_hashes = Check("octet_length(respondents) % 32 = 0")
    imported_rows_sheets_are_hashes = Check("octet_length(sheets) % 32 = 0")


_CURRENT = "(SELECT nullif(current_setting('opmodel.organisation', true), '')::uuid)"

# The reference names the organisation, as those of the other tables do. Statistics would sample
# hashes and keep them after the campaign has closed.
_GUARDS = (
    "ALTER TABLE imported_rows DROP CONSTRAINT imported_rows_campaign_fkey, "
    "ADD CONSTRAINT imported_rows_campaign_fkey FOREIGN KEY (organisation, campaign) "
    "REFERENCES campaign (organisation, id) ON DELETE RESTRICT",
    "ALTER TABLE imported_rows ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
    f"CREATE POLICY tenant ON imported_rows USING (organisation = {_CURRENT}) "
    f"WITH CHECK (organisation = {_CURRENT})",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON imported_rows TO opmodel_app",
    "ALTER TABLE imported_rows ALTER COLUMN respondents SET STATISTICS 0, "
    "ALTER COLUMN sheets SET STATISTICS 0",
    "GRANT DELETE ON imported_file TO opmodel_app",
)


class _TableThenGuards(MigrationManager):
    """Piccolo runs steps of our own before it adds tables; these steps need the table."""

    async def run(self, backwards: bool = False) -> None:  # noqa: FBT001, FBT002 - Piccolo's
        await super().run(backwards=backwards)
        if backwards:
            await DB.run_ddl("REVOKE DELETE ON imported_file FROM opmodel_app")
        else:
            for guard in _GUARDS:
                await DB.run_ddl(guard)


async def forwards() -> MigrationManager:
    manager = _TableThenGuards(migration_id=ID, app_name="models", description=DESCRIPTION)
    name, tablename = ImportedRows.__name__, ImportedRows._meta.tablename
    manager.add_table(class_name=name, tablename=tablename)
    for column in ImportedRows._meta.columns:
        manager.add_column(
            table_class_name=name,
            tablename=tablename,
            column_name=column._meta.name,
            column_class_name=type(column).__name__,
            column_class=type(column),
            params=column._meta.params,
        )
    for constraint in ImportedRows._meta.constraints:
        manager.add_constraint(
            table_class_name=name,
            tablename=tablename,
            constraint_name=constraint._meta.name,
            constraint_class=type(constraint),
            params={"condition": constraint.condition},  # type: ignore[attr-defined]  # a Check
        )
    return manager
