"""A scheduled campaign opens by itself, if everything is as it has to be by then."""

import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from survey.access.audit_reading import list_events
from survey.campaigns.draft import change_campaign, delete_draft
from survey.campaigns.errors import (
    CampaignLocked,
    CampaignNotDraft,
    IllegalMove,
    InstrumentNotPublished,
    NobodyToInvite,
)
from survey.campaigns.plan import CampaignChange
from survey.campaigns.read import CampaignView, read_campaign
from survey.capture.errors import InvitationUnknown
from survey.capture.forms import open_form
from survey.directory.people import sync_people
from survey.errors import FieldInvalid
from survey.instruments.store import import_instrument
from survey.messages.channels import ChannelNotConfigured, ChannelNotWorking
from tests.factories.campaigns import make_draft, rows_of, submit, token_of
from tests.factories.definition import make_definition
from tests.factories.directory import load_company, people_file, person
from tests.factories.passing_time import PassingTime
from tests.factories.principals import make_principal
from tests.factories.server import KEYS, NOW, SEALS
from tests.survey.messages.remembering import RememberingChannel

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class BrokenChannel(RememberingChannel):
    """A channel that cannot send."""

    async def fault(self) -> str | None:
        return "Nobody listens at mail.example.org."


@pytest.fixture
async def scheduled(organisation: UUID, time: PassingTime) -> CampaignView:
    """Give a campaign for two people that opens tomorrow."""
    await load_company(organisation, {"U1": 2})
    draft = await make_draft(organisation, opens_at=NOW + DAY)
    return await time.open(organisation, draft.id)


async def change(
    organisation: UUID, campaign: CampaignView, time: PassingTime, **fields: Any
) -> CampaignView:
    return await change_campaign(
        organisation,
        campaign.id,
        revision=None,
        change=CampaignChange(**fields),
        now=time.now,
    )


async def test_a_scheduled_campaign_opens_by_itself_and_reminds_who_has_not_answered(
    organisation: UUID, channel: RememberingChannel, time: PassingTime
) -> None:
    await load_company(organisation, {"U1": 2})
    draft = await make_draft(organisation, opens_at=NOW + DAY, reminders=(3,))
    await time.open(organisation, draft.id)

    await time.work()
    before = list(channel.messages)
    await time.pass_by(DAY + HOUR)
    (first, second) = await rows_of(organisation, "SELECT id FROM invitation ORDER BY id")
    await submit(organisation, [first["id"]], now=time.now)
    invited = list(channel.messages)
    await time.pass_by(4 * DAY, step=12 * HOUR)

    assert before == []
    assert [message.kind for message in invited] == ["invitation"] * 2
    assert [message.kind for message in channel.messages[2:]] == ["reminder"]
    told = await rows_of(
        organisation, "SELECT invitation FROM delivery WHERE kind = 'reminder'"
    )
    assert [row["invitation"] for row in told] == [second["id"]]


async def test_scheduling_writes_nothing_that_belongs_to_the_opening(
    organisation: UUID, scheduled: CampaignView
) -> None:
    assert (scheduled.state, scheduled.channel, scheduled.opened_at) == (
        "scheduled",
        "folder",
        None,
    )
    for table in ("campaign_unit", "invitation", "delivery"):
        assert await rows_of(organisation, f"SELECT id FROM {table}") == []  # noqa: S608 - our own names
    assert KEYS.problems([scheduled.id])


async def test_the_trail_says_who_scheduled_it_and_that_the_platform_opened_it(
    organisation: UUID, scheduled: CampaignView, time: PassingTime
) -> None:
    await time.pass_by(DAY + MINUTE, step=DAY)

    events = (await list_events(organisation)).items[:2]
    assert [(event.action, event.actor.kind) for event in events] == [
        ("campaign.opened", "platform"),
        ("campaign.scheduled", "command_line"),
    ]


async def test_the_unit_that_counts_is_the_one_at_the_opening(
    organisation: UUID, scheduled: CampaignView, time: PassingTime
) -> None:
    await sync_people(organisation, people_file(person("new", "U1", role="manager")))

    await time.pass_by(DAY + MINUTE, step=DAY)

    rows = await rows_of(organisation, "SELECT role FROM invitation ORDER BY role")
    assert [row["role"] for row in rows] == ["contributor", "contributor", "manager"]


async def test_what_opening_checks_is_checked_when_it_is_scheduled(
    organisation: UUID, time: PassingTime
) -> None:
    await import_instrument(organisation, make_definition(key="draft"))
    draft = await make_draft(organisation, opens_at=NOW + DAY)

    with pytest.raises(NobodyToInvite):
        await time.open(organisation, draft.id)
    await load_company(organisation, {"U1": 2})
    time.channels = {"folder": BrokenChannel()}
    with pytest.raises(ChannelNotWorking):
        await time.open(organisation, draft.id)
    time.channels = {}
    with pytest.raises(ChannelNotConfigured):
        await time.open(organisation, draft.id)
    await change(organisation, draft, time, instrument_key="draft")
    time.channels = {"folder": RememberingChannel()}
    with pytest.raises(InstrumentNotPublished):
        await time.open(organisation, draft.id)

    assert (await read_campaign(organisation, draft.id)).state == "draft"


