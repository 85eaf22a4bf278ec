"""A database server and an API server of their own, to be killed."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from models.embedded import EmbeddedPostgres
from tests.api.cli.installation import Server, free_port
from tests.databases import login_dsn
from tests.factories.server import SERVER_KEY

__all__ = ["ApiServer", "open_campaign_for", "postmaster"]


@dataclass
class ApiServer:
    """`opmodel serve` on loopback."""

    dsn: str
    port: int = 0
    process: "subprocess.Popen[bytes] | None" = None
    log: Path = Path(os.devnull)

    def __post_init__(self) -> None:
        self.port = self.port or free_port()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "api", "serve", "--no-worker", "--port", str(self.port)],
                env=os.environ
                | {
                    "DATABASE_URL": login_dsn(self.dsn),
                    "OPMODEL_SECRET_KEY": SERVER_KEY.decode(),
                },
                start_new_session=True,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
        with httpx.Client(base_url=self.address, trust_env=False, timeout=2) as client:
            Server(self.process, client).wait_until_ready()

    def lines(self) -> list[dict[str, Any]]:
        """Return what it has logged."""
        said = self.log.read_text().splitlines()
        return [json.loads(line) for line in said if line.startswith("{")]

    def kill(self) -> None:
        """End every process of the server at once, without a word."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def open_campaign_for(dsn: str, people: int, *, answered: bool = False) -> dict[str, str]:
    """Open a campaign for so many people, who may all answer it; return their tokens."""
    made = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.api.chaos.open_campaign",
            dsn,
            str(people),
            *(["answered"] if answered else []),
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    tokens: dict[str, str] = json.loads(made.stdout.splitlines()[-1])
    return tokens


def postmaster(server: EmbeddedPostgres) -> int:
    """Return the process id of the database server."""
    found = server.folder.ready_pid()
    assert found is not None
    return found
