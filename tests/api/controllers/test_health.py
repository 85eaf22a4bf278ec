"""Whether the process lives, and whether it can serve."""

import httpx

from api.app import create_app
from api.settings import ApiSettings
from survey.database import Ready
from tests.databases import create_database
from tests.factories.server import KEYS


async def test_a_live_process_says_so(anybody: httpx.AsyncClient) -> None:
    answer = await anybody.get("/health/live")

    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


async def test_a_process_with_a_migrated_database_is_ready(anybody: httpx.AsyncClient) -> None:
    answer = await anybody.get("/health/ready")

    assert answer.status_code == 200
    assert answer.json() == {
        "ready": True,
        "database": True,
        "migrations": True,
        "keysMissing": [],
    }


async def test_a_process_before_an_empty_database_is_not_ready(
    database: str, server: object
) -> None:
    empty = await create_database(database, "opmodel_empty")
    app = create_app(ApiSettings(), dsn=empty, server_key=b"", keys=KEYS, own_engine=False)
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]  # Litestar types its scopes more narrowly

    async with httpx.AsyncClient(transport=transport, base_url="http://test") as caller:
        answer = await caller.get("/health/ready")

    assert answer.status_code == 503
    assert answer.json() == {
        "ready": False,
        "database": True,
        "migrations": False,
        "keysMissing": [],
    }


def test_without_a_database_nothing_is_ready() -> None:
    assert not Ready.found(database=False, migrations=True).ready
