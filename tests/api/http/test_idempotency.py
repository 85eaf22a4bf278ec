"""Repeats of creating requests."""

import asyncio
from uuid import UUID

import httpx
import pytest

from api.http.application import Application
from api.schemas.examples import EXAMPLES
from models.engine import connection, transaction
from survey.instruments.definition import InstrumentDefinition
from tests.api.callers import Caller, as_key, make_key

KEY = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}
READER = {"name": "Reader", "scopes": ["org:read"]}


async def test_a_repeat_gets_the_first_answer(client: httpx.AsyncClient) -> None:
    first = await client.post(
        "/v1/instruments", json=EXAMPLES[InstrumentDefinition], headers=KEY
    )
    second = await client.post(
        "/v1/instruments", json=EXAMPLES[InstrumentDefinition], headers=KEY
    )

    assert (first.status_code, second.status_code) == (201, 201)
    assert second.content == first.content
    assert second.headers["Location"] == first.headers["Location"]
    assert second.headers["ETag"] == first.headers["ETag"]
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"


async def test_without_a_key_a_repeat_is_a_request_of_its_own(
    client: httpx.AsyncClient,
) -> None:
    await client.post("/v1/instruments", json=EXAMPLES[InstrumentDefinition])

    answer = await client.post("/v1/instruments", json=EXAMPLES[InstrumentDefinition])

    assert answer.status_code == 409


async def test_the_same_key_with_another_body_is_refused(client: httpx.AsyncClient) -> None:
    await client.post("/v1/instruments", json=EXAMPLES[InstrumentDefinition], headers=KEY)

    answer = await client.post(
        "/v1/instruments", json=EXAMPLES[InstrumentDefinition] | {"version": 2}, headers=KEY
    )

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/idempotency-key-reused"


async def test_the_same_key_for_another_operation_is_another_key(
    client: httpx.AsyncClient,
) -> None:
    await client.post("/v1/instruments", json=EXAMPLES[InstrumentDefinition], headers=KEY)

    answer = await client.post("/v1/keys", json=READER, headers=KEY)

    assert answer.status_code == 201


async def test_the_same_key_of_another_caller_is_another_key(
    app: Application, organisation: UUID
) -> None:
    made = []
    for _ in range(2):
        async with Caller(app, headers=as_key(await make_key(organisation))) as caller:
            made.append(await caller.post("/v1/keys", json=READER, headers=KEY))

    assert made[0].json()["id"] != made[1].json()["id"]


async def test_one_of_several_requests_at_once_does_the_work(
    client: httpx.AsyncClient, organisation: UUID
) -> None:
    answers = await asyncio.gather(
        *(client.post("/v1/keys", json=READER, headers=KEY) for _ in range(6))
    )

    done = {answer.json()["id"] for answer in answers if answer.status_code == 201}
    others = {answer.json()["type"] for answer in answers if answer.status_code != 201}
    assert len(done) == 1
    assert others <= {"/problems/request-in-flight"}
    async with transaction(organisation):
        made = await connection().fetchval("SELECT count(*) FROM api_key WHERE name='Reader'")
    assert made == 1


async def test_a_request_in_flight_says_when_to_come_back(
    client: httpx.AsyncClient, organisation: UUID
) -> None:
    async def hold() -> httpx.Response:
        return await client.post("/v1/keys", json=READER, headers=KEY)

    answers = await asyncio.gather(*(hold() for _ in range(8)))

    waiting = [answer for answer in answers if answer.status_code == 409]
    assert all(answer.headers["Retry-After"] == "1" for answer in waiting)


async def test_an_error_is_not_kept_so_that_a_repeat_can_succeed(
    client: httpx.AsyncClient,
) -> None:
    draft = {"name": "Baseline", "instrumentKey": "pulse", "instrumentVersion": 1}
    refused = await client.post("/v1/campaigns", json=draft, headers=KEY)
    await client.post("/v1/instruments", json=EXAMPLES[InstrumentDefinition])

    answer = await client.post("/v1/campaigns", json=draft, headers=KEY)

    assert (refused.status_code, answer.status_code) == (404, 201)


async def test_a_key_is_not_shown_to_a_repeat_nor_kept(
    client: httpx.AsyncClient, organisation: UUID
) -> None:
    first = (await client.post("/v1/keys", json=READER, headers=KEY)).json()

    second = (await client.post("/v1/keys", json=READER, headers=KEY)).json()

    assert second == first | {"key": None}
    async with transaction(organisation):
        kept = await connection().fetch("SELECT body FROM idempotency")
    assert not any(first["key"].encode() in row["body"] for row in kept)


@pytest.mark.parametrize("key", ["", "x" * 201, "with space", "tab\tbed"])
async def test_a_key_that_is_none_is_refused(client: httpx.AsyncClient, key: str) -> None:
    answer = await client.post("/v1/keys", json=READER, headers={"Idempotency-Key": key})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == "Idempotency-Key"
