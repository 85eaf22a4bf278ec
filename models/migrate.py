"""Migration of a database to the latest tables, one process at a time."""

import asyncio
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
from models.login import give_password
from models.patience import MIGRATION
from models.safe_transaction import OwnerSession

__all__ = ["migrate", "migrate_down", "pending_migrations"]

_APP = "models"
_LOCK = 7_071_106_781
"""Key of the advisory lock: an arbitrary number that must never change."""

_OLDEST_SERVER = 16

_MAY_NOT_CREATE_ROLE = (
    "The login role lacks the rights to migrate. Make it the owner of the schema, and either "
    "grant it CREATEROLE or have an administrator run once: CREATE ROLE opmodel_app NOLOGIN; "
    "CREATE ROLE opmodel_login LOGIN NOINHERIT; GRANT opmodel_app TO <login role>, "
    "opmodel_login; the database said: "
)


async def migrate(dsn: str, *, steps: int | None = None, login: str | None = None) -> list[str]:
    """Apply pending migrations in order, each in its own transaction.

    Several processes may call it at once: they take turns under an advisory lock, and the later
    ones find nothing to do.

    Parameters
    ----------
    dsn
        Address with the login role that owns the schema. It need not be a superuser, but must
        be able to create roles unless an administrator has created ``opmodel_app`` and
        ``opmodel_login``.
    steps
        Largest number to apply; all if ``None``.
    login
        Address of the application. If it names ``opmodel_login`` and a password, the role gets
        this password.

    Returns
    -------
    list of str
        Ids of the migrations that were applied, in order.

    Raises
    ------
    DatabaseError
        The login role lacks a right; the message says which, and what to do.
    asyncpg.PostgresError
        A migration failed; it has been rolled back, and those before it remain applied.
    """
    async with _owner(dsn) as connection:
        await _require_server(connection)
        if not await Migration.table_exists():
            await Migration.create_table()
        applied = [await _apply(module) for module in (await _pending())[:steps]]
        await _bring_queue_up_to_date(connection)
        if login is not None:
            await give_password(connection, login)
        return applied


async def migrate_down(dsn: str, *, steps: int | None = None) -> list[str]:
    """Revert migrations, latest first; reverting all of them drops every table.

    Parameters
    ----------
    dsn
        Address with the login role that owns the schema.
    steps
        Largest number to revert; all if ``None``.

    Returns
    -------
    list of str
        Ids of the migrations that were reverted, in order.
    """
    async with _owner(dsn):
        applied = await _applied()
        latest_first = [m for m in reversed(list(_modules())) if m.ID in applied]
        return [await _undo(module) for module in latest_first[:steps]]


async def pending_migrations(dsn: str) -> list[str]:
    """Return the ids of the pending migrations, in order; change nothing."""
    async with _owner(dsn):
        return [module.ID for module in await _pending()]


def _modules() -> Iterator[ModuleType]:
    """Yield the migrations in order: their names contain their time."""
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
            f"opmodel needs PostgreSQL {_OLDEST_SERVER} or later and a database with encoding "
            f"UTF8; this is PostgreSQL {version} with {encoding}."
        )
        raise DatabaseError(msg)


async def _bring_queue_up_to_date(connection: Any) -> None:
    """Upgrade the queue's tables to the schema of the installed pgqueuer."""
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
    """Run a migration and the record of it in one transaction, if the migration allows it."""
    if not manager.wrap_in_transaction:
        yield
        return
    async with DB.transaction():
        yield


async def _quietly(manager: MigrationManager, *, backwards: bool = False) -> None:
    # Piccolo prints its progress; here the caller reports it.
    with contextlib.redirect_stdout(io.StringIO()):
        await manager.run(backwards=backwards)


@asynccontextmanager
async def _owner(dsn: str) -> AsyncIterator[Any]:
    """Use one connection of the login role as the current one, under the lock."""
    # Piccolo looks up its engine by this name when a migration runs.
    os.environ.setdefault("PICCOLO_CONF", "models.piccolo_conf")
    settings = {"application_name": "opmodel", **MIGRATION.server_settings()}
    connection = await asyncpg.connect(dsn, server_settings=settings)
    session = DB.current_transaction.set(OwnerSession(DB, connection))
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
        yield connection
    except asyncpg.InsufficientPrivilegeError as error:
        raise DatabaseError(_MAY_NOT_CREATE_ROLE + str(error)) from error
    except asyncio.CancelledError:
        connection.terminate()  # closing in order would wait for a server that is stopped
        raise
    finally:
        DB.current_transaction.reset(session)
        await connection.close()
