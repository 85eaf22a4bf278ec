"""Requests that mean nothing: each is answered with a problem that says what was expected."""

import json
from typing import Any
from uuid import UUID

import httpx
import pytest

JSON = {"Content-Type": "application/json"}
KEY = {"name": "Reader", "scopes": ["org:read"]}
ANY_ID = "0193e4a0-7c1e-7d3a-9a44-3f0c5b2f8a02"
PULSE = "/v1/instruments/pulse"


def key(**members: Any) -> bytes:
    """Return a body that makes a key, with other members."""
    return json.dumps(KEY | members).encode()


@pytest.mark.parametrize(
    ("method", "address", "body", "status", "kind", "place"),
    [
        ("POST", "/v1/keys", b"{", 400, "malformed-body", None),
        ("POST", "/v1/keys", b"", 400, "malformed-body", None),
        ("POST", "/v1/keys", b'{"name": NaN}', 400, "malformed-body", None),
        ("POST", "/v1/keys", b'{"name": "\xff"}', 400, "malformed-body", None),
        ("POST", "/v1/keys", b"[" * 1_000 + b"]" * 1_000, 400, "malformed-body", ""),
        ("POST", "/v1/keys", b"[" * 100_000, 400, "malformed-body", ""),
        ("POST", "/v1/keys", b'{"name": ' + b"9" * 5_000 + b"}", 400, "malformed-body", None),
        ("POST", "/v1/keys", key(name="a\0b"), 400, "malformed-body", "/name"),
        ("POST", "/v1/keys", key(name="a\ud800"), 400, "malformed-body", "/name"),
        ("POST", "/v1/keys", key(name="x" * 201), 400, "malformed-body", "/name"),
        ("POST", "/v1/keys", key(unit="U" * 65), 400, "malformed-body", "/unit"),
        ("POST", "/v1/keys", b'{"name": "a", "name": "b"}', 400, "malformed-body", "/name"),
        ("POST", "/v1/keys", key(expiresAt="9999-12-31T23:59:59.999999Z"), 400,
         "malformed-body", "/expiresAt"),
        ("POST", "/v1/keys", key(expiresAt="0001-01-01T00:00:00Z"), 400,
         "malformed-body", "/expiresAt"),
        ("POST", "/v1/keys", key(expiresAt="2027-01-01T00:00:00"), 400,
         "malformed-body", "/expiresAt"),
        ("PATCH", "/v1/organisation", b'{"minGroup": 100000}', 400,
         "malformed-body", "/minGroup"),
        ("PATCH", "/v1/organisation", b'{"minGroup": 1e400}', 400,
         "malformed-body", "/minGroup"),
        ("GET", "/v1/units/%00", b"", 400, "malformed-parameter", "unit"),
        ("GET", "/v1/people/a%00b", b"", 400, "malformed-parameter", "externalId"),
        ("GET", "/v1/units/" + "U" * 65, b"", 400, "malformed-parameter", "unit"),
        ("GET", f"{PULSE}/{2**31}", b"", 400, "malformed-parameter", "version"),
        ("GET", f"{PULSE}/{2**80}", b"", 400, "malformed-parameter", "version"),
        ("GET", f"{PULSE}/{'9' * 5_000}", b"", 404, "no-such-address", None),
        ("GET", "/v1/units?limit=5&limit=6", b"", 400, "malformed-parameter", "limit"),
        ("GET", "/v1/units?limit=%ff", b"", 400, "malformed-parameter", None),
        ("GET", f"/v1/units?limit={'9' * 5_000}", b"", 400, "malformed-parameter", "limit"),
        ("GET", "/v1/units?unit=%00", b"", 400, "malformed-parameter", "unit"),
        ("PUT", "/v1/people?expectDeactivated=many", b"[]", 400, "malformed-parameter",
         "expectDeactivated"),
        ("GET", "/v1/use-cases/ranking?weight=value:1e999", b"", 400,
         "malformed-parameter", "weight"),
        ("GET", f"/v1/campaigns/{ANY_ID}x", b"", 404, "no-such-address", None),
        ("FOO", "/v1/keys", b"", 405, "method-not-allowed", None),
        ("TRACE", "/v1/keys", b"", 405, "method-not-allowed", None),
        ("OPTIONS", "/v1/nothing", b"", 404, "no-such-address", None),
    ],
)  # fmt: skip
async def test_a_bad_request_is_answered_with_its_problem(
    client: httpx.AsyncClient,
    method: str,
    address: str,
    body: bytes,
    status: int,
    kind: str,
    place: str | None,
) -> None:
    answer = await client.request(method, address, content=body, headers=JSON)

    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (status, f"/problems/{kind}")
    assert answer.headers["Content-Type"] == "application/problem+json"
    if place is not None:
        (only,) = [
            error
            for error in problem["errors"]
            if place in {error.get("pointer"), error.get("parameter")}
        ]
        assert only["detail"]


