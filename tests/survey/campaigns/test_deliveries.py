"""The log of messages names nobody, and what it shows tells nobody who has answered."""

from datetime import timedelta
from uuid import UUID

import pytest

from models.engine import connection, transaction
from models.enums import DeliveryKind
from survey.campaigns.deliveries import (
    DeliveryView,
    Requeue,
    Requeued,
    list_deliveries,
    list_unreached,
    requeue_deliveries,
)
from survey.campaigns.errors import CampaignNotRunning
from survey.campaigns.invitations import invitation_counts
from survey.campaigns.read import CampaignView
from survey.messages.delivery import deliver
from survey.messages.message import Channel, Message, Outcome
from survey.messages.outbox import queue_messages
from tests.factories.campaigns import close_campaign, jobs_of, make_open, rows_of, submit
from tests.factories.server import NOW, SERVER_KEY
from tests.survey.messages.remembering import RememberingChannel

REFUSED = Outcome.GIVE_UP.because("5.7.1")


@pytest.fixture
async def campaign(organisation: UUID) -> CampaignView:
    """Open a campaign for three people."""
    return await make_open(organisation, {"U1": 3})


async def send(organisation: UUID, channel: Channel) -> None:
    for job in await jobs_of(organisation):
        await deliver(
            job,
            server_key=SERVER_KEY,
            channels={"console": channel},
            form_url="https://x.example",
            clock=lambda: NOW + timedelta(minutes=1),
        )


async def shown(organisation: UUID, campaign: CampaignView) -> list[tuple[str, str | None]]:
    page = await list_deliveries(organisation, campaign.id)
    return [(one.state, one.reason) for one in page.items]


async def unreached(organisation: UUID, campaign: CampaignView) -> list[tuple[str, str]]:
    page = await list_unreached(organisation, campaign.id)
    return [(one.external_id, one.reason) for one in page.items]


async def test_each_message_has_its_state_and_reason(
    organisation: UUID, campaign: CampaignView
) -> None:
    await send(organisation, RememberingChannel(Outcome.SENT, REFUSED, Outcome.UNCERTAIN))

    page = await list_deliveries(organisation, campaign.id, limit=2)
    rest = await list_deliveries(organisation, campaign.id, after=page.next)
    failed = await list_deliveries(organisation, campaign.id, state="failed")

    assert [one.state for one in (*page.items, *rest.items)] == ["sent", "failed", "uncertain"]
    assert failed.items == (
        DeliveryView(channel="console", state="failed", attempts=1, reason="5.7.1"),
    )


async def test_a_message_that_nobody_needs_any_more_looks_like_one_that_was_sent(
    organisation: UUID, campaign: CampaignView
) -> None:
    first, *_ = await rows_of(organisation, "SELECT id FROM invitation")
    await submit(organisation, [first["id"]])

    await send(organisation, RememberingChannel())

    log = (await list_deliveries(organisation, campaign.id)).items
    counts = await invitation_counts(organisation, campaign.id)
    stored = await rows_of(organisation, "SELECT state FROM delivery WHERE state = 'dropped'")
    assert len(stored) == 1
    assert len(set(log)) == 1
    assert [(one.state, one.messages) for one in counts.messages] == [("sent", 3)]


async def test_whom_nothing_has_reached_is_listed_with_the_reason(
    organisation: UUID, campaign: CampaignView
) -> None:
    async with transaction(organisation):
        await connection().execute("UPDATE person SET email = NULL WHERE external_id = 'U1-1'")

    class Refusing(RememberingChannel):
        async def send(self, message: Message) -> Outcome:
            if message.email is None:
                return Outcome.NO_ADDRESS
            return REFUSED if message.email == "U1-2@example.com" else Outcome.SENT

    await send(organisation, Refusing())

    assert await unreached(organisation, campaign) == [
        ("U1-1", "no-address"),
        ("U1-2", "5.7.1"),
    ]


