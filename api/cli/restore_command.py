"""`opmodel restore`: a backup in place of what the database holds, all of it or nothing."""

import asyncio
from pathlib import Path

import click

from api.cli.environment import reach_database, tell_all
from models.backup.restoring import restore
from models.enums import AuditAction

__all__ = ["command"]


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace the data that the database holds.")
def command(*, file: Path, force: bool) -> None:
    """Read FILE, a backup, into the database: every row of it, or nothing.

    The file is checked first. The database has to be empty unless --force is given, and no
    server or worker may use it. Tables of an older version are brought up to date afterwards.
    Invitations that are open need the server key of the installation that was backed up, and
    campaigns that were open need their keys. If these were destroyed because a campaign has
    closed since, it can only be abandoned.
    """
    with reach_database() as database:
        manifest = asyncio.run(restore(database.dsn, file, replace=force))
        facts = {"asOf": manifest.created_at.isoformat()}
        tell_all(database, AuditAction.BACKUP_RESTORED, facts)
    click.echo(
        f"Restored {manifest.rows:,} rows of {len(manifest.tables)} tables, as of "
        f"{manifest.created_at:%Y-%m-%d %H:%M} UTC."
    )
