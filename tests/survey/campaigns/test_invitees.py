"""Who is invited, from the draft to the open campaign: stored, shown, drawn and frozen."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from models.engine import connection, operator_transaction, transaction
from survey.access.audit_reading import AuditFilter, list_events
from survey.campaigns.audience import Audience, Sample, UnitChoice, sample_size
from survey.campaigns.draft import change_campaign
from survey.campaigns.errors import (
    AudiencePeopleUnknown,
    AudienceTooSmall,
    AudienceUnitsUnknown,
    NobodyToInvite,
)
from survey.campaigns.invitees import AudiencePlan, Invitee, audience_plan, list_invitees
from survey.campaigns.open import open_campaign
from survey.campaigns.plan import CampaignChange
from survey.campaigns.read import CampaignView
from survey.directory.people import sync_people
from survey.directory.units import sync_units
from survey.messages.channels import ChannelNotConfigured
from tests.factories.campaigns import close_campaign, make_draft, rows_of, submit
from tests.factories.directory import people_file, person, unit, unit_file
from tests.factories.server import CHANNELS, KEYS, NOW, SERVER_KEY

pytestmark = pytest.mark.usefixtures("database")

STAFF = [person(f"u1-{number:02}", "U1") for number in range(30)]
OTHERS = [
    *(person(f"u2-{number:02}", "U2", function="it") for number in range(12)),
    person("boss", "D1", role="manager"),
    person("no-mail", "U2", email=""),
]
SAMPLE = Sample(margin=0.25)


@pytest.fixture
async def company(organisation: UUID) -> UUID:
    units = (unit("ALL"), unit("D1", "ALL"), unit("U1", "D1", headcount=40), unit("U2", "D1"))
    await sync_units(organisation, unit_file(*units))
    await sync_people(organisation, people_file(*STAFF, *OTHERS))
    return organisation


async def opened(organisation: UUID, campaign: UUID) -> CampaignView:
    return await open_campaign(
        organisation,
        campaign,
        server_key=SERVER_KEY,
        keys=KEYS,
        channel="console",
        channels=CHANNELS,
        now=NOW,
    )


async def planned(organisation: UUID, campaign: UUID, **given: Any) -> AudiencePlan:
    options = {"channel": "console", "channels": CHANNELS} | given
    return await audience_plan(organisation, campaign, **options)


async def invitees(organisation: UUID, campaign: UUID, **given: Any) -> Sequence[Invitee]:
    options = {"channel": "console", "channels": CHANNELS} | given
    return (await list_invitees(organisation, campaign, **options)).items


async def names(organisation: UUID, campaign: UUID) -> set[str]:
    return {one.external_id for one in await invitees(organisation, campaign)}


async def test_a_draft_keeps_its_audience(company: UUID) -> None:
    audience = Audience(units=(UnitChoice(unit="U1"),), roles=("contributor",), sample=SAMPLE)

    draft = await make_draft(company, audience=audience)

    assert draft.audience is not None
    assert (draft.audience.units, draft.audience.roles) == (audience.units, audience.roles)
    assert (draft.audience.sample, draft.audience.people) == (SAMPLE, None)


async def test_an_audience_of_everybody_is_none(company: UUID) -> None:
    assert (await make_draft(company, audience=Audience())).audience is None


async def test_a_changed_audience_keeps_its_seed(company: UUID) -> None:
    draft = await make_draft(company, audience=Audience(sample=SAMPLE))
    change = CampaignChange(audience=Audience(sample=SAMPLE, roles=("contributor",)))

    changed = await change_campaign(company, draft.id, revision=1, change=change, now=NOW)

    assert changed.audience is not None
    assert draft.audience is not None
    assert changed.audience.seed == draft.audience.seed
    assert changed.audience.roles == ("contributor",)


async def test_another_change_leaves_the_audience_alone(company: UUID) -> None:
    draft = await make_draft(company, audience=Audience(people=("boss", "u1-00")))
    change = CampaignChange(name="Renamed")

    changed = await change_campaign(company, draft.id, revision=1, change=change, now=NOW)

    assert changed.audience == draft.audience


async def test_unknown_people_are_named_up_to_twenty(company: UUID) -> None:
    strangers = tuple(f"x-{number:02}" for number in range(25))

    with pytest.raises(AudiencePeopleUnknown) as caught:
        await make_draft(company, audience=Audience(people=("boss", *strangers)))

    assert caught.value.facts == {"people": list(strangers[:20]), "unknown": 25}
    assert "x-19 and 5 more" in caught.value.message


async def test_unknown_units_are_named(company: UUID) -> None:
    with pytest.raises(AudienceUnitsUnknown, match="U7"):
        await make_draft(company, audience=Audience(units=(UnitChoice(unit="U7"),)))


async def test_a_list_is_shown_by_its_length_and_names_nobody_in_the_trail(
    company: UUID,
) -> None:
    draft = await make_draft(company, audience=Audience(people=("boss", " boss", "u1-00")))

    (event,) = (
        await list_events(company, AuditFilter(action="campaign.drafted"), limit=1)
    ).items
    assert draft.audience is not None
    assert draft.audience.people == 2
    assert event.facts["settings"]["audience"]["people"] == 2
    assert "boss" not in str(event.facts)


async def test_a_list_is_invited_and_then_forgotten(company: UUID) -> None:
    listed = ("boss", "u1-00", "u1-01", "u1-02", "u1-03")
    draft = await make_draft(company, audience=Audience(people=listed))

    await opened(company, draft.id)

    assert await names(company, draft.id) == set(listed)
    (row,) = await rows_of(company, "SELECT audience_people FROM campaign")
    assert row["audience_people"] == []


async def test_whoever_has_left_drops_off_the_list(company: UUID) -> None:
    listed = tuple(one["external_id"] for one in STAFF[:6])
    draft = await make_draft(company, audience=Audience(people=listed))
    gone = people_file(*STAFF[1:], *OTHERS)
    await sync_people(company, gone, deactivate_missing=True, expect_deactivated=1)

    assert await names(company, draft.id) == set(listed[1:])


async def test_the_draft_shows_whom_the_opening_invites(company: UUID) -> None:
    draft = await make_draft(company, audience=Audience(sample=SAMPLE))

    shown = await names(company, draft.id)
    before = await planned(company, draft.id)
    await opened(company, draft.id)
    after = await planned(company, draft.id)

    assert await names(company, draft.id) == shown
    assert (after.invited, after.population) == (before.invited, before.population)
    assert [(one.unit, one.role, one.population, one.invited) for one in after.counts] == [
        (one.unit, one.role, one.population, one.invited) for one in before.counts
    ]
    assert len(shown) == sum(sample_size(people, SAMPLE, k=5) for people in (30, 13, 1))


async def test_counts_are_by_unit_and_role_and_say_who_has_no_address(company: UUID) -> None:
    draft = await make_draft(company)

    plan = await planned(company, draft.id)

    assert [
        (one.unit, one.role, one.population, one.invited, one.out_of_reach)
        for one in plan.counts
    ] == [
        ("D1", "manager", 1, 1, 0),
        ("U1", "contributor", 30, 30, 0),
        ("U2", "contributor", 13, 13, 1),
    ]
    assert (plan.channel, plan.invited, plan.out_of_reach) == ("console", 44, 1)
    assert plan.too_small == ("D1",)


async def test_without_a_channel_nobody_says_who_can_be_reached(company: UUID) -> None:
    draft = await make_draft(company)

    plan = await planned(company, draft.id, channel=None)

    assert (plan.channel, plan.out_of_reach) == (None, None)


async def test_a_channel_that_is_not_configured_is_refused(company: UUID) -> None:
    draft = await make_draft(company)

    with pytest.raises(ChannelNotConfigured):
        await planned(company, draft.id, channel="pigeon")


async def test_those_out_of_reach_are_listed_with_the_reason(company: UUID) -> None:
    draft = await make_draft(company)

    found = await invitees(company, draft.id, out_of_reach=True)

    assert [(one.external_id, one.channel, one.out_of_reach) for one in found] == [
        ("no-mail", "console", "no_address")
    ]


async def test_a_message_that_was_given_up_is_a_reason(company: UUID) -> None:
    draft = await make_draft(company)
    await opened(company, draft.id)
    async with operator_transaction():
        await connection().execute(
            "UPDATE delivery d SET state = 'failed' FROM invitation i, person p "
            "WHERE i.id = d.invitation AND p.id = i.person AND p.external_id = 'boss'"
        )

    found = await invitees(company, draft.id, out_of_reach=True)

    assert [(one.external_id, one.out_of_reach) for one in found] == [("boss", "refused")]


async def test_pages_follow_each_other(company: UUID) -> None:
    draft = await make_draft(company)
    pages, after = [], None
    while True:
        page = await list_invitees(company, draft.id, channels=CHANNELS, after=after, limit=10)
        pages.append([one.external_id for one in page.items])
        after = page.next
        if after is None:
            break

    assert [len(page) for page in pages] == [10, 10, 10, 10, 4]
    assert [name for page in pages for name in page] == sorted(await names(company, draft.id))


async def test_a_reader_restricted_to_a_unit_sees_that_unit(company: UUID) -> None:
    draft = await make_draft(company)

    for _ in range(2):
        plan = await planned(company, draft.id, within="U2")
        people = await invitees(company, draft.id, within="U2")
        assert {one.unit for one in plan.counts} == {one.unit for one in people} == {"U2"}
        assert plan.invited == len(people) == 13
        if plan.state == "draft":
            await opened(company, draft.id)


async def test_whoever_has_answered_looks_like_everybody_else(company: UUID) -> None:
    draft = await make_draft(company)
    await opened(company, draft.id)
    before = await planned(company, draft.id), await invitees(company, draft.id)
    rows = await rows_of(company, "SELECT id FROM invitation LIMIT 20")

    await submit(company, [row["id"] for row in rows])

    assert (await planned(company, draft.id), await invitees(company, draft.id)) == before


async def test_once_closed_no_channel_is_known(company: UUID) -> None:
    draft = await make_draft(company)
    await opened(company, draft.id)
    await close_campaign(company, draft.id)

    plan = await planned(company, draft.id)

    assert (plan.state, plan.channel, plan.out_of_reach) == ("closed", None, None)
    assert plan.invited == 44


async def test_units_keep_how_many_the_campaign_is_about(company: UUID) -> None:
    draft = await make_draft(company, audience=Audience(sample=SAMPLE))

    await opened(company, draft.id)

    units = await rows_of(
        company, "SELECT code, managers, contributors FROM campaign_unit ORDER BY code"
    )
    assert [tuple(row.values()) for row in units] == [
        ("ALL", 0, 0),
        ("D1", 1, 0),
        ("U1", 0, 30),
        ("U2", 0, 13),
    ]


async def test_a_unit_that_was_closed_since_is_named_at_the_opening(company: UUID) -> None:
    draft = await make_draft(company, audience=Audience(units=(UnitChoice(unit="U2"),)))
    moved = [one | {"unit_code": "U1"} for one in OTHERS if one["unit_code"] == "U2"]
    await sync_people(company, people_file(*STAFF, *moved))
    kept = (unit("ALL"), unit("D1", "ALL"), unit("U1", "D1"))
    await sync_units(company, unit_file(*kept), deactivate_missing=True)

    for attempt in (planned(company, draft.id), opened(company, draft.id)):
        with pytest.raises(AudienceUnitsUnknown, match="U2"):
            await attempt


@pytest.mark.parametrize(
    ("audience", "error"),
    [
        (Audience(functions=("risk",)), NobodyToInvite),
        (Audience(people=("boss", "u1-00")), AudienceTooSmall),
    ],
)
async def test_what_the_opening_refuses_the_draft_says(
    company: UUID, audience: Audience, error: type[Exception]
) -> None:
    draft = await make_draft(company, audience=audience)

    for attempt in (planned(company, draft.id), opened(company, draft.id)):
        with pytest.raises(error):
            await attempt


async def test_the_database_locks_the_audience_of_an_open_campaign(company: UUID) -> None:
    draft = await make_draft(company, audience=Audience(sample=SAMPLE))
    await opened(company, draft.id)

    with pytest.raises(asyncpg.RestrictViolationError):
        async with transaction(company):
            await connection().execute("UPDATE campaign SET audience = NULL")
