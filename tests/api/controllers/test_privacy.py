"""The privacy statement over HTTP: Markdown or a page, in the reader's language."""

from uuid import UUID

import httpx
import pytest

from tests.factories.campaigns import close_campaign, make_draft, make_open
from tests.factories.directory import load_company


@pytest.fixture
async def statement(organisation: UUID) -> str:
    """Give the address of the statement of an open campaign."""
    campaign = await make_open(organisation, {"U1": 6})
    return f"/v1/campaigns/{campaign.id}/privacy-statement"


async def test_it_is_markdown_unless_a_page_is_wanted(
    client: httpx.AsyncClient, statement: str
) -> None:
    plain = await client.get(statement)
    page = await client.get(statement, headers={"Accept": "text/html"})

    assert plain.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert plain.text.startswith("# Privacy statement: ")
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert page.text.startswith("<!doctype html>")
    assert {plain.headers["Vary"], page.headers["Vary"]} == {"Accept"}


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("*/*", "text/markdown"),
        ("text/*", "text/markdown"),
        ("text/html;q=0.9, text/markdown;q=0.4", "text/html"),
        ("text/html, */*;q=0.1", "text/html"),
    ],
)
async def test_the_most_wanted_kind_is_sent(
    client: httpx.AsyncClient, statement: str, accept: str, media: str
) -> None:
    answer = await client.get(statement, headers={"Accept": accept})

    assert answer.headers["Content-Type"].startswith(media)


async def test_another_kind_is_refused_with_those_there_are(
    client: httpx.AsyncClient, statement: str
) -> None:
    answer = await client.get(statement, headers={"Accept": "application/pdf"})

    assert answer.status_code == 406
    assert answer.json()["type"] == "/problems/not-acceptable"
    assert answer.json()["offered"] == ["text/markdown", "text/html"]


@pytest.mark.parametrize(
    ("locale", "heading"),
    [
        ("de-CH", "# Datenschutzerklärung"),
        ("fr-CA", "# Déclaration de"),
        ("it", "# Privacy"),
        ("?", "# Privacy"),
    ],
)
async def test_it_speaks_the_language_asked_for_if_there_is_one(
    client: httpx.AsyncClient, statement: str, locale: str, heading: str
) -> None:
    answer = await client.get(statement, params={"locale": locale})

    assert answer.text.startswith(heading)


async def test_it_tells_whether_the_campaign_is_open(
    client: httpx.AsyncClient, organisation: UUID
) -> None:
    draft = await make_draft(organisation)
    await load_company(organisation, {"U1": 6})
    address = f"/v1/campaigns/{draft.id}"
    said = [(await client.get(f"{address}/privacy-statement")).text]
    await client.post(f"{address}/open", json={"channel": "console"})
    said.append((await client.get(f"{address}/privacy-statement")).text)
    await close_campaign(organisation, draft.id)
    said.append((await client.get(f"{address}/privacy-statement")).text)

    for text, state in zip(said, ("has not opened yet", "is open", "has closed"), strict=True):
        assert f"The survey {state}" in text


async def test_no_statement_is_there_for_an_unknown_campaign(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, statement: str
) -> None:
    unknown = statement.replace(statement.split("/")[3], "0193e4a0-7c1e-7d3a-9a44-3f0c5b2f8a02")

    assert (await client.get(unknown)).status_code == 404
    assert (await stranger.get(statement)).status_code == 404
