"""The trail is checked from the command line, and the head is printed to be kept elsewhere."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

import pytest

from models.engine import connection, operator_transaction
from survey.access.audit_reading import list_events
from survey.access.keys import KeyPlan, create_key
from survey.directory.organisations import read_organisation
from tests.api.cli.installation import Installation
from tests.factories.server import KEYS, NOW, SERVER_KEY

pytestmark = pytest.mark.slow

Run = Callable[..., Awaitable[tuple[int, str]]]


@pytest.fixture
async def run(database: str, organisation: UUID, tmp_path: Path) -> Run:
    """Run a command on the trail of an organisation with three entries."""
    for name in "abc":
        await create_key(organisation, KeyPlan(name=name, scopes=("org:read",)), now=NOW)
    key = (await read_organisation(organisation)).key

    async def run(*arguments: str, server_key: str = SERVER_KEY.decode()) -> tuple[int, str]:
        machine = Installation(
            tmp_path,
            DATABASE_URL=database,
            OPMODEL_SECRET_KEY=server_key,
            OPMODEL_KEYS=str(KEYS.folder),
        )
        ended = await asyncio.to_thread(machine.run, "audit", *arguments, "--organisation", key)
        return ended.returncode, ended.stdout + ended.stderr

    return run


async def test_the_head_that_is_printed_is_found_again(run: Run) -> None:
    _, head = await run("head")

    assert await run("verify", "--head", head.strip()) == (0, "In order: 3 entries.\n")


async def test_an_entry_that_was_changed_is_named(run: Run, organisation: UUID) -> None:
    async with operator_transaction():
        await connection().execute("SET LOCAL session_replication_role = replica")
        await connection().execute(
            "UPDATE audit_event SET facts = '{}' WHERE number = 2 AND organisation = $1",
            organisation,
        )

    code, said = await run("verify")

    assert code == 1
    assert "The audit trail is not in order. Entry 2 is not what was recorded" in said


async def test_a_head_that_is_not_reached_is_missed(run: Run) -> None:
    code, said = await run("verify", "--head", "00" * 32)

    assert code == 1
    assert "Entry 4 is missing" in said


async def test_what_is_no_head_is_refused(run: Run) -> None:
    code, said = await run("verify", "--head", "latest")

    assert code == 2
    assert "64 hexadecimal digits" in said


async def test_a_lost_server_key_is_replaced(run: Run, organisation: UUID) -> None:
    other = "another server key of 32 characters"

    refused = await run("verify", server_key=other)
    done = await run("new-key", "--yes", server_key=other)
    again = await run("new-key", "--yes", server_key=other)
    code, said = await run("verify", server_key=other)

    assert refused[0] == 1
    assert done == (0, "The trail goes on with this key.\n")
    assert again == (0, "It is the same key.\n")
    assert (code, "The first 3 are older" in said) == (0, True)
    newest = (await list_events(organisation)).items[0]
    assert (newest.action, newest.actor.kind) == ("audit.key_changed", "command_line")
