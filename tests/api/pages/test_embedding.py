"""The form inside a page of the organisation's own, and of nobody else."""

import httpx
import pytest

from tests.api.callers import Caller, as_key, make_key
from tests.api.pages.browsing import Browser
from tests.factories.open_campaign import OpenCampaign

INTRANET = "https://intranet.example:8443"


@pytest.fixture
async def allowed(browser: Browser, opened: OpenCampaign) -> None:
    """Let the intranet embed the form."""
    key = as_key(await make_key(opened.organisation))
    answer = await browser.patch(
        "/v1/organisation", json={"embedOrigins": [INTRANET]}, headers=key
    )
    assert answer.json()["embedOrigins"] == [INTRANET]


def ancestors(headers: httpx.Headers) -> str:
    return headers["Content-Security-Policy"].rpartition("frame-ancestors ")[2]


@pytest.mark.usefixtures("allowed")
async def test_every_page_of_an_embedded_form_may_be_shown_there_and_nowhere_else(
    browser: Browser, token: str
) -> None:
    pages = [await browser.open(f"/f/{token}?embed=1")]
    pages.append(await browser.press(pages[-1], "begin"))
    while "send" not in pages[-1].buttons:
        pages.append(await browser.answer(pages[-1]))
    pages.append(await browser.press(pages[-1], "send"))

    assert {ancestors(page.headers) for page in pages} == {INTRANET}
    assert pages[0].links[-1] == f"/f/{token}"
    assert 'target="_blank" rel="noopener"' in pages[0].html


@pytest.mark.usefixtures("allowed")
@pytest.mark.parametrize("query", ["", "?embed=0", "?embed"])
async def test_a_form_that_was_not_asked_to_be_embedded_is_not(
    browser: Browser, token: str, query: str
) -> None:
    assert ancestors((await browser.open(f"/f/{token}{query}")).headers) == "'none'"


async def test_without_an_origin_nobody_may_embed_it(browser: Browser, token: str) -> None:
    assert ancestors((await browser.open(f"/f/{token}?embed=1")).headers) == "'none'"


@pytest.mark.parametrize(
    "origin",
    [
        "http://intranet.example",
        "https://intranet.example/",
        "https://*.example",
        "https://intranet.example; script-src *",
        "https://Intranet.example",
        "intranet.example",
        "https://",
        "https://a.example:x",
        "*",
        "'self'",
        "null",
        "https://a.example\nhttps://b.example",
    ],
)
async def test_what_is_no_origin_is_refused(client: Caller, origin: str) -> None:
    answer = await client.patch("/v1/organisation", json={"embedOrigins": [origin]})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/embedOrigins"
    assert "https://intranet.example" in answer.json()["detail"]


async def test_more_than_twenty_origins_are_refused(client: Caller) -> None:
    many = [f"https://a{number}.example" for number in range(21)]

    answer = await client.patch("/v1/organisation", json={"embedOrigins": many})

    assert answer.status_code == 422
    assert answer.json()["detail"] == "embedOrigins must be at most 20 origins."


async def test_on_this_machine_plain_http_may_embed_it(client: Caller) -> None:
    local = ["http://localhost:3000", "http://127.0.0.1:8080"]

    answer = await client.patch("/v1/organisation", json={"embedOrigins": local})

    assert answer.json()["embedOrigins"] == local
