"""Whether the process lives, and whether it can serve."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx
import pytest

from api.app import create_app
from api.http.application import Application
from api.settings import ApiSettings
from models.embedded import EmbeddedPostgres
from models.engine import pool
from survey.database import Ready
from survey.jobs.standstill import Standstill
from tests.databases import create_database
from tests.factories.server import KEYS
from tests.models.processes import stopped

PROMISE_S = 2
"""Within which readiness is answered, whatever the database does."""


async def test_a_live_process_says_so(anybody: httpx.AsyncClient) -> None:
    answer = await anybody.get("/health/live")

    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


async def test_a_process_with_a_migrated_database_is_ready(anybody: httpx.AsyncClient) -> None:
    answer = await anybody.get("/health/ready")

    assert answer.status_code == 200
    assert answer.json() | {"keysMissing": []} == {  # other tests may have taken keys away
        "ready": True,
        "database": True,
        "migrations": True,
        "keysMissing": [],
        "queue": None,
    }


async def test_a_process_before_an_empty_database_is_not_ready(
    database: str, server: object
) -> None:
    empty = await create_database(database, "opmodel_empty")
    app = create_app(ApiSettings(), dsn=empty, server_key=b"", keys=KEYS, own_engine=False)
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]  # Litestar types its scopes more narrowly

    async with httpx.AsyncClient(transport=transport, base_url="http://test") as caller:
        answer = await caller.get("/health/ready")

    assert answer.status_code == 503
    assert answer.json() == {
        "ready": False,
        "database": True,
        "migrations": False,
        "keysMissing": [],
        "queue": None,
    }


def test_without_a_database_nothing_is_ready() -> None:
    assert not Ready.found(database=False, migrations=True).ready


@asynccontextmanager
async def stopped_database(server: EmbeddedPostgres, _: str) -> AsyncIterator[None]:
    assert server.pid is not None
    with stopped(server.pid):
        yield


@asynccontextmanager
async def locked_tables(_: EmbeddedPostgres, dsn: str) -> AsyncIterator[None]:
    outside = await asyncpg.connect(dsn)
    async with outside.transaction():
        await outside.execute("LOCK TABLE organisation, campaign")
        yield
    await outside.close()


@asynccontextmanager
async def pool_in_use(_: EmbeddedPostgres, __: str) -> AsyncIterator[None]:
    taken = [await pool().acquire() for _ in range(pool().get_max_size())]
    yield
    for one in taken:
        await pool().release(one)


@pytest.mark.parametrize("trouble", [stopped_database, locked_tables, pool_in_use])
async def test_readiness_is_refused_in_time_in_every_trouble(
    anybody: httpx.AsyncClient, server: EmbeddedPostgres, database: str, trouble: Any
) -> None:
    await anybody.get("/health/ready")  # that the tables are up to date is known from now on
    async with trouble(server, database), asyncio.timeout(PROMISE_S):
        answer = await anybody.get("/health/ready")

    assert (answer.status_code, answer.json()["database"]) == (503, False)
    assert (await anybody.get("/health/ready")).status_code == 200


async def test_a_queue_that_does_not_move_is_reported_and_requests_are_served(
    app: Application, anybody: httpx.AsyncClient
) -> None:
    watch = app.state["services"].queue_watch
    watch.note(Standstill(cause="no worker", reason="No worker is at work."))

    answer = await anybody.get("/health/ready")
    watch.note(None)

    assert (answer.status_code, answer.json()["queue"]) == (200, "No worker is at work.")
    assert (await anybody.get("/health/ready")).json()["queue"] is None
