"""Rows that never change, and rights that the application does not have."""

import json
from itertools import pairwise, permutations
from uuid import UUID, uuid4

import asyncpg
import pytest
from piccolo.table import Table

from models.audit import AuditEvent
from models.campaign import Campaign, CampaignUnit
from models.catalogue import Catalogue
from models.decision import Decision
from models.engine import connection, operator_transaction, transaction
from models.instrument import Instrument
from models.invitation import Invitation
from models.release import (
    Finding,
    Release,
    ReleaseUnit,
    Score,
)
from models.response import Comment, ImportedFile, Response
from tests.factories.server import NOW
from tests.models.rows import Rows, stored

RESULTS = [
    Release,
    Score,
    ReleaseUnit,
    Finding,
]


async def execute(organisation: UUID, statement: str) -> str:
    async with transaction(organisation):
        return str(await connection().execute(statement))


async def published(organisation: UUID) -> None:
    definition = '{"title": {"en": "AI"}, "items": [{"key": "a_1"}, {"key": "a_2"}]}'
    row = Rows(organisation).row(
        Instrument, state="published", published_at=NOW, definition=definition
    )
    async with transaction(organisation):
        await Instrument.insert(row)


async def opened(organisation: UUID, *, mode: str = "anonymous") -> Rows:
    rows = Rows(organisation)
    async with transaction(organisation):
        await Instrument.insert(rows.row(Instrument))
        keys = {"public_key": b"k", "public_key_mark": b"m"}
        campaign = rows.row(Campaign, state="open", opened_at=NOW, mode=mode, **keys)
        await Campaign.insert(campaign)
    return rows


@pytest.mark.parametrize("verb", ["UPDATE {} SET id = id", "DELETE FROM {}"])
@pytest.mark.parametrize("table", RESULTS)
async def test_the_application_cannot_change_a_result(
    table: type[Table], verb: str, organisation: UUID
) -> None:
    await stored(organisation)

    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied"):
        await execute(organisation, verb.format(table._meta.tablename))


@pytest.mark.parametrize("verb", ["UPDATE {} SET id = id", "DELETE FROM {}"])
@pytest.mark.parametrize("table", [Finding, Decision, AuditEvent])
async def test_even_the_operator_cannot_change_immutable_rows(
    table: type[Table], verb: str, organisation: UUID
) -> None:
    await stored(organisation)
    statement = verb.format(table._meta.tablename)

    with pytest.raises(asyncpg.RestrictViolationError, match="never changes"):
        async with operator_transaction():
            await connection().execute(f"{statement} WHERE organisation = $1", organisation)


async def test_nobody_empties_the_audit_trail(organisation: UUID) -> None:
    for statement in ("DELETE FROM audit_event", "TRUNCATE audit_event"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied"):
            await execute(organisation, statement)
    with pytest.raises(asyncpg.RestrictViolationError, match="never changes"):
        async with operator_transaction():
            await connection().execute("TRUNCATE audit_event")


@pytest.mark.parametrize(
    "table",
    [
        Response,
        Comment,
        CampaignUnit,
        ImportedFile,
        Catalogue,
        Decision,
        AuditEvent,
    ],
)
async def test_the_application_cannot_update_immutable_rows(
    table: type[Table], organisation: UUID
) -> None:
    await stored(organisation)

    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied"):
        await execute(organisation, f"UPDATE {table._meta.tablename} SET id = id")  # noqa: S608 - ours


@pytest.mark.parametrize("column", ["unit_code", "role", "campaign"])
async def test_the_application_cannot_move_an_invitation(
    column: str, organisation: UUID
) -> None:
    await stored(organisation)

    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied"):
        await execute(organisation, f"UPDATE invitation SET {column} = {column}")  # noqa: S608 - ours


async def test_the_application_can_spend_a_token(organisation: UUID) -> None:
    await stored(organisation)

    done = await execute(
        organisation, "UPDATE invitation SET completed = true, fingerprint = '\\x00'"
    )

    assert done == "UPDATE 1"


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO response SELECT * FROM response",
        "DELETE FROM response",
        "TRUNCATE response",
        "INSERT INTO response_{} SELECT * FROM response",
        "SELECT FROM response_{}",
    ],
)
async def test_the_application_reads_responses_and_does_nothing_else_with_them(
    statement: str, organisation: UUID
) -> None:
    rows = await stored(organisation)

    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied"):
        await execute(organisation, statement.format(rows.campaign.hex))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE instrument SET definition = '{}'",
        "UPDATE instrument SET definition = jsonb_set(definition, '{title,en}', '\"KI\"')",
        "UPDATE instrument "
        "SET definition = jsonb_set(definition, '{items,2}', '{\"key\": \"a_3\"}')",
        "UPDATE instrument SET definition = "
        'definition || \'{"items": [{"key": "a_2"}, {"key": "a_1"}]}\'',
        "UPDATE instrument SET version = version + 1",
        "UPDATE instrument SET state = 'draft', published_at = NULL",
        "DELETE FROM instrument",
    ],
)
async def test_a_published_instrument_never_changes(statement: str, organisation: UUID) -> None:
    await published(organisation)

    with pytest.raises(asyncpg.RestrictViolationError) as refusal:
        await execute(organisation, statement)

    assert refusal.value.constraint_name == "instrument_published_is_immutable"


