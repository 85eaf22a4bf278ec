"""Real workers that are killed in the middle of a job: another one takes it over."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from models.embedded import EmbeddedPostgres
from tests.api.chaos.machines import open_campaign_for
from tests.databases import login_dsn
from tests.factories.server import KEYS, SERVER_KEY

pytestmark = pytest.mark.slow

PEOPLE = 40
PATIENCE_S = 120
"""Longer than a worker may be silent (survey.jobs.worker.SILENCE) before it counts as dead."""


@pytest.fixture
def postgres() -> Iterator[EmbeddedPostgres]:
    with tempfile.TemporaryDirectory(prefix="opmodel-chaos-") as home:
        server = EmbeddedPostgres(Path(home))
        server.start()
        yield server
        server.stop()


@pytest.fixture
async def outside(postgres: EmbeddedPostgres) -> AsyncIterator[asyncpg.Connection]:
    """Give a connection of the operator to a database with an answered campaign."""
    open_campaign_for(postgres.dsn, PEOPLE, answered=True)
    connection = await asyncpg.connect(postgres.dsn)
    yield connection
    await connection.close()


@pytest.fixture
def workers(postgres: EmbeddedPostgres, tmp_path: Path) -> Iterator["Workers"]:
    started = Workers(postgres.dsn, tmp_path)
    yield started
    started.kill_all()


class Workers:
    """`opmodel worker`, as many as are started."""

    def __init__(self, dsn: str, home: Path) -> None:
        self._environ = os.environ | {
            "DATABASE_URL": login_dsn(dsn),
            "DATABASE_OWNER_URL": dsn,
            "OPMODEL_SECRET_KEY": SERVER_KEY.decode(),
            "OPMODEL_HOME": str(home),
        }
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        self._running.append(
            subprocess.Popen(
                [sys.executable, "-m", "api", "worker"],
                env=self._environ,
                start_new_session=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )

    def kill_all(self) -> None:
        """End every worker at once, without a word."""
        for process in self._running:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self._running.clear()


async def start(postgres: EmbeddedPostgres, what: str) -> None:
    """Start a job as the API does, in a process of its own."""
    await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "tests.api.chaos.start_job", postgres.dsn, what],
        check=True,
    )


async def until(outside: asyncpg.Connection, question: str) -> None:
    """Wait until the database says yes."""
    async with asyncio.timeout(PATIENCE_S):
        while not await outside.fetchval(question):  # noqa: ASYNC110 - the database has no event for it
            await asyncio.sleep(0.1)


async def kill_while_it_writes(
    outside: asyncpg.Connection, workers: Workers, table: str
) -> None:
    """Let a worker do its job until it writes to a table, and kill it there."""
    async with outside.transaction():
        await outside.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
        workers.start()
        await until(outside, "SELECT count(*) FROM pg_locks WHERE NOT granted")
        workers.kill_all()
    await until(
        outside,
        "SELECT count(*) = 1 FROM pg_stat_activity WHERE backend_type = 'client backend'",
    )


async def rows(outside: asyncpg.Connection, query: str) -> list[dict[str, Any]]:
    return [dict(row) for row in await outside.fetch(query)]


async def test_a_closing_whose_worker_is_killed_is_finished_by_another(
    postgres: EmbeddedPostgres, outside: asyncpg.Connection, workers: Workers
) -> None:
    await start(postgres, "close")
    envelopes = "SELECT ctid::text, xmin::text, * FROM envelope ORDER BY id"
    before = await rows(outside, envelopes)

    await kill_while_it_writes(outside, workers, "envelope")
    assert await rows(outside, envelopes) == before
    assert await outside.fetchval("SELECT count(*) FROM response") == 0
    assert await outside.fetchval("SELECT state FROM campaign") == "closing"

    workers.start()
    await until(outside, "SELECT state = 'closed' FROM campaign")
    await until(outside, "SELECT state = 'succeeded' FROM job")
    assert list(KEYS.problems([await outside.fetchval("SELECT id FROM campaign")]))
    assert await outside.fetchval("SELECT count(*) FROM response") == PEOPLE
    part = await outside.fetchval(
        "SELECT 'response_' || replace(id::text, '-', '') FROM campaign"
    )
    assert await outside.fetchval(f"SELECT count(DISTINCT xmin::text) FROM {part}") == 1  # noqa: S608 - ours


async def test_a_release_whose_worker_is_killed_is_made_by_another(
    postgres: EmbeddedPostgres, outside: asyncpg.Connection, workers: Workers
) -> None:
    await start(postgres, "close")
    workers.start()
    await until(outside, "SELECT state = 'closed' FROM campaign")
    workers.kill_all()
    await start(postgres, "release")

    await kill_while_it_writes(outside, workers, "finding")
    for table in ("release", "release_unit", "score", "finding"):
        assert await outside.fetchval(f"SELECT count(*) FROM {table}") == 0  # noqa: S608 - ours

    workers.start()
    await until(outside, "SELECT state = 'succeeded' FROM job WHERE kind = 'release'")
    (release,) = await rows(outside, "SELECT id FROM release")
    result = await outside.fetchval("SELECT result FROM job WHERE kind = 'release'")
    assert result == f"/v1/releases/{release['id']}"
    assert await outside.fetchval("SELECT count(*) FROM finding") > 0
