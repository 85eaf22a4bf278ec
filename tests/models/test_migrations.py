"""Migrations create the tables in the code, can be reverted, and run only once."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest
from piccolo.apps.migrations.commands.new import AutoMigrationManager
from piccolo.table import create_db_tables

from models.embedded import EmbeddedPostgres
from models.engine import DB, connection, operator_transaction
from models.errors import DatabaseError
from models.migrate import migrate, migrate_down, pending_migrations
from models.piccolo_app import APP_CONFIG
from tests.databases import create_database, database_dsn, query, select

SCHEMA = """
    SELECT format('%s %s %s %s %s', c.relname, a.attname,
                  format_type(a.atttypid, a.atttypmod), coalesce(a.attstattarget, -1),
                  CASE WHEN a.attnotnull THEN 'required' ELSE 'optional' END) AS line
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND a.attnum > 0 AND NOT a.attisdropped
      AND c.relnamespace = current_schema()::regnamespace
    UNION ALL SELECT format('%s: %s', conrelid::regclass, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE connamespace = current_schema()::regnamespace
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema()
    UNION ALL SELECT format('%s %s %s', tablename, policyname, qual) FROM pg_policies
    UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL
    SELECT format('%s %s', relname, coalesce(relacl, acldefault('r', relowner))) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
    ORDER BY 1
"""


# Not described by our tables: the primary key of responses, which includes the campaign because
# the table has partitions, the keys that references over two columns need, the queue, and
# indexes over some of the rows, for which Piccolo has no word.
NOT_OF_TABLES = (
    "migration",
    "pgqueuer",
    "key over the organisation",
    "CREATE UNIQUE INDEX job_unfinished_once",
    "CREATE UNIQUE INDEX person_email_once",
)

DESCRIBED = """
    SELECT format('%s.%s %s %s %s', c.relname, a.attname,
                  format_type(a.atttypid, a.atttypmod), a.attnotnull,
                  (SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef
                   WHERE (adrelid, adnum) = (a.attrelid, a.attnum))) AS line
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND a.attnum > 0 AND NOT a.attisdropped
      AND c.relnamespace = to_regnamespace($1)
    UNION ALL
    SELECT CASE WHEN conname LIKE '%\\_tenant\\_key' THEN 'key over the organisation'
                ELSE format('%s %s: %s', r.relname, conname, pg_get_constraintdef(k.oid)) END
    FROM pg_constraint k JOIN pg_class r ON r.oid = k.conrelid
    WHERE connamespace = to_regnamespace($1) AND contype IN ('c', 'u', 'p')
      AND NOT r.relispartition AND conname <> 'response_pkey'
    UNION ALL
    SELECT replace(replace(indexdef, $1 || '.', ''), 'ONLY ', '') FROM pg_indexes
    WHERE schemaname = $1 AND tablename !~ '^(pgqueuer|migration)'
      AND indexname NOT LIKE '%\\_tenant\\_key'
      AND tablename !~ '^response_' AND indexname <> 'response_pkey'
"""


@pytest.fixture
async def empty(server: EmbeddedPostgres, request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """Return the address of an empty database that is dropped after the test."""
    name = "empty_database"
    yield await create_database(server.dsn, name)
    await select(server.dsn, f"DROP DATABASE {name}")


async def described(name: str) -> set[str]:
    return {row["line"] for row in await connection().fetch(DESCRIBED, name)}


async def schema(dsn: str) -> list[str]:
    return [row["line"] for row in await select(dsn, SCHEMA)]


async def test_tables_and_migrations_agree(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PICCOLO_CONF", "models.piccolo_conf")

    pending = await AutoMigrationManager(auto_input="y").get_alter_statements(APP_CONFIG)

    assert [line for group in pending for line in group.statements] == []


async def test_the_migrated_database_matches_the_tables(database: str) -> None:
    # Piccolo's own comparison misses a constraint that changed and kept its name.
    async with operator_transaction() as undone:
        migrated = await described("public")
        await DB.run_ddl("CREATE SCHEMA said")
        await DB.run_ddl("SET LOCAL search_path TO said")
        await create_db_tables(*APP_CONFIG.table_classes)
        said = await described("said")
        await undone.rollback()

    assert said - migrated == set()
    assert {line for line in migrated - said if not line.startswith(NOT_OF_TABLES)} == set()


async def test_no_id_has_a_default_in_the_database(
    server: EmbeddedPostgres, template: str
) -> None:
    defaults = await select(
        database_dsn(server.dsn, template),
        "SELECT adrelid::regclass::text FROM pg_attrdef d JOIN pg_attribute a "
        "ON (a.attrelid, a.attnum) = (d.adrelid, d.adnum) WHERE a.atttypid = 'uuid'::regtype",
    )

    assert defaults == []


async def test_reverting_and_applying_again_gives_the_same_schema(empty: str) -> None:
    await migrate(empty)
    first = await schema(empty)

    await migrate_down(empty)
    await migrate(empty)

    assert await schema(empty) == first


async def test_reverting_leaves_only_the_table_of_migrations(empty: str) -> None:
    done = await migrate(empty)

    undone = await migrate_down(empty)

    assert undone == done[::-1]
    assert {line.split()[0].rstrip(":") for line in await schema(empty)} <= {
        "migration",
        "CREATE",
    }


async def test_each_migration_reverts_exactly_what_it_did(empty: str) -> None:
    before = []
    while True:
        before.append(await schema(empty))
        if not await migrate(empty, steps=1):
            break
    before.pop()

    after_undoing = []
    while await migrate_down(empty, steps=1):
        after_undoing.append(await schema(empty))

    # The first step also creates the table of applied migrations, which stays.
    differing = [
        set(a) ^ set(b) for a, b in zip(after_undoing[-2::-1], before[1:], strict=True)
    ]
    assert differing == [set()] * (len(before) - 1)


async def test_a_second_migrate_finds_nothing_to_do(empty: str) -> None:
    await migrate(empty)

    assert await migrate(empty) == []


async def test_two_simultaneous_migrates_apply_each_migration_once(empty: str) -> None:
    first, second = await asyncio.gather(migrate(empty), migrate(empty))

    assert min(len(first), len(second)) == 0
    assert len(set(first + second)) == len(first + second) > 0


async def test_listing_pending_migrations_changes_nothing(empty: str) -> None:
    pending = await pending_migrations(empty)

    assert await schema(empty) == []
    assert await migrate(empty) == pending


async def stored_password(dsn: str) -> str:
    return str(
        await query(dsn, "SELECT rolpassword FROM pg_authid WHERE rolname = 'opmodel_login'")
    )


async def test_the_login_gets_the_password_of_the_applications_address(empty: str) -> None:
    await migrate(empty, login="postgresql://opmodel_login:sesame@db/opmodel")
    first = await stored_password(empty)

    await migrate(empty, login="postgresql://opmodel_login:an%20other@db/opmodel")

    assert first.startswith("SCRAM-SHA-256$4096:")
    assert first != await stored_password(empty)


async def test_the_login_gets_a_password_that_no_address_contains(
    empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await migrate(empty)
    before = await stored_password(empty)
    monkeypatch.setenv("PGPASSWORD", "sesame")

    await migrate(empty, login="postgresql://opmodel_login@db/opmodel")

    assert await stored_password(empty) != before


@pytest.mark.parametrize(
    "login", ["postgresql://other:sesame@db/opmodel", "postgresql://opmodel_login@db/opmodel"]
)
async def test_the_login_keeps_its_password_if_the_address_names_none_for_it(
    login: str, empty: str
) -> None:
    await migrate(empty)
    before = await stored_password(empty)

    await migrate(empty, login=login)

    assert await stored_password(empty) == before


async def test_a_password_that_an_administrator_has_set_is_left_alone(
    managed: str, server: EmbeddedPostgres
) -> None:
    before = await stored_password(server.dsn)

    await migrate(managed, login="postgresql://opmodel_login:sesame@db/opmodel")

    assert await stored_password(server.dsn) == before


async def test_without_a_right_to_do_so_nobody_else_creates_anything(empty: str) -> None:
    await migrate(empty)

    (row,) = await select(
        empty,
        "SELECT has_database_privilege('opmodel_login', current_database(), 'TEMPORARY'), "
        "has_schema_privilege('opmodel_login', current_schema(), 'CREATE')",
    )
    assert tuple(row) == (False, False)


@pytest.fixture
async def managed(server: EmbeddedPostgres, template: str) -> AsyncIterator[str]:
    """Return the address of an empty database, with an owner who is no superuser."""
    await select(server.dsn, "CREATE ROLE newcomer LOGIN CREATEROLE")
    await select(server.dsn, "GRANT opmodel_app TO newcomer WITH ADMIN OPTION, SET FALSE")
    await create_database(server.dsn, "managed")
    await select(server.dsn, "ALTER DATABASE managed OWNER TO newcomer")
    yield database_dsn(server.dsn, "managed").replace("//postgres@", "//newcomer@")
    await select(server.dsn, "DROP DATABASE managed")
    await select(server.dsn, "DROP ROLE newcomer")


async def test_a_login_role_that_may_only_create_roles_can_migrate_and_serve(
    managed: str,
) -> None:
    await migrate(managed)

    assert await migrate(managed) == []


SHARED_ADDRESSES = """
    WITH o AS (INSERT INTO organisation (id, key, name, default_locale, min_group, created_at)
               VALUES (gen_random_uuid(), 'north', 'North', 'en', 5, now()) RETURNING id),
    u AS (INSERT INTO business_unit (id, organisation, code, name, headcount, active)
          SELECT gen_random_uuid(), id, 'U', 'U', 0, true FROM o RETURNING id, organisation)
    INSERT INTO person (id, organisation, external_id, email, display_name, unit, role, active)
    SELECT format('00000000-0000-4000-8000-%s', lpad(place::text, 12, '0'))::uuid,
           u.organisation, external_id, email, external_id, u.id, 'contributor', active
    FROM u, (VALUES (1, 'first', 'Ann@x.de', true), (2, 'second', 'ann@X.de', true),
                    (3, 'gone', 'ann@x.de', false), (4, 'other', 'bob@x.de', true))
            AS given (place, external_id, email, active)
"""


async def test_of_people_who_share_an_address_the_first_one_keeps_it(
    server: EmbeddedPostgres, managed: str
) -> None:
    mine = "2026-11-28T06:10:00:000000"
    before = (await pending_migrations(managed)).index(mine)
    await migrate(managed, steps=before)
    outside = managed.replace("//newcomer@", "//postgres@")
    await select(outside, SHARED_ADDRESSES)

    await migrate(managed)

    kept = await select(outside, "SELECT external_id, email FROM person ORDER BY id")
    assert [tuple(row) for row in kept] == [
        ("first", "Ann@x.de"),
        ("second", None),
        ("gone", "ann@x.de"),
        ("other", "bob@x.de"),
    ]
    forced = "SELECT relforcerowsecurity FROM pg_class WHERE oid = 'person'::regclass"
    assert (await select(outside, forced))[0][0]


OPEN_CAMPAIGN = """
    WITH o AS (INSERT INTO organisation (id, key, name, default_locale, min_group, created_at)
               VALUES (gen_random_uuid(), 'north', 'North', 'en', 5, now()) RETURNING id),
    n AS (INSERT INTO instrument (id, organisation, key, version, state, definition, checksum)
          SELECT gen_random_uuid(), id, 'small', 1, 'draft', '{}', repeat('0', 64) FROM o
          RETURNING id, organisation),
    c AS (INSERT INTO campaign (id, organisation, name, instrument, created_at, state,
                                opened_at, public_key, public_key_mark)
          SELECT gen_random_uuid(), organisation, 'Baseline', id, now(), 'open', now(), 'k', 'm'
          FROM n RETURNING id, organisation),
    i AS (INSERT INTO invitation (id, organisation, campaign, unit_code, role, token_hash)
          SELECT gen_random_uuid(), organisation, id, 'U', 'manager', sha256('t') FROM c
          RETURNING id, organisation, campaign)
    INSERT INTO delivery (id, organisation, campaign, invitation, channel, kind)
    SELECT gen_random_uuid(), organisation, campaign, id, 'folder', 'invitation' FROM i
"""


async def test_an_open_campaign_keeps_the_channel_that_it_was_opened_with(
    server: EmbeddedPostgres, managed: str
) -> None:
    mine = "2026-11-28T19:30:00:000000"
    await migrate(managed, steps=(await pending_migrations(managed)).index(mine))
    outside = managed.replace("//newcomer@", "//postgres@")
    await select(outside, OPEN_CAMPAIGN)

    await migrate(managed)

    kept = await select(outside, "SELECT channel, reminders, invite_joiners FROM campaign")
    assert [tuple(row) for row in kept] == [("folder", [], False)]
    forced = "SELECT relname FROM pg_class WHERE relforcerowsecurity AND relname = ANY($1)"
    assert len(await select(outside, forced.replace("$1", "'{campaign,delivery}'"))) == 2


KEYS_OF_BEFORE = """
    WITH o AS (INSERT INTO organisation (id, key, name, default_locale, min_group, created_at)
               VALUES (gen_random_uuid(), 'north', 'North', 'en', 5, now()) RETURNING id)
    INSERT INTO api_key (id, organisation, name, prefix, key_hash, scopes, created_at)
    SELECT gen_random_uuid(), id, name, 'omk_', sha256(name::bytea), scopes, now()
    FROM o, (VALUES ('writes', ARRAY['org:read', 'responses:write']),
                    ('both', ARRAY['responses:write', 'analytics:read']),
                    ('reads', ARRAY['comments:read'])) AS given (name, scopes)
"""


async def test_of_keys_that_wrote_responses_those_may_import_that_read_no_results(
    server: EmbeddedPostgres, managed: str
) -> None:
    mine = "2026-11-28T06:20:00:000000"
    await migrate(managed, steps=(await pending_migrations(managed)).index(mine))
    outside = managed.replace("//newcomer@", "//postgres@")
    await select(outside, KEYS_OF_BEFORE)

    await migrate(managed)

    kept = await select(outside, "SELECT name, scopes FROM api_key ORDER BY name")
    assert {row["name"]: row["scopes"] for row in kept} == {
        "both": ["analytics:read"],
        "reads": ["comments:read"],
        "writes": ["org:read", "responses:import"],
    }
    forced = "SELECT relforcerowsecurity FROM pg_class WHERE oid = 'api_key'::regclass"
    assert (await select(outside, forced))[0][0]


KEYS_THAT_MADE_KEYS = """
    WITH o AS (INSERT INTO organisation (id, key, name, default_locale, min_group, created_at)
               VALUES (gen_random_uuid(), 'north', 'North', 'en', 5, now()) RETURNING id),
    general AS (SELECT ARRAY['org:read', 'org:write', 'people:write', 'campaigns:read',
                             'campaigns:write', 'analytics:read', 'comments:read',
                             'recommendations:read', 'decisions:write', 'webhooks:write',
                             'audit:read'] AS scopes)
    INSERT INTO api_key (id, organisation, name, prefix, key_hash, scopes, unit_code,
                         created_at)
    SELECT gen_random_uuid(), o.id, given.name, 'omk_', sha256(given.name::bytea),
           given.scopes, unit, now()
    FROM o, general, LATERAL (VALUES
        ('office', general.scopes || ARRAY['people:read'], NULL),
        ('division', general.scopes, 'D01'),
        ('HR tool', ARRAY['org:write', 'people:write'], NULL)) AS given (name, scopes, unit)
"""


async def test_of_keys_that_could_make_keys_those_still_may_that_could_do_everything(
    server: EmbeddedPostgres, managed: str
) -> None:
    mine = "2026-11-28T18:10:00:000000"
    await migrate(managed, steps=(await pending_migrations(managed)).index(mine))
    outside = managed.replace("//newcomer@", "//postgres@")
    await select(outside, KEYS_THAT_MADE_KEYS)

    done = await migrate(managed)

    stored = "SELECT name FROM api_key WHERE 'keys:write' = ANY(scopes)"
    assert [row["name"] for row in await select(outside, stored)] == ["office"]
    await migrate_down(managed, steps=len(done))
    assert await select(outside, stored) == []
    forced = "SELECT relforcerowsecurity FROM pg_class WHERE oid = 'api_key'::regclass"
    assert (await select(outside, forced))[0][0]


async def test_a_login_role_without_the_right_is_told_what_to_do(
    server: EmbeddedPostgres, template: str
) -> None:
    await select(server.dsn, "CREATE ROLE weak LOGIN")
    await create_database(server.dsn, "weakly_managed")
    await select(server.dsn, "ALTER DATABASE weakly_managed OWNER TO weak")
    dsn = database_dsn(server.dsn, "weakly_managed").replace("//postgres@", "//weak@")

    try:
        with pytest.raises(DatabaseError, match="CREATEROLE"):
            await migrate(dsn)
    finally:
        await select(server.dsn, "DROP DATABASE weakly_managed")
        await select(server.dsn, "DROP ROLE weak")


ANSWERED = """
WITH owner AS (
    INSERT INTO organisation (id, key, name, default_locale, min_group, created_at)
    VALUES ($1, 'old', 'Old', 'en', 5, now()) RETURNING id),
instrument AS (
    INSERT INTO instrument (id, organisation, key, version, state, definition, checksum)
    VALUES (gen_random_uuid(), $1, 'small', 1, 'draft', '{}', repeat('0', 64)) RETURNING id),
campaign AS (
    INSERT INTO campaign (id, organisation, name, wave, instrument, mode, state, min_group,
                          min_comments, min_drivers, opened_at, closed_at, revision, created_at)
    SELECT gen_random_uuid(), $1, 'Old', 1, id, 'anonymous', 'closed', 5, 10, 100, now(), now(),
           1, now()
    FROM instrument RETURNING id)
INSERT INTO response (id, organisation, campaign, unit_code, role, duration_s, answers)
SELECT gen_random_uuid(), $1, campaign.id, 'U1', 'contributor', 300, ARRAY[n, NULL]::smallint[]
FROM campaign, generate_series(1, 7) AS n
"""


async def test_answers_of_closed_campaigns_outlive_the_step_to_sealing(managed: str) -> None:
    applied = await migrate(managed)
    steps = len(applied) - applied.index("2026-11-28T18:00:00:000000")
    await migrate_down(managed, steps=steps)
    owner = uuid4()
    opened = await asyncpg.connect(managed)
    try:
        as_owner = f"SELECT set_config('opmodel.organisation', '{owner}', false)"
        await opened.execute(as_owner)
        await opened.execute(ANSWERED, owner)
        await migrate(managed)
        stored = "SELECT answers[1] AS answer FROM response ORDER BY 1"
        assert [row["answer"] for row in await opened.fetch(stored)] == [*range(1, 8)]
        await migrate_down(managed, steps=steps)
        assert [row["answer"] for row in await opened.fetch(stored)] == [*range(1, 8)]
    finally:
        await opened.close()


TRACES = """
WITH owner AS (
    INSERT INTO organisation (id, key, name, default_locale, min_group, created_at)
    VALUES ($1, 'old', 'Old', 'en', 5, now()) RETURNING id)
INSERT INTO audit_event (id, organisation, at, principal, principal_name, action, subject,
                         facts)
SELECT given.id::uuid, $1, now(), given.principal::uuid, given.name, given.action,
       '/v1/things/' || given.action, '{}'
FROM owner, (VALUES
    ('00000000-0000-7000-8000-000000000001', gen_random_uuid(), 'Office', 'use_case_created'),
    ('00000000-0000-7000-8000-000000000002', NULL, NULL, 'campaign_abandoned'))
    AS given (id, principal, name, action)
"""


async def test_earlier_traces_are_numbered_and_can_go_back(managed: str) -> None:
    done = await migrate(managed)
    since = len(done) - done.index("2026-11-28T18:20:00:000000")
    await migrate_down(managed, steps=since)
    owner = uuid4()
    opened = await asyncpg.connect(managed)
    try:
        await opened.execute(f"SELECT set_config('opmodel.organisation', '{owner}', false)")
        await opened.execute(TRACES, owner)
        before = await opened.fetch("SELECT id, action, subject FROM audit_event ORDER BY id")
        await migrate(managed)
        chained = await opened.fetch(
            "SELECT number, actor, action, subjects[1], mac FROM audit_event ORDER BY number"
        )
        await migrate_down(managed, steps=since)
        after = await opened.fetch("SELECT id, action, subject FROM audit_event ORDER BY id")
    finally:
        await opened.close()

    assert [tuple(row) for row in chained] == [
        (1, "key", "use_case.created", "/v1/things/use_case_created", None),
        (2, "command_line", "campaign.abandoned", "/v1/things/campaign_abandoned", None),
    ]
    assert after == before
