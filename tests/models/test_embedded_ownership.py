"""The embedded server among several processes: one owns it, others attach and take over."""

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest

from models.embedded import attach_or_start
from tests.databases import query
from tests.models.processes import Running, is_there, wait_until


def test_a_second_process_attaches(start: Callable[[], Running]) -> None:
    first = start().says()
    second = start().says()

    assert (first["owner"], second["owner"]) == (True, False)
    assert asyncio.run(query(second["dsn"], "SELECT one FROM kept")) == 1


def test_one_of_many_simultaneous_processes_owns_the_server(
    start: Callable[[], Running],
) -> None:
    said = [running.says() for running in [start(), start(), start()]]

    assert sorted(line["owner"] for line in said) == [False, False, True]


def test_the_server_ends_when_its_owner_is_killed(start: Callable[[], Running]) -> None:
    owner = start()
    pid = owner.says()["pid"]

    owner.kill()

    wait_until(lambda: not is_there(pid))


def test_the_server_ends_when_its_owner_ends_in_order(start: Callable[[], Running]) -> None:
    owner = start()
    pid = owner.says()["pid"]

    owner.end()

    assert not is_there(pid)


def test_another_process_starts_the_server_after_the_owner_was_killed(
    start: Callable[[], Running],
) -> None:
    owner = start()
    owner.says()

    owner.kill()
    next_owner = start().says()

    assert next_owner["owner"]
    assert asyncio.run(query(next_owner["dsn"], "SELECT one FROM kept")) == 1


def test_an_attached_process_takes_over_when_the_owner_is_killed(
    start: Callable[[], Running],
) -> None:
    owner = start()
    owner.says()
    attached = start()
    address = attached.says()["dsn"]

    owner.kill()
    heir = attached.says()

    assert (heir["owner"], heir["dsn"]) == (True, address)
    assert asyncio.run(query(address, "SELECT one FROM kept")) == 1


def test_the_owner_restarts_a_server_that_was_killed(start: Callable[[], Running]) -> None:
    owner = start()
    before = owner.says()

    os.kill(before["pid"], signal.SIGKILL)
    after = owner.says()

    assert after["pid"] != before["pid"]
    assert asyncio.run(query(after["dsn"], "SELECT one FROM kept")) == 1


def test_the_server_survives_the_loss_of_a_backend(start: Callable[[], Running]) -> None:
    owner = start().says()

    async def kill_backend() -> None:
        victim = await asyncpg.connect(owner["dsn"])
        os.kill(victim.get_server_pid(), signal.SIGKILL)
        with pytest.raises((asyncpg.PostgresError, OSError)):
            await victim.execute("SELECT 1")

    asyncio.run(kill_backend())

    def recovered() -> bool:
        try:
            return bool(asyncio.run(query(owner["dsn"], "SELECT one FROM kept")) == 1)
        except (asyncpg.PostgresError, OSError):
            return False

    wait_until(recovered)


def test_stop_does_not_end_the_server_of_another_process(
    home: Path, start: Callable[[], Running]
) -> None:
    owner = start().says()

    attach_or_start(home).stop()

    assert asyncio.run(query(owner["dsn"], "SELECT one FROM kept")) == 1
