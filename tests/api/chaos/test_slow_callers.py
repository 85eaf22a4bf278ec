"""Callers that send slowly, at a real server: they are cut off, and nobody else notices."""

import asyncio
import time
from collections.abc import Iterator

import httpx
import msgspec
import pytest

from tests.api.chaos.machines import ApiServer, open_campaign_for
from tests.api.chaos.test_exactly_once import started_server
from tests.factories.open_campaign import answer_sheet

pytestmark = pytest.mark.slow

LIMIT_S = 45
"""Longer than the 30 seconds that are promised, and shorter than for ever."""
CALLERS = 50


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[ApiServer, list[str]]]:
    with started_server() as postgres:
        tokens = list(open_campaign_for(postgres.dsn, 12).values())
        server = ApiServer(postgres.dsn)
        server.start()
        yield server, tokens
        server.kill()


async def dripped(server: ApiServer, head: bytes) -> bytes:
    """Send a head and then a byte a second; return what the server says before it closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(head)
    said = asyncio.create_task(reader.read())
    async with asyncio.timeout(LIMIT_S):
        while not said.done():
            writer.write(b"x")
            await asyncio.wait([said], timeout=1)
    writer.close()
    return await said


async def test_slow_bodies_are_cut_off_and_others_are_served_meanwhile(
    served: tuple[ApiServer, list[str]],
) -> None:
    server, tokens = served
    head = (
        b"POST /v1/form HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Authorization: Bearer " + tokens[0].encode() + b"\r\nContent-Length: 5000\r\n\r\n{"
    )
    began = time.monotonic()
    slow = [asyncio.create_task(dripped(server, head)) for _ in range(CALLERS)]

    async with httpx.AsyncClient(base_url=server.address, trust_env=False) as caller:
        for number, token in enumerate(tokens[1:]):
            answer = await caller.post(
                "/v1/form",
                content=msgspec.json.encode(answer_sheet(number)),
                headers={
                    "Authorization": f"Bearer {token}",
                    "Content-Type": "application/json",
                },
            )
            assert answer.status_code == 200
    assert time.monotonic() - began < 30, "they were served before the slow ones were cut off"

    for said in await asyncio.gather(*slow):
        assert said.startswith(b"HTTP/1.1 408 ")
        assert b"/problems/body-too-slow" in said


async def test_slow_heads_are_cut_off(served: tuple[ApiServer, list[str]]) -> None:
    server, _ = served
    heads = (b"POST /v1/form HTTP/1.1\r\nX-Slow: ", b"G", b"")

    for said in await asyncio.gather(*(dripped(server, head) for head in heads)):
        assert b" 200 " not in said
