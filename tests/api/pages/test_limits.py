"""A link may ask only so often, and never because others do."""

from collections.abc import AsyncIterator

import pytest

from api.http.application import Application
from api.settings import ApiSettings
from tests.api.conftest import running
from tests.api.pages.browsing import Browser
from tests.factories.open_campaign import OpenCampaign


@pytest.fixture
async def strict(database: str) -> AsyncIterator[Application]:
    """Run an application that takes two requests of a link a minute."""
    async with running(database, ApiSettings(form_limit=2)) as app:
        yield app


async def test_a_link_that_asks_too_often_is_told_in_words_when_to_come_back(
    strict: Application, opened: OpenCampaign
) -> None:
    async with Browser(strict) as browser:
        pages = [await browser.open(f"/f/{opened.tokens['P0000']}") for _ in range(3)]
        saved = await browser.post(f"/f/{opened.tokens['P0000']}/save", json={})
        other = await browser.open(f"/f/{opened.tokens['P0001']}")

    assert [page.status for page in pages] == [200, 200, 429]
    assert "Wait 30 seconds, then load this page again." in pages[2].text
    assert pages[2].headers["Retry-After"] == "30"
    assert saved.status_code == 429
    assert other.status == 200


async def test_a_link_that_nobody_has_is_limited_as_well(strict: Application) -> None:
    async with Browser(strict) as browser:
        pages = [await browser.open(f"/f/{'u' * 43}") for _ in range(3)]

    assert [page.status for page in pages] == [404, 404, 429]
