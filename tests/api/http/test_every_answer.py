"""What all answers have in common, errors included."""

import httpx
import pytest

ADDRESSES = ["/health/live", "/v1/keys", "/v1/nothing", "/schema/openapi.json"]


@pytest.mark.parametrize("address", ADDRESSES)
async def test_browsers_are_told_to_be_careful(
    anybody: httpx.AsyncClient, address: str
) -> None:
    answer = await anybody.get(address)

    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Content-Security-Policy"] == (
        "default-src 'none'; frame-ancestors 'none'"
    )
    assert answer.headers["Cache-Control"] == "no-store"


async def test_the_id_of_a_request_is_given_back(anybody: httpx.AsyncClient) -> None:
    answer = await anybody.get("/health/live", headers={"X-Request-Id": "trace.me-1_a"})

    assert answer.headers["X-Request-Id"] == "trace.me-1_a"


@pytest.mark.parametrize("given", ["", "a b", "x" * 129, "line\tbreak", "ü".encode()])
async def test_an_id_that_is_none_is_replaced(
    anybody: httpx.AsyncClient, given: str | bytes
) -> None:
    answer = await anybody.get("/health/live", headers={"X-Request-Id": given})

    assert len(answer.headers["X-Request-Id"]) == 32


async def test_each_request_has_an_id_of_its_own(anybody: httpx.AsyncClient) -> None:
    ids = {(await anybody.get("/v1/nothing")).headers["X-Request-Id"] for _ in range(3)}

    assert len(ids) == 3


async def test_head_is_get_without_the_body(client: httpx.AsyncClient) -> None:
    whole, head = await client.get("/v1/organisation"), await client.head("/v1/organisation")

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == whole.headers["Content-Length"]


async def test_head_of_what_has_no_get_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.head("/v1/campaigns/0193e4a0-7c1e-7d3a-9a44-3f0c5b2f8a02/open")

    assert (answer.status_code, answer.content) == (405, b"")


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("/v1/units", "GET, HEAD, OPTIONS, PUT"),
        ("/v1/units/U1", "GET, HEAD, OPTIONS"),
        ("/v1/form", "GET, HEAD, OPTIONS, POST, PUT"),
        ("/v1/instruments/pulse/1", "GET, HEAD, OPTIONS, PUT"),
    ],
)
async def test_options_names_the_methods_to_anybody(
    anybody: httpx.AsyncClient, address: str, allowed: str
) -> None:
    answer = await anybody.options(address)

    assert (answer.status_code, answer.headers["Allow"]) == (204, allowed)


async def test_pages_of_others_are_not_let_in(anybody: httpx.AsyncClient) -> None:
    answer = await anybody.options(
        "/v1/units",
        headers={"Origin": "https://x.example", "Access-Control-Request-Method": "GET"},
    )

    assert not [name for name in answer.headers if name.startswith("access-control")]
