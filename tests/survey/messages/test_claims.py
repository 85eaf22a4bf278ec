"""A message leaves only if it is still wanted when it is claimed, and never claimed twice."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from models.engine import connection, transaction
from models.enums import DeliveryKind
from survey.campaigns.read import CampaignView
from survey.directory.people import sync_people
from survey.messages.claims import LEASE, claim_messages, wait_of_turn
from survey.messages.delivery import deliver
from survey.messages.kind import ChannelPlan
from survey.messages.message import Message, Outcome
from survey.messages.opting_out import opt_out, opt_out_id
from survey.messages.outbox import DeliverJob, queue_messages
from survey.messages.setting_up import set_channel
from tests.factories.campaigns import close_campaign, make_open, rows_of, submit
from tests.factories.directory import people_file, person
from tests.factories.server import NOW, SERVER_KEY
from tests.survey.messages.remembering import RememberingChannel

pytestmark = pytest.mark.usefixtures("database")

URL = "https://survey.example.com"


@pytest.fixture
async def campaign(organisation: UUID) -> CampaignView:
    """Open a campaign for four people, whose reminders are queued."""
    opened = await make_open(organisation, {"U1": 4})
    await remind(organisation, opened.id)
    return opened


async def remind(organisation: UUID, campaign: UUID) -> None:
    async with transaction(organisation):
        rows = await connection().fetch("SELECT id FROM invitation ORDER BY id")
        await queue_messages(
            organisation,
            campaign,
            [row["id"] for row in rows],
            kind=DeliveryKind.REMINDER,
            channel="console",
        )


async def reminders(organisation: UUID) -> list[UUID]:
    rows = await rows_of(
        organisation, "SELECT id FROM delivery WHERE kind = 'reminder' ORDER BY invitation"
    )
    return [row["id"] for row in rows]


async def states(organisation: UUID) -> list[str]:
    rows = await rows_of(
        organisation, "SELECT state FROM delivery WHERE kind = 'reminder' ORDER BY invitation"
    )
    return [row["state"] for row in rows]


async def invited(organisation: UUID) -> list[UUID]:
    return [
        row["id"]
        for row in await rows_of(organisation, "SELECT id FROM invitation ORDER BY id")
    ]


async def answer(organisation: UUID, invitation: UUID) -> None:
    await submit(organisation, [invitation])


async def opt_out_of(organisation: UUID, invitation: UUID) -> None:
    await opt_out(opt_out_id(SERVER_KEY, organisation, invitation), server_key=SERVER_KEY)


async def leave(organisation: UUID, invitation: UUID) -> None:
    async with transaction(organisation):
        await connection().execute(
            "UPDATE person SET active = false FROM invitation i "
            "WHERE i.person = person.id AND i.id = $1",
            invitation,
        )


@pytest.mark.parametrize("end", [answer, opt_out_of, leave])
async def test_nobody_is_reminded_who_needs_it_no_more(
    organisation: UUID, campaign: CampaignView, end: Callable[[UUID, UUID], Awaitable[None]]
) -> None:
    first, *_ = await invited(organisation)
    await end(organisation, first)

    claimed = await claim_messages(organisation, await reminders(organisation), now=NOW)

    assert first not in {row["invitation"] for row in claimed}
    assert await states(organisation) == ["dropped", "sending", "sending", "sending"]


async def test_nobody_is_reminded_of_a_campaign_that_closes(
    organisation: UUID, campaign: CampaignView
) -> None:
    due = await reminders(organisation)
    await close_campaign(organisation, campaign.id)

    assert await claim_messages(organisation, due, now=NOW) == []


async def test_an_answer_on_its_way_holds_its_reminder_back(
    organisation: UUID, campaign: CampaignView
) -> None:
    """The answer locks its invitation; whether it will be acknowledged is not known yet."""
    first, *_ = await invited(organisation)
    due = await reminders(organisation)
    begun, goes_on = asyncio.Event(), asyncio.Event()

    async def answering() -> None:
        async with transaction(organisation):
            await connection().execute(
                "UPDATE invitation SET completed = true WHERE id = $1", first
            )
            begun.set()
            await goes_on.wait()

    answer = asyncio.create_task(answering())
    await begun.wait()
    claimed = await claim_messages(organisation, due, now=NOW)
    goes_on.set()
    await answer
    later = await claim_messages(organisation, due, now=NOW)

    assert first not in {row["invitation"] for row in claimed}
    assert (len(claimed), later) == (3, [])
    assert await states(organisation) == ["dropped", "sending", "sending", "sending"]


async def test_two_workers_never_claim_the_same(
    organisation: UUID, campaign: CampaignView
) -> None:
    due = await reminders(organisation)

    claims = await asyncio.gather(
        *(claim_messages(organisation, due, now=NOW) for _ in range(4))
    )

    claimed = [row["id"] for rows in claims for row in rows]
    assert len(claimed) == len(set(claimed)) <= 4


async def test_a_claim_takes_what_it_was_asked_for_and_no_more(
    organisation: UUID, campaign: CampaignView
) -> None:
    due = await reminders(organisation)

    claimed = await claim_messages(organisation, due[:2], now=NOW)

    assert {row["id"] for row in claimed} == set(due[:2])
    assert await states(organisation) == ["sending", "sending", "queued", "queued"]


async def send(
    organisation: UUID, deliveries: Sequence[UUID], channel: Any, now: datetime
) -> None:
    await deliver(
        DeliverJob(organisation=organisation, deliveries=tuple(deliveries)),
        server_key=SERVER_KEY,
        channels={"console": channel},
        form_url=URL,
        clock=lambda: now,
    )


async def test_the_claim_of_a_dead_worker_is_taken_over_with_the_same_key_and_date(
    organisation: UUID, campaign: CampaignView
) -> None:
    due = await reminders(organisation)
    dead = await claim_messages(organisation, due, now=NOW)
    too_soon, channel = RememberingChannel(), RememberingChannel()

    await send(organisation, due, too_soon, NOW + LEASE / 2)
    await send(organisation, due, channel, NOW + LEASE)

    assert too_soon.messages == []
    assert {one.key for one in channel.messages} == {str(row["id"]) for row in dead}
    assert {one.dated for one in channel.messages} == {NOW}


async def test_a_reminder_taken_over_is_checked_again(
    organisation: UUID, campaign: CampaignView
) -> None:
    first, *_ = await invited(organisation)
    due = await reminders(organisation)
    await claim_messages(organisation, due, now=NOW)
    await answer(organisation, first)
    channel = RememberingChannel()

    await send(organisation, due, channel, NOW + LEASE)

    assert len(channel.messages) == 3
    assert await states(organisation) == ["dropped", "sent", "sent", "sent"]


async def test_a_worker_that_was_thought_dead_undoes_nothing(
    organisation: UUID, campaign: CampaignView
) -> None:
    due = await reminders(organisation)

    class Slow(RememberingChannel):
        async def send(self, message: Message) -> Outcome:
            await send(organisation, due, RememberingChannel(), NOW + LEASE)
            self.messages.append(message)
            return Outcome.RETRY

    await send(organisation, due, Slow(), NOW)

    assert await states(organisation) == ["sent"] * 4


async def test_an_uncertain_message_is_not_sent_again(
    organisation: UUID, campaign: CampaignView
) -> None:
    due = await reminders(organisation)
    channel = RememberingChannel(*[Outcome.UNCERTAIN] * 4)

    await send(organisation, due, channel, NOW)
    await send(organisation, due, channel, NOW + LEASE)

    assert len(channel.messages) == 4
    assert await states(organisation) == ["uncertain"] * 4


async def test_an_address_that_mail_came_back_from_is_left_alone_until_it_changes(
    organisation: UUID, campaign: CampaignView
) -> None:
    due = await reminders(organisation)
    await send(
        organisation, due[:1], RememberingChannel(Outcome.BAD_ADDRESS.because("5.1.1")), NOW
    )
    await remind(organisation, campaign.id)
    again = (await reminders(organisation))[:2]
    channel = RememberingChannel()
    console = RememberingChannel(Outcome.NO_ADDRESS)

    await send(organisation, again, console, NOW)
    faults = await rows_of(
        organisation, "SELECT email_fault FROM person WHERE email_fault <> ''"
    )
    waiting = await rows_of(organisation, "SELECT reason FROM delivery WHERE state = 'waiting'")
    (row,) = await rows_of(
        organisation, "SELECT external_id FROM person WHERE email_fault IS NOT NULL"
    )
    await sync_people(
        organisation, people_file(person(row["external_id"], "U1", email="new@example.com"))
    )
    await send(organisation, again, channel, NOW)

    assert [one.email for one in console.messages] == [None]
    assert faults == [{"email_fault": "5.1.1"}]
    assert waiting == [{"reason": "5.1.1"}]
    assert [one.email for one in channel.messages] == ["new@example.com"]


async def test_workers_share_the_rate_of_a_channel(organisation: UUID) -> None:
    plan = ChannelPlan(url="smtp://localhost:25", sender="o@x.example", rate_per_minute=60)
    await set_channel(organisation, "email", plan, server_key=SERVER_KEY, now=NOW)

    waits = await asyncio.gather(
        *(wait_of_turn(organisation, "email", 5, rate_per_minute=60) for _ in range(3))
    )

    assert [round(wait) for wait in sorted(waits)] == [0, 5, 10]


RACERS = 300


@pytest.mark.parametrize("people", [RACERS, pytest.param(10_000, marks=pytest.mark.slow)])
async def test_no_reminder_is_claimed_after_an_acknowledged_answer(
    organisation: UUID, people: int
) -> None:
    opened = await make_open(organisation, {"U1": people})
    await remind(organisation, opened.id)
    rows = await rows_of(
        organisation,
        "SELECT d.id, d.invitation FROM delivery d WHERE kind = 'reminder' ORDER BY random()",
    )
    acknowledged: set[UUID] = set()
    late: list[UUID] = []

    async def answering(invitations: Sequence[UUID]) -> None:
        for invitation in invitations:
            await answer(organisation, invitation)
            acknowledged.add(invitation)

    async def reminding(pairs: Sequence[tuple[UUID, UUID]]) -> None:
        for start in range(0, len(pairs), 5):
            group = pairs[start : start + 5]
            before = acknowledged & {invitation for _, invitation in group}
            claimed = await claim_messages(organisation, [one for one, _ in group], now=NOW)
            late.extend(row["invitation"] for row in claimed if row["invitation"] in before)

    due = [(row["id"], row["invitation"]) for row in rows]
    invitations = [row["invitation"] for row in rows]
    random.Random(7).shuffle(invitations)
    await asyncio.gather(
        *(answering(invitations[start::3]) for start in range(3)),
        *(reminding(due[start::3]) for start in range(3)),
    )

    dropped = (await states(organisation)).count("dropped")
    assert late == []
    assert len(acknowledged) == people
    assert 0 < dropped < people
