"""A scheduled campaign opens by itself, if everything is as it has to be by then."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest

from models.engine import connection, operator_transaction
from survey.campaigns.open import open_campaign
from survey.campaigns.read import CampaignView, read_campaign
from tests.factories.campaigns import make_draft, rows_of, submit
from tests.factories.directory import load_company
from tests.factories.passing_time import PassingTime
from tests.factories.server import KEYS, NOW, SERVER_KEY
from tests.survey.messages.remembering import RememberingChannel

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
async def empty_queue(database: str) -> AsyncIterator[None]:
    """Take away the jobs of other tests before, and our own afterwards."""
    await clear()
    yield
    await clear()


async def clear() -> None:
    async with operator_transaction():
        await connection().execute("DELETE FROM pgqueuer")


@pytest.fixture
def channel() -> RememberingChannel:
    return RememberingChannel()


@pytest.fixture
def time(channel: RememberingChannel) -> PassingTime:
    return PassingTime({"folder": channel})


async def opened(
    organisation: UUID, draft: CampaignView, channel: RememberingChannel, time: PassingTime
) -> CampaignView:
    return await open_campaign(
        organisation,
        draft.id,
        server_key=SERVER_KEY,
        keys=KEYS,
        channel="folder",
        channels={"folder": channel},
        now=time.now,
    )


async def test_a_scheduled_campaign_opens_by_itself_and_reminds_who_has_not_answered(
    organisation: UUID, channel: RememberingChannel, time: PassingTime
) -> None:
    await load_company(organisation, {"U1": 2})
    draft = await make_draft(organisation, opens_at=NOW + DAY, reminders=(3,))
    scheduled = await opened(organisation, draft, channel, time)

    await time.work()
    before = list(channel.messages)
    await time.pass_by(DAY + HOUR)
    now_open = await read_campaign(organisation, draft.id)
    (first, second) = await rows_of(organisation, "SELECT id FROM invitation ORDER BY id")
    await submit(organisation, [first["id"]], now=time.now)
    invited = list(channel.messages)
    await time.pass_by(4 * DAY)

    assert (scheduled.state, before) == ("scheduled", [])
    assert now_open.state == "open"
    assert [message.kind for message in invited] == ["invitation"] * 2
    reminders = channel.messages[2:]
    assert [message.kind for message in reminders] == ["reminder"]
    (told,) = await rows_of(
        organisation, "SELECT invitation FROM delivery WHERE kind = 'reminder'"
    )
    assert told["invitation"] == second["id"]