async def test_a_published_instrument_can_get_a_language(organisation: UUID) -> None:
    await published(organisation)

    await execute(
        organisation,
        "UPDATE instrument SET definition = jsonb_set(definition, '{title,fr}', '\"IA\"')",
    )

    async with transaction(organisation):
        title = await connection().fetchval("SELECT definition->'title' FROM instrument")
    assert json.loads(title) == {"en": "AI", "fr": "IA"}


async def test_a_draft_of_an_instrument_can_be_published(organisation: UUID) -> None:
    rows = Rows(organisation)
    async with transaction(organisation):
        await Instrument.insert(rows.row(Instrument))

    done = await execute(
        organisation, "UPDATE instrument SET state = 'published', published_at = now()"
    )

    assert done == "UPDATE 1"


@pytest.mark.parametrize(
    "change",
    ["mode = 'confidential'", "min_group = 4", "min_comments = 20", "wave = 2"],
)
async def test_an_open_campaign_keeps_mode_and_thresholds(
    change: str, organisation: UUID
) -> None:
    await opened(organisation)

    with pytest.raises(asyncpg.RestrictViolationError) as refusal:
        await execute(organisation, f"UPDATE campaign SET {change}")  # noqa: S608 - ours

    assert refusal.value.constraint_name == "campaign_locks_when_it_opens"


async def test_a_closing_campaign_keeps_mode_and_thresholds(organisation: UUID) -> None:
    await opened(organisation)
    await execute(organisation, "UPDATE campaign SET state = 'closing'")

    with pytest.raises(asyncpg.RestrictViolationError) as refusal:
        await execute(organisation, "UPDATE campaign SET min_group = 4")

    assert refusal.value.constraint_name == "campaign_locks_when_it_opens"


WAY = ("draft", "open", "closing", "closed")
FORWARDS = {*pairwise(WAY), ("open", "abandoned"), ("closing", "abandoned")}
AROUND = (("draft", "scheduled"), ("scheduled", "draft"), ("scheduled", "open"))
_SEALED = "public_key = '\\x01', public_key_mark = '\\x02'"
_NOT_SEALED = "public_key = NULL, public_key_mark = NULL"
TIMES = {
    "draft": f"opened_at = NULL, closed_at = NULL, {_NOT_SEALED}",
    "scheduled": f"opens_at = now(), channel = 'email', {_NOT_SEALED}",
    "open": f"opened_at = now(), closed_at = NULL, {_SEALED}",
    "closing": f"opened_at = now(), closed_at = NULL, {_SEALED}",
    "closed": f"opened_at = now(), closed_at = now(), {_NOT_SEALED}",
    "abandoned": f"opened_at = now(), closed_at = now(), {_NOT_SEALED}",
}


def moving_to(state: str) -> str:
    return f"UPDATE campaign SET state = '{state}', {TIMES[state]}"  # noqa: S608 - ours


async def lead_to(organisation: UUID, state: str, *, mode: str = "anonymous") -> Rows:
    """Insert a campaign, and lead it to a state by the way that is open."""
    rows = Rows(organisation)
    async with transaction(organisation):
        await Instrument.insert(rows.row(Instrument))
        await Campaign.insert(rows.row(Campaign, mode=mode))
        for step in WAY[1 : WAY.index(state) + 1]:
            await connection().execute(moving_to(step))
    return rows


@pytest.mark.parametrize(("current", "wanted"), sorted(FORWARDS))
async def test_a_campaign_goes_forwards(current: str, wanted: str, organisation: UUID) -> None:
    await lead_to(organisation, current)

    assert await execute(organisation, moving_to(wanted)) == "UPDATE 1"


