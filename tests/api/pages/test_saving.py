"""What the script saves while somebody answers."""

from typing import Any

import httpx
import pytest

from survey.capture.forms import open_form
from survey.capture.queue import Capture
from tests.api.pages.browsing import Browser, Page
from tests.factories.open_campaign import OpenCampaign, answer_sheet
from tests.factories.server import NOW, SEALS

FIRST = "a-problem_definition_1"


@pytest.fixture
async def screen(browser: Browser, token: str) -> Page:
    """Give the first screen."""
    return await browser.begin(token)


async def save(browser: Browser, screen: Page, token: str, **fields: str) -> httpx.Response:
    body = screen.fields | {"from": "tab", "number": "1"} | fields
    return await browser.post(f"/f/{token}/save", json=body)


async def answers(token: str) -> dict[str, Any]:
    return dict((await open_form(token, locale=None, seals=SEALS, now=NOW)).saved.answers)


async def test_a_save_says_which_revision_it_has_made(
    browser: Browser, screen: Page, token: str
) -> None:
    answer = await save(browser, screen, token, **{FIRST: "4"})

    assert answer.json() == {"revision": 1, "isNewer": False}
    assert await answers(token) == {"problem_definition_1": 4}


async def test_saves_count_in_the_order_in_which_they_were_made(
    browser: Browser, screen: Page, token: str
) -> None:
    await save(browser, screen, token, **{FIRST: "4", "number": "2"})
    late = await save(browser, screen, token, **{FIRST: "1", "number": "1"})

    assert late.status_code == 200
    assert await answers(token) == {"problem_definition_1": 4}


async def test_the_page_goes_on_after_a_save_of_its_own_whose_reply_was_lost(
    browser: Browser, screen: Page, token: str
) -> None:
    await save(browser, screen, token, **{FIRST: "4"})
    sent = {"from": "tab", "number": "2", FIRST: "5"}

    page = await browser.press(screen, "next", sent)

    assert page.title.startswith("2 of 20")
    assert await answers(token) == {"problem_definition_1": 5}


async def test_newer_answers_given_elsewhere_stay(
    browser: Browser, screen: Page, token: str
) -> None:
    await save(browser, screen, token, **{FIRST: "4"})

    other = await save(browser, screen, token, **{FIRST: "1", "from": "another tab"})

    assert other.json() == {"revision": 1, "isNewer": True}
    assert await answers(token) == {"problem_definition_1": 4}


async def test_a_save_after_the_form_was_sent_reopens_nothing(
    browser: Browser, screen: Page, opened: OpenCampaign, token: str
) -> None:
    capture = Capture(lambda: NOW, SEALS)
    await capture.start()
    await capture.submit(token, answer_sheet(1))
    await capture.stop()

    late = await save(browser, screen, token, **{FIRST: "4"})

    assert (late.status_code, late.content) == (404, b"null")
    assert await opened.sheets() == 1
    assert await answers(token) == {}


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"s": ""}, 403),
        ({"s": "forged.AAAA"}, 403),
        ({FIRST: "9"}, 422),
        ({"pad": "x" * 30_000}, 400),
    ],
)
async def test_what_cannot_be_saved_is_refused(
    browser: Browser, screen: Page, token: str, fields: dict[str, str], status: int
) -> None:
    assert (await save(browser, screen, token, **fields)).status_code == status
    assert await answers(token) == {}


async def test_a_link_that_nobody_has_saves_nothing(
    browser: Browser, screen: Page, token: str
) -> None:
    for unknown in ("u" * 43, "short"):
        assert (await save(browser, screen, unknown)).status_code in {403, 404}


async def test_a_body_of_the_size_that_the_page_names_is_taken(
    browser: Browser, screen: Page, token: str
) -> None:
    body = httpx.Request("POST", "http://x", json=screen.fields | {FIRST: "4"}).content
    headers = {"Content-Type": "application/json"}

    answer = await browser.post(f"/f/{token}/save", content=body.ljust(10_240), headers=headers)

    assert 'data-pad-to="10240"' in screen.html
    assert answer.json()["revision"] == 1
