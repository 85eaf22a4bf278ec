"""The form as an office previews it: of an instrument or a campaign, in any role and language.

Nothing is stored and nobody is invited, so a draft can be seen before anybody else sees it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from models.engine import reading
from survey.campaigns.read import read_campaign
from survey.capture.drafts import Draft
from survey.capture.invited import Invited
from survey.capture.languages import nearest_language
from survey.capture.visits import Visit
from survey.directory.organisations import OrganisationView, read_organisation
from survey.directory.settings import CampaignThresholds
from survey.instruments.checks import definition_problems
from survey.instruments.errors import InstrumentIncomplete
from survey.instruments.parts import Mode, Role
from survey.instruments.store import read_definition

__all__ = ["Previewed", "preview_form"]

_NOBODY = UUID(int=0)


class Previewed(NamedTuple):
    """What is previewed: a campaign, or else a version of an instrument."""

    campaign: UUID | None = None
    key: str = ""
    """Of the instrument; empty if there is a campaign."""
    version: int = 0


class _Plan(NamedTuple):
    """What a campaign says about a form; an instrument alone is shown as by default."""

    key: str
    version: int
    name: str
    mode: Mode
    closes_at: datetime | None
    thresholds: CampaignThresholds


async def preview_form(
    organisation: UUID,
    what: Previewed,
    *,
    role: Role,
    languages: Sequence[str | None] = (),
    now: datetime,
) -> Visit:
    """Return the form as somebody would see it.

    Parameters
    ----------
    languages : sequence of str or None
        The most wanted first; by default the instrument's own.

    Raises
    ------
    CampaignNotFound, InstrumentNotFound
        There is none.
    InstrumentIncomplete
        The draft cannot be shown yet; each problem is named.
    """
    async with reading(organisation):
        owner = await read_organisation(organisation)
        plan = await _plan(owner, what)
        stored, definition = await read_definition(
            organisation, key=plan.key, version=plan.version
        )
    if problems := definition_problems(definition):
        raise InstrumentIncomplete(plan.key, plan.version, problems)
    locale = nearest_language(languages, definition.locales) or definition.locales[0]
    nobody = Invited(
        id=_NOBODY,
        token="",
        organisation=organisation,
        organisation_name=owner.name,
        embed_origins=[],
        campaign=what.campaign or _NOBODY,
        campaign_name=plan.name,
        campaign_state="open",
        mode=plan.mode,
        instrument=stored.id,
        definition=definition,
        opens_at=None,
        closes_at=plan.closes_at,
        min_group=plan.thresholds.min_group,
        min_comments=plan.thresholds.min_comments,
        role=role,
        zone=owner.time_zone,
        locale=None,
        own_locale=None,
        link_exported=False,
        started=False,
        completed=False,
        draft=None,
    )
    return Visit.of(nobody, state="open", locale=locale, draft=Draft(), now=now)


async def _plan(owner: OrganisationView, what: Previewed) -> _Plan:
    if what.campaign is None:
        thresholds = CampaignThresholds(min_group=owner.min_group)
        return _Plan(what.key, what.version, owner.name, "anonymous", None, thresholds)
    campaign = await read_campaign(owner.id, what.campaign)
    thresholds = CampaignThresholds(
        min_group=campaign.min_group, min_comments=campaign.min_comments
    )
    return _Plan(
        campaign.instrument_key,
        campaign.instrument_version,
        campaign.name,
        campaign.mode,
        campaign.closes_at,
        thresholds,
    )