async def test_an_answer_takes_nobody_off_the_list_even_if_messages_are_queued_again(
    organisation: UUID, campaign: CampaignView
) -> None:
    await send(organisation, RememberingChannel(*[REFUSED] * 3))
    before = await unreached(organisation, campaign)
    (first, *_) = await rows_of(organisation, "SELECT id FROM invitation")
    await submit(organisation, [first["id"]])

    answered = await unreached(organisation, campaign)
    await requeue_deliveries(organisation, campaign.id)
    await send(organisation, RememberingChannel(*[REFUSED] * 2))

    assert len(before) == 3
    assert before == answered == await unreached(organisation, campaign)
    assert await shown(organisation, campaign) == [("failed", "5.7.1")] * 3


async def test_what_was_given_up_can_be_queued_again(
    organisation: UUID, campaign: CampaignView
) -> None:
    await send(organisation, RememberingChannel(Outcome.SENT, REFUSED, Outcome.UNCERTAIN))

    failed = await requeue_deliveries(organisation, campaign.id)
    uncertain = await requeue_deliveries(organisation, campaign.id, Requeue(state="uncertain"))
    channel = RememberingChannel()
    await send(organisation, channel)

    assert failed == uncertain == Requeued(messages=1)
    assert len(channel.messages) == 2
    assert await shown(organisation, campaign) == [("sent", None)] * 3


async def test_an_uncertain_message_of_somebody_who_has_answered_stays_uncertain(
    organisation: UUID, campaign: CampaignView
) -> None:
    await send(organisation, RememberingChannel(*[Outcome.UNCERTAIN] * 3))
    (first, *_) = await rows_of(organisation, "SELECT id FROM invitation")
    await submit(organisation, [first["id"]])

    await requeue_deliveries(organisation, campaign.id, Requeue(state="uncertain"))
    await send(organisation, RememberingChannel(*[Outcome.UNCERTAIN] * 2))

    assert {state for state, _ in await shown(organisation, campaign)} == {"uncertain"}


async def test_of_reminders_only_whether_any_was_given_up_can_be_seen(
    organisation: UUID, campaign: CampaignView
) -> None:
    await send(organisation, RememberingChannel())
    before = await shown(organisation, campaign)
    async with transaction(organisation):
        rows = await connection().fetch("SELECT id FROM invitation")
        await queue_messages(
            organisation,
            campaign.id,
            [row["id"] for row in rows],
            kind=DeliveryKind.REMINDER,
            channel="console",
            number=1,
        )
    await send(organisation, RememberingChannel(*[REFUSED] * len(rows)))

    counts = await invitation_counts(organisation, campaign.id)
    again = await requeue_deliveries(organisation, campaign.id, Requeue(kind="reminder"))

    assert await shown(organisation, campaign) == before
    assert {one.kind for one in counts.messages} == {"invitation"}
    assert counts.reminders_failed
    assert again == Requeued(messages=None)


async def test_nothing_to_queue_again_queues_nothing(
    organisation: UUID, campaign: CampaignView
) -> None:
    jobs = await jobs_of(organisation)

    assert await requeue_deliveries(organisation, campaign.id) == Requeued(messages=0)
    assert await jobs_of(organisation) == jobs


async def test_once_it_has_closed_nothing_of_single_messages_is_left(
    organisation: UUID, campaign: CampaignView
) -> None:
    await send(organisation, RememberingChannel(Outcome.UNCERTAIN, REFUSED))
    await close_campaign(organisation, campaign.id)

    counts = await invitation_counts(organisation, campaign.id)
    async with transaction(organisation):
        kept = await connection().fetchval("SELECT count(*) FROM delivery")
    assert kept == 0
    assert {one.state: one.messages for one in counts.messages} == {
        "failed": 1,
        "sent": 1,
        "uncertain": 1,
    }
    assert (await list_deliveries(organisation, campaign.id)).items == ()
    with pytest.raises(CampaignNotRunning):
        await requeue_deliveries(organisation, campaign.id)
