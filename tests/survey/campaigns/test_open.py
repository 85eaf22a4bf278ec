"""Opening a campaign freezes who belongs where, and invites everybody at once."""

import asyncio
import hashlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
import pytest

from models.engine import connection, operator_transaction, transaction
from survey.campaigns.draft import change_campaign
from survey.campaigns.errors import (
    CampaignNotFound,
    ClosesTooSoon,
    IllegalMove,
    InstrumentNotPublished,
    NobodyToInvite,
)
from survey.campaigns.open import open_campaign
from survey.campaigns.plan import CampaignChange
from survey.campaigns.read import CampaignView, read_campaign
from survey.directory.organisations import OrganisationChange, change_organisation
from survey.directory.people import sync_people
from survey.directory.units import sync_units
from survey.instruments.store import import_instrument
from survey.messages.channels import (
    ChannelNotConfigured,
    ChannelNotWorking,
    configured_channels,
)
from survey.messages.outbox import MESSAGES_PER_JOB
from tests.factories.campaigns import jobs_of, make_draft, rows_of, token_of
from tests.factories.definition import make_definition
from tests.factories.directory import load_company, people_file, person, unit, unit_file
from tests.factories.server import CHANNELS, KEYS, NOW, SERVER_KEY

pytestmark = pytest.mark.usefixtures("database")

TREE = (unit("ALL"), unit("D1", "ALL"), unit("U1", "D1", headcount=12))
PEOPLE = (
    person("ann", "U1", function="it", locale="de"),
    person("bob", "D1", role="manager"),
    person("cem", "U1", role="sponsor"),
)


async def opened(organisation: UUID, campaign: UUID, now: datetime) -> CampaignView:
    return await open_campaign(
        organisation,
        campaign,
        server_key=SERVER_KEY,
        keys=KEYS,
        channel="console",
        channels=CHANNELS,
        now=now,
    )


async def written(organisation: UUID) -> dict[str, int]:
    """Count the rows that an opening writes."""
    async with operator_transaction():
        return {
            table: await connection().fetchval(
                f"SELECT count(*) FROM {table} WHERE organisation = $1",  # noqa: S608 - our own names
                organisation,
            )
            for table in ("campaign_unit", "invitation", "token_index", "delivery")
        } | {"jobs": len(await jobs_of(organisation))}


NOTHING = {"campaign_unit": 0, "invitation": 0, "token_index": 0, "delivery": 0, "jobs": 0}


@pytest.fixture
async def company(organisation: UUID) -> UUID:
    await sync_units(organisation, unit_file(*TREE))
    await sync_people(organisation, people_file(*PEOPLE))
    return organisation


async def test_an_opened_campaign_says_so(company: UUID, now: datetime) -> None:
    draft = await make_draft(company)

    campaign = await opened(company, draft.id, now)

    assert campaign == msgspec.structs.replace(
        draft, state="open", opened_at=now, channel="console", revision=draft.revision + 1
    )
    assert await read_campaign(company, draft.id) == campaign


async def test_the_tree_is_frozen(company: UUID, now: datetime) -> None:
    draft = await make_draft(company)

    await opened(company, draft.id, now)

    units = await rows_of(
        company, "SELECT code, name, parent_code, headcount FROM campaign_unit ORDER BY code"
    )
    assert [tuple(row.values()) for row in units] == [
        ("ALL", "Unit ALL", None, 10),
        ("D1", "Unit D1", "ALL", 10),
        ("U1", "Unit U1", "D1", 12),
    ]


async def invitations(organisation: UUID) -> list[tuple[Any, ...]]:
    rows = await rows_of(
        organisation,
        "SELECT p.external_id, i.unit_code, i.role, i.function, i.locale, i.generation, "
        "i.started, i.completed FROM invitation i JOIN person p ON p.id = i.person ORDER BY 1",
    )
    return [tuple(row.values()) for row in rows]


async def test_everybody_who_is_asked_something_is_invited_as_they_are_now(
    company: UUID, now: datetime
) -> None:
    draft = await make_draft(company)
    await change_organisation(company, OrganisationChange(default_locale="fr"))

    await opened(company, draft.id, now)

    assert await invitations(company) == [
        ("ann", "U1", "contributor", "it", "de", 1, False, False),
        ("bob", "D1", "manager", None, "fr", 1, False, False),
    ]


