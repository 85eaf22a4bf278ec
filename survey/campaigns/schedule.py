"""Scheduling a campaign: it is checked now, and opens by itself at the moment that was set."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from models.engine import connection
from models.enums import AuditAction
from survey.access.actors import Actor
from survey.access.audit import record_event
from survey.campaigns.read import CampaignView, read_campaign
from survey.jobs.kind import JobKind
from survey.jobs.queue import enqueue

__all__ = [
    "OPEN",
    "OpenJob",
    "later_moment",
    "open_at",
    "schedule_campaign",
    "sleep_until",
]

_A_MOMENT_LATER = timedelta(seconds=1)
"""Clocks differ: a job that wakes too early would find nothing to do."""

_SCHEDULE = """
UPDATE campaign SET state = 'scheduled', channel = $2, revision = revision + 1 WHERE id = $1
"""


class OpenJob(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign that opens by itself."""

    organisation: UUID
    campaign: UUID
    moment: datetime
    """When it is to open; a job ends quietly if that has been changed."""
    refusals: int = 0
    """How often it could not open at this moment or after it."""


OPEN = JobKind(name="open-when-due", payload=OpenJob)


def later_moment(campaign: CampaignView, now: datetime) -> datetime | None:
    """Return when a campaign opens that is opened now; None if it does at once."""
    moment = campaign.opens_at
    return moment if moment is not None and moment > now else None


async def schedule_campaign(
    organisation: UUID,
    campaign: UUID,
    moment: datetime,
    *,
    channel: str,
    now: datetime,
    by: Actor,
) -> CampaignView:
    """Have a campaign opened at its moment, in the current transaction that has checked it.

    Parameters
    ----------
    campaign : UUID
        A locked draft that could open now.
    moment : datetime
        When it opens, UTC; its ``opens_at``.
    channel : str
        Kind of the channel that will bring the messages.
    by : Actor
        Who schedules it; the audit trail keeps that.
    """
    await connection().execute(_SCHEDULE, campaign, channel)
    await open_at(organisation, campaign, moment, now=now)
    scheduled = await read_campaign(organisation, campaign)
    await record_event(
        organisation,
        AuditAction.CAMPAIGN_SCHEDULED,
        f"/v1/campaigns/{campaign}",
        facts={"channel": channel, "opensAt": msgspec.to_builtins(moment)},
        by=by,
    )
    return scheduled


async def open_at(
    organisation: UUID, campaign: UUID, moment: datetime, *, now: datetime
) -> None:
    """Have a scheduled campaign opened at a moment, in the current transaction.

    Nothing is to be taken back if the moment is changed: a job of another moment ends.
    """
    job = OpenJob(organisation=organisation, campaign=campaign, moment=moment)
    await sleep_until(job, moment, now=now)


async def sleep_until(job: OpenJob, moment: datetime, *, now: datetime) -> None:
    """Queue a job for a moment, in the current transaction."""
    await enqueue(OPEN, [job], after=max(moment - now, timedelta(0)) + _A_MOMENT_LATER)
