"""Messages are sent at least once, recorded, and tried again."""

import io
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from models.engine import connection, transaction
from survey.campaigns.deliveries import requeue_deliveries
from survey.campaigns.invitations import invitation_counts
from survey.campaigns.read import CampaignView
from survey.directory.people import sync_people
from survey.messages.claims import DeliveryReport
from survey.messages.console import ConsoleChannel
from survey.messages.delivery import deliver
from survey.messages.message import Channel, Message, Outcome
from survey.messages.opting_out import opt_out_id
from survey.messages.outbox import DeliverJob
from tests.factories.campaigns import (
    close_campaign,
    jobs_of,
    make_open,
    rows_of,
    submit,
    token_of,
)
from tests.factories.directory import people_file, person
from tests.factories.server import SERVER_KEY
from tests.survey.messages.remembering import RememberingChannel

pytestmark = pytest.mark.usefixtures("database")

URL = "https://survey.example.com"


@pytest.fixture
async def campaign(organisation: UUID) -> CampaignView:
    """Open a campaign for three people."""
    return await make_open(organisation, {"U1": 3})


@pytest.fixture
async def job(organisation: UUID, campaign: CampaignView) -> DeliverJob:
    rows = await rows_of(organisation, "SELECT id FROM delivery ORDER BY id")
    return DeliverJob(organisation=organisation, deliveries=tuple(row["id"] for row in rows))


async def send(
    job: DeliverJob, channel: Channel, now: datetime, **options: Any
) -> DeliveryReport:
    return await deliver(
        job,
        server_key=SERVER_KEY,
        channels={"console": channel},
        form_url=URL,
        clock=lambda: now,
        **options,
    )


async def recorded(organisation: UUID) -> list[tuple[Any, ...]]:
    rows = await rows_of(
        organisation, "SELECT state, attempts, updated_at FROM delivery ORDER BY id"
    )
    return [tuple(row.values()) for row in rows]


async def test_a_message_says_what_a_person_needs(
    organisation: UUID, job: DeliverJob, campaign: CampaignView, now: datetime
) -> None:
    channel = RememberingChannel()

    await send(job, channel, now)

    (row,) = await rows_of(
        organisation,
        "SELECT i.id, d.id AS delivery FROM invitation i JOIN person p ON p.id = i.person "
        "JOIN delivery d ON d.invitation = i.id WHERE p.external_id = 'U1-0'",
    )
    (message,) = (one for one in channel.messages if one.key == str(row["delivery"]))
    assert message == Message(
        key=str(row["delivery"]),
        kind="invitation",
        name="Person U1-0",
        email="U1-0@example.com",
        locale="en",
        title="Title",
        campaign="Baseline",
        closes_at=None,
        link=f"{URL}/f/{token_of(row['id'])}",
        opt_out=f"{URL}/o/{opt_out_id(SERVER_KEY, organisation, row['id'])}",
        dated=now,
    )


async def test_what_was_sent_is_recorded(
    organisation: UUID, job: DeliverJob, now: datetime
) -> None:
    report = await send(job, RememberingChannel(), now)

    assert report == DeliveryReport(sent=3, failed=0, queued=0)
    assert await recorded(organisation) == [("sent", 1, now)] * 3


async def test_a_job_that_runs_again_sends_nothing_twice(
    organisation: UUID, job: DeliverJob, now: datetime
) -> None:
    channel = RememberingChannel()
    await send(job, channel, now)

    report = await send(job, channel, now + timedelta(hours=1))

    assert (report.sent, len(channel.messages)) == (3, 3)
    assert await recorded(organisation) == [("sent", 1, now)] * 3


async def test_only_what_waits_is_tried_again(
    organisation: UUID, job: DeliverJob, now: datetime
) -> None:
    channel = RememberingChannel(Outcome.SENT, Outcome.RETRY, Outcome.GIVE_UP)
    later = now + timedelta(minutes=1)

    first = await send(job, channel, now)
    second = await send(job, channel, later)

    assert first == DeliveryReport(sent=1, failed=1, queued=1)
    assert second == DeliveryReport(sent=2, failed=1, queued=0)
    assert await recorded(organisation) == [
        ("sent", 1, now),
        ("sent", 2, later),
        ("failed", 1, now),
    ]
    assert channel.messages[3].key == channel.messages[1].key


