"""Bringing a database to the present tables, one process at a time."""

import contextlib
import importlib
import io
import os
import pkgutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from types import ModuleType
from typing import Any

import asyncpg
from pgqueuer.queries import Queries
from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.tables import Migration

from models import migrations
from models.engine import DB
from models.errors import DatabaseError
from models.safe_transaction import OwnerSession

__all__ = ["migrate", "migrate_down", "pending_migrations"]

_APP = "models"
_LOCK = 7_071_106_781
"""Any number will do, as long as it is always this one."""

_OLDEST_SERVER = 16

_MAY_NOT_CREATE_ROLE = (
    "The login role may not create what opmodel needs. Let it own the schema, and either give "
    "it CREATEROLE or let an administrator run once: CREATE ROLE opmodel_app NOLOGIN; "
    "GRANT opmodel_app TO <login role>; the database said: "
)


async def migrate(dsn: str, *, steps: int | None = None) -> list[str]:
    """Apply what is missing, in order, each migration in a transaction of its own.

    Several processes may call it at once: they wait for each other under an advisory lock,
    and the later ones find nothing to do.

    Parameters
    ----------
    dsn
        Address with the login role that owns the schema. It need not be a superuser, but must
        be able to create roles, unless an administrator has made ``opmodel_app`` for it.
    steps
        Apply no more than so many; all where ``None``.

    Returns
    -------
    list of str
        Ids of the migrations applied now, in order.

    Raises
    ------
    DatabaseError
        The login role lacks a right; the message says which and what to do.
    asyncpg.PostgresError
        A migration failed; it has been undone and those before it stay.
    """
    async with _owner(dsn) as connection:
        await _require_server(connection)
        if not await Migration.table_exists():
            await Migration.create_table()
        applied = [await _apply(module) for module in (await _pending())[:steps]]
        await _bring_queue_up_to_date(connection)
        return applied


async def migrate_down(dsn: str, *, steps: int | None = None) -> list[str]:
    """Undo migrations, latest first; after all of them every table and its rows are gone.

    Parameters
    ----------
    dsn
        Address with the login role that owns the schema.
    steps
        Undo no more than so many; all where ``None``.

    Returns
    -------
    list of str
        Ids of the migrations undone, in order.
    """
    async with _owner(dsn):
        applied = await _applied()
        latest_first = [m for m in reversed(list(_modules())) if m.ID in applied]
        return [await _undo(module) for module in latest_first[:steps]]


async def pending_migrations(dsn: str) -> list[str]:
    """Return the ids of the migrations that the database lacks, in order; changes nothing."""
    async with _owner(dsn):
        return [module.ID for module in await _pending()]


def _modules() -> Iterator[ModuleType]:
    """Yield the migrations in order: their names begin with their time."""
    for found in sorted(pkgutil.iter_modules(migrations.__path__), key=lambda m: m.name):
        if not found.ispkg:
            yield importlib.import_module(f"{migrations.__name__}.{found.name}")


async def _applied() -> set[str]:
    if not await Migration.table_exists():
        return set()
    return set(await Migration.get_migrations_which_ran(app_name=_APP))


async def _pending() -> list[ModuleType]:
    applied = await _applied()
    return [module for module in _modules() if module.ID not in applied]


async def _require_server(connection: Any) -> None:
    version = connection.get_server_version().major
    encoding = await connection.fetchval("SHOW server_encoding")
    if version < _OLDEST_SERVER or encoding != "UTF8":
        msg = (
            f"opmodel needs PostgreSQL {_OLDEST_SERVER} or later and a database in UTF8; "
            f"this is PostgreSQL {version} in {encoding}."
        )
        raise DatabaseError(msg)


async def _bring_queue_up_to_date(connection: Any) -> None:
    """Give the queue's tables what a newer release of the queue expects of them."""
    queue = Queries.from_asyncpg_connection(connection)
    if await queue.schema_is_installed():
        await queue.apply_upgrade()


async def _apply(module: ModuleType) -> str:
    manager: MigrationManager = await module.forwards()
    async with _one_piece(manager):
        await _quietly(manager)
        await Migration.insert(Migration(name=module.ID, app_name=_APP))
    return str(module.ID)


async def _undo(module: ModuleType) -> str:
    manager: MigrationManager = await module.forwards()
    async with _one_piece(manager):
        await _quietly(manager, backwards=True)
        await Migration.delete().where(Migration.name == module.ID)
    return str(module.ID)


@asynccontextmanager
async def _one_piece(manager: MigrationManager) -> AsyncIterator[None]:
    """Keep a migration and the note that it ran together, where it can be in a transaction."""
    if not manager.wrap_in_transaction:
        yield
        return
    async with DB.transaction():
        yield


async def _quietly(manager: MigrationManager, *, backwards: bool = False) -> None:
    # Piccolo prints as it goes; the caller reports.
    with contextlib.redirect_stdout(io.StringIO()):
        await manager.run(backwards=backwards)


@asynccontextmanager
async def _owner(dsn: str) -> AsyncIterator[Any]:
    """Make one connection of the login role the current one, under the lock."""
    # Piccolo looks its engine up by this name when a migration runs.
    os.environ.setdefault("PICCOLO_CONF", "models.piccolo_conf")
    connection = await asyncpg.connect(dsn, server_settings={"application_name": "opmodel"})
    session = DB.current_transaction.set(OwnerSession(DB, connection))
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
        yield connection
    except asyncpg.InsufficientPrivilegeError as error:
        raise DatabaseError(_MAY_NOT_CREATE_ROLE + str(error)) from error
    finally:
        DB.current_transaction.reset(session)
        await connection.close()
