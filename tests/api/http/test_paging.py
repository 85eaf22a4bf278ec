"""Lists in pages."""

from uuid import UUID

import httpx
import pytest

from api.http.application import Application
from tests.api.callers import Caller, as_key, make_key
from tests.factories.directory import load_company


async def codes_by_links(caller: httpx.AsyncClient, address: str) -> list[list[str]]:
    """Follow the links from page to page."""
    pages = []
    at: str | None = address
    while at is not None:
        answer = await caller.get(at)
        pages.append([unit["code"] for unit in answer.json()["items"]])
        at = answer.links["next"]["url"] if "next" in answer.links else None
    return pages


async def test_links_lead_through_the_whole_list(
    client: httpx.AsyncClient, organisation: UUID
) -> None:
    await load_company(organisation, {"U1": 0, "U2": 0, "U3": 0, "U4": 0})

    assert await codes_by_links(client, "/v1/units?limit=2") == [
        ["ALL", "U1"],
        ["U2", "U3"],
        ["U4"],
    ]


async def test_the_body_has_the_cursor_of_the_link(
    client: httpx.AsyncClient, organisation: UUID
) -> None:
    await load_company(organisation, {"U1": 0})

    answer = await client.get("/v1/units?limit=1")

    cursor = answer.json()["nextCursor"]
    assert answer.headers["Link"] == f'</v1/units?limit=1&cursor={cursor}>; rel="next"'


async def test_the_last_page_leads_nowhere(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/units")

    assert answer.json() == {"items": [], "nextCursor": None}
    assert "Link" not in answer.headers


async def test_what_is_inserted_meanwhile_moves_nothing(
    client: httpx.AsyncClient, organisation: UUID
) -> None:
    await load_company(organisation, {"U2": 0, "U4": 0})
    first = await client.get("/v1/units?limit=2")
    await load_company(organisation, {"U1": 0, "U2": 0, "U3": 0, "U4": 0})

    second = await client.get(first.links["next"]["url"])

    assert [unit["code"] for unit in second.json()["items"]] == ["U3", "U4"]


async def test_a_page_of_a_part_of_the_tree_is_as_long_as_any(
    app: Application, organisation: UUID
) -> None:
    await load_company(organisation, {"A": 0, "B": 0, "C": 0}, top="B")
    key = as_key(await make_key(organisation, unit="B"))

    async with Caller(app, headers=key) as caller:
        assert await codes_by_links(caller, "/v1/units?limit=2") == [["A", "B"], ["C"]]


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "not base64!",
        "aGVsbG8",  # base64 of what is no JSON
        "WyJMaXN0S2V5cyIsIlUxIl0",  # of another list
        "W10",  # an empty list
        "x" * 512,
    ],
)
async def test_a_cursor_that_this_list_did_not_give_is_refused(
    client: httpx.AsyncClient, cursor: str
) -> None:
    answer = await client.get("/v1/units", params={"cursor": cursor})

    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/malformed-cursor"


@pytest.mark.parametrize("limit", ["0", "1001", "-1", "many", "1.5"])
async def test_a_page_has_1_to_1000_entries(client: httpx.AsyncClient, limit: str) -> None:
    answer = await client.get(f"/v1/units?limit={limit}")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == "limit"
