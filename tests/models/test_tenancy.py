"""No organisation reads or writes the rows of another, in any table.

The list of tables is read from the database, so that a new one cannot be forgotten. The
attacker works as the application's role with every right on every table, so that only the
policies can stop it. `test_intruder` says what the application's own rights allow.
"""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from piccolo.table import Table
from uuid_utils.compat import uuid7

from models.access import ApiKeyIndex
from models.engine import APP_ROLE, connection, operator_transaction, pool, transaction
from models.login import LOGIN_ROLE
from models.organisation import Organisation
from models.response import Response
from tests.factories.directory import make_organisation
from tests.factories.server import NOW
from tests.models.rows import Rows, insert, stored

# Tables without a policy, each with the reason.
WITHOUT_TENANT = {
    "migration": "applied migrations; the application has no right on it",
    "pgqueuer": "jobs hold only ids; the application adds them, and cannot read the ids",
    "pgqueuer_log": "results of jobs; the same",
    "pgqueuer_statistics": "counts of jobs; the application has no right on it",
    "pgqueuer_schedules": "recurring jobs; the application has no right on it",
}
# Hashes lead to organisations that nobody knows before: their owner reads them for a function.
INDEXES = {"token_index", "api_key_index"}

TABLES = """
    SELECT c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS guarded,
           (SELECT array_agg(p.polname::text ORDER BY p.polname) FROM pg_policy p
            WHERE p.polrelid = c.oid) AS policies
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'm', 'v', 'f') AND NOT c.relispartition
      AND n.nspname NOT LIKE 'pg\\_%'
      AND n.nspname <> 'information_schema'
    ORDER BY 1
"""


@pytest.fixture
async def attacker(database: str, organisation: UUID) -> AsyncIterator[asyncpg.Connection]:
    """Return a connection of one organisation with every right, rolled back afterwards."""
    # The first partition changes the entry of its table in the catalog, as the grants do below,
    # and would wait for their end.
    await stored(await make_organisation())
    attacking = await asyncpg.connect(database)
    await attacking.execute(
        "BEGIN; GRANT ALL ON ALL TABLES IN SCHEMA public TO opmodel_app; "
        f"SET LOCAL ROLE {APP_ROLE}; SET LOCAL opmodel.organisation = '{organisation}'"
    )
    yield attacking
    await attacking.close()


async def tables() -> list[asyncpg.Record]:
    async with operator_transaction():
        return list(await connection().fetch(TABLES))


async def guarded_tables() -> list[str]:
    return [table["name"] for table in await tables() if table["name"] not in WITHOUT_TENANT]


def tenant_column(table: str) -> str:
    return "id" if table == "organisation" else "organisation"


async def rows_touched(
    attacking: asyncpg.Connection, statement: str, *values: Any
) -> int | str:
    """Return the number of rows a statement touched, or the error that refused it."""
    await attacking.execute("SAVEPOINT attack")
    try:
        status = await attacking.execute(statement, *values)
    except asyncpg.InsufficientPrivilegeError as refusal:
        await attacking.execute("ROLLBACK TO SAVEPOINT attack")
        return "policy" if "row-level security" in str(refusal) else str(refusal)
    return int(status.split()[-1])


async def insert_refusal(attacking: asyncpg.Connection, row: Table) -> str | None:
    """Return how the database refuses to insert a row; ``None`` if it does not."""
    statement, values = type(row).insert(row).querystrings[0].compile_string()
    await attacking.execute("SAVEPOINT attack")
    try:
        await attacking.fetch(statement, *values)
    except asyncpg.PostgresError as refusal:
        await attacking.execute("ROLLBACK TO SAVEPOINT attack")
        return type(refusal).__name__
    return None


async def test_every_table_has_the_policy_or_is_a_named_exception(database: str) -> None:
    unguarded = {
        table["name"]
        for table in await tables()
        if not table["guarded"] or "tenant" not in (table["policies"] or [])
    }

    assert unguarded == WITHOUT_TENANT.keys()


async def test_other_policies_open_a_table_only_to_its_owner(database: str) -> None:
    async with operator_transaction():
        more = await connection().fetch(
            "SELECT tablename, policyname, cmd, roles FROM pg_policies "
            "WHERE policyname <> 'tenant' ORDER BY tablename"
        )

    assert [tuple(row) for row in more] == [
        ("api_key_index", "owner_finds", "SELECT", ["postgres"]),
        ("organisation", "operator_lists", "SELECT", ["postgres"]),
        ("token_index", "owner_finds", "SELECT", ["postgres"]),
    ]


