"""An installation of opmodel in a folder of its own, and its command line."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from tests.architecture.tracked import ROOT

__all__ = ["Installation", "Server", "free_port"]

OURS = ("DATABASE_", "OPMODEL_")
_PATIENCE_S = 60.0


class Installation:
    """A data directory, and whatever else the environment says."""

    def __init__(self, home: Path, **environment: str) -> None:
        self.home = home
        foreign = {
            name: value for name, value in os.environ.items() if not name.startswith(OURS)
        }
        # The console brings the links, from which tests answer.
        own = {"OPMODEL_HOME": str(home), "OPMODEL_ENV": "development"}
        if "DATABASE_URL" in environment:
            own["OPMODEL_KEYS"] = str(home / "keys")
        self.environment = foreign | own | environment

    def run(self, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end."""
        return subprocess.run(
            self._command(arguments),
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=_PATIENCE_S,
        )

    def done(self, *arguments: str | Path) -> str:
        """Run a command that succeeds; return what it printed."""
        ended = self.run(*arguments)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    @contextlib.contextmanager
    def started(
        self, *arguments: str | Path, errors: int = subprocess.DEVNULL
    ) -> Iterator["subprocess.Popen[bytes]"]:
        """Run a command beside the test, and kill it if it is still there afterwards."""
        with subprocess.Popen(
            self._command(arguments),
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=errors,
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    @contextlib.contextmanager
    def serving(self, *arguments: str, port: int | None = None) -> Iterator["Server"]:
        """Serve, ready for requests, at the named port or at a free one."""
        port = port or free_port()
        with self.started("serve", "--port", str(port), *arguments) as process:
            address = f"http://127.0.0.1:{port}"
            with httpx.Client(base_url=address, trust_env=False, timeout=10) as client:
                server = Server(process, client)
                server.wait_until_ready()
                yield server

    def _command(self, arguments: tuple[str | Path, ...]) -> list[str | Path]:
        return [sys.executable, "-m", "api", *arguments]


class Server:
    """A running `opmodel serve`."""

    def __init__(self, process: "subprocess.Popen[bytes]", client: httpx.Client) -> None:
        self.process = process
        self.client = client

    def is_ready(self) -> bool:
        """Tell whether it can serve."""
        try:
            reply = self.client.get("/health/ready")
        except httpx.TransportError:
            return False
        return reply.status_code == httpx.codes.OK

    def wait_until_ready(self) -> None:
        """Return when it can serve."""
        end = time.monotonic() + _PATIENCE_S
        while not self.is_ready():
            assert self.process.poll() is None, "it ended before it was ready"
            assert time.monotonic() < end, "it did not become ready"
            time.sleep(0.05)

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal, and return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(_PATIENCE_S)


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