async def test_the_last_attempt_gives_up(
    organisation: UUID, job: DeliverJob, now: datetime
) -> None:
    channel = RememberingChannel(Outcome.RETRY, Outcome.RETRY, Outcome.SENT)

    report = await send(job, channel, now, last=True)

    assert report == DeliveryReport(sent=1, failed=2, queued=0)


async def test_what_was_given_up_is_left_alone_until_it_is_queued_again(
    organisation: UUID, campaign: CampaignView, job: DeliverJob, now: datetime
) -> None:
    await send(job, RememberingChannel(*[Outcome.GIVE_UP] * 3), now)

    alone = await send(job, RememberingChannel(), now)
    await requeue_deliveries(organisation, campaign.id)
    again = await send(job, RememberingChannel(), now)

    assert (alone, again) == (DeliveryReport(failed=3), DeliveryReport(sent=3))


async def test_a_channel_that_breaks_stops_neither_neighbours_nor_worker(
    job: DeliverJob, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    channel = RememberingChannel(ConnectionError(f"POST {URL}#a-token failed"))

    report = await send(job, channel, now)

    assert report == DeliveryReport(sent=2, failed=0, queued=1)
    assert "ConnectionError" in caplog.text
    assert "a-token" not in caplog.text


async def test_a_channel_that_is_no_longer_configured_is_waited_for(
    job: DeliverJob, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    without = await deliver(
        job, server_key=SERVER_KEY, channels={}, form_url=URL, clock=lambda: now
    )
    again = await send(job, RememberingChannel(), now)

    assert without == DeliveryReport(queued=3)
    assert again == DeliveryReport(sent=3)
    assert [record.message for record in caplog.records] == [
        "Messages are queued for the channel console, which is not configured."
    ]


async def test_a_channel_that_never_comes_back_loses_nothing(
    organisation: UUID, campaign: CampaignView, job: DeliverJob, now: datetime
) -> None:
    report = await deliver(
        job, server_key=SERVER_KEY, channels={}, form_url=URL, clock=lambda: now, last=True
    )
    await requeue_deliveries(organisation, campaign.id)
    by_hand = await send(job, RememberingChannel(), now)

    assert report == DeliveryReport(failed=3)
    assert by_hand == DeliveryReport(sent=3)


async def forget_address(organisation: UUID, person: str) -> None:
    async with transaction(organisation):
        await connection().execute(
            "UPDATE person SET email = NULL WHERE external_id = $1", person
        )


async def test_whoever_has_no_address_waits_and_is_neither_failed_nor_tried_again(
    organisation: UUID, campaign: CampaignView, job: DeliverJob, now: datetime
) -> None:
    await forget_address(organisation, "U1-0")
    console = ConsoleChannel(io.StringIO())

    first = await send(job, console, now)
    second = await send(job, console, now, last=True)

    assert first == second == DeliveryReport(sent=2, waiting=1)
    counts = await invitation_counts(organisation, campaign.id)
    assert {one.state: one.messages for one in counts.messages} == {"sent": 2, "waiting": 1}


async def test_whoever_gets_an_address_is_invited_once(
    organisation: UUID, job: DeliverJob, now: datetime
) -> None:
    await forget_address(organisation, "U1-0")
    await send(job, ConsoleChannel(io.StringIO()), now)
    channel = RememberingChannel()
    file = people_file(person("U1-0", "U1", email="found@example.com"))

    await sync_people(organisation, file, dry_run=True)
    assert await jobs_of(organisation) == [job]
    await sync_people(organisation, file)
    await sync_people(organisation, file)
    _, woken = await jobs_of(organisation)

    assert await send(woken, channel, now) == DeliveryReport(sent=1)
    assert await send(woken, channel, now) == DeliveryReport(sent=1)
    assert [message.email for message in channel.messages] == ["found@example.com"]


class SlowConsole(ConsoleChannel):
    """A console that takes so long that people get addresses meanwhile."""

    def __init__(self, meanwhile: Callable[[], Awaitable[object]]) -> None:
        super().__init__(io.StringIO())
        self._meanwhile = meanwhile

    async def send(self, message: Message) -> Outcome:
        await self._meanwhile()
        return await super().send(message)


async def test_an_address_that_comes_during_an_attempt_is_not_missed(
    organisation: UUID, job: DeliverJob, now: datetime
) -> None:
    await forget_address(organisation, "U1-0")
    file = people_file(person("U1-0", "U1", email="found@example.com"))
    console = SlowConsole(lambda: sync_people(organisation, file))

    first = await send(job, console, now)
    _, woken = await jobs_of(organisation)

    assert first == DeliveryReport(sent=2, queued=1)
    assert await send(woken, RememberingChannel(), now) == DeliveryReport(sent=1)


async def test_an_address_that_comes_after_the_close_invites_nobody(
    organisation: UUID, campaign: CampaignView, job: DeliverJob, now: datetime
) -> None:
    await forget_address(organisation, "U1-0")
    await send(job, ConsoleChannel(io.StringIO()), now)
    await close_campaign(organisation, campaign.id, now=now)

    await sync_people(organisation, people_file(person("U1-0", "U1")))

    assert await jobs_of(organisation) == [job]
    counts = await invitation_counts(organisation, campaign.id)
    assert {one.state: one.messages for one in counts.messages} == {"sent": 2, "waiting": 1}


async def test_nobody_is_asked_after_the_campaign_has_closed(
    organisation: UUID, campaign: CampaignView, job: DeliverJob, now: datetime
) -> None:
    channel = RememberingChannel()
    await close_campaign(organisation, campaign.id, now=now)

    report = await send(job, channel, now)

    assert (report, channel.messages) == (DeliveryReport(), [])


async def test_whoever_has_answered_is_not_asked_again(
    organisation: UUID, job: DeliverJob, now: datetime
) -> None:
    channel = RememberingChannel()
    (first, *_) = await rows_of(organisation, "SELECT id FROM invitation")
    await submit(organisation, [first["id"]])

    report = await send(job, channel, now)

    assert report == DeliveryReport(sent=2, failed=0, queued=0)
    assert token_of(first["id"]) not in "".join(message.link for message in channel.messages)


async def test_an_erased_person_gets_nothing(
    organisation: UUID, job: DeliverJob, now: datetime
) -> None:
    channel = RememberingChannel()
    async with transaction(organisation):
        await connection().execute("DELETE FROM person WHERE organisation = $1", organisation)

    assert await send(job, channel, now) == DeliveryReport()
    assert channel.messages == []


async def test_jobs_do_not_cross_organisations(
    other_organisation: UUID, job: DeliverJob, now: datetime
) -> None:
    channel = RememberingChannel()
    stolen = DeliverJob(organisation=other_organisation, deliveries=job.deliveries)

    assert await send(stolen, channel, now) == DeliveryReport()
    assert channel.messages == []


async def test_no_token_is_logged(
    job: DeliverJob, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    channel = RememberingChannel(Outcome.RETRY)
    caplog.set_level(logging.DEBUG)

    await send(job, channel, now)

    assert not any(
        message.link.rpartition("/")[2] in caplog.text for message in channel.messages
    )


async def test_a_message_names_the_end_in_the_time_zone_of_its_reader(
    organisation: UUID, now: datetime
) -> None:
    await make_open(organisation, {"U1": 1}, closes_at=now + timedelta(days=14))
    async with transaction(organisation):
        await connection().execute("UPDATE organisation SET time_zone = 'Europe/Berlin'")
    channel = RememberingChannel()

    for one in await jobs_of(organisation):
        await send(one, channel, now)

    (message,) = channel.messages
    assert message.closes_at == now + timedelta(days=14)
    assert message.closes_at.tzname() == "CET"
