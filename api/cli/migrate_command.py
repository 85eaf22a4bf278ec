"""`opmodel migrate`: the tables as this version of opmodel needs them."""

import asyncio
import sys

import click

from api.cli.environment import reach_database
from api.failures import FAILED
from models.migrate import migrate, pending_migrations

__all__ = ["command"]


@click.command("migrate")
@click.option("--check", is_flag=True, help="Change nothing; fail if a migration is missing.")
def command(check: bool) -> None:  # noqa: FBT001 - click passes by name
    """Bring the database to the current tables.

    Run it once per release, before the servers start; several at once wait for each other. The
    role of DATABASE_OWNER_URL, or else of DATABASE_URL, has to own the tables and, the first
    time, to be able to create a role. If DATABASE_URL names the role opmodel_login, the
    password in it, or else in PGPASSWORD, becomes that of the role.
    """
    with reach_database() as database:
        if check:
            _report_missing(asyncio.run(pending_migrations(database.owner)))
        else:
            _report_applied(asyncio.run(migrate(database.owner, login=database.dsn)))


def _report_applied(applied: list[str]) -> None:
    for migration in applied:
        click.echo(f"applied {migration}")
    if not applied:
        click.echo("The database is up to date.")


def _report_missing(missing: list[str]) -> None:
    for migration in missing:
        click.echo(f"missing {migration}")
    if missing:
        sys.exit(FAILED)
    click.echo("The database is up to date.")
