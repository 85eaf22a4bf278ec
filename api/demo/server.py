"""A server of its own process on loopback, for as long as the demonstration takes."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx

from api.failures import CommandFailed
from models.location import without_owner
from survey.sealing.key_folder import KEYS_VARIABLE, KeyFolder

__all__ = ["running_server"]

HOST = "127.0.0.1"
_PATIENCE_S = 120.0
"""As long as its process lives, a server may take so long to start on a busy machine."""
_SLOW_S = 10.0
_STOP_S = 15.0


@contextlib.contextmanager
def running_server(
    dsn: str,
    *,
    keys: KeyFolder,
    log: Path,
    port: int | None = None,
    slow: Callable[[], None],
) -> Iterator[str]:
    """Start the API as `opmodel serve` does, and give its address; end it afterwards.

    It has no worker: while the demonstration runs, nobody is to be sent anything.

    Parameters
    ----------
    dsn : str
        Address of the database, migrated.
    keys : KeyFolder
        The keys of open campaigns.
    log : Path
        Where to write what the server says; its folder is made if it is missing.
    port : int, optional
        Where to listen; a free port by default.
    slow : callable
        Called once if the start takes long.

    Raises
    ------
    CommandFailed
        The server ended, or did not become ready within two minutes.
    """
    port = port or _free_port()
    command = [sys.executable, "-m", "api", "serve", "--no-worker", "--host", HOST]
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with log.open("wb") as said:
        process = subprocess.Popen(  # noqa: S603 - our own program, with words of our own
            [*command, "--port", str(port)],
            env=without_owner(os.environ)
            | {"DATABASE_URL": dsn, KEYS_VARIABLE: str(keys.folder)},
            stdout=said,
            stderr=said,
        )
    try:
        address = f"http://{HOST}:{port}"
        _wait_until_ready(address, process, log, slow)
        yield address
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_STOP_S)
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(
    address: str, process: "subprocess.Popen[bytes]", log: Path, slow: Callable[[], None]
) -> None:
    started = time.monotonic()
    is_said = False
    while (waited := time.monotonic() - started) < _PATIENCE_S:
        if waited >= _SLOW_S and not is_said:
            slow()
            is_said = True
        if process.poll() is not None:
            msg = f"The server ended before it was ready; it said why in {log}."
            raise CommandFailed(msg)
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{address}/health/ready", timeout=2).status_code == httpx.codes.OK:
                return
        time.sleep(0.1)
    msg = f"The server was not ready after {_PATIENCE_S:.0f} seconds; see {log}."
    raise CommandFailed(msg)