async def test_the_attack_has_a_row_of_every_guarded_table(organisation: UUID) -> None:
    known = {row._meta.tablename for row in Rows(organisation).in_order()}

    assert known | {"organisation"} == set(await guarded_tables())


async def test_an_organisation_reads_its_own_rows_in_every_table(
    organisation: UUID, attacker: asyncpg.Connection
) -> None:
    await stored(organisation)

    seen = {name: await _count(attacker, name) for name in await guarded_tables()}

    assert seen == dict.fromkeys(seen, 1)


async def test_cannot_read_a_row_of_another_organisation(
    attacker: asyncpg.Connection, theirs: Rows
) -> None:
    seen = {name: await _count(attacker, name) for name in await guarded_tables()}

    assert seen == dict.fromkeys(seen, 0) | {"organisation": 1}


async def test_reads_nothing_without_an_organisation(
    attacker: asyncpg.Connection, theirs: Rows
) -> None:
    await attacker.execute("SET LOCAL opmodel.organisation = ''")

    seen = {name: await _count(attacker, name) for name in await guarded_tables()}

    assert seen == dict.fromkeys(seen, 0)


async def test_cannot_insert_a_row_for_another_organisation(
    attacker: asyncpg.Connection, other_organisation: UUID
) -> None:
    organisation = Organisation(id=uuid7(), key="theirs", name="Theirs", created_at=NOW)
    rows = Rows(other_organisation).in_order()
    attack = [organisation, *(row for row in rows if not isinstance(row, Response))]

    refusals = {row._meta.tablename: await insert_refusal(attacker, row) for row in attack}

    assert refusals == dict.fromkeys(refusals, "InsufficientPrivilegeError")


async def test_cannot_update_a_row_of_another_organisation(
    attacker: asyncpg.Connection, theirs: Rows
) -> None:
    touched = {}
    for name in await guarded_tables():
        column = tenant_column(name)
        statement = f"UPDATE {name} SET {column} = {column} WHERE {column} = $1"  # noqa: S608 - from the catalog
        touched[name] = await rows_touched(attacker, statement, theirs.organisation)

    assert touched == dict.fromkeys(touched, 0)


async def test_cannot_delete_a_row_of_another_organisation(
    attacker: asyncpg.Connection, theirs: Rows
) -> None:
    touched = {}
    for name in await guarded_tables():
        statement = f"DELETE FROM {name} WHERE {tenant_column(name)} = $1"  # noqa: S608 - from the catalog
        touched[name] = await rows_touched(attacker, statement, theirs.organisation)

    assert touched == dict.fromkeys(touched, 0)


async def test_cannot_give_a_row_to_another_organisation(
    attacker: asyncpg.Connection, organisation: UUID, other_organisation: UUID
) -> None:
    await stored(organisation)

    touched = {}
    for name in await guarded_tables():
        statement = f"UPDATE {name} SET {tenant_column(name)} = $1"  # noqa: S608 - from the catalog
        touched[name] = await rows_touched(attacker, statement, other_organisation)

    assert touched == dict.fromkeys(touched, "policy")


async def test_cannot_refer_to_a_row_of_another_organisation(
    attacker: asyncpg.Connection, organisation: UUID, theirs: Rows
) -> None:
    mine = Rows(organisation)
    names = ("unit", "person", "instrument", "campaign", "invitation", "release", "api_key")
    for name in names:
        setattr(mine, name, getattr(theirs, name))

    refusals = {}
    for row in filter(_refers, mine.in_order()):
        row.id = uuid7()
        refusals[row._meta.tablename] = await insert_refusal(attacker, row)

    # A unique key may refuse the row before the foreign key does.
    assert len(refusals) > 10
    assert set(refusals.values()) <= {"ForeignKeyViolationError", "UniqueViolationError"}


async def test_every_reference_between_tenants_names_the_organisation(database: str) -> None:
    async with operator_transaction():
        plain = await connection().fetch(
            "SELECT conrelid::regclass::text AS source, conname FROM pg_constraint "
            "WHERE contype = 'f' AND confrelid <> 'organisation'::regclass "
            "AND cardinality(conkey) < 2"
        )

    assert plain == []


