"""A server that starts from nothing, ends in order, and survives what happens to its parts."""

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from api.serving.http_process import STOP_S
from api.serving.server import KILL_TIMEOUT_S
from models.embedded import EmbeddedPostgres
from tests.api.cli.installation import Installation, Server, free_port
from tests.databases import create_database, login_dsn, query
from tests.models.processes import children_of, wait_until

READY_AGAIN_S = 10
"""Within which everything is ready after the parent was killed and started again."""


def test_serves_from_nothing_and_ends_in_order(installation: Installation) -> None:
    with installation.serving() as server:
        described = server.client.get("/schema/openapi.json")
        code = server.end(signal.SIGTERM)

    assert (described.status_code, code) == (200, 0)
    assert database_of(installation.home) == []


FORM = b"POST /v1/form HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
NEXT = b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
AMBIGUOUS = {
    "two credentials": b"Authorization: Bearer a\r\nauthorization: Bearer b\r\n\r\n",
    "one credential on two lines": b"Authorization: Bearer a\r\n Bearer b\r\n\r\n",
    "two lengths": b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "two ways to tell the length": b"Content-Length: 99\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"0\r\n\r\n",
}


@pytest.mark.slow
def test_no_request_is_read_in_two_ways(installation: Installation) -> None:
    with installation.serving() as server:
        port = server.client.base_url.port
        found = {name: answers(port, FORM + rest + NEXT) for name, rest in AMBIGUOUS.items()}

    assert found == {
        "two credentials": ["400", "200"],
        "one credential on two lines": ["400"],
        "two lengths": ["400"],
        # What follows is neither a part of it nor answered: the connection ends.
        "two ways to tell the length": ["401"],
    }


def answers(port: int | None, sent: bytes) -> list[str]:
    """Send bytes as they are; return the status of every answer until the connection ends."""
    with socket.create_connection(("127.0.0.1", port or 0), timeout=10) as line:
        line.sendall(sent)
        got = b"".join(iter(lambda: line.recv(65_536), b""))
    return re.findall(r"HTTP/1\.1 (\d{3})", got.decode())


@pytest.mark.slow
def test_several_processes_end_in_order(installation: Installation) -> None:
    with installation.serving("--workers", "2") as server:
        assert server.end(signal.SIGINT) == 0


@pytest.mark.slow
def test_a_server_that_is_killed_leaves_its_data_and_nothing_else(
    installation: Installation,
) -> None:
    with installation.serving() as server:
        (installation.home / "north.toml").write_text('key = "north"\nname = "North"')
        installation.done("import", "organisation", installation.home / "north.toml")
        server.end(signal.SIGKILL)
        wait_until(lambda: database_of(installation.home) == [])
        wait_until(lambda: not server.is_ready())

    with installation.serving() as server:
        assert installation.done("key", "list", "--organisation", "north")
        assert server.end() == 0


@pytest.mark.slow
def test_a_database_that_is_killed_is_started_again(installation: Installation) -> None:
    with installation.serving() as server:
        for process in database_of(installation.home):
            os.kill(process, signal.SIGKILL)
        wait_until(lambda: not server.is_ready())

        server.wait_until_ready()

        assert server.end() == 0


@pytest.mark.slow
def test_an_http_process_that_is_killed_is_started_again(installation: Installation) -> None:
    with installation.serving() as server:
        for _ in range(2):
            (before,) = http_processes_of(server.process.pid)
            os.kill(before, signal.SIGKILL)
            wait_until(lambda: not server.is_ready())

            server.wait_until_ready()

            assert http_processes_of(server.process.pid) != [before]
        assert server.end() == 0


@pytest.mark.slow
def test_a_process_of_several_that_is_killed_is_started_again(
    installation: Installation,
) -> None:
    with installation.serving("--workers", "2") as server:
        (granian,) = http_processes_of(server.process.pid)
        killed = children_of(granian)[-1]
        os.kill(killed, signal.SIGKILL)

        wait_until(lambda: killed not in children_of(granian) and len(children_of(granian)) > 1)

        server.wait_until_ready()
        assert server.end() == 0


