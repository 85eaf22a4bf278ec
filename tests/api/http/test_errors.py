"""Failures as problems: every kind has a status, none says more than it should."""

import json
import logging
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from litestar import get

from api.app import create_app
from api.description.kinds import every_error
from api.http.errors import STATUS, status_of
from api.serving.logs import json_formatter
from api.settings import ApiSettings
from models.errors import DatabaseUnreachable
from survey.capture.errors import StorageUnavailable
from survey.errors import FieldInvalid, SurveyError
from tests.factories.server import KEYS

KINDS = sorted(every_error(), key=lambda kind: kind.__name__)
SECRET = "she answered 4 to item 3"


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_has_a_status_a_code_of_its_own_and_a_meaning(
    kind: type[SurveyError],
) -> None:
    assert 400 <= status_of(kind) <= 503
    assert "code" in vars(kind)
    assert kind.__doc__


def test_no_two_errors_share_a_code() -> None:
    codes = [kind.code for kind in KINDS]

    assert sorted(set(codes)) == sorted(codes)


def test_failures_have_these_statuses_and_no_other() -> None:
    assert set(STATUS.values()) == {
        400, 401, 403, 404, 406, 409, 412, 413, 415, 422, 428, 429, 503,
    }  # fmt: skip


async def test_an_address_that_is_none_is_not_found(anybody: httpx.AsyncClient) -> None:
    answer = await anybody.get("/v2/anything?token=abc")

    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "/problems/no-such-address",
        "title": "No such address",
        "status": 404,
        "detail": "There is nothing at this address. See /schema.",
    }


async def test_a_method_that_is_not_answered_names_those_that_are(
    anybody: httpx.AsyncClient,
) -> None:
    answer = await anybody.delete("/v1/keys")

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS, POST"
    assert answer.json()["type"] == "/problems/method-not-allowed"


