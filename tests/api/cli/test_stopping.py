"""A server that is told to stop while people submit loses nothing that it acknowledged."""

import asyncio
from collections import Counter

import asyncpg
import pytest

from models.embedded import EmbeddedPostgres
from tests.api.chaos.crowd import Crowd, pattern
from tests.api.chaos.machines import open_campaign_for
from tests.api.cli.installation import Installation, free_port
from tests.databases import create_database, login_dsn
from tests.factories.sealed import answers_outside
from tests.factories.server import KEYS, SERVER_KEY

pytestmark = pytest.mark.slow

PEOPLE = 60
STOP_AFTER = 40


@pytest.fixture
async def dsn(server: EmbeddedPostgres) -> str:
    """Give the address of an empty database."""
    return await create_database(server.dsn, "stopped")


async def stored(dsn: str) -> Counter[tuple[int | None, ...]]:
    """Count the stored responses by their answers."""
    connection = await asyncpg.connect(dsn)
    answers = await answers_outside(connection)
    await connection.close()
    return Counter(answers)


async def test_every_acknowledged_submission_is_there_once(
    installation: Installation, dsn: str
) -> None:
    tokens = await asyncio.to_thread(open_campaign_for, dsn, PEOPLE)
    told = asyncio.Event()
    port = free_port()
    served = Installation(
        installation.home,
        DATABASE_URL=login_dsn(dsn),
        DATABASE_OWNER_URL=dsn,
        OPMODEL_SECRET_KEY=SERVER_KEY.decode(),
        OPMODEL_KEYS=str(KEYS.folder),
    )
    crowd = Crowd(
        f"http://127.0.0.1:{port}",
        list(tokens.values()),
        after_receipt=lambda count: told.set() if count == STOP_AFTER else None,
    )

    with served.serving(port=port) as first:
        submitting = asyncio.create_task(crowd.submit_all())
        await told.wait()
        code = await asyncio.to_thread(first.end)
        with served.serving(port=port):
            await submitting

    assert code == 0
    assert crowd.failures, "nobody was stopped"
    assert await stored(dsn) == Counter(pattern(number) for number in range(PEOPLE))
