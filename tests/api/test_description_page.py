"""The page that shows the API description, opened in a real browser."""

from collections.abc import AsyncIterator, Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from tests.api.cli.installation import Installation, Server
from tests.browser import Visit, visiting
from tests.folders import database_folder

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def serving() -> Iterator[Server]:
    """Serve on loopback."""
    with (
        database_folder() as home,
        Installation(home).serving() as server,
    ):
        yield server
        server.end()


@pytest.fixture(scope="module")
async def visit(serving: Server) -> AsyncIterator[Visit]:
    """Open the page, and wait until it shows something."""
    async with visiting(f"{serving.client.base_url}/schema") as visit:
        await visit.page.wait_for_selector(".opblock")
        yield visit


async def test_it_shows_every_operation(visit: Visit, serving: Server) -> None:
    document = serving.client.get("/schema/openapi.json").json()
    summaries = [
        operation["summary"]
        for methods in document["paths"].values()
        for operation in methods.values()
    ]

    shown = await visit.page.locator(".opblock-summary-description").all_inner_texts()

    assert sorted(shown) == sorted(summaries)


async def test_it_asks_no_other_server(visit: Visit, serving: Server) -> None:
    asked = {urlsplit(address).netloc for address in visit.requested}

    assert asked == {httpx.URL(serving.client.base_url).netloc.decode()}


async def test_the_browser_complains_of_nothing(visit: Visit) -> None:
    assert visit.complaints == []


async def test_axe_finds_nothing_outside_the_markup_of_swagger_ui(visit: Visit) -> None:
    broken = await visit.axe(beside=".swagger-ui")

    # Every heading is Swagger UI's, so this one rule about the whole page is not ours to keep.
    assert broken.keys() <= {"page-has-heading-one"}
