"""What commands find around them, decided here for all: database, its tables, server key."""

import asyncio
import os
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import click

from api.failures import CommandFailed
from models.engine import start_engine, stop_engine
from models.enums import AuditAction
from models.location import (
    OWNER_VARIABLE,
    RunningDatabase,
    data_directory,
    resolve_database,
    running_database,
)
from models.login import is_owner
from models.migrate import migrate, pending_migrations
from survey.access.audit import use_server_key
from survey.access.audit_chain import Facts
from survey.access.errors import TrailKeyDiffers
from survey.access.server_key import backup_key, server_key
from survey.directory.organisations import record_for_all
from survey.sealing.key_folder import KeyFolder, key_folder

__all__ = [
    "configured_backup_key",
    "configured_keys",
    "configured_server_key",
    "on_database",
    "reach_database",
    "require_owner",
    "see_to_tables",
    "tell_all",
]

_POOL_MAX = 2

Result = TypeVar("Result")


def reach_database() -> Any:
    """Reach the database that the environment names, as a context manager of `RunningDatabase`.

    Raises
    ------
    DatabaseNotConfigured
        Neither an address nor an embedded server; the message says what to set.
    EmbeddedServerFailed
        The embedded server does not start.
    """
    return running_database(resolve_database(os.environ))


def configured_server_key() -> bytes:
    """Return the server key of this machine; made on first use.

    Raises
    ------
    ServerKeyRefused
        It is too short, or others can read it.
    """
    return server_key(os.environ, home=data_directory(os.environ))


def configured_keys() -> KeyFolder:
    """Return the key folder of this installation.

    Raises
    ------
    KeyFolderRefused
        ``DATABASE_URL`` is set, and the folder is not; or it lies inside the database's own.
    """
    location = resolve_database(os.environ)
    home = location.home if location.is_embedded else None
    return key_folder(os.environ, home=home, database=location.database)


def configured_backup_key(keys: KeyFolder, *, verifying: bool = False) -> bytes:
    """Return the key that marks the backups of this installation.

    Parameters
    ----------
    keys
        Where it lies, unless the environment names it.
    verifying
        Whether it is to verify a backup; otherwise it is made on first use.

    Raises
    ------
    ServerKeyRefused
        It is too short, others can read it, or there is none to verify with.
    """
    return backup_key(os.environ, folder=keys.folder, verifying=verifying)


async def see_to_tables(database: RunningDatabase, *, migrating: bool = False) -> None:
    """Bring the tables of our own server up to date; of another's only on request.

    Parameters
    ----------
    database
        A database that answers.
    migrating
        Whether to migrate a database that somebody else runs as well.

    Raises
    ------
    CommandFailed
        The tables are behind, and it is not for this command to change them.
    """
    if database.server is not None or migrating:
        await migrate(database.owner, login=database.dsn)
    elif pending := await pending_migrations(database.dsn):
        msg = (
            f"The database lacks {len(pending)} migrations. Run `opmodel migrate` first, with "
            "the role that owns the tables."
        )
        raise CommandFailed(msg)


async def require_owner(database: RunningDatabase) -> None:
    """Check that we know the owner of the tables, who lists organisations and takes jobs.

    Raises
    ------
    CommandFailed
        The address that we have is the application's.
    """
    if database.server is None and not await is_owner(database.owner):
        msg = (
            f"This needs the owner of the tables: set {OWNER_VARIABLE} to an address with it, "
            "beside DATABASE_URL, which is the application's."
        )
        raise CommandFailed(msg)


def on_database(work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """Reach the database, start the engine, do the work and leave everything in order.

    Parameters
    ----------
    work
        A use case, or several, with all its arguments.
    """
    with reach_database() as database:
        return asyncio.run(_worked(database, work))


async def _worked(
    database: RunningDatabase, work: Callable[[], Coroutine[Any, Any, Result]]
) -> Result:
    await see_to_tables(database)
    await require_owner(database)
    use_server_key(configured_server_key)
    await start_engine(database.dsn, owner=database.owner, pool_max=_POOL_MAX)
    try:
        return await work()
    finally:
        await stop_engine()


def tell_all(database: RunningDatabase, action: AuditAction, facts: Facts) -> None:
    """Write into the audit trail of every organisation what was done to the whole database.

    Whoever has lost the server key must still be able to back up and to restore, so then it is
    only said that the trail does not tell of it.
    """
    try:
        asyncio.run(_worked(database, lambda: record_for_all(action, facts=facts)))
    except TrailKeyDiffers as error:
        click.echo(f"This is not in the audit trail. {error}", err=True)
