"""Bodies that arrive too slowly are cut off, and reads that take too long are ended."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any, cast

import asyncpg
import httpx
import pytest

from api.http import deadlines
from api.http.application import Application
from api.http.deadlines import BODY_S, BYTES_PER_S, Arrival
from api.http.refusals import BodyTooSlow
from models.engine import DB
from models.patience import REQUEST
from tests.factories.open_campaign import OpenCampaign, answer_sheet, open_standard_campaign

JSON = "application/json"


@pytest.fixture
async def opened(organisation: Any, now: Any) -> OpenCampaign:
    return await open_standard_campaign(organisation, now=now)


def part(body: bytes, *, more: bool = True) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


class Sender:
    """Somebody who sends these parts of a body, and then nothing more."""

    def __init__(self, *parts: dict[str, Any]) -> None:
        self._parts = list(parts)

    async def __call__(self) -> Any:
        if self._parts:
            return self._parts.pop(0)
        return await asyncio.get_running_loop().create_future()


async def asked(
    app: Application, method: str, path: str, token: str, sender: Sender
) -> tuple[dict[str, Any], dict[str, str]]:
    """Send a request to the application; return the problem and the headers of the answer."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "server": ("test", 80),
        "client": ("127.0.0.1", 1),
        "headers": [
            (b"host", b"test"),
            (b"content-type", JSON.encode()),
            (b"authorization", f"Bearer {token}".encode()),
        ],
    }
    async with asyncio.timeout(20) as limit:
        await app(cast(Any, scope), cast(Any, sender), cast(Any, send))
    assert not limit.expired()
    start, body = sent[0], sent[1]
    headers = {name.decode().lower(): value.decode() for name, value in start["headers"]}
    return json.loads(body["body"]), headers


@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_a_body_that_does_not_arrive_is_cut_off(
    app: Application, opened: OpenCampaign, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    monkeypatch.setattr(deadlines, "BODY_S", 0.3)
    token = opened.tokens["P0000"]

    problem, headers = await asked(app, method, "/v1/form", token, Sender(part(b'{"answ')))

    assert (problem["status"], problem["type"]) == (408, "/problems/body-too-slow")
    assert headers["connection"] == "close"


async def test_a_body_that_arrives_in_parts_is_taken(
    app: Application, opened: OpenCampaign
) -> None:
    body = answer_sheet(9).canonical()
    sender = Sender(part(body[:100]), part(body[100:200]), part(body[200:], more=False))

    receipt, _ = await asked(app, "POST", "/v1/form", opened.tokens["P0001"], sender)

    assert receipt["status"] == "stored"


async def test_a_large_body_earns_time_by_what_has_arrived(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(deadlines, "BODY_S", 0.2)

    async def slowly() -> AsyncIterator[dict[str, Any]]:
        for _ in range(4):
            await asyncio.sleep(0.1)
            yield part(b"x" * BYTES_PER_S)

    parts = slowly()
    arrival = Arrival(cast(Any, parts.__anext__))

    received = [await arrival() for _ in range(4)]

    assert len(received) == 4


async def test_time_that_was_not_earned_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlines, "BODY_S", 0.2)

    async def dripping() -> dict[str, Any]:
        await asyncio.sleep(0.05)
        return part(b"x")

    arrival = Arrival(cast(Any, dripping))

    async def read() -> None:
        for _ in range(100):
            await arrival()

    with pytest.raises(BodyTooSlow):
        await read()


async def test_who_waits_after_the_body_waits_as_long_as_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The server tells so that a caller has gone, which may be any time later."""
    monkeypatch.setattr(deadlines, "BODY_S", 0.05)

    async def later() -> dict[str, Any]:
        await asyncio.sleep(0.1)
        return {"type": "http.disconnect"}

    parts: list[Any] = [Sender(part(b"{}", more=False)), later]

    async def receive() -> Any:
        return await parts.pop(0)()

    arrival = Arrival(cast(Any, receive))
    await arrival()

    assert await arrival() == {"type": "http.disconnect"}


def test_the_promise_is_thirty_seconds() -> None:
    assert BODY_S == 30


async def test_a_read_that_takes_too_long_is_ended(
    anybody: httpx.AsyncClient,
    opened: OpenCampaign,
    database: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(deadlines, "READ_S", 0.5)
    monkeypatch.setattr(DB, "patience", REQUEST)
    outside = await asyncpg.connect(database)
    async with outside.transaction():
        await outside.execute("LOCK TABLE campaign")
        async with asyncio.timeout(3):
            answer = await anybody.get(
                "/v1/form", headers={"Authorization": f"Bearer {opened.tokens['P0000']}"}
            )
    await outside.close()

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert answer.json()["type"] == "/problems/database-unavailable"
