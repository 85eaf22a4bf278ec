"""Drafting a campaign, changing one, and deleting a draft."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from uuid_utils.compat import uuid7

from models.campaign import Campaign
from models.edges import GREATEST_INTEGER
from models.engine import connection, transaction
from models.enums import AuditAction, CampaignState
from models.instrument import Instrument
from survey.access.actors import COMMAND_LINE, Actor
from survey.access.audit import changes, record_event
from survey.access.audit_chain import Facts
from survey.access.keys import Principal
from survey.campaigns.audience import Audience, AudienceView, is_everybody, kept
from survey.campaigns.due import close_at
from survey.campaigns.errors import (
    AudiencePeopleUnknown,
    AudienceUnitsUnknown,
    DuplicateCampaign,
)
from survey.campaigns.plan import (
    CampaignChange,
    CampaignPlan,
    require_changeable,
    require_draft,
    settled,
)
from survey.campaigns.read import CampaignView, locked_campaign, read_campaign
from survey.campaigns.reminders import follow_reminders
from survey.campaigns.schedule import open_at
from survey.directory.organisations import read_organisation
from survey.errors import FieldInvalid, Seen, require_seen
from survey.files.keys import canonical
from survey.instruments.errors import InstrumentNotFound

__all__ = ["change_campaign", "delete_draft", "draft_campaign"]

_UNITS = """
SELECT code FROM business_unit WHERE organisation = $1 AND active AND code = ANY($2)
"""
_LISTED = """
SELECT external_id, id FROM person WHERE organisation = $1 AND external_id = ANY($2)
"""


async def draft_campaign(
    organisation: UUID, plan: CampaignPlan, *, now: datetime, by: Actor = COMMAND_LINE
) -> CampaignView:
    """Draft a campaign; its instrument may still be a draft as well.

    Parameters
    ----------
    plan : CampaignPlan
        Thresholds that it leaves open are the organisation's.
    now
        The moment of drafting, UTC.
    by : Actor
        Who drafts it; the audit trail keeps that.

    Raises
    ------
    FieldInvalid
        A value is not what its field takes.
    InstrumentNotFound
        There is no such version of an instrument.
    AudienceUnitsUnknown
        Its audience names units that do not exist or are inactive.
    AudiencePeopleUnknown
        Its list names people who do not exist.
    DuplicateCampaign
        There is a campaign of this name and wave.
    OrganisationNotFound
        There is no such organisation.
    """
    drafted = uuid7()
    async with transaction(organisation):
        owner = await read_organisation(organisation)
        whole = settled(plan, min_group=owner.min_group)
        columns = await _columns(whole) | await _audience(organisation, whole.audience, None)
        with _one_of_its_name(whole):
            await Campaign.insert(
                Campaign(id=drafted, organisation=organisation, created_at=now, **columns)
            )
        made = await read_campaign(organisation, drafted)
        facts = {"settings": _settings(made)}
        await record_event(
            organisation, AuditAction.CAMPAIGN_DRAFTED, _address(drafted), facts=facts, by=by
        )
    return made


async def change_campaign(
    organisation: UUID,
    campaign_id: UUID,
    *,
    revision: Seen[int],
    change: CampaignChange,
    now: datetime,
    by: Actor = COMMAND_LINE,
) -> CampaignView:
    """Change a campaign that nobody else has changed since it was read.

    In a draft everything may change, and later what says when: until it opens, its moment (a
    scheduled campaign without one is a draft again); until it closes, its end, and when
    messages and reminders leave.

    Parameters
    ----------
    revision : int, set of int or None
        The revision that the caller has seen, see `Seen`.
    change : CampaignChange
        What to change.
    now : datetime
        The moment of the change, UTC.
    by : Actor
        Who changes it; the audit trail keeps that, with the values before and after.

    Raises
    ------
    CampaignNotFound
        No campaign of the organisation has this id.
    ChangedMeanwhile
        The campaign has another revision by now.
    CampaignLocked
        A field to be changed has locked.
    FieldInvalid
        A value is not what its field takes.
    InstrumentNotFound
        There is no such version of an instrument.
    AudienceUnitsUnknown
        Its audience names units that do not exist or are inactive.
    AudiencePeopleUnknown
        Its list names people who do not exist.
    DuplicateCampaign
        There is a campaign of this name and wave.
    """
    fields = change.fields()
    async with transaction(organisation):
        current = await locked_campaign(campaign_id)
        require_seen(revision, current.revision)
        require_changeable(current.state, fields)
        whole = settled(_plan(current, **fields), min_group=current.min_group)
        columns = await _columns(whole) | _reschedule(current, whole, now)
        if "audience" in fields:
            columns |= await _audience(organisation, whole.audience, current.audience)
        with _one_of_its_name(whole):
            await Campaign.update(**columns, revision=current.revision + 1).where(
                Campaign.id == campaign_id
            )
        await _follow(organisation, current, whole, now=now)
        after = await read_campaign(organisation, campaign_id)
        await record_event(
            organisation,
            AuditAction.CAMPAIGN_CHANGED,
            _address(campaign_id),
            facts=_told(current, after),
            by=by,
        )
    return after


async def delete_draft(campaign_id: UUID, *, revision: Seen[int], by: Principal) -> None:
    """Delete a draft that nobody else has changed since it was read.

    Parameters
    ----------
    revision : int, set of int or None
        The revision that the caller has seen, see `Seen`.
    by : Principal
        Who deletes it; the audit trail keeps that.

    Raises
    ------
    CampaignNotFound
        No campaign of the organisation has this id.
    CampaignNotDraft
        It has opened, whatever the caller has seen.
    ChangedMeanwhile
        The draft has another revision by now.
    """
    async with transaction(by.organisation):
        current = await locked_campaign(campaign_id)
        require_draft(current.state)
        require_seen(revision, current.revision)
        await Campaign.delete().where(Campaign.id == campaign_id)
        await record_event(
            by.organisation,
            AuditAction.CAMPAIGN_DELETED,
            _address(campaign_id),
            facts={
                "wave": current.wave,
                "instrument": f"{current.instrument_key}@{current.instrument_version}",
                "revision": current.revision,
            },
            by=by.actor,
        )


def _reschedule(current: CampaignView, plan: CampaignPlan, now: datetime) -> dict[str, Any]:
    """Return what changes of a scheduled campaign if its moment does."""
    if current.state != "scheduled" or plan.opens_at == current.opens_at:
        return {}
    if plan.opens_at is None:
        return {"state": CampaignState.DRAFT, "channel": None, "problem": None}
    if plan.opens_at <= now:
        expected = "in the future, or null for a draft that can be opened at once"
        raise FieldInvalid("opens_at", plan.opens_at.isoformat(), expected=expected)
    return {"problem": None}


async def _follow(
    organisation: UUID, before: CampaignView, plan: CampaignPlan, *, now: datetime
) -> None:
    """Have the jobs of a campaign wake up at its new moments."""
    if before.state == "scheduled" and plan.opens_at not in {
        None,
        before.opens_at,
    }:
        await open_at(organisation, before.id, plan.opens_at, now=now)
    if before.state == "open":
        if plan.closes_at is not None:
            await close_at(organisation, before.id, plan.closes_at, now=now)
        await follow_reminders(organisation, before.id, now=now)


def _address(campaign: UUID) -> str:
    return f"/v1/campaigns/{campaign}"


def _told(before: CampaignView, after: CampaignView) -> Facts:
    """Return what has changed; somebody wrote the name, so it is only said to be another."""
    changed = changes(_settings(before), _settings(after))
    if before.state != after.state:
        changed["state"] = {"before": before.state, "after": after.state}
    return {"changes": changed, "renamed": before.name != after.name}


def _settings(campaign: CampaignView) -> dict[str, Any]:
    """Return the settings for the trail, which takes no fractions and no names."""
    settings: dict[str, Any] = msgspec.to_builtins(_plan(campaign))
    del settings["name"]  # somebody wrote it, and may have named people
    settings["audience"] = msgspec.to_builtins(campaign.audience)
    if campaign.audience is not None and campaign.audience.sample is not None:
        sample = settings["audience"]["sample"]
        settings["audience"]["sample"] = {name: str(value) for name, value in sample.items()}
    return settings


def _plan(current: CampaignView, **fields: Any) -> CampaignPlan:
    """Return the plan of a campaign, with some fields replaced; without its audience."""
    before = {
        name: getattr(current, name)
        for name in CampaignPlan.__struct_fields__
        if name != "audience"
    }
    return CampaignPlan(**(before | fields))


async def _columns(plan: CampaignPlan) -> dict[str, Any]:
    """Return the row of a plan: in the table, the instrument is an id."""
    instrument = await (
        Instrument.select(Instrument.id)
        .where(
            Instrument.key == plan.instrument_key,
            Instrument.version == plan.instrument_version,
        )
        .first()
    )
    if instrument is None:
        raise InstrumentNotFound(f"{plan.instrument_key}@{plan.instrument_version}")
    columns = msgspec.structs.asdict(plan)
    del columns["instrument_key"], columns["instrument_version"], columns["audience"]
    window = plan.sending_window
    return columns | {
        "instrument": instrument["id"],
        "reminders": list(plan.reminders),
        "sending_window": window and msgspec.json.encode(window).decode(),
    }


async def _audience(
    organisation: UUID, audience: Audience | None, before: AudienceView | None
) -> dict[str, Any]:
    """Return the columns of an audience; a list is kept by ids that lead nowhere once erased.

    A campaign keeps its seed, so that its sample stays as it is while it is narrowed.
    """
    if audience is None or is_everybody(audience):
        return {"audience": None, "audience_people": []}
    await _require_units(organisation, [choice.unit for choice in audience.units or ()])
    people = None if audience.people is None else await _listed(organisation, audience.people)
    seed = secrets.randbelow(GREATEST_INTEGER) if before is None else before.seed
    view = kept(audience, listed=None if people is None else len(people), seed=seed)
    return {
        "audience": msgspec.json.encode(view).decode(),
        "audience_people": people or [],
    }


async def _require_units(organisation: UUID, codes: Sequence[str]) -> None:
    rows = await connection().fetch(_UNITS, organisation, codes)
    unknown = [code for code in codes if code not in {row["code"] for row in rows}]
    if unknown:
        raise AudienceUnitsUnknown(unknown)


async def _listed(organisation: UUID, external_ids: Sequence[str]) -> list[UUID]:
    """Return the ids of people on a list, sorted; whoever is named twice counts once."""
    named = dict.fromkeys(map(canonical, external_ids))
    rows = await connection().fetch(_LISTED, organisation, list(named))
    known = {row["external_id"]: row["id"] for row in rows}
    unknown = [external_id for external_id in named if external_id not in known]
    if unknown:
        raise AudiencePeopleUnknown(unknown)
    return sorted(known.values())


@contextmanager
def _one_of_its_name(plan: CampaignPlan) -> Iterator[None]:
    try:
        yield
    except asyncpg.UniqueViolationError as error:
        raise DuplicateCampaign(plan.name, plan.wave) from error