async def test_a_hash_of_a_key_leads_to_its_organisation_before_any_is_known(
    organisation: UUID,
) -> None:
    hashed = uuid4().bytes * 2
    async with transaction(organisation):
        await insert(Rows(organisation).row(ApiKeyIndex, key_hash=hashed))

    async with transaction(None):
        found = await connection().fetchval("SELECT organisation_of_key($1)", hashed)
        nothing = await connection().fetchval("SELECT organisation_of_key('other'::bytea)")

    assert (found, nothing) == (organisation, None)


async def test_the_application_can_neither_bypass_policies_nor_log_in(database: str) -> None:
    async with transaction(None):
        role = await connection().fetchrow(
            "SELECT rolname, rolsuper, rolbypassrls, rolcanlogin, rolcreaterole, rolcreatedb "
            "FROM pg_roles WHERE rolname = current_user"
        )

    assert tuple(role) == (APP_ROLE, False, False, False, False, False)


@pytest.mark.parametrize("role", [APP_ROLE, LOGIN_ROLE])
async def test_the_application_owns_nothing(role: str, database: str) -> None:
    async with operator_transaction():
        owned = await connection().fetchval(
            "SELECT count(*) FROM pg_shdepend WHERE refobjid = $1::text::regrole "
            "AND deptype = 'o'",
            role,
        )

    assert owned == 0


async def test_the_login_can_do_no_more_than_become_the_application(database: str) -> None:
    async with operator_transaction():
        login = await connection().fetchrow(
            "SELECT rolcanlogin, rolinherit, rolsuper, rolbypassrls, rolcreaterole, "
            "rolcreatedb, rolreplication FROM pg_roles WHERE rolname = $1",
            LOGIN_ROLE,
        )
        memberships = await connection().fetch(
            "SELECT roleid::regrole::text, admin_option, inherit_option, set_option "
            "FROM pg_auth_members WHERE member = $1::text::regrole",
            LOGIN_ROLE,
        )

    assert tuple(login) == (True, False, False, False, False, False, False)
    assert [tuple(row) for row in memberships] == [(APP_ROLE, False, False, True)]


async def test_the_login_reads_only_migrations_and_how_jobs_fare(database: str) -> None:
    async with operator_transaction():
        readable = await connection().fetch(
            "SELECT relname::text FROM pg_class "
            "WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm') "
            "AND has_any_column_privilege($1, oid, 'SELECT, INSERT, UPDATE, REFERENCES')",
            LOGIN_ROLE,
        )

    assert {row["relname"] for row in readable} == {"migration", "pgqueuer", "pgqueuer_log"}


@pytest.mark.parametrize(
    "call",
    [
        "invitation_facts(ARRAY[sha256('token')])",
        "campaigns_with_keys()",
        "store_envelope($1::uuid, $1, now(), ARRAY[$1::uuid], ARRAY[''::bytea], $1, '', '')",
    ],
)
async def test_the_application_cannot_reach_another_organisation_through_a_function(
    call: str, organisation: UUID, theirs: Rows
) -> None:
    values = [theirs.campaign] if "$1" in call else []

    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied"):
        async with transaction(organisation):
            await connection().fetch(f"SELECT {call}", *values)


async def test_organisation_and_role_end_with_the_transaction(organisation: UUID) -> None:
    async with transaction(organisation):
        used = connection().get_server_pid()

    # The pool lends the connection that came back last.
    async with pool().acquire() as again:
        role, current, lent = await again.fetchrow(
            "SELECT current_user::text, current_setting('opmodel.organisation', true), "
            "pg_backend_pid()"
        )

    assert (role, current or None, lent) == (LOGIN_ROLE, None, used)


async def _count(attacking: asyncpg.Connection, table: str) -> int:
    statement = f"SELECT count(*) FROM {table}"  # noqa: S608 - a name from the catalog
    return int(await attacking.fetchval(statement))


def _refers(row: Table) -> bool:
    """Return whether a row refers to another one besides its organisation."""
    named = {column._meta.name for column in row._meta.foreign_key_columns}
    return bool(named - {"organisation", "parent"})
