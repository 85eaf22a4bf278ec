"""The HTTP server as a process of its own, beside worker and database watch."""

import asyncio
import os
import socket
import sys
from asyncio.subprocess import Process

import httpx

from api.failures import CommandFailed
from api.settings import ApiSettings
from models.location import without_owner
from survey.sealing.key_folder import KEYS_VARIABLE, KeyFolder

__all__ = ["STOP_S", "address_of", "announced", "require_free_port", "start_http", "stop_http"]

_PROGRAM = "api.serving.http_program"
_PAUSE_S = 0.1
STOP_S = 20.0
"""Longer than the server's own limit for requests that have begun."""
_ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where to ask, not to listen


def require_free_port(settings: ApiSettings) -> None:
    """Check that the address is free; the server itself would not say why it is not.

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


async def start_http(settings: ApiSettings, *, dsn: str, keys: KeyFolder) -> Process:
    """Start the server; it ends when this process does, however that happens."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        _PROGRAM,
        str(os.getpid()),
        env=without_owner(os.environ)
        | settings.as_environ()
        | {"DATABASE_URL": dsn, KEYS_VARIABLE: str(keys.folder.absolute())},
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
            await asyncio.wait_for(server.wait(), STOP_S)
        except TimeoutError:
            server.kill()
            await server.wait()