async def test_a_campaign_that_cannot_open_says_why_and_opens_as_soon_as_it_can(
    organisation: UUID,
    scheduled: CampaignView,
    time: PassingTime,
    channel: RememberingChannel,
    caplog: pytest.LogCaptureFixture,
) -> None:
    time.channels = {"folder": BrokenChannel()}
    await time.pass_by(DAY + MINUTE, step=DAY)

    waiting = await read_campaign(organisation, scheduled.id)
    assert (waiting.state, waiting.revision) == ("scheduled", scheduled.revision + 1)
    assert waiting.problem is not None
    assert waiting.problem.code == "channel-not-working"
    assert "Nobody listens at mail.example.org." in waiting.problem.detail
    assert waiting.problem.detail in caplog.text

    time.channels = {"folder": channel}
    await time.pass_by(2 * MINUTE, step=MINUTE)
    opened = await read_campaign(organisation, scheduled.id)
    assert (opened.state, opened.problem, len(channel.messages)) == ("open", None, 2)


async def test_a_campaign_whose_people_have_left_stays_scheduled(
    organisation: UUID, scheduled: CampaignView, time: PassingTime
) -> None:
    rows = [person(f"U1-{number}", "U1", active="no") for number in range(2)]
    await sync_people(organisation, people_file(*rows), expect_deactivated=2)

    await time.pass_by(DAY + MINUTE, step=DAY)

    waiting = await read_campaign(organisation, scheduled.id)
    assert waiting.state == "scheduled"
    assert waiting.problem is not None
    assert waiting.problem.code == "nobody-to-invite"


async def test_attempts_become_rarer_and_never_end(
    organisation: UUID, scheduled: CampaignView, time: PassingTime, caplog: Any
) -> None:
    caplog.set_level(logging.ERROR, "survey.campaigns.opening")
    time.channels = {"folder": BrokenChannel()}

    await time.sleep(DAY)
    for _ in range(30 * 60 // 10):
        await time.sleep(10 * MINUTE)
        await time.work()

    tried = [record for record in caplog.records if "has not opened" in record.message]
    # 0, 1, 5 and 21 minutes after the moment, and then every hour; seen every ten minutes.
    assert 28 <= len(tried) <= 34


async def test_a_campaign_without_a_moment_is_a_draft_again_and_does_not_open(
    organisation: UUID,
    scheduled: CampaignView,
    time: PassingTime,
    channel: RememberingChannel,
) -> None:
    draft = await change(organisation, scheduled, time, opens_at=None)

    await time.pass_by(2 * DAY, step=DAY)

    assert (draft.state, draft.channel) == ("draft", None)
    assert (await read_campaign(organisation, scheduled.id)).state == "draft"
    assert channel.messages == []
    await delete_draft(draft.id, revision=None, by=await make_principal(organisation))


async def test_a_campaign_that_is_moved_opens_at_its_new_moment(
    organisation: UUID, scheduled: CampaignView, time: PassingTime
) -> None:
    states = []
    await change(organisation, scheduled, time, opens_at=NOW + 3 * DAY)
    await time.pass_by(2 * DAY, step=DAY)
    states.append((await read_campaign(organisation, scheduled.id)).state)
    await change(organisation, scheduled, time, opens_at=time.now + HOUR)
    await time.pass_by(HOUR + MINUTE)
    states.append((await read_campaign(organisation, scheduled.id)).state)

    assert states == ["scheduled", "open"]


async def test_a_moment_that_has_passed_is_refused(
    organisation: UUID, scheduled: CampaignView, time: PassingTime
) -> None:
    with pytest.raises(FieldInvalid, match="opens_at must be in the future"):
        await change(organisation, scheduled, time, opens_at=NOW)


async def test_a_scheduled_campaign_keeps_what_was_checked(
    organisation: UUID, scheduled: CampaignView, time: PassingTime
) -> None:
    with pytest.raises(CampaignLocked, match="scheduled keeps its mode"):
        await change(organisation, scheduled, time, mode="confidential")
    with pytest.raises(CampaignNotDraft):
        await delete_draft(scheduled.id, revision=None, by=await make_principal(organisation))
    with pytest.raises(IllegalMove, match="scheduled cannot become scheduled"):
        await time.open(organisation, scheduled.id)


async def test_a_link_to_a_scheduled_campaign_does_not_exist_yet(
    scheduled: CampaignView, time: PassingTime
) -> None:
    with pytest.raises(InvitationUnknown):
        await open_form(token_of(scheduled.id), locale=None, seals=SEALS, now=time.now)


async def test_a_moment_in_the_past_opens_at_once(
    organisation: UUID, time: PassingTime
) -> None:
    await load_company(organisation, {"U1": 2})
    draft = await make_draft(organisation, opens_at=NOW - DAY)

    assert (await time.open(organisation, draft.id)).state == "open"