async def test_inactive_people_are_not_invited(company: UUID, now: datetime) -> None:
    await sync_people(company, people_file(*PEOPLE[1:]), deactivate_missing=True)
    draft = await make_draft(company)

    await opened(company, draft.id, now)

    assert [row[0] for row in await invitations(company)] == ["bob"]


async def test_inactive_units_are_not_frozen(company: UUID, now: datetime) -> None:
    await sync_people(company, people_file(PEOPLE[1]), deactivate_missing=True)
    await sync_units(company, unit_file(*TREE[:2]), deactivate_missing=True)
    draft = await make_draft(company)

    await opened(company, draft.id, now)

    units = await rows_of(company, "SELECT code FROM campaign_unit ORDER BY code")
    assert [row["code"] for row in units] == ["ALL", "D1"]


async def test_only_a_hash_of_the_token_is_stored(company: UUID, now: datetime) -> None:
    draft = await make_draft(company)

    await opened(company, draft.id, now)

    rows = await rows_of(company, "SELECT id, token_hash FROM invitation")
    expected = {hashlib.sha256(token_of(row["id"]).encode()).digest() for row in rows}
    async with operator_transaction():
        index = await connection().fetch(
            "SELECT token_hash FROM token_index WHERE organisation = $1", company
        )
    assert {row["token_hash"] for row in rows} == expected
    assert {row["token_hash"] for row in index} == expected


async def test_every_invitation_has_a_message_and_every_message_a_job(
    company: UUID, now: datetime
) -> None:
    draft = await make_draft(company)

    await opened(company, draft.id, now)

    deliveries = await rows_of(
        company,
        "SELECT d.id, d.channel, d.kind, d.state, d.attempts FROM delivery d "
        "JOIN invitation i ON i.id = d.invitation",
    )
    assert {tuple(row.values())[1:] for row in deliveries} == {
        ("console", "invitation", "queued", 0)
    }
    queued = [delivery for job in await jobs_of(company) for delivery in job.deliveries]
    assert sorted(queued) == sorted(row["id"] for row in deliveries)


async def test_what_changes_afterwards_changes_nothing_in_the_campaign(
    company: UUID, now: datetime
) -> None:
    draft = await make_draft(company)
    await opened(company, draft.id, now)
    before = (await invitations(company), await rows_of(company, "SELECT * FROM campaign_unit"))

    await sync_units(
        company, unit_file(TREE[0], unit("D1", "ALL", name="Moved"), unit("U1", "ALL"))
    )
    await sync_people(company, people_file(person("ann", "D1", role="manager"), *PEOPLE[1:]))

    after = (await invitations(company), await rows_of(company, "SELECT * FROM campaign_unit"))
    assert after == before


async def test_a_campaign_opens_once(company: UUID, now: datetime) -> None:
    draft = await make_draft(company)
    await opened(company, draft.id, now)
    before = await written(company)

    with pytest.raises(IllegalMove) as caught:
        await opened(company, draft.id, now)

    assert caught.value.facts == {"current": "open", "wanted": "open"}
    assert await written(company) == before


async def test_one_of_two_openings_at_once_wins(company: UUID, now: datetime) -> None:
    draft = await make_draft(company)

    results = await asyncio.gather(
        opened(company, draft.id, now), opened(company, draft.id, now), return_exceptions=True
    )

    assert {type(result) for result in results} == {CampaignView, IllegalMove}
    assert (await written(company))["invitation"] == 2


async def test_a_vacuum_at_work_holds_no_opening_up(
    company: UUID, database: str, now: datetime
) -> None:
    draft = await make_draft(company)
    vacuum = await asyncpg.connect(database)
    try:
        async with vacuum.transaction(), asyncio.timeout(30):
            await vacuum.execute("LOCK TABLE invitation IN SHARE UPDATE EXCLUSIVE MODE")

            assert (await opened(company, draft.id, now)).state == "open"
    finally:
        await vacuum.close()


