"""Whether this process can serve, and what to say when the database is what failed."""

import asyncio
from collections.abc import Awaitable
from uuid import UUID

import asyncpg
import msgspec

from models.engine import connection, pool, transaction
from models.errors import DatabaseError, database_is_lost
from models.migrate import pending_migrations
from survey.sealing.key_folder import KeyFolder

__all__ = ["ReadinessProbe", "Ready", "database_failure", "database_is_lost"]

PATIENCE_S = 3.0
"""How long a probe waits for the database, in seconds."""
_DRIVER = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
)
"""What the driver may raise, be the database lost or not."""


class Ready(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Whether requests can be served, and what is missing if not."""

    ready: bool
    """Whether requests can be served."""
    database: bool
    """Whether the database answers."""
    migrations: bool
    """Whether its tables are those of this version."""
    keys_missing: tuple[UUID, ...] = ()
    """Campaigns that take answers, and whose keys cannot be read: only their forms fail."""

    @classmethod
    def found(
        cls, *, database: bool, migrations: bool, keys_missing: tuple[UUID, ...] = ()
    ) -> "Ready":
        """Return the answer of a probe that found these."""
        return cls(
            ready=database and migrations,
            database=database,
            migrations=migrations,
            keys_missing=keys_missing,
        )


class ReadinessProbe:
    """Finds out whether this process can serve.

    Migrations that were found applied stay applied while the process lives, so nobody looks
    for them again.

    Parameters
    ----------
    dsn : str
        Address of the database with the login role.
    keys : KeyFolder
        Where the keys of campaigns should be.
    """

    def __init__(self, dsn: str, keys: KeyFolder) -> None:
        self._dsn = dsn
        self._keys = keys
        self._migrated = False

    async def look(self) -> Ready:
        """Ask the database; a silent one counts as lost after `PATIENCE_S` seconds."""
        database = await _answers(_ask())
        self._migrated = self._migrated or (database and await _answers(self._up_to_date()))
        missing = await self._missing() if self._migrated and database else ()
        return Ready.found(database=database, migrations=self._migrated, keys_missing=missing)

    async def _missing(self) -> tuple[UUID, ...]:
        rows = await pool().fetch("SELECT campaigns_with_keys() AS campaign")
        problems = list(self._keys.problems(sorted(row["campaign"] for row in rows)))
        for problem in problems:
            self._keys.report(problem)
        return tuple(problem.campaign for problem in problems)

    async def _up_to_date(self) -> bool:
        # Waits while another process migrates, and then runs out of time: not ready yet.
        return not await pending_migrations(self._dsn)


async def _ask() -> bool:
    async with transaction(None):
        await connection().execute("SELECT 1")
    return True


async def _answers(question: Awaitable[bool]) -> bool:
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await question
    except (DatabaseError, *_DRIVER):
        return False


def database_failure(error: BaseException) -> str | None:
    """Say why the database did not do what it was asked; None if it is not to blame.

    Parameters
    ----------
    error : BaseException
        What was raised. Only the first line of a refusal is shown: others may quote rows.
    """
    if isinstance(error, OSError):
        return f"The database cannot be reached: {_first_line(error) or 'no answer in time'}."
    if database_is_lost(error):
        return f"The database was lost: {_first_line(error)}."
    if isinstance(error, asyncpg.PostgresError):
        return f"The database refused: {_first_line(error)}."
    return None


def _first_line(error: BaseException) -> str:
    return str(error).partition("\n")[0].rstrip(".")
