"""300 people, three copies each, and a server that dies in the middle."""

import asyncio
import contextlib
import os
import resource
import signal
from collections.abc import Iterator

import asyncpg
import pytest

from models.embedded import EmbeddedPostgres
from tests.api.chaos.crowd import Crowd, pattern
from tests.api.chaos.machines import ApiServer, open_campaign_for, postmaster
from tests.factories.sealed import answers_outside
from tests.folders import database_folder

pytestmark = pytest.mark.slow

PEOPLE = 300
KILL_AFTER = 150


LARGEST_FILE = 24 * 1024 * 1024
"""Bytes; more than a segment of the write-ahead log, so that only tables run out of room."""


@pytest.fixture
def postgres() -> Iterator[EmbeddedPostgres]:
    with started_server() as server:
        yield server


@pytest.fixture
def small_disk() -> Iterator[EmbeddedPostgres]:
    """Give a server none of whose files can grow beyond ``LARGEST_FILE``."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, before[1]))
    with started_server() as server:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        yield server


@contextlib.contextmanager
def started_server() -> Iterator[EmbeddedPostgres]:
    with database_folder() as home:
        server = EmbeddedPostgres(home)
        server.start()
        yield server
        server.stop()


@pytest.fixture
def tokens(postgres: EmbeddedPostgres) -> list[str]:
    return list(open_campaign_for(postgres.dsn, PEOPLE).values())


@pytest.fixture
def api(postgres: EmbeddedPostgres, tokens: list[str]) -> Iterator[ApiServer]:
    server = ApiServer(postgres.dsn)
    server.start()
    yield server
    server.kill()


async def stored(dsn: str) -> list[tuple[int | None, ...]]:
    connection = await asyncpg.connect(dsn)
    try:
        return await answers_outside(connection)
    finally:
        await connection.close()


EVERYBODY_ONCE = sorted(pattern(number) for number in range(PEOPLE))


async def test_a_killed_server_loses_and_doubles_nothing(
    postgres: EmbeddedPostgres, tokens: list[str], api: ApiServer
) -> None:
    loop = asyncio.get_running_loop()
    killed_at: list[int] = []

    def kill_once(receipts: int) -> None:
        if receipts >= KILL_AFTER and not killed_at:
            killed_at.append(receipts)
            api.kill()
            loop.run_in_executor(None, api.start)

    crowd = Crowd(api.address, tokens, after_receipt=kill_once)
    await crowd.submit_all()

    assert killed_at
    assert crowd.failures, "nobody noticed: the server was not killed in the middle"
    assert await stored(postgres.dsn) == EVERYBODY_ONCE


async def test_a_killed_database_loses_and_doubles_nothing(
    postgres: EmbeddedPostgres, tokens: list[str], api: ApiServer
) -> None:
    killed = asyncio.Event()

    def kill_once(receipts: int) -> None:
        if receipts >= KILL_AFTER and not killed.is_set():
            os.kill(postmaster(postgres), signal.SIGKILL)
            killed.set()

    crowd = Crowd(api.address, tokens, after_receipt=kill_once)
    running = asyncio.create_task(crowd.submit_all())
    await killed.wait()
    await asyncio.sleep(0.3)
    postgres.ensure()
    await running

    assert "503" in crowd.failures
    assert await stored(postgres.dsn) == EVERYBODY_ONCE


FILLER = """
INSERT INTO envelope (id, organisation, campaign, sealed, mark)
SELECT gen_random_uuid(), organisation, id, $1::bytea, sha256('')
FROM campaign, generate_series(1, $2)
"""


async def fill_up(dsn: str) -> None:
    """Insert envelopes, fewer and fewer at a time, until there is no room for one more."""
    connection = await asyncpg.connect(dsn)
    rows = 50_000
    while rows:
        try:
            await connection.execute(FILLER, bytes(4_400), rows)
        except asyncpg.PostgresError:
            rows //= 4
    await connection.close()


async def test_a_disk_without_room_gives_errors_and_no_receipt(
    small_disk: EmbeddedPostgres,
) -> None:
    tokens = list(open_campaign_for(small_disk.dsn, 12).values())
    api = ApiServer(small_disk.dsn)
    api.start()
    await fill_up(small_disk.dsn)
    crowd = Crowd(api.address, tokens)

    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(crowd.submit_all(), timeout=3)
    api.kill()

    assert "503" in crowd.failures
    assert crowd.acknowledged == []
    connection = await asyncpg.connect(small_disk.dsn)
    assert not await connection.fetchval("SELECT count(*) FROM invitation WHERE completed")
    await connection.close()