@pytest.mark.parametrize(("current", "wanted"), AROUND)
async def test_a_campaign_is_scheduled_and_may_be_a_draft_again(
    current: str, wanted: str, organisation: UUID
) -> None:
    await lead_to(organisation, "draft")
    if current == "scheduled":
        await execute(organisation, moving_to("scheduled"))

    assert await execute(organisation, moving_to(wanted)) == "UPDATE 1"


@pytest.mark.parametrize("current", WAY[1:])
async def test_a_campaign_that_has_opened_is_never_scheduled(
    current: str, organisation: UUID
) -> None:
    await lead_to(organisation, current)

    with pytest.raises(asyncpg.RestrictViolationError) as refusal:
        await execute(organisation, moving_to("scheduled"))

    assert refusal.value.constraint_name == "campaign_goes_forwards"


async def test_a_scheduled_campaign_neither_closes_nor_is_deleted(organisation: UUID) -> None:
    await lead_to(organisation, "draft")
    await execute(organisation, moving_to("scheduled"))

    for statement in (moving_to("closing"), moving_to("closed"), "DELETE FROM campaign"):
        with pytest.raises(asyncpg.RestrictViolationError):
            await execute(organisation, statement)


@pytest.mark.parametrize(
    ("current", "wanted"),
    sorted(set(permutations(WAY, 2)) - set(pairwise(WAY))),
)
async def test_a_campaign_goes_neither_back_nor_past_a_state(
    current: str, wanted: str, organisation: UUID
) -> None:
    await lead_to(organisation, current)

    with pytest.raises(asyncpg.RestrictViolationError) as refusal:
        await execute(organisation, moving_to(wanted))

    assert refusal.value.constraint_name == "campaign_goes_forwards"


async def test_a_draft_is_deleted(organisation: UUID) -> None:
    await lead_to(organisation, "draft")

    assert await execute(organisation, "DELETE FROM campaign") == "DELETE 1"


@pytest.mark.parametrize("state", ["open", "closing", "closed"])
async def test_a_campaign_that_has_opened_is_never_deleted(
    state: str, organisation: UUID
) -> None:
    await lead_to(organisation, state)

    with pytest.raises(asyncpg.RestrictViolationError) as refusal:
        await execute(organisation, "DELETE FROM campaign")

    assert refusal.value.constraint_name == "campaign_only_drafts_are_deleted"


@pytest.mark.parametrize("mode", ["anonymous", "confidential"])
async def test_only_responses_to_confidential_campaigns_name_a_person(
    mode: str, organisation: UUID
) -> None:
    rows = await lead_to(organisation, "closing", mode=mode)

    async def close() -> int:
        async with transaction(organisation):
            part = await connection().fetchval("SELECT begin_responses($1)", rows.campaign)
            await connection().execute(
                f"INSERT INTO {part} (id, organisation, campaign, unit_code, role, person, "  # noqa: S608 - made by the database
                "answers) VALUES ($1, $2, $3, 'north', 'manager', $4, '{5,NULL,1}')",
                uuid4(),
                organisation,
                rows.campaign,
                rows.person,
            )
            stored = await connection().fetchval("SELECT attach_responses($1)", rows.campaign)
        return int(stored)

    if mode == "confidential":
        assert await close() == 1
        return
    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        await close()
    assert refusal.value.constraint_name == "response_anonymous_names_nobody"


@pytest.mark.parametrize("state", ["draft", "open"])
async def test_only_a_campaign_that_is_closing_gets_responses(
    state: str, organisation: UUID
) -> None:
    rows = await lead_to(organisation, state)

    with pytest.raises(asyncpg.ObjectNotInPrerequisiteStateError, match="not closing"):
        await execute(organisation, f"SELECT begin_responses('{rows.campaign}')")


async def test_nobody_begins_the_responses_of_another_organisation(
    organisation: UUID, other_organisation: UUID
) -> None:
    rows = await lead_to(organisation, "closing")

    with pytest.raises(asyncpg.ObjectNotInPrerequisiteStateError, match="not closing"):
        await execute(other_organisation, f"SELECT begin_responses('{rows.campaign}')")


async def test_an_invitation_has_no_time(organisation: UUID) -> None:
    timed = [
        column._meta.name
        for column in Invitation._meta.columns
        if column.value_type.__name__ in {"datetime", "date", "time"}
    ]

    assert timed == []
