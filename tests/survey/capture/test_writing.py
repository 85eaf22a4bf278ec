"""Exactly-once capture, in one process; what a killed server leaves is tested in tests/api."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from models.engine import pool, start_engine, stop_engine, transaction
from models.errors import EngineNotStarted
from survey.access.actors import COMMAND_LINE
from survey.campaigns.close import start_closing
from survey.capture import writing as capture_writing
from survey.capture.errors import (
    AlreadySubmitted,
    CampaignClosing,
    CampaignNotOpen,
    CaptureOverloaded,
    InvitationUnknown,
    StorageUnavailable,
    SubmissionRejected,
)
from survey.capture.queue import Capture, Receipt
from survey.capture.submission import Submission
from tests.databases import login_dsn
from tests.factories.open_campaign import (
    ITEMS,
    OpenCampaign,
    answer_sheet,
    open_standard_campaign,
)
from tests.factories.sealed import sealed_comments, sealed_sheets
from tests.factories.server import SEALS

_WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


@pytest.fixture
async def opened(organisation: UUID, now: datetime) -> OpenCampaign:
    return await open_standard_campaign(organisation, now=now)


async def test_a_submission_is_stored_as_given(opened: OpenCampaign, capture: Capture) -> None:
    given = answer_sheet(77, comments={"comment_help": "More time."})

    receipt = await capture.submit(opened.tokens["P0000"], given)

    assert receipt == Receipt(opened.campaign)
    assert await opened.answers() == [[given.answers[key] for key in ITEMS]]
    (comment,) = await sealed_comments(opened.organisation, opened.campaign)
    assert (comment.unit, comment.item, comment.text) == ("U0", "comment_help", "More time.")


async def test_unanswered_items_are_stored_as_null(
    opened: OpenCampaign, capture: Capture
) -> None:
    await capture.submit(opened.tokens["P0000"], Submission(answers={ITEMS[2]: 4}))

    assert await opened.answers() == [[None, None, 4] + [None] * 59]


async def test_three_at_once_with_one_token_are_stored_once(
    opened: OpenCampaign, capture: Capture
) -> None:
    token = opened.tokens["P0000"]

    receipts = await asyncio.gather(*(capture.submit(token, answer_sheet(5)) for _ in range(3)))

    assert set(receipts) == {Receipt(opened.campaign)}
    assert await opened.sheets() == 1


async def test_everybody_who_submits_at_once_is_stored_once(
    opened: OpenCampaign, capture: Capture
) -> None:
    people = [key for key in opened.tokens if key.startswith("P")]
    given = {key: answer_sheet(number) for number, key in enumerate(people)}

    await asyncio.gather(
        *(capture.submit(opened.tokens[key], given[key]) for key in people for _ in range(3))
    )

    expected = [[given[key].answers[item] for item in ITEMS] for key in people]
    assert await opened.answers() == sorted(expected, key=str)


async def test_a_repeat_gets_the_same_receipt(opened: OpenCampaign, capture: Capture) -> None:
    token = opened.tokens["P0000"]
    first = await capture.submit(token, answer_sheet(5))

    assert await capture.submit(token, answer_sheet(5)) == first
    assert await opened.sheets() == 1


async def test_another_body_on_a_spent_token_is_refused(
    opened: OpenCampaign, capture: Capture
) -> None:
    token = opened.tokens["P0000"]
    await capture.submit(token, answer_sheet(5))

    with pytest.raises(AlreadySubmitted):
        await capture.submit(token, answer_sheet(6))
    assert await opened.sheets() == 1


async def test_an_unknown_token_is_refused(opened: OpenCampaign, capture: Capture) -> None:
    with pytest.raises(InvitationUnknown):
        await capture.submit("x" * 43, answer_sheet(5))


async def test_a_broken_sheet_spends_no_token(opened: OpenCampaign, capture: Capture) -> None:
    token = opened.tokens["P0000"]

    with pytest.raises(SubmissionRejected, match="1 field breaks"):
        await capture.submit(token, Submission(answers={ITEMS[0]: 9}))

    await capture.submit(token, answer_sheet(5))
    assert await opened.sheets() == 1


async def test_a_bad_submission_does_not_fail_its_neighbours(
    opened: OpenCampaign, capture: Capture
) -> None:
    results = await asyncio.gather(
        capture.submit(opened.tokens["P0000"], answer_sheet(1)),
        capture.submit(opened.tokens["P0001"], Submission()),
        capture.submit("nobody", answer_sheet(2)),
        capture.submit(opened.tokens["P0002"], answer_sheet(3)),
        return_exceptions=True,
    )

    assert [type(result) for result in results] == [
        Receipt,
        SubmissionRejected,
        InvitationUnknown,
        Receipt,
    ]
    assert await opened.sheets() == 2


async def test_a_group_that_the_database_refuses_is_written_one_by_one(
    opened: OpenCampaign, capture: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = capture_writing._store

    async def refuse_the_second(accepted: Any, *others: Any) -> bool:
        if any(one.submission == answer_sheet(2) for one in accepted):
            raise asyncpg.DataError("this one cannot be stored")
        return await real(accepted, *others)

    monkeypatch.setattr(capture_writing, "_store", refuse_the_second)

    results = await asyncio.gather(
        *(capture.submit(opened.tokens[f"P000{n}"], answer_sheet(n)) for n in (1, 2, 3)),
        return_exceptions=True,
    )

    assert [isinstance(result, Receipt) for result in results] == [True, False, True]
    assert await opened.sheets() == 2


async def test_people_of_two_organisations_are_written_apart(
    opened: OpenCampaign, other_organisation: UUID, capture: Capture, now: datetime
) -> None:
    other = await open_standard_campaign(other_organisation, now=now)

    await asyncio.gather(
        capture.submit(opened.tokens["P0000"], answer_sheet(1)),
        capture.submit(other.tokens["P0000"], answer_sheet(2)),
    )

    assert (await opened.sheets(), await other.sheets()) == (1, 1)


async def test_a_campaign_past_its_end_takes_nothing(
    organisation: UUID, database: str, now: datetime
) -> None:
    opened = await open_standard_campaign(
        organisation, now=now, closes_at=now + timedelta(hours=1)
    )
    late = Capture(lambda: now + timedelta(hours=1), SEALS)
    await late.start()

    with pytest.raises(CampaignNotOpen):
        await late.submit(opened.tokens["P0000"], answer_sheet(5))
    await late.stop()
    assert await opened.sheets() == 0


async def test_sponsors_decide_on_consent(opened: OpenCampaign, capture: Capture) -> None:
    answers = {f"executive_sponsorship_{number}": 4 for number in range(1, 9)}
    await capture.submit(opened.tokens["S0000"], Submission(answers=answers, consent=False))

    (row,) = (await sealed_sheets(opened.organisation, opened.campaign)).rows(named=True)
    assert (row["role"], row["consent"]) == ("sponsor", False)


async def test_a_lost_commit_is_an_error_and_its_repeat_finds_out(
    opened: OpenCampaign, capture: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = capture_writing._store

    async def store_then_lose(*args: Any) -> bool:
        await real(*args)
        raise asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of it")

    monkeypatch.setattr(capture_writing, "_store", store_then_lose)
    with pytest.raises(StorageUnavailable):
        await capture.submit(opened.tokens["P0000"], answer_sheet(5))
    monkeypatch.setattr(capture_writing, "_store", real)

    assert await opened.sheets() == 1
    assert await capture.submit(opened.tokens["P0000"], answer_sheet(5)) == Receipt(
        opened.campaign
    )
    assert await opened.sheets() == 1


@pytest.mark.parametrize(
    "failure",
    [
        asyncpg.DiskFullError("could not extend file: No space left on device"),
        asyncpg.InternalClientError("got result for unknown protocol state 3"),
    ],
)
async def test_a_failing_database_never_gives_a_receipt(
    opened: OpenCampaign, capture: Capture, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    async def fail(*_: object) -> None:
        raise failure

    monkeypatch.setattr(capture_writing, "_store", fail)

    results = await asyncio.gather(
        *(capture.submit(opened.tokens[f"P000{n}"], answer_sheet(n)) for n in range(3)),
        return_exceptions=True,
    )

    assert {type(result) for result in results} == {StorageUnavailable}
    assert await opened.sheets() == 0


async def test_a_permanent_fault_is_not_answered_with_come_back_later(
    opened: OpenCampaign, capture: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        await pool().execute("INSERT INTO no_such_table VALUES (1)")

    monkeypatch.setattr(capture_writing, "_store", fail)

    with pytest.raises(asyncpg.UndefinedTableError):
        await capture.submit(opened.tokens["P0000"], answer_sheet(5))


async def test_stopping_writes_what_is_waiting(opened: OpenCampaign, now: datetime) -> None:
    capture = Capture(lambda: now, SEALS)
    await capture.start()
    waiting = [
        asyncio.create_task(capture.submit(opened.tokens[f"P000{n}"], answer_sheet(n)))
        for n in range(5)
    ]
    await asyncio.sleep(0)

    await capture.stop()

    assert {await task for task in waiting} == {Receipt(opened.campaign)}


async def test_a_stopped_capture_asks_callers_to_come_back(
    opened: OpenCampaign, now: datetime
) -> None:
    capture = Capture(lambda: now, SEALS)
    await capture.start()
    await capture.stop()

    with pytest.raises(CaptureOverloaded):
        await capture.submit(opened.tokens["P0000"], answer_sheet(5))


async def test_whoever_waits_for_the_close_learns_of_it(
    opened: OpenCampaign, capture: Capture, database: str, now: datetime
) -> None:
    async with transaction(opened.organisation):
        await start_closing(opened.organisation, opened.campaign, by=COMMAND_LINE, now=now)
        waiting = asyncio.create_task(capture.submit(opened.tokens["P0000"], answer_sheet(5)))
        await somebody_waits(database)

    with pytest.raises(CampaignClosing):
        await waiting


async def somebody_waits(database: str) -> None:
    """Return as soon as a transaction waits for another one."""
    observer = await asyncpg.connect(database)
    try:
        async with asyncio.timeout(30):
            while not await observer.fetchval(_WAITING):  # noqa: ASYNC110 - the database has no event for it
                await asyncio.sleep(0.01)
    finally:
        await observer.close()


async def test_a_failure_before_the_database_is_asked_ends_no_writer(
    opened: OpenCampaign, capture: Capture, database: str
) -> None:
    await stop_engine()
    try:
        for number in range(3):
            with pytest.raises(EngineNotStarted):
                async with asyncio.timeout(30):
                    await capture.submit(opened.tokens["P0000"], answer_sheet(number))
    finally:
        await start_engine(login_dsn(database), owner=database)

    assert await capture.submit(opened.tokens["P0000"], answer_sheet(5)) == Receipt(
        opened.campaign
    )


async def test_what_came_before_the_start_is_written_after_it(
    opened: OpenCampaign, now: datetime
) -> None:
    capture = Capture(lambda: now, SEALS)
    early = asyncio.create_task(capture.submit(opened.tokens["P0000"], answer_sheet(5)))
    await asyncio.sleep(0)

    await capture.start()

    async with asyncio.timeout(30):
        assert await early == Receipt(opened.campaign)
    await capture.stop()


@pytest.mark.parametrize(("mode", "linked"), [("anonymous", False), ("confidential", True)])
async def test_only_a_confidential_response_knows_its_person(
    organisation: UUID, capture: Capture, now: datetime, mode: str, linked: bool
) -> None:
    opened = await open_standard_campaign(organisation, now=now, mode=mode)

    await capture.submit(opened.tokens["P0000"], answer_sheet(5))

    sheets = await sealed_sheets(organisation, opened.campaign)
    assert (sheets["person"][0] is not None) is linked
