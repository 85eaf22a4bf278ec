"""A real server before a database that is stopped, gone or locked answers and says so once."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import asyncpg
import httpx
import msgspec
import pytest

from models.embedded import EmbeddedPostgres
from models.outage import QUIET_S
from tests.api.chaos.crowd import COPIES, Crowd
from tests.api.chaos.machines import ApiServer, open_campaign_for, postmaster
from tests.api.chaos.test_exactly_once import started_server, stored
from tests.factories.open_campaign import answer_sheet
from tests.models.processes import stopped

pytestmark = pytest.mark.slow

PEOPLE = 200
EACH = 40
"""People who submit in one test; another test takes others."""
CAPTURE_S = 5
"""Within which a submission is answered, whatever the database does."""
READY_S = 2
"""Within which readiness is answered."""
READ_S = 12
"""Within which everything else is answered; most of it is sooner."""


@pytest.fixture(scope="module")
def postgres() -> Iterator[EmbeddedPostgres]:
    with started_server() as server:
        yield server


@pytest.fixture(scope="module")
def everybody(postgres: EmbeddedPostgres) -> list[str]:
    return list(open_campaign_for(postgres.dsn, PEOPLE).values())


@pytest.fixture(scope="module")
def api(
    postgres: EmbeddedPostgres, everybody: list[str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ApiServer]:
    server = ApiServer(postgres.dsn, log=tmp_path_factory.mktemp("api") / "log")
    server.start()
    yield server
    server.kill()


@pytest.fixture
def tokens(everybody: list[str]) -> list[str]:
    """Give the tokens of people who have not submitted yet."""
    taken = everybody[:EACH]
    del everybody[:EACH]
    return taken


@pytest.fixture
async def caller(api: ApiServer) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=api.address, trust_env=False, timeout=60) as client:
        yield client


@asynccontextmanager
async def answered_within(seconds: float) -> AsyncIterator[None]:
    """Fail if an answer takes longer."""
    async with asyncio.timeout(seconds):
        yield


async def submit(caller: httpx.AsyncClient, token: str, number: int) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    body = msgspec.json.encode(answer_sheet(number))
    return await caller.post("/v1/form", content=body, headers=headers)


def assert_asks_to_come_back(answer: httpx.Response) -> None:
    assert answer.status_code == 503, answer.text
    assert answer.headers["Retry-After"] == "1"
    assert answer.json()["type"] in {
        "/problems/storage-unavailable",
        "/problems/database-unavailable",
    }


async def test_a_stopped_database_delays_no_answer_beyond_what_is_promised(
    api: ApiServer, caller: httpx.AsyncClient, postgres: EmbeddedPostgres, tokens: list[str]
) -> None:
    before = len(await stored(postgres.dsn))
    with stopped(postmaster(postgres)):
        async with answered_within(CAPTURE_S):
            answers = await asyncio.gather(
                *(submit(caller, token, number) for number, token in enumerate(tokens))
            )
        for answer in answers:
            assert_asks_to_come_back(answer)
        async with answered_within(READY_S):
            assert (await caller.get("/health/ready")).status_code == 503
        for credential in (tokens[0], "omk_" + "x" * 43):
            address = "/v1/form" if credential == tokens[0] else "/v1/units"
            async with answered_within(READ_S):
                asked = await caller.get(
                    address, headers={"Authorization": f"Bearer {credential}"}
                )
            assert_asks_to_come_back(asked)

    crowd = Crowd(api.address, tokens)
    await crowd.submit_all()

    assert len(crowd.acknowledged) == EACH * COPIES
    assert len(await stored(postgres.dsn)) == before + EACH


async def test_a_crowd_before_a_database_that_stops_for_a_while_loses_nothing(
    api: ApiServer, postgres: EmbeddedPostgres, tokens: list[str]
) -> None:
    before, begun = len(await stored(postgres.dsn)), asyncio.Event()
    crowd = Crowd(api.address, tokens, after_receipt=lambda _: begun.set())
    running = asyncio.create_task(crowd.submit_all())
    await begun.wait()
    with stopped(postmaster(postgres)):
        await asyncio.sleep(10)
    await running

    assert set(crowd.failures) == {"503"}
    assert len(await stored(postgres.dsn)) == before + EACH


async def test_an_outage_is_one_line_at_its_beginning_and_one_at_its_end(
    api: ApiServer, caller: httpx.AsyncClient, postgres: EmbeddedPostgres, tokens: list[str]
) -> None:
    await asyncio.sleep(QUIET_S + 1)  # the outage of another test is over
    assert (await submit(caller, tokens[-1], EACH - 1)).status_code == 200
    seen = len(api.lines())
    with stopped(postmaster(postgres)):
        for _ in range(2):
            await asyncio.gather(
                *(submit(caller, token, number) for number, token in enumerate(tokens))
            )
    await asyncio.sleep(QUIET_S + 1)
    assert (await submit(caller, tokens[0], 0)).status_code == 200

    begun, over = [
        line["event"]
        for line in api.lines()[seen:]
        if line["level"] != "info" and "queue" not in line["event"]
    ]
    assert begun == "The database does not do its work: DatabaseUnreachable."
    assert over.startswith("The database does its work again. It failed ")


async def test_readiness_answers_in_time_when_the_database_is_gone(
    caller: httpx.AsyncClient, postgres: EmbeddedPostgres
) -> None:
    os.kill(postmaster(postgres), signal.SIGKILL)

    for _ in range(3):
        async with answered_within(READY_S):
            answer = await caller.get("/health/ready")
        assert (answer.status_code, answer.json()["database"]) == (503, False)

    postgres.ensure()
    async with answered_within(30):
        while (await caller.get("/health/ready")).status_code != 200:  # noqa: ASYNC110 - the server has no event for it
            await asyncio.sleep(0.1)


async def test_readiness_answers_in_time_when_tables_are_locked(
    caller: httpx.AsyncClient, postgres: EmbeddedPostgres, tokens: list[str]
) -> None:
    outside = await asyncpg.connect(postgres.dsn)
    async with outside.transaction():
        await outside.execute("LOCK TABLE organisation, campaign, invitation")
        async with answered_within(READY_S):
            answer = await caller.get("/health/ready")
        assert answer.status_code == 503
        async with answered_within(CAPTURE_S):
            assert_asks_to_come_back(await submit(caller, tokens[0], 0))
    await outside.close()

    assert (await submit(caller, tokens[0], 0)).status_code == 200


async def test_readiness_answers_in_time_when_every_connection_is_in_use(
    caller: httpx.AsyncClient, postgres: EmbeddedPostgres, tokens: list[str]
) -> None:
    outside = await asyncpg.connect(postgres.dsn)
    async with outside.transaction():
        await outside.execute("LOCK TABLE invitation")
        forms = [
            asyncio.create_task(
                caller.get("/v1/form", headers={"Authorization": f"Bearer {token}"})
            )
            for token in tokens[:20]
        ]
        await asyncio.sleep(0.5)
        async with answered_within(READY_S):
            answer = await caller.get("/health/ready")
        assert answer.status_code == 503
    await outside.close()
    await asyncio.gather(*forms)

    assert (await caller.get("/health/ready")).status_code == 200
