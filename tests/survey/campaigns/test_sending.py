"""Messages leave within their readers' windows, and invitations again if the office asks."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from models.engine import connection, operator_transaction
from survey.access.audit_reading import list_events
from survey.campaigns.errors import CampaignNotRunning, PeopleNotInvited
from survey.campaigns.read import CampaignView
from survey.campaigns.sending import QueuedMessages, send_invitations
from survey.campaigns.window import SendingWindow
from survey.directory.people import sync_people
from survey.messages.message import Outcome
from tests.factories.campaigns import make_draft, rows_of, submit
from tests.factories.directory import load_company, people_file, person
from tests.factories.passing_time import PassingTime
from tests.factories.server import NOW
from tests.survey.messages.remembering import RememberingChannel

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MORNING = SendingWindow(start="08:00", end="10:00")


async def opened(
    organisation: UUID, time: PassingTime, *extra: dict[str, Any], **fields: Any
) -> CampaignView:
    """Open a campaign for two people, and perhaps more; nothing has been sent yet."""
    await load_company(organisation, {"U1": 2})
    if extra:
        await sync_people(organisation, people_file(*extra))
    draft = await make_draft(organisation, **fields)
    return await time.open(organisation, draft.id)


def names(channel: RememberingChannel) -> list[str | None]:
    return sorted(str(message.name) for message in channel.messages)


async def send(
    organisation: UUID, campaign: CampaignView, time: PassingTime, *people: str
) -> QueuedMessages:
    return await send_invitations(
        organisation, campaign.id, people=people or None, now=time.now
    )


async def queued() -> int:
    async with operator_transaction():
        return int(
            await connection().fetchval(
                "SELECT count(*) FROM pgqueuer WHERE entrypoint = 'deliver'"
            )
        )


async def test_everybody_is_invited_when_the_window_opens_where_they_are(
    organisation: UUID, time: PassingTime, channel: RememberingChannel
) -> None:
    # It is 09:00 in London, 18:00 in Tokyo and 04:00 in New York.
    await opened(
        organisation,
        time,
        person("tokyo", "U1", time_zone="Asia/Tokyo"),
        person("york", "U1", time_zone="America/New_York"),
        sending_window=MORNING,
    )
    found = {}
    for _ in range(24):
        await time.work()
        for name in set(names(channel)) - found.keys():
            found[name] = time.now
        await time.sleep(HOUR)

    assert found == {
        "Person U1-0": NOW,
        "Person U1-1": NOW,
        "Person york": NOW + 4 * HOUR,
        "Person tokyo": NOW + 14 * HOUR,
    }


async def test_the_organisations_zone_is_that_of_people_without_one(
    organisation: UUID, time: PassingTime, channel: RememberingChannel
) -> None:
    await rows_of(organisation, "UPDATE organisation SET time_zone = 'Asia/Tokyo'")
    await opened(organisation, time, sending_window=MORNING)

    await time.work()
    before = names(channel)
    await time.pass_by(14 * HOUR)

    assert (before, names(channel)) == ([], ["Person U1-0", "Person U1-1"])


async def test_a_worker_that_comes_after_the_window_waits_for_the_next_one(
    organisation: UUID, time: PassingTime, channel: RememberingChannel
) -> None:
    await opened(organisation, time, sending_window=MORNING)

    await time.sleep(2 * HOUR)
    await time.work()
    before = names(channel)
    await time.pass_by(22 * HOUR, step=11 * HOUR)

    assert (before, names(channel)) == ([], ["Person U1-0", "Person U1-1"])
    assert await queued() == 0


async def test_a_window_that_is_set_while_messages_wait_holds_them_back(
    organisation: UUID, time: PassingTime, channel: RememberingChannel
) -> None:
    await opened(organisation, time)
    await rows_of(
        organisation,
        "UPDATE campaign SET sending_window = $1 RETURNING id",
        '{"start": "20:00", "end": "21:00"}',
    )

    await time.work()
    assert names(channel) == []
    await time.pass_by(11 * HOUR)
    assert names(channel) == ["Person U1-0", "Person U1-1"]


async def test_postponing_some_messages_of_a_job_doubles_none(
    organisation: UUID, time: PassingTime, channel: RememberingChannel
) -> None:
    await opened(organisation, time, person("tokyo", "U1", time_zone="Asia/Tokyo"))
    busy = RememberingChannel(*[Outcome.RETRY] * 2)
    time.channels = {"folder": busy}
    await rows_of(
        organisation,
        "UPDATE campaign SET sending_window = $1 RETURNING id",
        '{"start": "08:00", "end": "10:00"}',
    )

    await time.work()
    jobs = await queued()
    time.channels = {"folder": channel}
    await time.pass_by(24 * HOUR)

    assert (len(busy.messages), jobs) == (2, 2)
    assert names(channel) == ["Person U1-0", "Person U1-1", "Person tokyo"]


async def test_the_window_follows_the_clocks_that_are_changed(
    organisation: UUID, channel: RememberingChannel, time: PassingTime
) -> None:
    # In Berlin, 08:00 is 06:00 UTC before the 25th of October and 07:00 from then on.
    time.now = datetime(2026, 10, 24, 9, tzinfo=UTC)
    await rows_of(organisation, "UPDATE organisation SET time_zone = 'Europe/Berlin'")
    await opened(organisation, time, sending_window=MORNING)

    await time.pass_by(21 * HOUR, step=HOUR)
    before = names(channel)
    await time.pass_by(HOUR)

    assert (before, len(names(channel))) == ([], 2)


async def test_people_by_name_get_their_invitation_again(
    organisation: UUID, time: PassingTime, channel: RememberingChannel
) -> None:
    campaign = await opened(organisation, time)
    await time.work()

    answer = await send(organisation, campaign, time, "U1-0")
    await time.work()

    assert answer.people == 1
    assert names(channel) == ["Person U1-0", "Person U1-0", "Person U1-1"]
    assert len({message.link for message in channel.messages}) == 2


async def test_those_whom_it_has_not_reached_get_it_and_nobody_else(
    organisation: UUID, time: PassingTime, channel: RememberingChannel
) -> None:
    campaign = await opened(organisation, time)
    time.channels = {"folder": RememberingChannel(Outcome.GIVE_UP)}
    await time.work()
    time.channels = {"folder": channel}

    answer = await send(organisation, campaign, time)
    await time.work()
    again = await send(organisation, campaign, time)

    assert (answer.people, len(channel.messages), again.people) == (1, 1, 0)


async def test_nobody_has_two_invitations_on_their_way(
    organisation: UUID, time: PassingTime, channel: RememberingChannel
) -> None:
    campaign = await opened(organisation, time)

    for _ in range(3):
        await send(organisation, campaign, time, "U1-0", "U1-1")
    await time.work()

    assert names(channel) == ["Person U1-0", "Person U1-1"]


async def test_the_answer_does_not_tell_who_has_answered(
    organisation: UUID, time: PassingTime, channel: RememberingChannel
) -> None:
    campaign = await opened(organisation, time)
    await time.work()
    (row,) = await rows_of(
        organisation,
        "SELECT i.id FROM invitation i JOIN person p ON p.id = i.person "
        "WHERE p.external_id = 'U1-0'",
    )
    await submit(organisation, [row["id"]], now=time.now)

    told = [await send(organisation, campaign, time, name) for name in ("U1-0", "U1-1")]
    await time.work()
    told += [await send(organisation, campaign, time, name) for name in ("U1-0", "U1-1")]

    assert len(set(map(str, told))) == 1
    assert [str(message.name) for message in channel.messages[2:]] == ["Person U1-1"]
    facts = [event.facts for event in (await list_events(organisation)).items[:4]]
    assert facts == [{"people": 1, "undelivered": False}] * 4


async def test_whoever_is_not_invited_is_named_and_nothing_is_sent(
    organisation: UUID, time: PassingTime, channel: RememberingChannel
) -> None:
    campaign = await opened(organisation, time, person("boss", "U1", role="sponsor"))
    await time.work()

    with pytest.raises(PeopleNotInvited, match="'boss', 'nobody'"):
        await send(organisation, campaign, time, "nobody", "boss", "U1-0")
    await time.work()

    assert len(channel.messages) == 2


async def test_invitations_are_sent_while_a_campaign_is_open(
    organisation: UUID, time: PassingTime
) -> None:
    draft = await make_draft(organisation)

    with pytest.raises(CampaignNotRunning):
        await send(organisation, draft, time)
