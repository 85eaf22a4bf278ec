"""`opmodel backup`: every row of the database in one new file."""

import asyncio
import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from api.cli.environment import (
    configured_backup_key,
    configured_keys,
    on_database,
    reach_database,
    tell_all,
)
from api.cli.passphrase import chosen_passphrase, passphrase_option
from models.backup.archive import SealedKeys
from models.backup.backing_up import back_up
from models.enums import AuditAction
from models.location import data_directory
from survey.access.server_key import (
    BACKUP_KEY_FILE,
    BACKUP_KEY_VARIABLE,
    KEY_FILE,
    KEY_VARIABLE,
)
from survey.campaigns.key_exports import export_keys
from survey.sealing.errors import KeysMissing
from survey.sealing.key_export import exported_keys, require_passphrase
from survey.sealing.key_folder import KeyFolder

__all__ = ["command"]


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--with-keys", is_flag=True, help="Take the keys of open campaigns as well.")
@passphrase_option
def command(*, file: Path, with_keys: bool, passphrase_file: Path | None) -> None:
    """Write every row of the database to FILE, which must not exist.

    Servers and workers may go on meanwhile: all tables are read as of one moment. The file is
    read back once to see that it is whole. It holds people and answers, so only its owner can
    read it. Answers to open campaigns are in it as they lie in the database: sealed.

    The server key is never in it, nor is the key that marks the backup as yours. The keys of
    open campaigns are only in it with --with-keys, under a passphrase. Whoever has the
    passphrase and the file can read the answers to these campaigns, after their close as well,
    so the privacy statement of each says when its keys were taken.
    """
    if file.exists():
        msg = f"{file} exists already; a backup is not overwritten."
        raise click.BadParameter(msg, param_hint="FILE")
    if passphrase_file is not None and not with_keys:
        msg = "--passphrase-file is for the keys: add --with-keys, or leave it out."
        raise click.UsageError(msg)
    folder = configured_keys()
    mac_key = configured_backup_key(folder)
    sealed = _sealed_keys(folder, passphrase_file) if with_keys else None
    with reach_database() as database:
        # First, so that the backup itself tells of it.
        tell_all(database, AuditAction.BACKUP_MADE, {"withKeys": sealed is not None})
        manifest = asyncio.run(
            back_up(database.owner, file, mac_key=mac_key, keys=sealed, now=_now())
        )
    click.echo(
        f"{file}: {manifest.rows:,} rows of {len(manifest.tables)} tables, "
        f"{file.stat().st_size / 1e6:,.1f} MB, verified."
    )
    for line in _left_out(folder, sealed):
        click.echo(line, err=True)


def _sealed_keys(folder: KeyFolder, passphrase_file: Path | None) -> SealedKeys | None:
    """Record the export, which the backup then holds, and encrypt the keys, if any."""
    passphrase = chosen_passphrase(passphrase_file, new=True)
    require_passphrase(passphrase)
    export = on_database(lambda: export_keys(folder, now=_now()))
    for line in _missing(export.missing):
        click.echo(line, err=True)
    if not export.keys:
        return None
    return SealedKeys(
        campaigns=tuple(export.keys), content=exported_keys(export.keys, passphrase)
    )


def _missing(missing: Sequence[KeysMissing]) -> Iterator[str]:
    for one in missing:
        yield f"The keys of campaign {one.campaign} are not in the backup: {one.reason}."


def _left_out(folder: KeyFolder, sealed: SealedKeys | None) -> Iterator[str]:
    """Say what the backup does not hold, and what that means."""
    key_file = data_directory(os.environ) / KEY_FILE
    backup_key = folder.folder / BACKUP_KEY_FILE
    yield (
        f"Keep the server key ({KEY_VARIABLE}, or {key_file}) apart from it: without it no "
        "open invitation can be answered or sent again. Keep the backup key "
        f"({BACKUP_KEY_VARIABLE}, or {backup_key}) as well: without it nobody can tell whether "
        "the backup was changed."
    )
    if sealed is None:
        yield (
            f"No key of an open campaign ({folder.folder}) is in it: without them the answers "
            "so far cannot be read. --with-keys takes what there is, under a passphrase."
        )
    else:
        count = len(sealed.campaigns)
        yield f"Keys in it, under the passphrase: of {count} open campaign{'s'[: count != 1]}."


def _now() -> datetime:
    return datetime.now(UTC)