async def test_a_draft_instrument_is_not_asked(company: UUID, now: datetime) -> None:
    draft = await make_draft(company)
    await import_instrument(company, make_definition(version=2))
    await change_campaign(
        company, draft.id, revision=1, change=CampaignChange(instrument_version=2), now=NOW
    )

    with pytest.raises(InstrumentNotPublished) as caught:
        await opened(company, draft.id, now)

    assert caught.value.facts == {"key": "small", "version": 2}
    assert await written(company) == NOTHING


async def test_a_campaign_without_people_does_not_open(
    organisation: UUID, now: datetime
) -> None:
    await sync_units(organisation, unit_file(*TREE))
    await sync_people(organisation, people_file(PEOPLE[2]))  # a sponsor, who is asked nothing
    draft = await make_draft(organisation)

    with pytest.raises(NobodyToInvite):
        await opened(organisation, draft.id, now)

    assert await written(organisation) == NOTHING
    assert (await read_campaign(organisation, draft.id)).state == "draft"


async def test_a_campaign_that_is_over_does_not_open(company: UUID, now: datetime) -> None:
    draft = await make_draft(company, closes_at=now)

    with pytest.raises(ClosesTooSoon):
        await opened(company, draft.id, now)
    assert await written(company) == NOTHING

    campaign = await opened(company, draft.id, now - timedelta(seconds=1))
    assert campaign.state == "open"


@pytest.mark.parametrize("channel", ["", "carrier-pigeon", "Console", "folder"])
async def test_a_channel_that_is_not_configured_opens_nothing(
    company: UUID, now: datetime, channel: str
) -> None:
    draft = await make_draft(company)

    with pytest.raises(ChannelNotConfigured) as caught:
        await open_campaign(
            company,
            draft.id,
            server_key=SERVER_KEY,
            keys=KEYS,
            channel=channel,
            channels=CHANNELS,
            now=now,
        )

    assert caught.value.facts["configured"] == ["console"]
    assert await written(company) == NOTHING
    assert await read_campaign(company, draft.id) == draft


async def test_a_channel_that_does_not_work_opens_nothing(
    company: UUID, now: datetime, tmp_path: Path
) -> None:
    draft = await make_draft(company)
    (tmp_path / "outbox").write_text("a file where the folder should be")

    with pytest.raises(ChannelNotWorking, match="File exists"):
        await open_campaign(
            company,
            draft.id,
            server_key=SERVER_KEY,
            keys=KEYS,
            channel="folder",
            channels=configured_channels({}, home=tmp_path),
            now=now,
        )

    assert await written(company) == NOTHING


async def test_people_without_an_address_are_invited_as_well(
    company: UUID, now: datetime
) -> None:
    draft = await make_draft(company)
    async with transaction(company):
        await connection().execute("UPDATE person SET email = NULL")

    await opened(company, draft.id, now)

    assert [row[0] for row in await invitations(company)] == ["ann", "bob"]


async def test_a_campaign_of_another_organisation_is_not_found(
    company: UUID, other_organisation: UUID, now: datetime
) -> None:
    draft = await make_draft(company)

    with pytest.raises(CampaignNotFound):
        await opened(other_organisation, draft.id, now)

    assert await written(company) == NOTHING


async def test_thousands_are_invited_in_a_few_statements(
    organisation: UUID, now: datetime
) -> None:
    await load_company(organisation, {"U1": 2_000, "U2": 1_000})
    draft = await make_draft(organisation)
    statements = []
    async with transaction(organisation):
        connection().add_query_logger(statements.append)
        await opened(organisation, draft.id, now)
        connection().remove_query_logger(statements.append)

    counted = await written(organisation)

    assert counted == {
        "campaign_unit": 3,
        "invitation": 3_000,
        "token_index": 3_000,
        "delivery": 3_000,
        "jobs": 3_000 // MESSAGES_PER_JOB,
    }
    assert len(statements) < 40


async def test_the_order_of_invitations_is_not_that_of_the_directory(
    organisation: UUID, now: datetime
) -> None:
    await load_company(organisation, {"U1": 200})
    draft = await make_draft(organisation)

    await opened(organisation, draft.id, now)

    people = await rows_of(organisation, "SELECT person FROM invitation ORDER BY id")
    order = [row["person"] for row in people]
    assert order != sorted(order)
