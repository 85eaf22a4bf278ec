"""The HTTP server as a process of its own, beside worker and database watch.

If it ends by itself it is started again. One that has never answered is not: something is wrong
with the installation, and whoever started it should learn of it.
"""

import asyncio
import logging
import os
import socket
import sys
import time
from asyncio.subprocess import Process
from collections.abc import Callable

import httpx

from api.failures import CommandFailed
from api.settings import ApiSettings
from models.location import without_owner
from survey.sealing.key_folder import KEYS_VARIABLE, KeyFolder

__all__ = ["STOP_S", "Restarts", "address_of", "keep_serving", "require_free_port"]

_PROGRAM = "api.serving.http_program"
_log = logging.getLogger(__name__)
_PAUSE_S = 0.1
STOP_S = 20.0
"""Longer than the server's own limit for requests that have begun."""
STEADY_S = 30.0
"""A server that has lived for so long is started again at once, in seconds."""
_FIRST_WAIT_S = 0.25
_LONGEST_WAIT_S = 5.0
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


async def keep_serving(
    settings: ApiSettings, *, dsn: str, keys: KeyFolder, greet: Callable[[], None]
) -> None:
    """Serve until cancelled.

    Parameters
    ----------
    settings
        How to serve.
    dsn
        Address of the database, migrated.
    keys
        The keys of open campaigns.
    greet
        Called when the server answers for the first time.

    Raises
    ------
    CommandFailed
        The server has ended before it answered for the first time.
    """
    restarts, has_answered = Restarts(), False
    while True:
        began = time.monotonic()
        server = await _start(settings, dsn=dsn, keys=keys)
        announcing = asyncio.create_task(_announced(settings))
        try:
            ending = asyncio.create_task(server.wait())
            await asyncio.wait({announcing, ending}, return_when=asyncio.FIRST_COMPLETED)
            if announcing.done() and not has_answered:
                has_answered = True
                greet()
            code = await ending
        finally:
            announcing.cancel()
            await _stop(server)
        if not has_answered:
            msg = f"The HTTP server has ended with code {code}; its log says why."
            raise CommandFailed(msg)
        await asyncio.sleep(restarts.wait_s(code, lived_s=time.monotonic() - began))


class Restarts:
    """How long to wait before a server that has ended by itself is started again."""

    def __init__(self) -> None:
        self._next_s = _FIRST_WAIT_S

    def wait_s(self, code: int, *, lived_s: float) -> float:
        """Return the wait, in seconds; longer each time it ends soon. The log says so.

        Parameters
        ----------
        code
            With which the server has ended; negative is a signal.
        lived_s
            How long it had lived, in seconds.
        """
        if lived_s >= STEADY_S:
            self._next_s = _FIRST_WAIT_S
        wait = 0.0 if lived_s >= STEADY_S else self._next_s
        self._next_s = min(2 * self._next_s, _LONGEST_WAIT_S)
        _log.error(
            "The HTTP server has ended with code %d after %.0f seconds; "
            "it is started again in %.2f seconds.",
            code,
            lived_s,
            wait,
        )
        return wait


async def _start(settings: ApiSettings, *, dsn: str, keys: KeyFolder) -> Process:
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


async def _announced(settings: ApiSettings) -> None:
    """Return when the server answers."""
    async with httpx.AsyncClient(trust_env=False, base_url=address_of(settings)) as client:
        while True:
            try:
                await client.get("/health/live")
            except httpx.TransportError:
                await asyncio.sleep(_PAUSE_S)
            else:
                return


async def _stop(server: Process) -> None:
    """Let the server finish its requests, and end it when it takes too long."""
    if server.returncode is None:
        server.terminate()
        try:
            await asyncio.wait_for(server.wait(), STOP_S)
        except TimeoutError:
            server.kill()
            await server.wait()
