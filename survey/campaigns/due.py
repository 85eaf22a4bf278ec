"""Closing campaigns at the moment that was set: a job that sleeps until then."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from models.engine import transaction
from survey.access.actors import PLATFORM
from survey.campaigns.close import start_closing
from survey.campaigns.read import locked_campaign
from survey.jobs.kind import Attempt, JobKind, Work
from survey.jobs.queue import enqueue
from survey.jobs.store import Clock

__all__ = ["DUE", "DueJob", "close_at", "closing_when_due"]


class DueJob(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign that closes by itself."""

    organisation: UUID
    campaign: UUID


DUE = JobKind(name="close-when-due", payload=DueJob)
_A_MOMENT_LATER = timedelta(seconds=1)
"""Clocks differ: a job that wakes too early would find nothing to do."""


async def close_at(
    organisation: UUID, campaign: UUID, moment: datetime, *, now: datetime
) -> None:
    """Have a campaign closed at a moment, in the current transaction.

    Nothing is to be taken back if the moment is changed: a job that finds the campaign not due
    sleeps until it is.
    """
    job = DueJob(organisation=organisation, campaign=campaign)
    await enqueue(DUE, [job], after=max(moment - now, timedelta(0)) + _A_MOMENT_LATER)


def closing_when_due(*, clock: Clock) -> Work[DueJob]:
    """Return the work that starts to close campaigns whose time has come."""

    async def run(job: DueJob, _: Attempt) -> None:
        now = clock()
        async with transaction(job.organisation):
            campaign = await locked_campaign(job.campaign)
            if campaign.state != "open" or campaign.closes_at is None:
                return
            if campaign.closes_at > now:
                await close_at(job.organisation, job.campaign, campaign.closes_at, now=now)
            else:
                await start_closing(job.organisation, job.campaign, by=PLATFORM, now=now)

    return Work(kind=DUE, run=run)
