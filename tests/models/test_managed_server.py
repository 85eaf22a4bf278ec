"""A managed server: PostgreSQL 16, and a login role that is no superuser."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from uuid import UUID

import asyncpg
import pytest
from uuid_utils.compat import uuid7

from models.access import ApiKey, ApiKeyIndex
from models.embedded.account import server_account
from models.embedded.binaries import reachable_programs
from models.embedded.handles import opened
from models.engine import (
    DB,
    connection,
    operator_transaction,
    pool,
    start_engine,
    stop_engine,
    transaction,
)
from models.migrate import migrate, migrate_down
from models.organisation import BusinessUnit, Organisation
from tests.databases import login_dsn, query
from tests.factories.server import NOW
from tests.folders import database_folder
from tests.models.processes import wait_until
from tests.models.rows import Rows, stored


@pytest.fixture(scope="module")
def server_16() -> Iterator[str]:
    """Return the administrator's address on a server of the oldest supported version."""
    account = server_account()
    programs = reachable_programs(account)
    programs = programs.parents[1] / "pginstall" / "bin"
    with database_folder() as folder:
        account.owns(folder)
        with opened(account, folder) as handles:
            data = f"{handles.names[0]}/data"
            make = [programs / "initdb", "-D", data, "-U", "admin", "-A", "trust", "-N"]
            run = [programs / "postgres", "-D", data, "-k", handles.names[0], "-F"]
            _call(account.command([*make, "-E", "UTF8", "--no-locale"]), handles.descriptors)
            server = subprocess.Popen(
                account.command([*run, "-c", "listen_addresses="], parent=os.getpid()),
                pass_fds=handles.descriptors,
                stderr=subprocess.DEVNULL,
                cwd="/",
            )
        sign = folder / "data" / "postmaster.pid"
        wait_until(lambda: sign.exists() and "ready" in sign.read_text())
        yield f"postgresql://admin@/postgres?host={folder}"
        server.terminate()
        server.wait()


@pytest.fixture(scope="module")
def customer(server_16: str) -> str:
    """Return the address of a database whose login role may only create roles."""
    for statement in (
        "CREATE ROLE customer LOGIN CREATEROLE",
        "CREATE DATABASE customer OWNER customer",
    ):
        asyncio.run(query(server_16, statement))
    return server_16.replace("admin@/postgres", "customer@/customer")


@pytest.fixture
async def organisation(customer: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[UUID]:
    """Start the engine on that database, with both logins, and create an organisation."""
    await migrate(customer)
    monkeypatch.setattr(DB, "config", {})
    monkeypatch.setattr(DB, "pool", None)
    monkeypatch.setattr(DB, "operator_pool", None)
    await start_engine(login_dsn(customer), owner=customer)
    made = uuid7()
    async with transaction(made):
        await Organisation.insert(
            Organisation(id=made, key=f"o{made}", name="O", created_at=NOW)
        )
    yield made
    await stop_engine()


async def test_the_server_has_the_oldest_supported_version(server_16: str) -> None:
    assert 160000 <= int(await query(server_16, "SHOW server_version_num")) < 170000


async def test_the_login_role_is_no_superuser(customer: str) -> None:
    roles = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"

    assert await query(customer, roles) is False


async def test_a_key_is_found_and_the_owner_does_what_readiness_needs(
    organisation: UUID,
) -> None:
    rows = await stored(organisation)
    async with transaction(organisation):
        (key,) = await ApiKey.select(ApiKey.key_hash)
        await ApiKeyIndex.insert(
            ApiKeyIndex(key_hash=key["key_hash"], organisation=organisation)
        )

    async with transaction(None):
        found = await connection().fetchval("SELECT organisation_of_key($1)", key["key_hash"])
    open_ones = await pool().fetch("SELECT campaigns_with_keys()")

    assert found == organisation
    assert rows.campaign not in {row[0] for row in open_ones}
    await pool().execute("SELECT analyse_invitations()")


async def test_the_application_reads_and_writes_every_table(organisation: UUID) -> None:
    rows = await stored(organisation)

    async with transaction(organisation):
        found = await BusinessUnit.select(BusinessUnit.id)

    assert found == [{"id": rows.unit}]


async def test_policies_apply_to_the_owner_too(organisation: UUID) -> None:
    await stored(organisation)

    async with operator_transaction():
        seen = await BusinessUnit.count()

    assert seen == 0


async def test_the_operator_lists_the_organisations(organisation: UUID) -> None:
    async with operator_transaction():
        rows = await Organisation.select(Organisation.id)

    assert organisation in {row["id"] for row in rows}


async def test_the_operator_cannot_change_an_organisation(organisation: UUID) -> None:
    async with operator_transaction():
        done = await connection().execute("UPDATE organisation SET name = 'x'")

    assert done == "UPDATE 0"


async def test_cannot_insert_for_another_organisation(organisation: UUID) -> None:
    row = Rows(uuid7()).row(BusinessUnit)

    async def attack() -> None:
        async with transaction(organisation):
            await BusinessUnit.insert(row)

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await attack()


async def test_migrations_can_be_reverted_and_applied_again(
    customer: str, organisation: UUID
) -> None:
    await stop_engine()

    undone = await migrate_down(customer)

    assert await migrate(customer) == undone[::-1]


def _call(command: list[str], descriptors: tuple[int, ...]) -> None:
    subprocess.run(command, pass_fds=descriptors, check=True, capture_output=True, cwd="/")
