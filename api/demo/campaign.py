"""The demo company's campaign, through the same use cases as any customer's."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from analytics.results import Analysis
from api.demo.crowd import Sheet
from seed.content import standard_instrument
from seed.demo.answers import demo_answers
from seed.demo.people import demo_people
from seed.loader import load_demo
from survey.access.keys import KeyPlan, create_key
from survey.access.scopes import SCOPES
from survey.campaigns.close import close_campaign
from survey.campaigns.draft import draft_campaign
from survey.campaigns.invitations import invitation_tokens
from survey.campaigns.open import open_campaign
from survey.campaigns.plan import CampaignPlan
from survey.campaigns.read import list_campaigns
from survey.releases.compute import release_campaign
from survey.releases.store import read_analysis

__all__ = ["OpenCampaign", "close_and_release", "key_for_a_day", "open_next_wave"]

NAME = "AI scaling conditions"
CHANNEL = "console"
SEED = 2026


class OpenCampaign(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign that is waiting for answers."""

    company: str
    organisation: UUID
    campaign: UUID
    wave: int
    invited: int
    sheets: tuple[Sheet, ...]
    """Those who will answer, with what they will say."""


async def open_next_wave(server_key: bytes) -> OpenCampaign:
    """Load the demo company, and open its next campaign."""
    now = datetime.now(UTC)
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
    await open_campaign(owner.id, drafted.id, server_key=server_key, channel=CHANNEL, now=now)
    tokens = await invitation_tokens(owner.id, drafted.id, server_key=server_key)
    return OpenCampaign(
        company=owner.name,
        organisation=owner.id,
        campaign=drafted.id,
        wave=wave,
        invited=len(tokens),
        sheets=_sheets(tokens),
    )


async def close_and_release(opened: OpenCampaign) -> tuple[Analysis, dict[str, str]]:
    """Close the campaign, release it, and read the release with the names of its units."""
    now = datetime.now(UTC)
    await close_campaign(opened.organisation, opened.campaign, now=now)
    release = await release_campaign(
        opened.organisation, opened.campaign, seed=SEED, now=datetime.now(UTC)
    )
    return await read_analysis(opened.organisation, release)


async def key_for_a_day(organisation: UUID) -> str:
    """Return a new API key of the demo company that may do everything until tomorrow."""
    now = datetime.now(UTC)
    plan = KeyPlan(
        name="demonstration", scopes=tuple(SCOPES), expires_at=now + timedelta(days=1)
    )
    issued = await create_key(organisation, plan, now=now)
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


def _sheets(tokens: dict[str, str]) -> tuple[Sheet, ...]:
    people = demo_people()
    locales = {person.external_id: person.locale for person in people}
    return tuple(
        Sheet(token=tokens[given.external_id], locale=locales[given.external_id], answers=given)
        for given in demo_answers(people)
    )