async def test_all_faults_of_a_body_are_reported_at_once(client: httpx.AsyncClient) -> None:
    body = {"unti": "C", "name": 5, "expiresAt": "tomorrow", "unit": []}

    answer = await client.post("/v1/keys", json=body)

    assert {error["pointer"]: error["detail"] for error in answer.json()["errors"]} == {
        "/unti": "There is no such member; there are name, scopes, unit, expiresAt.",
        "/name": "Expected text of 1 to 200 characters, got 5.",
        "/expiresAt": (
            "Expected a moment from 1900 to 2200 with its distance to UTC, such as "
            "2026-11-23T09:00:00Z, got text of 8 characters."
        ),
        "/unit": "Expected text of 1 to 64 characters or null, got a list of 0 entries.",
        "/scopes": "This member is required: a list of 1 to 50 entries.",
    }
    assert answer.json()["total"] == 5


async def test_of_many_faults_50_are_listed_and_all_are_counted(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.post("/v1/keys", json=KEY | {f"m{n}": n for n in range(50_000)})

    assert (len(answer.json()["errors"]), answer.json()["total"]) == (50, 50_000)
    assert len(answer.content) < 10_000


async def test_of_many_broken_rules_50_are_listed_and_all_are_counted(
    client: httpx.AsyncClient,
) -> None:
    models = {
        "version": "9",
        "models": [
            {"key": f"Model {n}", "name": {}, "strength": {}, "conditions": {}, "anchors": {}}
            for n in range(200)
        ],
    }

    answer = await client.put("/v1/operating-models", json=models)

    assert answer.json()["type"] == "/problems/operating-models-invalid"
    assert len(answer.json()["problems"]) == 50
    assert answer.json()["total"] >= 200


async def test_a_name_of_a_megabyte_is_not_sent_back(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/keys", content=json.dumps(KEY | {"x" * 900_000: 1}))

    assert answer.json()["errors"][0]["code"] == "unknown-member"
    assert len(answer.content) < 1_000


async def test_a_backslash_before_u0000_is_text(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/keys", json=KEY | {"name": "\\u0000"})

    assert (answer.status_code, answer.json()["name"]) == (201, "\\u0000")


async def test_any_distance_to_utc_is_taken_and_shown_in_utc(client: httpx.AsyncClient) -> None:
    answer = await client.post(
        "/v1/keys", json=KEY | {"expiresAt": "2030-01-01T03:00:00+05:30"}
    )

    assert answer.json()["expiresAt"] == "2029-12-31T21:30:00Z"


async def test_what_a_body_refused_is_not_stored(client: httpx.AsyncClient) -> None:
    before = (await client.get("/v1/keys")).json()

    await client.post("/v1/keys", json=KEY | {"expiresAt": "9999-12-31T23:59:59.999999Z"})

    assert (await client.get("/v1/keys")).json() == before


async def test_a_problem_names_the_parameters_that_there_are(
    client: httpx.AsyncClient, organisation: UUID
) -> None:
    answer = await client.get("/v1/units?sort=name&limit=5")

    (error,) = answer.json()["errors"]
    assert error["parameter"] == "sort"
    assert error["detail"] == "There is no such parameter; there are cursor, limit."
