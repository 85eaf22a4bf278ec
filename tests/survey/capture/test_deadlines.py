"""Whoever submits is told within seconds that the database is silent, and loses nothing."""

import asyncio
from datetime import datetime
from uuid import UUID

import asyncpg
import pytest

from models.embedded import EmbeddedPostgres
from models.engine import DB
from models.patience import REQUEST
from survey.capture import queue
from survey.capture import writing as capture_writing
from survey.capture.errors import StorageUnavailable
from survey.capture.queue import Capture, Receipt
from tests.factories.open_campaign import OpenCampaign, answer_sheet, open_standard_campaign
from tests.models.processes import stopped

PROMISE_S = 5
"""Within which a submission is answered."""


@pytest.fixture
async def opened(organisation: UUID, now: datetime) -> OpenCampaign:
    return await open_standard_campaign(organisation, now=now)


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for the database as long as a server does."""
    monkeypatch.setattr(DB, "patience", REQUEST)


async def refused(capture: Capture, opened: OpenCampaign, numbers: range) -> None:
    """Submit for several people, who are all asked to come back in time."""
    async with asyncio.timeout(PROMISE_S):
        results = await asyncio.gather(
            *(capture.submit(opened.tokens[f"P{n:04}"], answer_sheet(n)) for n in numbers),
            return_exceptions=True,
        )
    assert {type(result) for result in results} == {StorageUnavailable}


async def stored(capture: Capture, opened: OpenCampaign, numbers: range) -> None:
    """Submit again; everybody gets a receipt."""
    async with asyncio.timeout(PROMISE_S):
        receipts = await asyncio.gather(
            *(capture.submit(opened.tokens[f"P{n:04}"], answer_sheet(n)) for n in numbers)
        )
    assert receipts == [Receipt(opened.campaign)] * len(numbers)
    assert await opened.sheets() == len(numbers)


async def test_a_database_that_is_stopped_delays_nobody_beyond_the_promise(
    opened: OpenCampaign, capture: Capture, server: EmbeddedPostgres
) -> None:
    assert server.pid is not None
    with stopped(server.pid):
        await refused(capture, opened, range(4))

    await stored(capture, opened, range(4))


async def test_a_campaign_that_is_locked_delays_nobody_beyond_the_promise(
    opened: OpenCampaign, capture: Capture, database: str
) -> None:
    outside = await asyncpg.connect(database)
    async with outside.transaction():
        await outside.execute("SELECT FROM campaign WHERE id = $1 FOR UPDATE", opened.campaign)
        await refused(capture, opened, range(4))
    await outside.close()

    await stored(capture, opened, range(4))


async def test_what_was_stored_and_not_told_is_told_on_the_next_try(
    opened: OpenCampaign, capture: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = capture_writing._store

    async def store_and_say_nothing(*args: object) -> bool:
        await real(*args)  # type: ignore[arg-type]  # passed on
        await asyncio.sleep(60)
        return True

    monkeypatch.setattr(capture_writing, "_store", store_and_say_nothing)
    await refused(capture, opened, range(3))
    monkeypatch.setattr(capture_writing, "_store", real)

    assert await opened.sheets() == 3
    await stored(capture, opened, range(3))


async def test_those_who_have_gone_are_not_written_before_those_who_wait(
    opened: OpenCampaign, capture: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, groups = capture_writing._store, []

    async def slow(accepted: list[object], *args: object) -> bool:
        groups.append(len(accepted))
        await asyncio.sleep(60)
        return True

    monkeypatch.setattr(capture_writing, "_store", slow)
    await refused(capture, opened, range(6))
    monkeypatch.setattr(capture_writing, "_store", real)
    await stored(capture, opened, range(6))

    assert sum(groups) <= 6, "somebody was tried again after having been told to come back"


async def test_a_lost_database_is_not_asked_for_each_member_of_a_group(
    opened: OpenCampaign, capture: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    async def lost(accepted: list[object], *_: object) -> bool:
        calls.append(len(accepted))
        raise asyncpg.ConnectionDoesNotExistError("connection was closed")

    monkeypatch.setattr(capture_writing, "_store", lost)
    await refused(capture, opened, range(8))

    assert len(calls) < 8


async def test_members_of_a_group_that_are_tried_one_by_one_wait_no_longer_than_others(
    opened: OpenCampaign, capture: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail_slowly(*_: object) -> bool:
        await asyncio.sleep(1)
        raise ValueError

    monkeypatch.setattr(queue, "CALLER_S", 0.5)
    monkeypatch.setattr(capture_writing, "_store", fail_slowly)

    await refused(capture, opened, range(2))


async def test_stopping_does_not_wait_for_a_silent_database(
    opened: OpenCampaign, now: datetime, capture: Capture, server: EmbeddedPostgres
) -> None:
    assert server.pid is not None
    with stopped(server.pid):
        waiting = asyncio.create_task(capture.submit(opened.tokens["P0000"], answer_sheet(0)))
        await asyncio.sleep(0)
        async with asyncio.timeout(2 * PROMISE_S):
            await capture.stop()
        with pytest.raises(StorageUnavailable):
            await waiting
    await capture.start()
