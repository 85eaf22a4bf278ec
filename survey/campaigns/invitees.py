"""Who is to be invited, or has been, and who can be reached; never who has answered."""

import asyncio
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from analytics.vocabulary import RATERS, ROLES
from models.engine import connection, reading
from models.enums import CampaignState, DeliveryState
from survey.campaigns.audience import AudienceView, Candidate, choose
from survey.campaigns.errors import CampaignNotFound
from survey.campaigns.plan import asked_roles
from survey.campaigns.read import State
from survey.directory.sight import subtree
from survey.instruments.definition import InstrumentDefinition
from survey.instruments.parts import Role
from survey.messages.channels import ChannelNotConfigured
from survey.messages.message import Channel, Contact, OutOfReach
from survey.paging import Page, page_of, require_limit

__all__ = ["AudienceCount", "AudiencePlan", "Invitee", "audience_plan", "list_invitees"]

# The tree is today's until it opens, and afterwards the one of the opening.
_CAMPAIGN = """
SELECT c.state, c.min_group, c.audience, c.audience_people, i.definition,
       CASE WHEN c.state IN ('draft', 'scheduled') THEN (
           SELECT json_agg(json_build_object('code', u.code, 'parent',
                                             CASE WHEN p.active THEN p.code END))
           FROM business_unit u LEFT JOIN business_unit p ON p.id = u.parent WHERE u.active)
       ELSE (
           SELECT json_agg(json_build_object('code', u.code, 'parent', u.parent_code,
                                             'managers', u.managers,
                                             'contributors', u.contributors))
           FROM campaign_unit u WHERE u.campaign = c.id)
       END AS units
FROM campaign c JOIN instrument i ON i.id = c.instrument WHERE c.id = $1
"""
_CANDIDATES = """
SELECT p.external_id, p.id, u.code AS unit, p.role, p.function, p.email,
       p.email_fault IS NOT NULL AS is_refused
FROM person p JOIN business_unit u ON u.id = p.unit
WHERE p.active AND u.active AND p.role = ANY($1)
"""
# Of the messages, only invitations: whoever gets no reminder may have answered.
_INVITED = """
SELECT p.external_id, i.unit_code AS unit, i.role, d.channel, d.state
FROM invitation i LEFT JOIN person p ON p.id = i.person
LEFT JOIN LATERAL (
    SELECT d.channel, d.state FROM delivery d
    WHERE d.invitation = i.id AND d.kind = 'invitation' ORDER BY d.id DESC LIMIT 1) d ON true
WHERE i.campaign = $1
"""

_BEFORE = {CampaignState.DRAFT, CampaignState.SCHEDULED}
_AUDIENCE = msgspec.json.Decoder(AudienceView)
_DEFINITION = msgspec.json.Decoder(InstrumentDefinition)
_OUT_OF_REACH: Mapping[str | None, OutOfReach] = {
    DeliveryState.WAITING: "no_address",
    DeliveryState.FAILED: "refused",
}


