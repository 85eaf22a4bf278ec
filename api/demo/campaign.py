"""The demo company's campaign, through the same use cases as any customer's."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from analytics.results import Analysis
from api.demo.crowd import Sheet
from api.failures import CommandFailed
from seed.content import standard_instrument
from seed.demo.answers import demo_answers
from seed.demo.people import demo_people
from seed.loader import load_demo
from survey.access.actors import COMMAND_LINE
from survey.access.keys import KeyPlan, create_key
from survey.access.scopes import GENERAL_SCOPES
from survey.campaigns.close import closing, start_closing
from survey.campaigns.draft import draft_campaign
from survey.campaigns.invitations import invitation_tokens
from survey.campaigns.open import open_campaign
from survey.campaigns.plan import CampaignPlan
from survey.campaigns.read import list_campaigns
from survey.jobs.kind import Work
from survey.jobs.store import JobView, read_job
from survey.jobs.worker import drain_queue
from survey.messages.message import Channel
from survey.releases.compute import releasing, start_release
from survey.releases.store import read_analysis
from survey.sealing.key_folder import KeyFolder
from survey.sealing.seals import Seals

__all__ = ["OpenCampaign", "close_and_release", "key_for_a_day", "open_next_wave"]

NAME = "AI scaling conditions"
CHANNEL = "console"
SEED = 2026
_LOOK = timedelta(seconds=0.1)
"""How often to look whether a job has ended."""


class OpenCampaign(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign that is waiting for answers."""

    company: str
    organisation: UUID
    campaign: UUID
    wave: int
    invited: int
    sheets: tuple[Sheet, ...]
    """Those who will answer, with what they will say."""
    tokens: dict[str, str]
    """Token of the first person of each role."""


async def open_next_wave(
    server_key: bytes,
    keys: KeyFolder,
    *,
    channels: Mapping[str, Channel],
    channel: str = CHANNEL,
) -> OpenCampaign:
    """Load the demo company, and open its next campaign."""
    now = _now()
    owner = await load_demo(now=now)
    wave = await _next_wave(owner.id)
    definition = standard_instrument()
    plan = CampaignPlan(
        name=NAME,
        wave=wave,
        instrument_key=definition.key,
        instrument_version=definition.version,
    )
    drafted = await draft_campaign(owner.id, plan, now=now)
    await open_campaign(
        owner.id,
        drafted.id,
        server_key=server_key,
        keys=keys,
        channel=channel,
        channels=channels,
        now=now,
    )
    tokens = await invitation_tokens(owner.id, drafted.id, server_key=server_key)
    return OpenCampaign(
        company=owner.name,
        organisation=owner.id,
        campaign=drafted.id,
        wave=wave,
        invited=len(tokens),
        sheets=_sheets(tokens),
        tokens=_one_per_role(tokens),
    )


async def close_and_release(
    opened: OpenCampaign, keys: KeyFolder
) -> tuple[Analysis, dict[str, str]]:
    """Close the campaign, release it, and read the release with the names of its units.

    Raises
    ------
    CommandFailed
        A job failed: the demonstration's campaign can be closed and released, so this is a
        defect.
    """
    organisation, campaign = opened.organisation, opened.campaign
    await _done(
        await start_closing(organisation, campaign, by=COMMAND_LINE, now=_now()),
        organisation,
        keys,
    )
    released = await _done(
        await start_release(organisation, campaign, seed=SEED, by=COMMAND_LINE, now=_now()),
        organisation,
        keys,
    )
    return await read_analysis(organisation, UUID(released.rpartition("/")[2]))


async def _done(job: JobView, organisation: UUID, keys: KeyFolder) -> str:
    """Work until this process or a worker has ended a job; return its result."""
    work: list[Work[Any]] = [closing(seals=Seals(keys), clock=_now), releasing(clock=_now)]
    await drain_queue(work, poll=_LOOK)
    while (job := await read_job(organisation, job.id)).result is None:
        if job.problem is not None:
            raise CommandFailed(job.problem.detail)
        await asyncio.sleep(_LOOK.total_seconds())
    return job.result


def _now() -> datetime:
    return datetime.now(UTC)


async def key_for_a_day(organisation: UUID) -> str:
    """Return a new API key of the demo company with the general scopes, good until tomorrow."""
    plan = KeyPlan(
        name="demonstration", scopes=GENERAL_SCOPES, expires_at=_now() + timedelta(days=1)
    )
    issued = await create_key(organisation, plan, now=_now())
    return str(issued.key)


async def _next_wave(organisation: UUID) -> int:
    """Return the wave after the last one of the demonstration."""
    last, cursor = 0, None
    while True:
        page = await list_campaigns(organisation, after=cursor, limit=100)
        last = max([last, *(one.wave for one in page.items if one.name == NAME)])
        cursor = page.next
        if cursor is None:
            return last + 1


def _one_per_role(tokens: dict[str, str]) -> dict[str, str]:
    people = reversed(demo_people())
    return {one.role: tokens[one.external_id] for one in people if one.external_id in tokens}


def _sheets(tokens: dict[str, str]) -> tuple[Sheet, ...]:
    people = demo_people()
    locales = {person.external_id: person.locale for person in people}
    return tuple(
        Sheet(token=tokens[given.external_id], locale=locales[given.external_id], answers=given)
        for given in demo_answers(people)
    )
