"""Previews: every role and language of a draft, at an address that stores nothing."""

from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from api.pages.preview_pages import preview_address
from seed.content import standard_instrument
from seed.loader import load_standard_content
from survey.capture.previews import Previewed
from survey.instruments.store import import_instrument
from tests.api.callers import Caller
from tests.api.pages.browsing import Browser, Page
from tests.factories.campaigns import make_draft, rows_of
from tests.factories.definition import make_definition
from tests.factories.server import NOW, SERVER_KEY

TABLES = ("invitation", "envelope", "delivery", "response")


@pytest.fixture
async def address(client: Caller, organisation: UUID) -> str:
    """Give the address of a preview of a draft campaign of the standard instrument."""
    await load_standard_content(organisation, now=NOW)
    plan = {
        "name": "Autumn",
        "instrumentKey": "ai-scaling-conditions",
        "instrumentVersion": 1,
        "mode": "confidential",
        "minGroup": 7,
    }
    made = await client.post("/v1/campaigns", json=plan)
    answer = await client.post(f"/v1/campaigns/{made.json()['id']}/preview")
    assert answer.status_code == 200, answer.text
    assert answer.json()["expiresAt"] == "2026-11-23T10:00:00Z"
    return str(answer.json()["address"])


async def through(browser: Browser, page: Page) -> list[Page]:
    pages = [page]
    while pages[-1].buttons:
        goal = next(one for one in ("begin", "next", "send") if one in pages[-1].buttons)
        pages.append(await browser.press(pages[-1], goal))
    return pages


@pytest.mark.parametrize(
    ("role", "screens"), [("contributor", 20), ("manager", 20), ("sponsor", 2)]
)
@pytest.mark.parametrize("language", ["en", "de"])
async def test_the_whole_form_is_shown_in_every_role_and_language(
    browser: Browser, address: str, role: str, screens: int, language: str
) -> None:
    pages = await through(browser, await browser.open(f"{address}?role={role}&lang={language}"))

    assert len(pages) == 1 + screens + 2
    assert {page.status for page in pages} == {200}
    assert {page.language for page in pages} == {language}
    marked = {"en": "Preview: nothing is stored", "de": "Vorschau: Nichts wird gespeichert"}
    assert all(marked[language] in page.text for page in pages)


async def test_nothing_is_stored_whatever_is_pressed(
    browser: Browser, organisation: UUID, address: str
) -> None:
    await through(browser, await browser.open(address))

    for table in TABLES:
        assert await rows_of(organisation, f"SELECT 1 FROM {table}") == []  # noqa: S608 - ours


async def test_mode_and_thresholds_are_those_of_the_campaign(
    browser: Browser, address: str
) -> None:
    page = await browser.open(address)

    assert "confidential, not anonymous" in page.text
    assert "groups of at least 7 people" in page.text


async def test_the_buttons_lead_where_they_lead_in_the_form(
    browser: Browser, address: str
) -> None:
    first = await browser.press(await browser.open(address), "begin")
    second = await browser.press(first, "next", {"a-problem_definition_1": "4"})

    back = await browser.press(second, "previous")
    german = await browser.press(second, "lang-de")

    assert (back.title, back.chosen) == (first.title, {})
    assert (german.language, german.choices) == ("de", second.choices)


async def test_a_draft_instrument_is_shown_before_it_is_published(
    browser: Browser, client: Caller, organisation: UUID
) -> None:
    await import_instrument(organisation, make_definition())
    made = await client.post("/v1/instruments/small/1/preview")

    page = await browser.press(await browser.open(made.json()["address"]), "begin")

    assert "pain_1 in English" in page.text


async def test_an_incomplete_draft_says_what_is_missing(
    client: Caller, organisation: UUID
) -> None:
    await import_instrument(organisation, make_definition(locales=("en", "de", "fr")))

    answer = await client.post("/v1/instruments/small/1/preview")

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/instrument-incomplete"


async def test_what_does_not_exist_has_no_preview(client: Caller) -> None:
    campaign = await client.post(f"/v1/campaigns/{UUID(int=7)}/preview")
    instrument = await client.post("/v1/instruments/none/1/preview")

    assert (campaign.status_code, instrument.status_code) == (404, 404)


async def test_another_organisation_has_no_preview_of_it(
    stranger: httpx.AsyncClient, organisation: UUID
) -> None:
    draft = await make_draft(organisation)

    assert (await stranger.post(f"/v1/campaigns/{draft.id}/preview")).status_code == 404


async def test_an_address_expires_and_cannot_be_forged(
    browser: Browser, organisation: UUID, address: str
) -> None:
    what = Previewed(key=standard_instrument().key, version=1)
    past = preview_address(SERVER_KEY, organisation, what, until=NOW)
    still = preview_address(SERVER_KEY, organisation, what, until=NOW + timedelta(seconds=1))
    foreign = preview_address(b"x" * 32, organisation, what, until=NOW + timedelta(hours=1))

    pages = [await browser.open(one) for one in (past, foreign, f"{address}x", "/preview/x")]

    assert (await browser.open(still)).status == 200
    assert {page.status for page in pages} == {404}
    assert {page.html for page in pages} == {pages[0].html}
    assert (await browser.post(past, data={"do": "begin"})).status_code == 404
