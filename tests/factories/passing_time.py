"""Time that passes at a word: the clock of the jobs and the queue move on together."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

from models.engine import connection, operator_transaction
from survey.campaigns.open import open_campaign
from survey.campaigns.read import CampaignView
from survey.jobs.worker import run_worker
from survey.messages.message import Channel
from survey.workload import workload
from tests.factories.server import KEYS, NOW, SEALS, SERVER_KEY

__all__ = ["PassingTime"]

_SHIFT = "UPDATE pgqueuer SET execute_after = execute_after - $1::interval"
_DUE = """
SELECT count(*) FROM pgqueuer
WHERE status = 'picked' OR status = 'queued' AND execute_after <= now()
"""
_PATIENCE_S = 60


class PassingTime:
    """A clock that stands still until it is told how much time passes.

    Parameters
    ----------
    channel : Channel
        Where the messages of the kind ``folder`` go.
    now : datetime
        UTC.
    """

    def __init__(self, channel: Channel, now: datetime = NOW) -> None:
        self.now = now
        self.channels = {"folder": channel}

    async def work(self) -> None:
        """Let a real worker do every job that is due, and those that these make due."""
        jobs = workload(
            server_key=SERVER_KEY,
            seals=SEALS,
            channels=self.channels,
            form_url="http://localhost/answer",
            clock=lambda: self.now,
        )
        stop = asyncio.Event()
        poll = timedelta(milliseconds=20)
        working = asyncio.create_task(run_worker(jobs, stop=stop, poll=poll))
        async with asyncio.timeout(_PATIENCE_S):
            while await self._due():  # noqa: ASYNC110 - the database has no event for it
                await asyncio.sleep(0.02)
        stop.set()
        await working

    async def sleep(self, by: timedelta) -> None:
        """Let time pass while no worker is there."""
        async with operator_transaction():
            await connection().execute(_SHIFT, by)
        self.now += by

    async def pass_by(self, by: timedelta, *, step: timedelta = timedelta(hours=1)) -> None:
        """Let time pass in steps, with a worker that does what becomes due."""
        end = self.now + by
        while self.now < end:
            await self.sleep(min(step, end - self.now))
            await self.work()

    async def open(self, organisation: UUID, campaign: UUID) -> CampaignView:
        """Open or schedule a campaign now."""
        return await open_campaign(
            organisation,
            campaign,
            server_key=SERVER_KEY,
            keys=KEYS,
            channel="folder",
            channels=self.channels,
            now=self.now,
        )

    async def _due(self) -> int:
        async with operator_transaction():
            return int(await connection().fetchval(_DUE))
