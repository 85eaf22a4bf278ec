"""A server that starts from nothing, ends in order, and survives what happens to its parts."""

import os
import signal
import socket
import time
from pathlib import Path

import pytest

from api.serving.http_process import STOP_S
from api.serving.server import KILL_TIMEOUT_S
from models.embedded import EmbeddedPostgres
from tests.api.cli.installation import Installation, free_port
from tests.databases import create_database
from tests.models.processes import children_of, wait_until

READY_AGAIN_S = 10
"""Within which everything is ready after the parent was killed and started again."""


def test_serves_from_nothing_and_ends_in_order(installation: Installation) -> None:
    with installation.serving() as server:
        described = server.client.get("/schema/openapi.json")
        code = server.end(signal.SIGTERM)

    assert (described.status_code, code) == (200, 0)
    assert database_of(installation.home) == []


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
