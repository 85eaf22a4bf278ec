"""`opmodel restore`: a backup in place of what the database holds, all of it or nothing."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from uuid import UUID

import click

from api.cli.environment import (
    configured_backup_key,
    configured_keys,
    reach_database,
    tell_all,
)
from api.cli.passphrase import chosen_passphrase, passphrase_option
from api.terminal.words import printable
from models.backup.archive import OpenedBackup
from models.backup.restoring import RestoredCampaign, restore
from models.backup.verifying import opened_archive
from models.enums import AuditAction
from survey.sealing.key_export import opened_keys
from survey.sealing.key_folder import CampaignKeys, KeyFolder

__all__ = ["command"]

Keys = Mapping[UUID, CampaignKeys]


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace the data that the database holds.")
@click.option(
    "--unverified", is_flag=True, help="Do not ask who wrote the file and whether it changed."
)
@click.option("--without-keys", is_flag=True, help="Leave the keys of campaigns in the file.")
@passphrase_option
def command(
    *,
    file: Path,
    force: bool,
    unverified: bool,
    without_keys: bool,
    passphrase_file: Path | None,
) -> None:
    """Read FILE, a backup, into the database: every row of it, or nothing.

    The file is checked first, and needs the backup key of the installation that wrote it. The
    database has to be empty unless --force is given, and no server or worker may use it. Tables
    of an older version are brought up to date afterwards. Invitations that are open need the
    server key of the installation that was backed up.

    Campaigns that were open need their keys. If the file holds them, they are put back into the
    key folder. If a campaign has closed since, its keys were destroyed: without a copy of them
    it can only be abandoned.
    """
    folder = configured_keys()
    mac_key = None if unverified else configured_backup_key(folder, verifying=True)
    with opened_archive(file, mac_key=mac_key) as backup:
        keys = {} if without_keys else _keys_of(backup, passphrase_file)
        folder.require_room(keys)
        needing = _restored(backup, folder, keys, force=force)
    manifest = backup.manifest
    click.echo(
        f"Restored {manifest.rows:,} rows of {len(manifest.tables)} tables, as of "
        f"{manifest.created_at:%Y-%m-%d %H:%M} UTC."
    )
    for line in _about_keys(needing, folder, keys):
        click.echo(line, err=True)


def _keys_of(backup: OpenedBackup, passphrase_file: Path | None) -> Keys:
    content = backup.keys()
    return {} if content is None else opened_keys(content, chosen_passphrase(passphrase_file))


def _restored(
    backup: OpenedBackup, folder: KeyFolder, keys: Keys, *, force: bool
) -> list[RestoredCampaign]:
    """Restore rows and keys; return the campaigns that need keys."""
    needing: list[RestoredCampaign] = []

    def put_keys_back(campaigns: Sequence[RestoredCampaign]) -> None:
        needing.extend(campaigns)
        folder.put_back({one.id: keys[one.id] for one in campaigns if one.id in keys})

    with reach_database() as database:
        asyncio.run(restore(database.owner, backup, replace=force, before_commit=put_keys_back))
        facts = {"asOf": backup.manifest.created_at.isoformat()}
        tell_all(database, AuditAction.BACKUP_RESTORED, facts)
    return needing


def _about_keys(
    needing: Sequence[RestoredCampaign], folder: KeyFolder, keys: Keys
) -> Iterator[str]:
    """Say which campaigns have their keys again, and what can be done about the others."""
    why = {one.campaign: one.reason for one in folder.problems(one.id for one in needing)}
    for one in needing:
        name = f"{printable(one.name)}, wave {one.wave}"
        abandon = f"opmodel campaign abandon {one.id} --organisation {one.organisation}"
        if one.id not in why:
            came = "came back with the backup" if one.id in keys else "were here"
            yield f"{name}: its keys {came}; it takes answers and can be closed."
        elif one.has_ended_since:
            yield (
                f"{name}: it has ended since this backup, and its keys were destroyed. Its "
                f"answers cannot be opened any more; end it with: {abandon}"
            )
        else:
            yield (
                f"{name}: it takes no answers and cannot be closed without its keys: "
                f"{printable(why[one.id])}. Put {one.id}.secret and {one.id}.key there. If "
                "it has closed since this backup, they were destroyed; then end it with: "
                f"{abandon}"
            )
