"""An application on the test's database, in the test's event loop, and callers of it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from uuid import UUID

import httpx
import pytest

from api.app import create_app
from api.http.application import Application
from api.settings import ApiSettings
from survey.messages.message import Channel
from tests.api.callers import Caller, as_key, make_key
from tests.databases import login_dsn
from tests.factories.server import CHANNELS, KEYS, NOW, SERVER_KEY


@pytest.fixture(scope="session")
async def app(database: str) -> AsyncIterator[Application]:
    """Run the application; its clock stands still at the moment of the tests."""
    async with running(database, ApiSettings()) as made:
        yield made


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


@pytest.fixture
async def exporter(app: Application, organisation: UUID) -> AsyncIterator[httpx.AsyncClient]:
    """Call with a key that may only hand out the links of the organisation's campaigns."""
    key = await make_key(organisation, scopes=["invitations:export"])
    async with Caller(app, headers=as_key(key)) as caller:
        yield caller


@pytest.fixture
async def importer(app: Application, organisation: UUID) -> AsyncIterator[httpx.AsyncClient]:
    """Call with a key that may only import responses to the organisation's campaigns."""
    key = await make_key(organisation, scopes=["responses:import"])
    async with Caller(app, headers=as_key(key)) as caller:
        yield caller


@pytest.fixture
async def stranger(
    app: Application, other_organisation: UUID
) -> AsyncIterator[httpx.AsyncClient]:
    """Call with a key that may do everything in another organisation."""
    async with Caller(app, headers=as_key(await make_key(other_organisation))) as caller:
        yield caller


@asynccontextmanager
async def running(
    database: str, settings: ApiSettings, channels: Mapping[str, Channel] = CHANNELS
) -> AsyncIterator[Application]:
    """Run an application in one task from beginning to end: a fixture lives in two."""
    made = create_app(
        settings,
        dsn=login_dsn(database),
        server_key=SERVER_KEY,
        keys=KEYS,
        clock=lambda: NOW,
        channels=channels,
        own_engine=False,
    )
    begun, over = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with made.lifespan():
            begun.set()
            await over.wait()

    life = asyncio.create_task(live())
    await begun.wait()
    yield made
    over.set()
    await life
