"""The HTTP server as a process of its own, beside the worker and the watch over the database.

Run as ``python -m api.cli.http_process PARENT``: settings and the address of the database are
in its environment, where no list of processes shows them.
"""

import asyncio
import os
import socket
import sys
from asyncio.subprocess import Process

import httpx

from api.cli.failures import CommandFailed
from api.parentage import end_with_parent
from api.server import KILL_TIMEOUT_S, serve
from api.settings import ApiSettings

__all__ = ["address_of", "announced", "require_free_port", "start_http", "stop_http"]

_PAUSE_S = 0.1
_STOP_S = KILL_TIMEOUT_S + 5.0
"""Its own limit is for requests; the rest is for what it does afterwards."""
_ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where to ask, not to listen


def require_free_port(settings: ApiSettings) -> None:
    """Look whether we can listen where we are told to; the server itself would not say why not.

    Raises
    ------
    CommandFailed
        The address is in use, not ours, or not for us to use.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((settings.host, settings.port))
    except OSError as error:
        msg = f"Cannot listen at {settings.host}, port {settings.port}: {error.strerror}."
        raise CommandFailed(msg) from error


def address_of(settings: ApiSettings) -> str:
    """Return where a browser on this machine finds the server."""
    host = _ANY_ADDRESS.get(settings.host, settings.host)
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


async def start_http(settings: ApiSettings, *, dsn: str) -> Process:
    """Start the server; it ends when this process does, however that happens."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        __name__,
        str(os.getpid()),
        env=os.environ | settings.as_environ() | {"DATABASE_URL": dsn},
    )


async def announced(settings: ApiSettings) -> None:
    """Return when the server answers."""
    async with httpx.AsyncClient(trust_env=False, base_url=address_of(settings)) as client:
        while True:
            try:
                await client.get("/health/live")
            except httpx.TransportError:
                await asyncio.sleep(_PAUSE_S)
            else:
                return


async def stop_http(server: Process) -> None:
    """Let the server finish its requests, and end it when it takes too long."""
    if server.returncode is None:
        server.terminate()
        try:
            await asyncio.wait_for(server.wait(), _STOP_S)
        except TimeoutError:
            server.kill()
            await server.wait()


if __name__ == "__main__":
    end_with_parent(int(sys.argv[1]))
    serve(ApiSettings.from_env(os.environ), dsn=os.environ["DATABASE_URL"])
