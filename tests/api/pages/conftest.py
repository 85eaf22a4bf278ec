"""People with a link and a browser."""

from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

import pytest

from api.http.application import Application
from tests.api.pages.browsing import Browser
from tests.factories.open_campaign import OpenCampaign, open_standard_campaign


@pytest.fixture
async def opened(organisation: UUID, now: datetime) -> OpenCampaign:
    """Give an open campaign with the tokens of its people."""
    return await open_standard_campaign(organisation, now=now)


@pytest.fixture
def token(opened: OpenCampaign) -> str:
    """Give the token of a contributor."""
    return opened.tokens["P0000"]


@pytest.fixture
async def browser(app: Application) -> AsyncIterator[Browser]:
    """Give somebody's browser."""
    async with Browser(app) as somebody:
        yield somebody


@pytest.fixture
async def elsewhere(app: Application) -> AsyncIterator[Browser]:
    """Give a browser on another device."""
    async with Browser(app) as somebody:
        yield somebody
