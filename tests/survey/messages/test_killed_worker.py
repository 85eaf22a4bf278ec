"""A worker is killed while it sends: every message leaves, and repeats have the same key."""

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from models.engine import connection, operator_transaction
from survey.campaigns.open import open_campaign
from survey.jobs.worker import SILENCE, drain_queue
from survey.messages.claims import LEASE
from survey.messages.delivery import delivering
from survey.messages.kind import ChannelPlan
from survey.messages.setting_up import set_channel
from tests.architecture.tracked import ROOT
from tests.databases import login_dsn
from tests.factories.campaigns import make_draft, rows_of
from tests.factories.directory import load_company
from tests.factories.mail_server import MailServer, mail_server
from tests.factories.server import KEYS, NOW, SERVER_KEY

PATIENCE_S = 120
LATER = timedelta(minutes=10)


@pytest.fixture
async def empty_queue(database: str) -> AsyncIterator[None]:
    """Take away the jobs of other tests before, and our own afterwards."""
    await clear()
    yield
    await clear()


async def clear() -> None:
    async with operator_transaction():
        await connection().execute("DELETE FROM pgqueuer")
        await connection().execute("DELETE FROM pgqueuer_log")


@pytest.mark.usefixtures("empty_queue")
@pytest.mark.parametrize("people", [200, pytest.param(5_000, marks=pytest.mark.slow)])
async def test_a_killed_worker_loses_no_message_and_its_repeats_have_the_same_key(
    database: str, organisation: UUID, people: int
) -> None:
    with mail_server(login=False) as far:
        await open_by_mail(organisation, far, people)
        await send_and_be_killed(database, far, after=people // 3)
        sent_before = len(far.mails)
        await forget_the_dead()
        work = delivering(
            server_key=SERVER_KEY,
            channels={},
            form_url="https://survey.example.com",
            clock=lambda: datetime.now(UTC) + LATER,
        )
        soon = timedelta(milliseconds=20)
        await drain_queue([work], backoff=lambda _: soon, poll=soon)

    assert LEASE < LATER
    assert people // 3 <= sent_before < people
    assert await rows_of(organisation, "SELECT DISTINCT state FROM delivery") == [
        {"state": "sent"}
    ]
    mails = Counter((mail["To"], mail["Message-ID"]) for mail in far.read())
    assert len({to for to, _ in mails}) == len(mails) == people
    assert len(far.mails) - people <= 20  # what four jobs had claimed when it died


async def open_by_mail(organisation: UUID, far: MailServer, people: int) -> None:
    await load_company(organisation, {"U1": people})
    draft = await make_draft(organisation)
    plan = ChannelPlan(
        url=f"smtp://127.0.0.1:{far.port}", sender="o@example.com", rate_per_minute=100_000
    )
    await set_channel(organisation, "email", plan, server_key=SERVER_KEY, now=NOW)
    await open_campaign(
        organisation,
        draft.id,
        server_key=SERVER_KEY,
        keys=KEYS,
        channel="email",
        channels={},
        now=NOW,
    )


async def send_and_be_killed(database: str, far: MailServer, *, after: int) -> None:
    """Start a worker, and kill it once so many mails have arrived."""
    arguments = ["-m", "tests.survey.messages.sender_process", login_dsn(database), database]
    worker = await asyncio.create_subprocess_exec(sys.executable, *arguments, cwd=ROOT)
    try:
        async with asyncio.timeout(PATIENCE_S):
            while len(far.mails) < after:
                assert worker.returncode is None, "the worker ended"
                await asyncio.sleep(0.005)
    finally:
        worker.kill()
        await worker.wait()


async def forget_the_dead() -> None:
    """Let as much time pass as it takes to notice that a worker has died."""
    async with operator_transaction():
        await connection().execute(
            "UPDATE pgqueuer SET heartbeat = now() - $1::interval WHERE status = 'picked'",
            SILENCE + timedelta(seconds=1),
        )
