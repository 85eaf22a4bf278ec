"""API keys: made, shown once, listed, ended."""

from datetime import timedelta
from uuid import UUID, uuid4

import httpx

from api.http.application import Application
from models.engine import connection, transaction
from survey.access.scopes import SCOPES
from tests.api.callers import Caller, as_key, make_key
from tests.factories.server import NOW

DASHBOARD = {"name": "Dashboard", "scopes": ["recommendations:read", "analytics:read"]}


async def test_a_new_key_is_shown_with_what_it_may_do(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/keys", json=DASHBOARD)

    body = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/v1/keys/{body['id']}"
    assert body.pop("key").startswith(body["prefix"] + "_")
    del body["id"], body["prefix"]
    assert body == {
        "name": "Dashboard",
        "scopes": ["analytics:read", "recommendations:read"],
        "unit": None,
        "createdAt": "2026-11-23T09:00:00Z",
        "expiresAt": None,
        "lastUsedOn": None,
        "revokedAt": None,
    }


async def test_a_new_key_opens_what_its_scopes_say(
    client: httpx.AsyncClient, app: Application
) -> None:
    made = await client.post("/v1/keys", json={"name": "Reader", "scopes": ["org:read"]})

    async with Caller(app, headers=as_key(made.json()["key"])) as reader:
        answer = await reader.get("/v1/organisation")

    assert answer.status_code == 200


async def test_a_new_key_is_read_at_its_address_without_the_key(
    client: httpx.AsyncClient,
) -> None:
    made = await client.post("/v1/keys", json=DASHBOARD)

    answer = await client.get(made.headers["Location"])

    expected = made.json()
    del expected["key"]
    assert (answer.status_code, answer.json()) == (200, expected)


async def test_an_ended_key_can_still_be_read(client: httpx.AsyncClient) -> None:
    address = (await client.post("/v1/keys", json=DASHBOARD)).headers["Location"]
    await client.delete(address)

    assert (await client.get(address)).json()["revokedAt"] == "2026-11-23T09:00:00Z"


async def test_a_key_of_another_organisation_is_not_found(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    address = (await client.post("/v1/keys", json=DASHBOARD)).headers["Location"]

    answers = [await stranger.get(address), await client.get(f"/v1/keys/{uuid4()}")]

    assert [answer.json()["type"] for answer in answers] == ["/problems/key-not-found"] * 2


async def test_the_list_never_shows_a_key(client: httpx.AsyncClient) -> None:
    made = (await client.post("/v1/keys", json=DASHBOARD)).json()

    listed = await client.get("/v1/keys")

    assert made["prefix"] in listed.text
    assert made["key"] not in listed.text
    assert all("key" not in entry for entry in listed.json()["items"])


async def test_a_key_is_stored_as_a_hash_alone(
    client: httpx.AsyncClient, organisation: UUID
) -> None:
    key = (await client.post("/v1/keys", json=DASHBOARD)).json()["key"]

    async with transaction(organisation):
        rows = await connection().fetch("SELECT api_key::text FROM api_key")
    secret = key.split("_", 2)[2]
    assert not any(secret in row[0] for row in rows)


async def test_a_revoked_key_opens_nothing_from_then_on(
    client: httpx.AsyncClient, app: Application
) -> None:
    made = (await client.post("/v1/keys", json=DASHBOARD | {"scopes": ["org:read"]})).json()

    ended = await client.delete(f"/v1/keys/{made['id']}")

    async with Caller(app, headers=as_key(made["key"])) as former:
        refused = await former.get("/v1/organisation")
    assert (ended.status_code, refused.status_code) == (204, 401)


async def test_a_revoked_key_stays_in_the_list(client: httpx.AsyncClient) -> None:
    made = (await client.post("/v1/keys", json=DASHBOARD)).json()

    await client.delete(f"/v1/keys/{made['id']}")

    listed = (await client.get("/v1/keys")).json()["items"]
    assert [entry["revokedAt"] for entry in listed if entry["id"] == made["id"]] == [
        "2026-11-23T09:00:00Z"
    ]


async def test_the_day_of_the_last_use_is_kept(client: httpx.AsyncClient) -> None:
    first = (await client.get("/v1/keys")).json()["items"][0]

    assert first["lastUsedOn"] == "2026-11-23"


async def test_unknown_scopes_are_named(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/keys", json=DASHBOARD | {"scopes": ["org:read", "all"]})

    assert answer.status_code == 422
    assert answer.json() == {
        "type": "/problems/unknown-scopes",
        "title": "Unknown scopes",
        "status": 422,
        "detail": f"No such scopes: all. Known are {', '.join(SCOPES)}.",
        "errors": [
            {
                "pointer": "/scopes",
                "code": "unknown-scope",
                "detail": "Expected a known scope.",
                "value": "all",
            }
        ],
    }


async def test_a_key_that_imports_and_reads_results_is_refused_with_what_it_reads(
    client: httpx.AsyncClient,
) -> None:
    scopes = ["responses:import", "recommendations:read", "org:read", "analytics:read"]

    answer = await client.post("/v1/keys", json=DASHBOARD | {"scopes": scopes})

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/import-reads-results"
    assert answer.json()["detail"] == (
        "A key with responses:import reads no results, so it cannot have "
        "analytics:read, recommendations:read. Make two keys."
    )
    assert [entry["value"] for entry in answer.json()["errors"]] == [
        "analytics:read",
        "recommendations:read",
    ]


async def test_a_key_cannot_hand_on_what_it_does_not_hold(
    app: Application, organisation: UUID
) -> None:
    small = await make_key(organisation, scopes=["org:write", "org:read"])

    async with Caller(app, headers=as_key(small)) as caller:
        answer = await caller.post("/v1/keys", json=DASHBOARD)

    assert answer.status_code == 403
    assert answer.json()["type"] == "/problems/beyond-own-rights"
    assert answer.json()["scopes"] == ["analytics:read", "recommendations:read"]


async def test_a_key_cannot_be_kept_to_a_unit_that_does_not_exist(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.post("/v1/keys", json=DASHBOARD | {"unit": "nowhere"})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/unit"


async def test_a_key_cannot_be_born_expired(client: httpx.AsyncClient) -> None:
    past = (NOW - timedelta(seconds=1)).isoformat()

    answer = await client.post("/v1/keys", json=DASHBOARD | {"expiresAt": past})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/expiresAt"


async def test_ending_a_key_that_is_not_there_is_not_found(client: httpx.AsyncClient) -> None:
    answer = await client.delete(f"/v1/keys/{uuid4()}")

    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/key-not-found"


async def test_another_organisation_cannot_end_a_key(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    made = (await client.post("/v1/keys", json=DASHBOARD)).json()

    answer = await stranger.delete(f"/v1/keys/{made['id']}")

    assert answer.status_code == 404
