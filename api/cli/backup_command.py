"""`opmodel backup`: every row of the database in one new file."""

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path

import click

from api.cli.environment import reach_database, tell_all
from models.backup.backing_up import back_up
from models.enums import AuditAction
from models.location import data_directory
from survey.access.server_key import KEY_FILE, KEY_VARIABLE
from survey.sealing.key_folder import KEYS_VARIABLE

__all__ = ["command"]


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def command(file: Path) -> None:
    """Write every row of the database to FILE, which must not exist.

    Servers and workers may go on meanwhile: all tables are read as of one moment. The file is
    read back once to see that it is whole. It holds people and answers, so only its owner can
    read it. Answers to open campaigns are in it as they lie in the database: sealed. Neither
    the server key nor the keys of these campaigns are in it: keep them somewhere else.
    """
    if file.exists():
        msg = f"{file} exists already; a backup is not overwritten."
        raise click.BadParameter(msg, param_hint="FILE")
    now = datetime.now(UTC)
    with reach_database() as database:
        # First, so that the backup itself tells of it.
        tell_all(database, AuditAction.BACKUP_MADE, {})
        manifest = asyncio.run(back_up(database.dsn, file, now=now))
    click.echo(
        f"{file}: {manifest.rows:,} rows of {len(manifest.tables)} tables, "
        f"{file.stat().st_size / 1e6:,.1f} MB, verified."
    )
    key_file = data_directory(os.environ) / KEY_FILE
    click.echo(
        f"The server key ({KEY_VARIABLE}, or {key_file}) is not in it. Keep it apart: without "
        "it no open invitation can be answered or sent again. The same holds for the keys of "
        f"open campaigns ({KEYS_VARIABLE}): without them the answers so far cannot be read.",
        err=True,
    )