class Invitee(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Somebody who is to be invited, or has been."""

    external_id: str
    """Key in the customer's directory."""
    unit: str
    """Code of their unit; once the campaign is open, of the unit at its opening."""
    role: Role
    channel: str | None
    """Kind of the channel that brings the invitation; None if it is not known."""
    out_of_reach: OutOfReach | None
    """Why the invitation does not reach them: ``no_address``, the channel needs an address that
    they do not have; ``refused``, the far side refused the message or was away for too long.
    None if nothing is in the way."""


class AudienceCount(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """People of one role in one unit, without the units below it."""

    unit: str
    """Code of the unit."""
    role: Role
    population: int
    """People whom the campaign is about: those invited, and those whom a sample leaves out."""
    invited: int
    """People who are to be invited, or have been."""
    out_of_reach: int | None
    """Those of them whom the channel does not reach; None if no channel is named."""


class AudiencePlan(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Who is to be invited, or has been, in numbers; never who has answered."""

    campaign: UUID
    """Id of the campaign."""
    state: State
    """State of the campaign: ``draft`` or ``scheduled``, whose numbers are those of the
    directory as it is now; ``open``, ``closing``, ``closed`` or ``abandoned``, with its own
    invitations."""
    audience: AudienceView | None
    """Whom it invites; None is everybody whom the instrument asks something."""
    channel: str | None
    """Kind of the channel that brings the invitations; None if none is named, if there are
    several, or once they have been reduced to counts."""
    population: int
    """People whom the campaign is about."""
    invited: int
    """People who are to be invited, or have been."""
    out_of_reach: int | None
    """Those of them whom the channel does not reach; None if no channel is named."""
    counts: tuple[AudienceCount, ...]
    """By unit and role; those without anybody are left out."""
    too_small: tuple[str, ...]
    """Units in which managers and contributors are invited, but fewer than k: they get no
    figure of their own."""


class _Person(NamedTuple):
    """Somebody who is invited."""

    external_id: str | None
    """None once erased."""
    unit: str
    role: Role
    channel: str | None
    out_of_reach: OutOfReach | None


class _Invited(NamedTuple):
    """A campaign with everybody whom a reader sees of its audience."""

    state: CampaignState
    k: int
    audience: AudienceView | None
    people: Sequence[_Person]
    population: Mapping[tuple[str, Role], int]
    """By unit and role; without an entry it is the number invited."""

    @property
    def channels(self) -> frozenset[str]:
        """Return the kinds of channels by which somebody is reached, or is not."""
        return frozenset(one.channel for one in self.people if one.channel is not None)


async def audience_plan(
    organisation: UUID,
    campaign_id: UUID,
    *,
    channel: str | None = None,
    channels: Mapping[str, Channel],
    within: str | None = None,
) -> AudiencePlan:
    """Return how many are to be invited, per unit and role, and how many cannot be reached.

    Of a draft it is computed from the directory as it is now, of any other campaign read from
    its invitations.

    Parameters
    ----------
    channel : str, optional
        Kind of the channel that a draft is to be opened with.
    channels : mapping of str to Channel
        Those that are configured, by their kinds.
    within : str, optional
        Code of the unit that the reader is restricted to; None sees the whole company.

    Raises
    ------
    CampaignNotFound
        No campaign of the organisation has this id.
    ChannelNotConfigured
        There is no such channel.
    AudienceUnitsUnknown, AudienceRolesNotAsked, NobodyToInvite, AudienceTooSmall
        The campaign cannot open with its audience.
    """
    found = await _invited(organisation, campaign_id, channel, channels, within)
    counts = _counts(found)
    lost = [one.out_of_reach for one in counts if one.out_of_reach is not None]
    return AudiencePlan(
        campaign=campaign_id,
        state=found.state.value,
        audience=found.audience,
        channel=next(iter(found.channels)) if len(found.channels) == 1 else None,
        population=sum(one.population for one in counts),
        invited=sum(one.invited for one in counts),
        out_of_reach=sum(lost) if lost else None,
        counts=counts,
        too_small=_too_small(counts, found.k),
    )


async def list_invitees(
    organisation: UUID,
    campaign_id: UUID,
    *,
    channel: str | None = None,
    channels: Mapping[str, Channel],
    out_of_reach: bool = False,
    within: str | None = None,
    after: str | None = None,
    limit: int = 100,
) -> Page[Invitee]:
    """Return the people who are to be invited, or have been, by external id.

    Parameters
    ----------
    channel, channels, within
        As for `audience_plan`.
    out_of_reach : bool
        Only those whom the channel does not reach.
    after
        The ``next`` of the page before; None for the first.

    Raises
    ------
    FieldInvalid
        ``limit`` is out of range.
    CampaignNotFound, ChannelNotConfigured, AudienceUnitsUnknown, AudienceRolesNotAsked,
    NobodyToInvite, AudienceTooSmall
        As for `audience_plan`.
    """
    require_limit(limit)
    found = await _invited(organisation, campaign_id, channel, channels, within)
    listed = sorted(
        (one.external_id, one)
        for one in found.people
        if one.external_id is not None and (one.out_of_reach or not out_of_reach)
    )
    start = 0 if after is None else bisect_right(listed, after, key=lambda pair: pair[0])
    page = [
        Invitee(
            external_id=external_id,
            unit=one.unit,
            role=one.role,
            channel=one.channel,
            out_of_reach=one.out_of_reach,
        )
        for external_id, one in listed[start : start + limit + 1]
    ]
    return page_of(page, limit=limit, key=lambda one: one.external_id)


async def _invited(
    organisation: UUID,
    campaign: UUID,
    channel: str | None,
    channels: Mapping[str, Channel],
    within: str | None,
) -> _Invited:
    if channel is not None and channel not in channels:
        raise ChannelNotConfigured(channel, sorted(channels))
    async with reading(organisation):
        row: Any = await connection().fetchrow(_CAMPAIGN, campaign)
        if row is None:
            raise CampaignNotFound(campaign)
        if row["state"] in _BEFORE:
            asked = asked_roles(_DEFINITION.decode(row["definition"]))
            people = await connection().fetch(_CANDIDATES, asked)
        else:
            asked = ()
            people = await connection().fetch(_INVITED, campaign)
    units = msgspec.json.decode(row["units"] or b"[]")
    parents = {unit["code"]: unit["parent"] for unit in units}
    if row["state"] in _BEFORE:
        by = None if channel is None else (channel, channels[channel])
        found = await asyncio.to_thread(_of_draft, row, people, parents, asked, by)
    else:
        found = _of_invitations(row, people, units)
    return found if within is None else _seen(found, subtree(parents, within))


def _of_draft(
    row: Any,
    people: Sequence[Any],
    parents: Mapping[str, str | None],
    asked: Sequence[Role],
    by: tuple[str, Channel] | None,
) -> _Invited:
    audience = _AUDIENCE.decode(row["audience"]) if row["audience"] else None
    chosen = choose(
        [Candidate(*tuple(one)[1:5]) for one in people],
        audience,
        listed=row["audience_people"],
        parents=parents,
        asked=asked,
        k=row["min_group"],
    )
    kind, channel = by or (None, None)
    return _Invited(
        CampaignState(row["state"]),
        row["min_group"],
        audience,
        [
            _Person(
                one["external_id"],
                one["unit"],
                one["role"],
                kind,
                channel.out_of_reach(Contact(email=one["email"], is_refused=one["is_refused"]))
                if channel
                else None,
            )
            for one in people
            if one["id"] in chosen.invited
        ],
        {(unit, role): chosen.of(unit, role) for unit in chosen.population for role in ROLES},
    )


def _of_invitations(row: Any, people: Sequence[Any], units: Sequence[Any]) -> _Invited:
    invited = [
        _Person(
            one["external_id"],
            one["unit"],
            one["role"],
            one["channel"],
            _OUT_OF_REACH.get(one["state"]),
        )
        for one in people
    ]
    population: dict[tuple[str, Role], int] = {
        (unit["code"], role): unit[f"{role}s"]
        for unit in units
        for role in RATERS
        if unit[f"{role}s"] is not None
    }
    return _Invited(
        CampaignState(row["state"]),
        row["min_group"],
        _AUDIENCE.decode(row["audience"]) if row["audience"] else None,
        invited,
        population,
    )


def _seen(found: _Invited, units: Collection[str]) -> _Invited:
    """Return what a reader restricted to some units sees."""
    return found._replace(
        people=[one for one in found.people if one.unit in units],
        population={key: people for key, people in found.population.items() if key[0] in units},
    )


def _counts(found: _Invited) -> tuple[AudienceCount, ...]:
    invited: dict[tuple[str, Role], int] = defaultdict(int)
    lost: dict[tuple[str, Role], int] = defaultdict(int)
    for one in found.people:
        invited[one.unit, one.role] += 1
        lost[one.unit, one.role] += one.out_of_reach is not None
    there = {key for key, people in found.population.items() if people} | invited.keys()
    return tuple(
        AudienceCount(
            unit=unit,
            role=role,
            population=found.population.get((unit, role), invited[unit, role]),
            invited=invited[unit, role],
            out_of_reach=lost[unit, role] if found.channels else None,
        )
        for unit, role in sorted(there, key=lambda key: (key[0], ROLES.index(key[1])))
    )


def _too_small(counts: Sequence[AudienceCount], k: int) -> tuple[str, ...]:
    raters: dict[str, int] = defaultdict(int)
    for one in counts:
        if one.role != "sponsor":
            raters[one.unit] += one.invited
    return tuple(unit for unit, people in raters.items() if 0 < people < k)
