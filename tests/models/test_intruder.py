"""An intruder gets no further than the application may go.

The intruder is SQL that was smuggled into a request of one organisation. It may give up the
role of the transaction, and is then the role as which the application logs in.
"""

from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest

from models.engine import APP_ROLE, connection, operator_transaction, transaction
from models.login import LOGIN_ROLE
from tests.databases import login_dsn
from tests.models.rows import Rows
from tests.models.test_tenancy import INDEXES, guarded_tables

# What the owner of the tables does for the application, function by function.
FOR_THE_APPLICATION = {
    "attach_responses": {APP_ROLE},
    "begin_responses": {APP_ROLE},
    "organisation_of_key": {APP_ROLE},
    "analyse_invitations": {LOGIN_ROLE},
    "campaigns_with_keys": {LOGIN_ROLE},
    "failing_job": {LOGIN_ROLE},
    "invitation_facts": {LOGIN_ROLE},
    "store_envelope": {LOGIN_ROLE},
}


async def test_the_owner_does_only_what_is_on_the_list(database: str) -> None:
    async with operator_transaction():
        found = await connection().fetch(
            "SELECT proname::text, rolname::text FROM pg_proc, pg_roles "
            "WHERE prosecdef AND pronamespace = 'public'::regnamespace "
            "AND rolname = ANY($1) AND has_function_privilege(rolname, pg_proc.oid, 'EXECUTE')",
            [APP_ROLE, LOGIN_ROLE],
        )

    callers: dict[str, set[str]] = {}
    for function, role in found:
        callers.setdefault(function, set()).add(role)
    assert callers == FOR_THE_APPLICATION


async def test_every_function_looks_for_temporary_tables_last(database: str) -> None:
    async with operator_transaction():
        others = await connection().fetch(
            "SELECT proname::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace "
            "AND proname NOT LIKE '%pgqueuer%' "
            "AND proconfig IS DISTINCT FROM ARRAY['search_path=public, pg_temp']"
        )

    assert others == []


@pytest.fixture
async def intruder(database: str, organisation: UUID) -> AsyncIterator[asyncpg.Connection]:
    """Return a connection of the application within a transaction of one organisation."""
    inside = await asyncpg.connect(login_dsn(database))
    await inside.execute(
        f"BEGIN; SET LOCAL ROLE {APP_ROLE}; SET LOCAL opmodel.organisation = '{organisation}'"
    )
    yield inside
    await inside.close()


ESCAPES = ["RESET ROLE", "RESET SESSION AUTHORIZATION", f"SET ROLE {LOGIN_ROLE}", "COMMIT"]


@pytest.mark.parametrize("escape", [f"SET ROLE {APP_ROLE}", *ESCAPES[:2]])
@pytest.mark.parametrize(
    "attack",
    [
        "SET ROLE postgres",
        "SET SESSION AUTHORIZATION postgres",
        "GRANT postgres TO opmodel_login",
        "ALTER ROLE opmodel_login SUPERUSER",
        "ALTER ROLE postgres PASSWORD 'sesame'",
        "CREATE ROLE another SUPERUSER",
        "SELECT pg_read_file('PG_VERSION')",
        "SELECT pg_ls_dir('.')",
        "SELECT lo_import('/etc/passwd')",
        "COPY organisation FROM PROGRAM 'true'",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "COPY (SELECT 1) TO '/tmp/one'",
        "SELECT current_setting('data_directory')",
        "SET session_replication_role = replica",
        "SET log_statement = 'all'",
        "CREATE TABLE planted ()",
        "CREATE SCHEMA planted",
        "CREATE FUNCTION planted() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER FUNCTION organisation_of_key(bytea) RESET ALL",
        "ALTER TABLE person DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE person NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY tenant ON person",
        "CREATE POLICY planted ON person USING (true)",
        "ALTER TABLE response DETACH PARTITION {partition}",
        "DROP TABLE audit_event",
        "TRUNCATE audit_event",
        "SELECT FROM {partition}",
        "DELETE FROM {partition}",
        "SELECT FROM token_index",
        "SELECT organisation FROM api_key_index",
        "SELECT payload FROM pgqueuer",
        "SELECT headers FROM pgqueuer",
        "SELECT traceback FROM pgqueuer_log",
        "DELETE FROM pgqueuer",
        "SELECT rolpassword FROM pg_authid",
    ],
)
async def test_an_intruder_is_refused(
    attack: str, escape: str, intruder: asyncpg.Connection, theirs: Rows
) -> None:
    await intruder.execute(escape)

    with pytest.raises(asyncpg.PostgresError) as refusal:
        await intruder.execute(attack.format(partition=f"response_{theirs.campaign.hex}"))

    assert refusal.value.sqlstate == asyncpg.InsufficientPrivilegeError.sqlstate


@pytest.mark.parametrize("escape", ESCAPES)
async def test_an_intruder_reads_no_table_after_giving_up_the_role(
    escape: str, intruder: asyncpg.Connection, theirs: Rows
) -> None:
    await intruder.execute(escape)

    refused = []
    for name in await guarded_tables():
        with pytest.raises(asyncpg.PostgresError):
            await intruder.execute(f"SELECT FROM {name}")
        refused.append(name)
        await intruder.execute(f"ROLLBACK; BEGIN; {escape if escape != 'COMMIT' else ''}")

    assert len(refused) > 20


async def test_an_intruder_finds_no_row_of_another_organisation(
    intruder: asyncpg.Connection, theirs: Rows
) -> None:
    seen = {}
    for name in set(await guarded_tables()) - INDEXES:
        seen[name] = await intruder.fetchval(f"SELECT count(*) FROM {name}")  # noqa: S608 - from the catalog

    assert seen == dict.fromkeys(seen, 0) | {"organisation": 1}
    assert await intruder.fetch("SELECT key_hash FROM api_key_index") == []


async def test_an_intruder_cannot_learn_from_readiness_which_organisations_exist(
    intruder: asyncpg.Connection, organisation: UUID, theirs: Rows
) -> None:
    await intruder.execute("RESET ROLE")

    await intruder.fetch("SELECT campaigns_with_keys()")

    left = await intruder.fetchval("SELECT current_setting('opmodel.organisation')")
    assert left == str(organisation)


async def test_an_intruder_does_not_see_in_whose_transactions_others_are(
    intruder: asyncpg.Connection, other_organisation: UUID
) -> None:
    await intruder.execute("COMMIT")

    async with transaction(other_organisation):
        statements = await intruder.fetch(
            "SELECT query FROM pg_stat_activity WHERE usename = current_user "
            "AND pid <> pg_backend_pid() AND query <> ''"
        )

    assert statements
    assert str(other_organisation) not in str(statements)
