"""Reminders go once to each person who has not answered, at their local hour."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
import pytest

from models.engine import connection, operator_transaction, transaction
from models.enums import DeliveryKind
from survey.access.actors import COMMAND_LINE
from survey.access.audit_reading import list_events
from survey.campaigns.close import start_closing
from survey.campaigns.draft import change_campaign
from survey.campaigns.errors import CampaignNotRunning, UnitNotInCampaign
from survey.campaigns.invitations import invitation_counts
from survey.campaigns.plan import CampaignChange
from survey.campaigns.read import CampaignView, read_campaign
from survey.campaigns.reminders import PORTION, RemindJob, remind_now, reminding
from survey.campaigns.sending import QueuedMessages
from survey.campaigns.window import SendingWindow
from survey.directory.people import sync_people
from survey.jobs.kind import Attempt
from survey.messages.outbox import queue_messages
from tests.factories.campaigns import close_campaign, make_draft, rows_of, submit
from tests.factories.directory import load_company, people_file, person
from tests.factories.passing_time import PassingTime
from tests.factories.server import NOW
from tests.survey.messages.remembering import RememberingChannel

WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


async def opened(
    organisation: UUID,
    time: PassingTime,
    people: dict[str, int] | None = None,
    **fields: Any,
) -> CampaignView:
    """Open a campaign whose invitations are sent at once."""
    await load_company(organisation, people or {"U1": 3})
    draft = await make_draft(organisation, **({"reminders": (3, 7)} | fields))
    campaign = await time.open(organisation, draft.id)
    await time.work()
    return campaign


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


async def remind(
    organisation: UUID, campaign: CampaignView, time: PassingTime, unit: str | None = None
) -> QueuedMessages:
    """Ask for reminders, and let the worker do its work."""
    answer = await remind_now(organisation, campaign.id, unit=unit)
    await time.work()
    return answer


async def invited(organisation: UUID) -> dict[str, UUID]:
    rows = await rows_of(
        organisation,
        "SELECT p.external_id, i.id FROM invitation i JOIN person p ON p.id = i.person",
    )
    return {row["external_id"]: row["id"] for row in rows}


async def reminders(organisation: UUID) -> list[tuple[str, int | None]]:
    """Return who got a reminder, and which."""
    rows = await rows_of(
        organisation,
        "SELECT p.external_id, d.number FROM delivery d JOIN invitation i "
        "ON i.id = d.invitation JOIN person p ON p.id = i.person "
        "WHERE d.kind = 'reminder' ORDER BY d.id",
    )
    return [(row["external_id"], row["number"]) for row in rows]


async def last_link(organisation: UUID, campaign: CampaignView) -> RemindJob:
    (row,) = await rows_of(organisation, "SELECT reminder_chain FROM campaign")
    return RemindJob(
        organisation=organisation, campaign=campaign.id, chain=row["reminder_chain"]
    )


async def tick(job: RemindJob, now: datetime) -> None:
    await reminding(clock=lambda: now).run(job, Attempt(number=0, last=False))


async def test_each_reminder_of_the_plan_goes_to_those_who_have_not_answered_by_then(
    organisation: UUID, time: PassingTime
) -> None:
    await opened(organisation, time)
    people = await invited(organisation)

    await submit(organisation, [people["U1-0"]], now=time.now)
    await time.pass_by(3 * DAY + HOUR, step=12 * HOUR)
    third_day = await reminders(organisation)
    await submit(organisation, [people["U1-1"]], now=time.now)
    await time.pass_by(10 * DAY, step=12 * HOUR)

    assert sorted(third_day) == [("U1-1", 1), ("U1-2", 1)]
    assert (await reminders(organisation))[2:] == [("U1-2", 2)]


async def test_a_reminder_leaves_at_its_hour(organisation: UUID, time: PassingTime) -> None:
    await opened(organisation, time, reminder_hour=17)

    await time.pass_by(3 * DAY + 7 * HOUR, step=HOUR)
    before = await reminders(organisation)
    await time.pass_by(2 * HOUR, step=HOUR)

    (row,) = await rows_of(
        organisation,
        "SELECT min(updated_at) AS at FROM delivery WHERE kind = 'reminder' AND state = 'sent'",
    )
    assert (before, len(await reminders(organisation))) == ([], 3)
    assert row["at"] == NOW + 3 * DAY + 8 * HOUR


async def test_people_in_other_zones_are_reminded_at_their_own_hour(
    organisation: UUID, time: PassingTime
) -> None:
    await load_company(organisation, {"U1": 1})
    await sync_people(
        organisation,
        people_file(
            person("tokyo", "U1", time_zone="Asia/Tokyo"),
            person("hawaii", "U1", time_zone="Pacific/Honolulu"),
        ),
    )
    draft = await make_draft(organisation, reminders=(1,))
    await time.open(organisation, draft.id)
    await time.work()
    told = []
    for _ in range(48):
        await time.pass_by(HOUR)
        told += [(name, time.now) for name, _ in (await reminders(organisation))[len(told) :]]

    # Invited at 09:00 UTC on the 23rd: 18:00 in Tokyo, 23:00 of the day before in Honolulu.
    assert sorted(told) == [
        ("U1-0", NOW + DAY),
        ("hawaii", NOW + 10 * HOUR),
        ("tokyo", NOW + 15 * HOUR),
    ]


async def test_a_tick_that_is_repeated_queues_nothing_twice(
    organisation: UUID, time: PassingTime
) -> None:
    campaign = await opened(organisation, time)
    await time.sleep(3 * DAY + HOUR)
    job = await last_link(organisation, campaign)

    await tick(job, time.now)
    await tick(job, time.now)

    assert len(await reminders(organisation)) == 3


async def test_ticks_at_the_same_time_queue_nothing_twice(
    organisation: UUID, time: PassingTime
) -> None:
    campaign = await opened(organisation, time, {"U1": PORTION + 40})
    await time.sleep(3 * DAY + HOUR)
    job = await last_link(organisation, campaign)

    await asyncio.gather(*(tick(job, time.now) for _ in range(4)))

    assert sorted(await reminders(organisation)) == sorted(
        (name, 1) for name in await invited(organisation)
    )


async def test_a_reminder_that_was_queued_is_refused_by_the_database_the_second_time(
    organisation: UUID, time: PassingTime
) -> None:
    campaign = await opened(organisation, time)
    (one, *_) = (await invited(organisation)).values()

    async def queue() -> None:
        async with transaction(organisation):
            await queue_messages(
                organisation,
                campaign.id,
                [one],
                kind=DeliveryKind.REMINDER,
                channel="folder",
                number=1,
            )

    await queue()
    with pytest.raises(asyncpg.UniqueViolationError):
        await queue()


async def test_a_worker_that_was_away_sends_only_the_latest_reminder(
    organisation: UUID, time: PassingTime
) -> None:
    await opened(organisation, time)

    await time.sleep(8 * DAY)
    await time.work()
    await time.pass_by(5 * DAY, step=DAY)

    assert {number for _, number in await reminders(organisation)} == {2}
    assert len(await reminders(organisation)) == 3


async def test_a_chain_begun_anew_leaves_one_chain(
    organisation: UUID, time: PassingTime
) -> None:
    campaign = await opened(organisation, time)
    for days in ((4,), (5,), (6,)):
        await change(organisation, campaign, time, reminders=days)
    await time.pass_by(20 * MINUTE, step=10 * MINUTE)

    async with operator_transaction():
        links = await connection().fetchval(
            "SELECT count(*) FROM pgqueuer WHERE entrypoint = 'remind'"
        )
    assert links == 1


async def test_nobody_is_reminded_whose_invitation_was_not_sent(
    organisation: UUID, time: PassingTime
) -> None:
    await load_company(organisation, {"U1": 1})
    await sync_people(organisation, people_file(person("nomail", "U1", email="")))
    await rows_of(organisation, "UPDATE person SET email = NULL WHERE external_id = 'nomail'")
    draft = await make_draft(organisation, reminders=(1,))
    await time.open(organisation, draft.id)
    await time.work()
    await rows_of(
        organisation,
        "UPDATE delivery d SET state = 'failed' FROM invitation i JOIN person p "
        "ON p.id = i.person WHERE i.id = d.invitation AND p.external_id = 'nomail'",
    )

    await time.pass_by(3 * DAY, step=12 * HOUR)

    assert await reminders(organisation) == [("U1-0", 1)]


async def test_reminders_end_with_the_campaign(organisation: UUID, time: PassingTime) -> None:
    campaign = await opened(organisation, time)

    await time.pass_by(2 * DAY, step=DAY)
    await close_campaign(organisation, campaign.id, now=time.now)
    await time.pass_by(10 * DAY, step=DAY)

    counts = await rows_of(organisation, "SELECT kind FROM delivery_count")
    assert [row["kind"] for row in counts] == ["invitation"]
    async with operator_transaction():
        assert await connection().fetchval("SELECT count(*) FROM pgqueuer") == 0


async def test_a_reminder_that_is_on_its_way_when_answers_are_taken_no_more_is_not_sent(
    organisation: UUID, time: PassingTime, channel: RememberingChannel
) -> None:
    campaign = await opened(organisation, time)
    await time.sleep(3 * DAY + HOUR)
    await tick(await last_link(organisation, campaign), time.now)

    await start_closing(organisation, campaign.id, by=COMMAND_LINE, now=time.now)
    await time.work()

    assert [message.kind for message in channel.messages] == ["invitation"] * 3


async def test_an_earlier_end_takes_reminders_away_and_a_later_one_brings_them_back(
    organisation: UUID, time: PassingTime
) -> None:
    campaign = await opened(organisation, time, closes_at=NOW + 14 * DAY)
    nexts = [(await read_campaign(organisation, campaign.id)).next_reminder_at]

    for end in (NOW + 2 * DAY, NOW + 30 * DAY):
        changed = await change(organisation, campaign, time, closes_at=end)
        nexts.append(changed.next_reminder_at)
    await time.pass_by(4 * DAY, step=12 * HOUR)

    third_day = NOW.replace(hour=9) + 3 * DAY
    assert nexts == [third_day, None, third_day]
    assert len(await reminders(organisation)) == 3
    assert (await read_campaign(organisation, campaign.id)).state == "open"


async def test_the_next_reminder_is_shown_and_does_not_tell_who_has_answered(
    organisation: UUID, time: PassingTime
) -> None:
    campaign = await opened(organisation, time)

    await submit(organisation, list((await invited(organisation)).values()), now=time.now)
    await time.pass_by(HOUR)
    first = await read_campaign(organisation, campaign.id)
    await time.pass_by(4 * DAY, step=12 * HOUR)
    second = await read_campaign(organisation, campaign.id)
    await time.pass_by(4 * DAY, step=12 * HOUR)
    last = await read_campaign(organisation, campaign.id)

    assert first.next_reminder_at == NOW + 3 * DAY
    assert second.next_reminder_at == NOW + 7 * DAY
    assert last.next_reminder_at is None
    assert first.revision < second.revision < last.revision


async def test_whoever_answers_while_a_tick_waits_is_not_reminded(
    organisation: UUID, time: PassingTime, database: str
) -> None:
    campaign = await opened(organisation, time)
    (first, *_) = (await invited(organisation)).values()
    await time.sleep(3 * DAY + HOUR)
    job = await last_link(organisation, campaign)

    submitting = await asyncpg.connect(database)
    async with submitting.transaction():
        await submitting.execute("SELECT FROM campaign WHERE id = $1 FOR SHARE", campaign.id)
        ticking = asyncio.create_task(tick(job, time.now))
        async with asyncio.timeout(30):
            while not await submitting.fetchval(WAITING):  # noqa: ASYNC110 - the database has no event for it
                await asyncio.sleep(0.01)
        await submitting.execute("UPDATE invitation SET completed = true WHERE id = $1", first)
    await ticking
    await submitting.close()

    told = await rows_of(
        organisation, "SELECT invitation FROM delivery WHERE kind = 'reminder'"
    )
    assert len(told) == 2
    assert first not in {row["invitation"] for row in told}


async def test_reminding_now_reaches_who_has_not_answered_in_a_unit_and_below(
    organisation: UUID, time: PassingTime
) -> None:
    campaign = await opened(organisation, time, {"U1": 2, "U2": 2}, reminders=())
    people = await invited(organisation)
    await submit(organisation, [people["U1-0"]], now=time.now)
    await time.sleep(2 * DAY)

    answer = await remind(organisation, campaign, time, "U1")
    in_unit = await reminders(organisation)
    await remind(organisation, campaign, time, "ALL")

    assert (answer.kind, answer.people) == ("reminder", None)
    assert in_unit == [("U1-1", None)]
    assert sorted(await reminders(organisation)) == [
        ("U1-1", None),
        ("U2-0", None),
        ("U2-1", None),
    ]


async def test_nobody_is_reminded_twice_within_a_day_whatever_the_cause(
    organisation: UUID, time: PassingTime
) -> None:
    campaign = await opened(organisation, time, {"U1": 1}, reminders=(3,))

    await time.sleep(23 * HOUR)
    await remind(organisation, campaign, time)
    after_the_invitation = await reminders(organisation)
    await time.sleep(37 * HOUR)
    for _ in range(2):
        await remind(organisation, campaign, time)
    await time.pass_by(DAY + 11 * HOUR)
    in_the_pause = await reminders(organisation)
    await time.pass_by(2 * HOUR)

    # Reminded on the 25th at 21:00; the plan's reminder of the 26th goes on the 27th, at 09:00.
    assert after_the_invitation == []
    assert in_the_pause == [("U1-0", None)]
    assert await reminders(organisation) == [("U1-0", None), ("U1-0", 1)]


async def test_neither_answer_nor_counts_nor_trail_tell_how_many_were_reminded(
    organisation: UUID, time: PassingTime
) -> None:
    campaign = await opened(organisation, time, reminders=())
    people = await invited(organisation)
    await time.sleep(2 * DAY)
    before = await invitation_counts(organisation, campaign.id)

    nobody = await remind(organisation, campaign, time, "U1")
    await time.sleep(2 * DAY)
    await submit(organisation, list(people.values()), now=time.now)
    everybody = await remind(organisation, campaign, time, "U1")

    first, second = (await list_events(organisation)).items[:2]
    assert nobody == everybody
    assert await invitation_counts(organisation, campaign.id) == before
    assert first.facts == second.facts == {"unit": "U1"}


async def test_reminding_needs_an_open_campaign_and_a_unit_of_it(
    organisation: UUID, time: PassingTime
) -> None:
    draft = await make_draft(organisation)
    with pytest.raises(CampaignNotRunning, match="A campaign that is draft sends no messages"):
        await remind_now(organisation, draft.id)
    await load_company(organisation, {"U1": 1})
    await time.open(organisation, draft.id)

    with pytest.raises(UnitNotInCampaign, match="no unit 'U9'"):
        await remind_now(organisation, draft.id, unit="U9")


async def test_reminders_wait_for_the_window(
    organisation: UUID, time: PassingTime, channel: RememberingChannel
) -> None:
    # Monday the 23rd, 09:00 UTC. On the third day, a Thursday, the window stays closed.
    window = SendingWindow(start="08:00", end="10:00", days=("mon", "tue"))
    await opened(organisation, time, {"U1": 1}, sending_window=window, reminders=(3,))

    await time.pass_by(6 * DAY, step=6 * HOUR)
    before = await reminders(organisation)
    await time.pass_by(2 * DAY, step=HOUR)

    assert before == []
    assert await reminders(organisation) == [("U1-0", 1)]
    (row,) = await rows_of(
        organisation, "SELECT updated_at FROM delivery WHERE kind = 'reminder'"
    )
    assert row["updated_at"] == NOW + 7 * DAY - HOUR


async def test_a_campaign_without_a_plan_has_no_ticks(
    organisation: UUID, time: PassingTime
) -> None:
    await opened(organisation, time, reminders=())

    async with operator_transaction():
        rows = await connection().fetch("SELECT payload FROM pgqueuer")
    assert [msgspec.json.decode(row["payload"]) for row in rows] == []


async def test_a_tick_that_keeps_failing_leaves_another(
    organisation: UUID, time: PassingTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = await opened(organisation, time)
    job = await last_link(organisation, campaign)
    await rows_of(organisation, "UPDATE organisation SET time_zone = 'UTC'")
    async with operator_transaction():
        await connection().execute("DELETE FROM pgqueuer")
        await connection().execute("ALTER TABLE delivery RENAME TO hidden")
    try:
        with pytest.raises(asyncpg.UndefinedTableError):
            await reminding(clock=lambda: time.now).run(job, Attempt(number=7, last=True))
    finally:
        async with operator_transaction():
            await connection().execute("ALTER TABLE hidden RENAME TO delivery")

    async with operator_transaction():
        kinds = await connection().fetch("SELECT entrypoint FROM pgqueuer")
    assert [row["entrypoint"] for row in kinds] == ["remind"]
