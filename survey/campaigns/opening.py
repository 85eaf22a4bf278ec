"""Opening campaigns at the moment that was set: a job that sleeps until then."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from models.engine import connection, transaction
from survey.access.actors import PLATFORM
from survey.campaigns.open import open_campaign
from survey.campaigns.read import (
    CampaignProblem,
    CampaignView,
    locked_campaign,
    read_campaign,
)
from survey.campaigns.schedule import OPEN, OpenJob, sleep_until
from survey.errors import SurveyError
from survey.jobs.kind import Attempt, Retry, Work
from survey.jobs.store import Clock
from survey.messages.message import Channel
from survey.sealing.key_folder import KeyFolder

__all__ = ["opening_when_due"]

_log = logging.getLogger(__name__)

_BACKOFF = Retry(first=timedelta(minutes=1), longest=timedelta(hours=1))
"""Of openings that are refused; they are tried until one succeeds, or nobody wants it more."""
_UNEXPECTED = CampaignProblem(
    code="internal-error", detail="It failed. The log of the worker says why."
)

_NOTE = """
UPDATE campaign SET problem = $2, revision = revision + 1
WHERE id = $1 AND problem IS DISTINCT FROM $2::jsonb
"""


def opening_when_due(
    *, server_key: bytes, keys: KeyFolder, channels: Mapping[str, Channel], clock: Clock
) -> Work[OpenJob]:
    """Return the work that opens campaigns whose time has come.

    Parameters
    ----------
    server_key, keys, channels
        As for `open_campaign`.
    clock : callable
        Returns the present moment, UTC.
    """

    async def open_now(job: OpenJob, campaign: CampaignView, now: datetime) -> None:
        await open_campaign(
            job.organisation,
            campaign.id,
            server_key=server_key,
            keys=keys,
            channel=str(campaign.channel),
            channels=channels,
            now=now,
            by=PLATFORM,
        )

    async def run(job: OpenJob, attempt: Attempt) -> None:
        now = clock()
        campaign = await read_campaign(job.organisation, job.campaign)
        if campaign.state != "scheduled" or campaign.opens_at != job.moment:
            return
        if campaign.opens_at > now:
            async with transaction(job.organisation):
                await sleep_until(job, job.moment, now=now)
            return
        try:
            await open_now(job, campaign, now)
        except SurveyError as refusal:
            problem = CampaignProblem(code=refusal.code, detail=refusal.message)
            await _try_again(job, problem, now=now)
        except Exception:
            if attempt.last:
                await _try_again(job, _UNEXPECTED, now=now)
            raise

    return Work(kind=OPEN, run=run)


async def _try_again(job: OpenJob, problem: CampaignProblem, *, now: datetime) -> None:
    """Show why a campaign has not opened, and try again later; unless it was changed."""
    wait = _BACKOFF.delay_after(job.refusals)
    again = msgspec.structs.replace(job, refusals=job.refusals + 1)
    async with transaction(job.organisation):
        campaign = await locked_campaign(job.campaign)
        if campaign.state != "scheduled" or campaign.opens_at != job.moment:
            return
        _log.error("Campaign %s has not opened: %s", job.campaign, problem.detail)
        await connection().execute(_NOTE, job.campaign, msgspec.json.encode(problem).decode())
        await sleep_until(again, now + wait, now=now)
