"""Campaigns of a small instrument: drafted, opened and answered through the use cases."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from models.engine import connection, operator_transaction, transaction
from survey.access.actors import COMMAND_LINE
from survey.access.tokens import derive_token, token_hash
from survey.campaigns.close import CloseJob, closing, start_closing
from survey.campaigns.draft import draft_campaign
from survey.campaigns.open import open_campaign
from survey.campaigns.plan import CampaignPlan
from survey.campaigns.read import CampaignView, read_campaign
from survey.capture.submission import Submission
from survey.capture.writing import Entry, write_group
from survey.instruments.store import import_instrument, publish_instrument
from survey.jobs.kind import Attempt
from survey.jobs.store import read_job
from survey.messages.link import LINK, LinkChannel
from survey.messages.outbox import DeliverJob
from survey.releases.compute import ReleaseJob, releasing, start_release
from tests.factories.definition import make_definition
from tests.factories.directory import load_company
from tests.factories.server import CHANNELS, KEYS, NOW, SEALS, SERVER_KEY

__all__ = [
    "close_campaign",
    "entry_of",
    "jobs_of",
    "make_draft",
    "make_open",
    "open_by_links",
    "plan",
    "release_campaign",
    "rows_of",
    "submit",
    "token_of",
]

ONLY_ATTEMPT = Attempt(number=0, last=True)


def plan(**fields: Any) -> CampaignPlan:
    """Return a plan of the small instrument's first wave."""
    small = {"name": "Baseline", "instrument_key": "small", "instrument_version": 1}
    return CampaignPlan(**(small | fields))


async def make_draft(organisation: UUID, **fields: Any) -> CampaignView:
    """Publish the small instrument and draft a campaign with it."""
    await import_instrument(organisation, make_definition())
    await publish_instrument(organisation, key="small", version=1, now=NOW)
    return await draft_campaign(organisation, plan(**fields), now=NOW)


async def make_open(
    organisation: UUID, people_per_unit: Mapping[str, int], **fields: Any
) -> CampaignView:
    """Load a company and open a campaign for its contributors."""
    await load_company(organisation, people_per_unit)
    draft = await make_draft(organisation, **fields)
    return await open_campaign(
        organisation,
        draft.id,
        server_key=SERVER_KEY,
        keys=KEYS,
        channel="console",
        channels=CHANNELS,
        now=NOW,
    )


async def open_by_links(organisation: UUID, draft: CampaignView) -> CampaignView:
    """Open a campaign whose links the office brings to people."""
    return await open_campaign(
        organisation,
        draft.id,
        server_key=SERVER_KEY,
        keys=KEYS,
        channel=LINK,
        channels={LINK: LinkChannel()},
        now=NOW,
    )


async def close_campaign(
    organisation: UUID, campaign: UUID, *, now: datetime = NOW
) -> CampaignView:
    """Close a campaign; its job is done here and now, whatever the queue holds."""
    started = await start_closing(organisation, campaign, by=COMMAND_LINE, now=now)
    job = CloseJob(organisation=organisation, job=started.id, campaign=campaign)
    await closing(seals=SEALS, clock=lambda: now).run(job, ONLY_ATTEMPT)
    return await read_campaign(organisation, campaign)


async def release_campaign(
    organisation: UUID, campaign: UUID, *, seed: int = 0, now: datetime = NOW
) -> UUID:
    """Release a campaign; its job is done here and now, whatever the queue holds."""
    started = await start_release(organisation, campaign, seed=seed, by=COMMAND_LINE, now=now)
    job = ReleaseJob(organisation=organisation, job=started.id, campaign=campaign, seed=seed)
    await releasing(clock=lambda: now).run(job, ONLY_ATTEMPT)
    ended = await read_job(organisation, started.id)
    assert ended.result is not None, ended.problem
    return UUID(ended.result.rpartition("/")[2])


def token_of(invitation: UUID, generation: int = 1) -> str:
    """Return an invitation's token."""
    return derive_token(SERVER_KEY, invitation, generation)


async def submit(
    organisation: UUID,
    invitations: Sequence[UUID],
    *,
    now: datetime = NOW,
    **fields: Any,
) -> None:
    """Answer these invitations, each in a transaction of its own, in this order."""
    for invitation in invitations:
        entry = entry_of(invitation, **fields)
        (result,) = await write_group([entry], seals=SEALS, now=now)
        if isinstance(result, Exception):
            raise result


def entry_of(invitation: UUID, **fields: Any) -> Entry:
    """Return what an invited person submits."""
    given = {"answers": {"pain_1": 2, "pain_2": 3}, "comments": {"comment_help": "More time."}}
    submission = Submission(**(given | fields))
    token = token_of(invitation)
    return Entry(
        token=token,
        token_hash=token_hash(token),
        body=submission.canonical(),
        submission=submission,
    )


async def rows_of(organisation: UUID, query: str, *values: object) -> list[dict[str, Any]]:
    """Read rows as the application sees them."""
    async with transaction(organisation):
        return [dict(row) for row in await connection().fetch(query, *values)]


async def jobs_of(organisation: UUID) -> list[DeliverJob]:
    """Return the jobs that send messages of an organisation, in their order."""
    async with operator_transaction():
        rows = await connection().fetch(
            "SELECT payload FROM pgqueuer WHERE entrypoint = 'deliver' AND payload IS NOT NULL "
            "ORDER BY id"
        )
    jobs = [msgspec.json.decode(row["payload"], type=DeliverJob) for row in rows]
    return [job for job in jobs if job.organisation == organisation]
