"""Instruments and catalogues."""

from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest

from api.schemas.examples import EXAMPLES
from seed.content import standard_instrument
from seed.loader import load_standard_content
from survey.instruments.definition import InstrumentDefinition
from tests.factories.definition import make_definition

SMALL: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(make_definition()))
ADDRESS = "/v1/instruments/small/1"


async def tag_of(client: httpx.AsyncClient, address: str = ADDRESS) -> str:
    return str((await client.get(address)).headers["ETag"])


async def test_a_definition_becomes_a_draft(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/instruments", json=SMALL)

    body = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == ADDRESS
    assert answer.headers["ETag"] == f'"{body["checksum"]}"'
    assert (body["key"], body["version"], body["state"], body["publishedAt"]) == (
        "small", 1, "draft", None,
    )  # fmt: skip


async def test_a_definition_comes_back_as_it_was_given(client: httpx.AsyncClient) -> None:
    await client.post("/v1/instruments", json=SMALL)

    assert (await client.get(ADDRESS)).json() == SMALL


async def test_the_list_has_every_version(client: httpx.AsyncClient) -> None:
    for version in (1, 2):
        await client.post("/v1/instruments", json=SMALL | {"version": version})

    listed = (await client.get("/v1/instruments")).json()["items"]

    assert [(one["key"], one["version"]) for one in listed] == [("small", 1), ("small", 2)]


async def test_a_version_is_drafted_once(client: httpx.AsyncClient) -> None:
    await client.post("/v1/instruments", json=SMALL)

    answer = await client.post("/v1/instruments", json=SMALL)

    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/instrument-exists"


async def test_a_draft_is_replaced_by_who_has_read_it(client: httpx.AsyncClient) -> None:
    await client.post("/v1/instruments", json=SMALL)
    changed = SMALL | {"title": {"en": "New", "de": "Neu"}}

    answer = await client.put(ADDRESS, json=changed, headers={"If-Match": await tag_of(client)})

    assert answer.status_code == 200
    assert answer.headers["ETag"] == await tag_of(client)
    assert (await client.get(ADDRESS)).json() == changed


@pytest.mark.parametrize(
    ("header", "status", "problem"),
    [
        ({}, 428, "if-match-required"),
        ({"If-Match": '"old"'}, 412, "changed-meanwhile"),
        ({"If-Match": 'W/"old"'}, 412, "changed-meanwhile"),
        ({"If-Match": "old"}, 412, "changed-meanwhile"),
        ({"If-Match": '"a", "b"'}, 412, "changed-meanwhile"),
    ],
)
async def test_a_draft_is_not_replaced_unseen(
    client: httpx.AsyncClient, header: dict[str, str], status: int, problem: str
) -> None:
    await client.post("/v1/instruments", json=SMALL)

    answer = await client.put(ADDRESS, json=SMALL, headers=header)

    assert answer.status_code == status
    assert answer.json()["type"] == f"/problems/{problem}"


async def test_the_second_of_two_who_read_the_same_is_too_late(
    client: httpx.AsyncClient,
) -> None:
    await client.post("/v1/instruments", json=SMALL)
    seen = {"If-Match": await tag_of(client)}

    answers = [
        await client.put(ADDRESS, json=SMALL | {"title": {"en": who, "de": who}}, headers=seen)
        for who in ("first", "second")
    ]

    assert [answer.status_code for answer in answers] == [200, 412]


async def test_a_body_for_another_address_is_refused(client: httpx.AsyncClient) -> None:
    await client.post("/v1/instruments", json=SMALL)

    answer = await client.put(
        ADDRESS, json=SMALL | {"version": 2}, headers={"If-Match": await tag_of(client)}
    )

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/version"


async def test_a_published_version_never_changes(client: httpx.AsyncClient) -> None:
    await client.post("/v1/instruments", json=SMALL)

    published = await client.post(f"{ADDRESS}/publish")
    again = await client.post(f"{ADDRESS}/publish")
    replaced = await client.put(ADDRESS, json=SMALL, headers={"If-Match": await tag_of(client)})

    assert published.status_code == 200
    assert published.json()["state"] == "published"
    assert published.json()["publishedAt"] == "2026-11-23T09:00:00Z"
    assert (again.status_code, replaced.status_code) == (409, 409)


async def test_what_is_incomplete_is_not_published(client: httpx.AsyncClient) -> None:
    await client.post("/v1/instruments", json=SMALL | {"items": []})

    answer = await client.post(f"{ADDRESS}/publish")

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/instrument-incomplete"
    assert answer.json()["problems"]


async def test_a_version_that_does_not_exist_is_not_found(client: httpx.AsyncClient) -> None:
    answers = [
        await client.get(ADDRESS),
        await client.post(f"{ADDRESS}/publish"),
        await client.put(ADDRESS, json=SMALL, headers={"If-Match": '"x"'}),
    ]

    assert {answer.json()["type"] for answer in answers} == {"/problems/instrument-not-found"}


async def test_the_example_of_the_description_can_be_published(
    client: httpx.AsyncClient,
) -> None:
    await client.post("/v1/instruments", json=EXAMPLES[InstrumentDefinition])

    answer = await client.post("/v1/instruments/pulse/1/publish")

    assert answer.status_code == 200, answer.text


async def test_catalogues_are_read_with_their_version(
    client: httpx.AsyncClient, organisation: UUID, now: datetime
) -> None:
    await load_standard_content(organisation, now=now)

    models = await client.get("/v1/operating-models")
    evidence = await client.get("/v1/evidence")

    keys = [model["key"] for model in models.json()["models"]]
    assert keys == ["coe", "federated", "hybrid_squad", "managed_service"]
    assert {figure["standing"] for figure in evidence.json()["figures"]} == {"secondary"}


async def test_a_catalogue_that_was_not_loaded_is_not_found(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/v1/evidence")

    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/catalogue-not-found"


@pytest.mark.parametrize(
    "address",
    ["/v1/operating-models", "/v1/evidence", "/v1/instruments/ai-scaling-conditions/1"],
)
async def test_who_has_the_present_version_is_told_so(
    client: httpx.AsyncClient, organisation: UUID, now: datetime, address: str
) -> None:
    await load_standard_content(organisation, now=now)
    first = await client.get(address)
    tag = first.headers["ETag"]

    again = [
        await client.get(address, headers={"If-None-Match": field})
        for field in (tag, f"W/{tag}", f'"other", {tag}', "*")
    ]
    other = await client.get(address, headers={"If-None-Match": '"other"'})

    assert {answer.status_code for answer in again} == {304}
    assert {answer.content for answer in again} == {b""}
    assert {answer.headers["ETag"] for answer in again} == {tag}
    assert (other.status_code, other.content) == (200, first.content)
    assert first.headers["Cache-Control"] == "private, no-cache"


async def test_the_standard_instrument_is_served_whole(
    client: httpx.AsyncClient, organisation: UUID, now: datetime
) -> None:
    await load_standard_content(organisation, now=now)

    answer = await client.get("/v1/instruments/ai-scaling-conditions/1")

    read = msgspec.json.decode(answer.content, type=InstrumentDefinition)
    assert read == standard_instrument()