@pytest.mark.slow
def test_after_its_parent_was_killed_everything_is_ready_again_in_time(
    installation: Installation,
) -> None:
    port = free_port()
    with installation.serving(port=port) as server:
        server.end(signal.SIGKILL)

    began = time.monotonic()
    with installation.serving(port=port) as server:
        # The promise is for a machine that has nothing else to do.
        others = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
        assert time.monotonic() - began < READY_AGAIN_S * others
        assert server.end() == 0


def test_requests_have_their_time_to_end_before_the_server_is_cut_off() -> None:
    assert STOP_S > KILL_TIMEOUT_S


def test_a_port_in_use_is_a_sentence(installation: Installation) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = installation.run("serve", "--port", str(taken.getsockname()[1]))

    assert ended.returncode == 1
    assert ended.stderr.strip().endswith("Address already in use.")


async def test_a_database_of_others_is_not_migrated_unasked(
    installation: Installation, server: EmbeddedPostgres
) -> None:
    dsn = await create_database(server.dsn, "not_migrated")

    ended = Installation(installation.home, DATABASE_URL=dsn).run(
        "serve", "--port", str(free_port())
    )

    assert ended.returncode == 1
    assert "Run `opmodel migrate` first" in ended.stderr


@pytest.mark.slow
async def test_a_database_of_others_is_migrated_on_request(
    installation: Installation, server: EmbeddedPostgres
) -> None:
    dsn = await create_database(server.dsn, "migrated_on_request")

    with Installation(installation.home, DATABASE_URL=dsn).serving("--migrate") as serving:
        assert serving.end() == 0

    assert not (installation.home / "postgres").exists()


@pytest.fixture
async def owner(server: EmbeddedPostgres, template: str) -> AsyncIterator[str]:
    """Give the owner's address of a migrated database elsewhere."""
    yield await create_database(server.dsn, "owned", template=template)
    await query(server.dsn, "DROP DATABASE owned WITH (FORCE)")


@pytest.mark.slow
def test_the_process_that_serves_http_does_not_know_the_owner(
    installation: Installation, owner: str
) -> None:
    elsewhere = Installation(
        installation.home, DATABASE_URL=login_dsn(owner), DATABASE_OWNER_URL=owner
    )

    with elsewhere.serving() as serving:
        (process,) = http_processes_of(serving.process.pid)
        known = Path(f"/proc/{process}/environ").read_bytes()

    assert b"DATABASE_URL=" in known
    assert b"DATABASE_OWNER" not in known


@pytest.mark.parametrize("command", [("worker",), ("key", "list")])
def test_work_of_the_operator_needs_the_owners_address(
    command: tuple[str, ...], installation: Installation, owner: str
) -> None:
    ended = Installation(installation.home, DATABASE_URL=login_dsn(owner)).run(*command)

    assert ended.returncode == 1
    assert "set DATABASE_OWNER_URL" in ended.stderr


@pytest.mark.parametrize("has_too_many_rights", [False, True])
@pytest.mark.slow
def test_an_application_with_more_rights_than_it_needs_says_so(
    installation: Installation, owner: str, *, has_too_many_rights: bool
) -> None:
    dsn = owner if has_too_many_rights else login_dsn(owner)
    elsewhere = Installation(installation.home, DATABASE_URL=dsn)
    port = free_port()
    arguments = ("serve", "--no-worker", "--port", str(port))

    with (
        elsewhere.started(*arguments, errors=subprocess.PIPE) as process,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client,
    ):
        Server(process, client).wait_until_ready()
        process.terminate()
        _, said = process.communicate(timeout=60)

    assert (b"more than it needs" in said) is has_too_many_rights


def database_of(home: Path) -> list[int]:
    """Return the database server of an installation, while it runs."""
    try:
        pid = int((home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, IndexError):
        return []
    return [pid] if b"postgres" in command else []


def http_processes_of(serving: int) -> list[int]:
    """Return the HTTP server that a running `opmodel serve` has started."""
    return [
        child
        for child in children_of(serving)
        if b"http_program" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]


def test_with_a_database_elsewhere_the_key_folder_must_be_named(
    installation: Installation,
) -> None:
    elsewhere = Installation(installation.home, DATABASE_URL="postgresql://localhost:1/none")
    del elsewhere.environment["OPMODEL_KEYS"]

    ended = elsewhere.run("serve")

    assert ended.returncode == 1
    assert "OPMODEL_KEYS must name the folder" in ended.stderr
