"""An application on the test's database, in the test's event loop, and callers of it."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest

from api.app import create_app
from api.application import Application
from api.settings import ApiSettings
from tests.api.callers import Caller, as_key, make_key
from tests.conftest import NOW

SERVER_KEY = b"k" * 32


@pytest.fixture(scope="session")
async def app(database: str) -> AsyncIterator[Application]:
    """Run the application; its clock stands still at the moment of the tests."""
    made = create_app(
        ApiSettings(), dsn=database, server_key=SERVER_KEY, clock=lambda: NOW, own_engine=False
    )
    begun, over = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with made.lifespan():
            begun.set()
            await over.wait()

    # One task from beginning to end: a fixture is set up and torn down in two.
    life = asyncio.create_task(live())
    await begun.wait()
    yield made
    over.set()
    await life


@pytest.fixture
async def anybody(app: Application) -> AsyncIterator[httpx.AsyncClient]:
    """Call without a credential."""
    async with Caller(app) as caller:
        yield caller


@pytest.fixture
async def client(app: Application, organisation: UUID) -> AsyncIterator[httpx.AsyncClient]:
    """Call with a key that may do everything in one organisation."""
    async with Caller(app, headers=as_key(await make_key(organisation))) as caller:
        yield caller
