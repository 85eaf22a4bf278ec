"""Server and worker beside the watch over the database, until a signal or a failure."""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from typing import Any

import click

from api.serving.http_process import address_of, keep_serving
from api.serving.working import working
from api.settings import ApiSettings
from models.location import RunningDatabase
from survey.jobs.kind import Work
from survey.sealing.key_folder import KeyFolder

__all__ = ["run", "told_to_stop"]

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


async def run(
    database: RunningDatabase,
    *,
    http: ApiSettings | None,
    jobs: Sequence[Work[Any]],
    keys: KeyFolder,
) -> None:
    """Serve and work until told to stop; then end in order, the database last.

    Parameters
    ----------
    database
        A database that answers, migrated. An embedded server is restarted when it is lost.
    http
        How to serve; None to serve nothing.
    jobs
        What to work on; empty to work on nothing.
    keys
        The keys of open campaigns.

    Raises
    ------
    CommandFailed
        The HTTP server has ended before it answered for the first time.
    """
    with told_to_stop() as told:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(_database_watched(database))
            worker = server = None
            if jobs:
                worker = await stack.enter_async_context(working(database, jobs))
            if http is not None:
                server = await stack.enter_async_context(_serving(http, database.dsn, keys))
            await _first_end(told, worker, server)
            click.echo("opmodel is ending what it has begun.", err=True)


async def _first_end(
    told: asyncio.Event, worker: asyncio.Task[None] | None, server: asyncio.Task[None] | None
) -> None:
    """Return when we are told to stop; raise if a part ends by itself."""
    ends: list[asyncio.Future[Any]] = [asyncio.ensure_future(told.wait())]
    # Shielded, because both are told to stop and not cut off.
    ends.extend(asyncio.shield(part) for part in (worker, server) if part is not None)
    try:
        ended, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for end in ended:
            end.result()
    finally:
        for end in ends:
            end.cancel()


@asynccontextmanager
async def _database_watched(database: RunningDatabase) -> AsyncIterator[None]:
    if database.server is None:
        yield
        return
    watch = asyncio.create_task(database.server.watch(), name="database-watch")
    try:
        yield
    finally:
        watch.cancel()
        with suppress(asyncio.CancelledError):
            await watch


@asynccontextmanager
async def _serving(
    settings: ApiSettings, dsn: str, keys: KeyFolder
) -> AsyncIterator[asyncio.Task[None]]:
    server = asyncio.create_task(
        keep_serving(settings, dsn=dsn, keys=keys, greet=lambda: _greet(settings)),
        name="http-server",
    )
    try:
        yield server
    finally:
        server.cancel()
        await asyncio.gather(server, return_exceptions=True)


def _greet(settings: ApiSettings) -> None:
    address = address_of(settings)
    click.echo(f"opmodel serves {address}, described at {address}/schema. Ctrl-C ends it.")


@contextmanager
def told_to_stop() -> Iterator[asyncio.Event]:
    """Give an event that SIGINT and SIGTERM set, for as long as the block lasts."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        loop.add_signal_handler(number, told.set)
    try:
        yield told
    finally:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)