async def test_a_parameter_out_of_range_is_named_with_what_it_takes(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/v1/keys?limit=1001")

    assert answer.status_code == 400
    assert answer.json() == {
        "type": "/problems/malformed-parameter",
        "title": "Malformed parameter",
        "status": 400,
        "detail": "A parameter is not as described.",
        "errors": [
            {
                "parameter": "limit",
                "code": "not-as-described",
                "detail": "Expected a whole number from 1 to 1000.",
                "value": "1001",
            }
        ],
        "total": 1,
    }


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (b'{"name": 1, "scopes": ["org:read"]}', "/name"),
        (b'{"name": "x", "scopes": ["org:read", 3]}', "/scopes/1"),
        (b'{"name": "x", "scopes": ["org:read"], "unti": "C"}', "/unti"),
        (b'{"name": "x", "scopes": "org:read"}', "/scopes"),
        (b'{"name": "x", "scopes": [], "unit": 5}', "/scopes"),
        (b"[]", ""),
    ],
)
async def test_a_body_of_another_shape_is_refused_where_it_differs(
    client: httpx.AsyncClient, body: bytes, pointer: str
) -> None:
    answer = await client.post("/v1/keys", content=body)

    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/malformed-body"
    assert answer.json()["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize("body", [b"{", b"", b"\xff\xfe", b'{"name": }'])
async def test_what_is_no_json_is_refused(client: httpx.AsyncClient, body: bytes) -> None:
    answer = await client.post("/v1/keys", content=body)

    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/malformed-body"


async def test_a_number_in_quotes_is_no_number(client: httpx.AsyncClient) -> None:
    answer = await client.patch("/v1/organisation", json={"minGroup": "8"})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["detail"] == (
        "Expected a whole number from 0 to 32767, got text of 1 character."
    )


async def test_a_form_of_a_page_is_no_json(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/keys", data={"name": "x"})

    assert answer.status_code == 415
    assert answer.json()["accepted"] == ["application/json"]


async def test_a_body_that_is_too_large_is_refused_with_the_limit(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.post("/v1/keys", json={"name": "x" * 1_000_001})

    assert answer.status_code == 413
    assert answer.json()["limit"] == 1_000_000


async def test_a_value_that_breaks_a_rule_is_named_as_on_the_wire(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.patch("/v1/organisation", json={"minGroup": 3})

    assert answer.status_code == 422
    assert answer.json() == {
        "type": "/problems/field-invalid",
        "title": "Field invalid",
        "status": 422,
        "detail": "minGroup must be from 4 to 50.",
        "errors": [
            {
                "pointer": "/minGroup",
                "code": FieldInvalid.code,
                "detail": "Expected from 4 to 50.",
                "value": 3,
            }
        ],
    }


@get("/boom")
async def boom() -> None:
    raise ValueError(SECRET)


@get("/lost")
async def lost() -> None:
    raise asyncpg.ConnectionDoesNotExistError(SECRET)


@get("/unreachable")
async def unreachable() -> None:
    raise DatabaseUnreachable(SECRET)


@get("/no-table")
async def no_table() -> None:
    raise asyncpg.UndefinedTableError(SECRET)


@get("/no-column")
async def no_column() -> None:
    raise asyncpg.UndefinedColumnError(SECRET)


@get("/no-sql")
async def no_sql() -> None:
    raise asyncpg.PostgresSyntaxError(SECRET)


@get("/stored")
async def stored() -> None:
    raise StorageUnavailable.because(asyncpg.CheckViolationError(SECRET))


async def ask(address: str) -> httpx.Response:
    app = create_app(ApiSettings(), dsn="", server_key=b"", keys=KEYS, own_engine=False)
    for handler in (boom, lost, unreachable, no_table, no_column, no_sql, stored):
        app.register(handler)
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]  # Litestar types its scopes more narrowly
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as caller:
        return await caller.get(address, headers={"X-Request-Id": "r-1"})


async def test_a_mistake_of_ours_says_nothing_but_whom_to_ask() -> None:
    answer = await ask("/boom")

    assert answer.status_code == 500
    assert answer.json() == {
        "type": "/problems/internal-error",
        "title": "Internal error",
        "status": 500,
        "detail": "Something went wrong on our side.",
        "requestId": "r-1",
    }


@pytest.mark.parametrize("address", ["/lost", "/unreachable"])
async def test_a_lost_database_is_not_a_mistake_and_may_come_back(address: str) -> None:
    answer = await ask(address)

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "1"
    assert answer.json()["type"] == "/problems/database-unavailable"


@pytest.mark.parametrize("address", ["/no-table", "/no-column", "/no-sql"])
async def test_what_the_database_will_always_refuse_is_a_mistake_of_ours(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await ask(address)

    assert answer.status_code == 500
    assert "Retry-After" not in answer.headers
    assert answer.json()["type"] == "/problems/internal-error"
    assert [record.message for record in caplog.records].count("Unexpected failure") == 1


@pytest.mark.parametrize("address", ["/boom", "/lost", "/no-table", "/stored"])
async def test_the_log_has_the_place_of_a_failure_and_not_its_words(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        await ask(address)

    lines = [json.loads(json_formatter().format(record)) for record in caplog.records]
    failures: list[dict[str, Any]] = [line for line in lines if "failure" in line]
    assert len(failures) == 1
    assert failures[0]["request_id"] == "r-1"
    assert SECRET not in json.dumps(lines)
    assert address == "/stored" or "test_errors.py" in " ".join(failures[0]["frames"])


def test_an_error_that_no_branch_holds_is_a_mistake() -> None:
    class Loose(Exception):  # noqa: N818 - an error is named for what happened
        """It is of no branch."""

    with pytest.raises(LookupError, match="Loose has no HTTP status"):
        status_of(Loose)  # type: ignore[arg-type]  # this is the mistake


async def test_a_kind_of_problem_can_be_read(anybody: httpx.AsyncClient) -> None:
    answer = await anybody.get("/problems/field-invalid")

    assert answer.status_code == 200
    assert answer.json() == {
        "type": "/problems/field-invalid",
        "title": "Field invalid",
        "status": 422,
        "description": "One value is not what its field takes.",
    }


async def test_a_kind_that_does_not_exist_is_not_found(anybody: httpx.AsyncClient) -> None:
    assert (await anybody.get("/problems/of-mine")).status_code == 404


async def test_an_id_that_is_none_is_not_found(
    client: httpx.AsyncClient, organisation: UUID
) -> None:
    answer = await client.get(f"/v1/campaigns/{organisation}x")

    assert answer.status_code == 404


async def test_an_id_that_is_none_is_not_found_whatever_the_method(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/v1/keys/none")

    assert answer.status_code == 404


async def test_a_request_of_two_hosts_is_not_understood(anybody: httpx.AsyncClient) -> None:
    answer = await anybody.get("/health/live", headers=[("Host", "a"), ("Host", "b")])

    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/malformed"


async def test_a_host_that_is_none_is_not_understood(anybody: httpx.AsyncClient) -> None:
    answer = await anybody.get("/health/live", headers={"Host": "a b"})

    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/malformed"
