"""Callers of the API, and the keys they bring; every answer is held to the description."""

from collections.abc import Callable, Collection
from functools import cache
from typing import Any
from uuid import UUID

import httpx

from api.description.document import complete
from api.http.application import Application
from survey.access.keys import KeyPlan, create_key
from survey.access.scopes import GENERAL_SCOPES
from survey.campaigns.close import closing
from survey.jobs.worker import drain_queue
from survey.releases.compute import releasing
from tests.api.promises import Promises
from tests.factories.server import NOW, SEALS

__all__ = ["Caller", "as_key", "description", "make_key", "work_through"]


class Caller(httpx.AsyncClient):
    """A client in the same event loop as the application, which shares its database pool.

    Each answer must be one that the description promises for its operation.
    """

    def __init__(
        self,
        app: Application,
        headers: dict[str, str] | None = None,
        auth: Callable[[httpx.Request], httpx.Request] | None = None,
    ) -> None:
        super().__init__(
            transport=httpx.ASGITransport(app=app, raise_app_exceptions=False),  # type: ignore[arg-type]  # Litestar types its scopes more narrowly
            base_url="http://test",
            headers=headers,
            auth=auth,
            event_hooks={"response": [promises(app).hold]},
        )


@cache
def promises(app: Application) -> Promises:
    """Return what an application promises; to read it once saves a minute of all tests."""
    return Promises(description(app))


@cache
def description(app: Application) -> dict[str, Any]:
    """Return the description of the application, as it is served."""
    return complete(app, app.openapi_schema.to_schema())


async def make_key(
    organisation: UUID, *, scopes: Collection[str] = GENERAL_SCOPES, unit: str | None = None
) -> str:
    """Return a new API key."""
    plan = KeyPlan(name="test", scopes=tuple(scopes), unit=unit)
    return str((await create_key(organisation, plan, now=NOW)).key)


async def work_through(caller: httpx.AsyncClient, accepted: httpx.Response) -> httpx.Response:
    """Do the jobs that are due, and return how the one that was accepted ended."""
    await drain_queue([closing(seals=SEALS, clock=lambda: NOW), releasing(clock=lambda: NOW)])
    return await caller.get(accepted.headers["Location"])


def as_key(key: str) -> dict[str, str]:
    """Return the header that brings a key or a token."""
    return {"Authorization": f"Bearer {key}"}
