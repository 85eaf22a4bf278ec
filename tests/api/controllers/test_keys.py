"""API keys: made, shown once, listed, ended."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx

from api.http.application import Application
from models.engine import connection, transaction
from survey.access.scopes import SCOPES
from tests.api.callers import Caller, as_key, make_key
from tests.factories.server import NOW

DASHBOARD = {"name": "Dashboard", "scopes": ["recommendations:read", "analytics:read"]}


async def own_key(client: httpx.AsyncClient) -> dict[str, Any]:
    """Return the key of a caller, which was there before all others."""
    return dict((await client.get("/v1/keys")).json()["items"][0])


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
        "madeBy": (await own_key(client))["id"],
        "replaces": None,
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
    assert (ended.status_code, refused.status_code) == (200, 401)


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
    small = await make_key(organisation, scopes=["keys:write", "org:read"])

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


async def test_the_answer_names_the_keys_that_end_with_one(
    app: Application, organisation: UUID, client: httpx.AsyncClient
) -> None:
    key = {"name": "Office", "scopes": ["keys:write", "org:read"]}
    office = (await client.post("/v1/keys", json=key)).json()
    async with Caller(app, headers=as_key(office["key"])) as caller:
        made = (await caller.post("/v1/keys", json=key | {"name": "Reader"})).json()

    answer = await client.delete(f"/v1/keys/{office['id']}")
    again = await client.delete(f"/v1/keys/{office['id']}")

    assert answer.json() == {
        "revoked": [
            {"id": office["id"], "name": "Office", "prefix": office["prefix"]},
            {"id": made["id"], "name": "Reader", "prefix": made["prefix"]},
        ]
    }
    assert again.json() == {"revoked": []}


async def test_the_last_key_that_makes_keys_is_not_revoked_over_the_api(
    client: httpx.AsyncClient,
) -> None:
    own = await own_key(client)

    answer = await client.delete(f"/v1/keys/{own['id']}")

    assert answer.status_code == 409
    assert answer.json() == {
        "type": "/problems/last-key-maker",
        "title": "Last key maker",
        "status": 409,
        "detail": "No key that can make keys, and lasts, would be left in the organisation. An "
        f"operator can do this on the command line: opmodel key revoke {own['id']}.",
        "key": own["id"],
    }
    assert (await own_key(client))["revokedAt"] is None


async def test_a_key_cannot_make_one_that_outlives_it(
    client: httpx.AsyncClient, app: Application
) -> None:
    end = (NOW + timedelta(hours=1)).isoformat()
    key = {"name": "Short", "scopes": ["keys:write", "org:read"], "expiresAt": end}
    short = (await client.post("/v1/keys", json=key)).json()
    later = (NOW + timedelta(hours=2)).isoformat()

    async with Caller(app, headers=as_key(short["key"])) as caller:
        endless = await caller.post("/v1/keys", json=key | {"expiresAt": None})
        longer = await caller.post("/v1/keys", json=key | {"expiresAt": later})
        same = await caller.post("/v1/keys", json=key)

    assert [one.status_code for one in (endless, longer, same)] == [403, 403, 201]
    assert endless.json()["type"] == "/problems/outlives-maker"
    expected = f"a moment no later than {end}, when the key that makes it ends"
    assert endless.json()["detail"] == (
        f"expiresAt must be {expected}; got null, which is never."
    )
    assert longer.json()["errors"] == [
        {
            "pointer": "/expiresAt",
            "code": "outlives-maker",
            "detail": f"Expected {expected}.",
            "value": later,
        }
    ]


async def test_a_key_that_may_write_the_organisation_can_neither_make_nor_end_keys(
    client: httpx.AsyncClient, app: Application, organisation: UUID
) -> None:
    office = await own_key(client)

    async with Caller(
        app, headers=as_key(await make_key(organisation, scopes=["org:write", "org:read"]))
    ) as caller:
        answers = [
            await caller.post("/v1/keys", json={"name": "x", "scopes": ["org:read"]}),
            await caller.post(f"/v1/keys/{office['id']}/rotate"),
            await caller.delete(f"/v1/keys/{office['id']}"),
        ]

    assert [one.json()["type"] for one in answers] == ["/problems/missing-scope"] * 3
    assert [one.json()["scopes"] for one in answers] == [["keys:write"]] * 3


async def test_a_rotated_key_and_its_successor_both_work_during_the_overlap(
    client: httpx.AsyncClient, app: Application
) -> None:
    key = DASHBOARD | {"scopes": ["org:read"]}
    old = (await client.post("/v1/keys", json=key)).json()

    answer = await client.post(f"/v1/keys/{old['id']}/rotate", json={"overlapHours": 24})

    new = answer.json()
    assert (answer.status_code, new["replaces"], new["scopes"]) == (
        201,
        old["id"],
        ["org:read"],
    )
    assert answer.headers["Location"] == f"/v1/keys/{new['id']}"
    for one in (old, new):
        async with Caller(app, headers=as_key(one["key"])) as caller:
            assert (await caller.get("/v1/organisation")).status_code == 200
    left = (await client.get(f"/v1/keys/{old['id']}")).json()
    assert (left["expiresAt"], left["lastUsedOn"]) == ("2026-11-24T09:00:00Z", "2026-11-23")


async def test_a_repeat_of_a_rotation_shows_no_key_and_rotates_nothing(
    client: httpx.AsyncClient,
) -> None:
    old = (await client.post("/v1/keys", json=DASHBOARD)).json()
    once = {"Idempotency-Key": "rotate-1"}

    first = await client.post(f"/v1/keys/{old['id']}/rotate", headers=once)
    repeat = await client.post(f"/v1/keys/{old['id']}/rotate", headers=once)

    assert repeat.json() == first.json() | {"key": None}


async def test_a_key_that_cannot_be_rotated_is_a_conflict_that_says_why(
    client: httpx.AsyncClient,
) -> None:
    old, ended = [(await client.post("/v1/keys", json=DASHBOARD)).json() for _ in range(2)]
    new = (await client.post(f"/v1/keys/{old['id']}/rotate")).json()
    await client.delete(f"/v1/keys/{ended['id']}")

    answers = [await client.post(f"/v1/keys/{one['id']}/rotate") for one in (old, ended)]

    assert [one.status_code for one in answers] == [409, 409]
    assert [one.json()["type"] for one in answers] == [
        "/problems/key-replaced",
        "/problems/key-ended",
    ]
    assert answers[0].json()["successor"] == new["id"]


async def test_an_overlap_of_more_than_a_month_is_refused(client: httpx.AsyncClient) -> None:
    old = (await client.post("/v1/keys", json=DASHBOARD)).json()

    answer = await client.post(f"/v1/keys/{old['id']}/rotate", json={"overlapHours": 721})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["detail"] == (
        "Expected a whole number from 0 to 720, got 721."
    )
