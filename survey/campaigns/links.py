"""Personal links for the office, for people whom no message reaches.

Whoever has a link can answer with it. So every export is in the audit trail, and every link
that was handed out is marked: a draft under it resumes only on the device that began it, and
the privacy texts say that the office has it. Whether a person has answered shows nowhere here.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

import msgspec

from analytics.vocabulary import Role
from models.engine import connection, reading, transaction
from models.enums import AuditAction
from survey.access.actors import Actor
from survey.access.audit import record_event
from survey.access.audit_chain import Facts
from survey.access.tokens import derive_token
from survey.campaigns.errors import CampaignNotFound, LinksOfNobody, LinksWhileOpenOnly
from survey.campaigns.read import locked_campaign
from survey.campaigns.window import zone_of
from survey.errors import FieldInvalid
from survey.instruments.store import definition_of
from survey.report.letter import LetterFacts

__all__ = [
    "HandedOut",
    "LetterMaterial",
    "LinkFilter",
    "LinkMaker",
    "PersonalLink",
    "WithoutChannel",
    "all_links",
    "hand_out_link",
    "hand_out_links",
    "letter_material",
    "links_of",
]

WithoutChannel = Literal["email"]
_READ_AT_ONCE = 500

_UNIT = "SELECT EXISTS (SELECT FROM campaign_unit WHERE campaign = $1 AND code = $2)"

# A failed message counts only if the same person got no other: by then somebody has a new
# address. A reminder says nothing here; who gets one has not answered.
_CHOSEN = """
WITH RECURSIVE inside (code) AS (
    SELECT code FROM campaign_unit WHERE campaign = $1 AND code = $2
    UNION
    SELECT u.code FROM campaign_unit u JOIN inside ON u.parent_code = inside.code
    WHERE u.campaign = $1)
SELECT i.id FROM invitation i JOIN person p ON p.id = i.person
WHERE i.campaign = $1 AND p.active AND NOT i.revoked
  AND ($2::text IS NULL OR i.unit_code IN (SELECT code FROM inside))
  AND (NOT $3 OR p.email IS NULL OR (
    SELECT bool_or(d.state = 'failed') AND NOT bool_or(d.state = 'sent') FROM delivery d
    WHERE d.invitation = i.id AND d.kind = 'invitation'))
  AND ($4::text IS NULL OR p.external_id = $4)
  AND ($5::uuid IS NULL OR (i.unit_code, p.external_id) > (
    SELECT before.unit_code, q.external_id
    FROM invitation before JOIN person q ON q.id = before.person WHERE before.id = $5))
ORDER BY i.unit_code, p.external_id LIMIT $6
"""
_MARK = "UPDATE invitation SET link_exported = true WHERE id = ANY($1) AND NOT link_exported"
_PEOPLE = """
SELECT p.external_id, p.display_name, i.unit_code, u.name AS unit_name, i.role, i.locale, i.id,
       i.generation
FROM unnest($1::uuid[]) WITH ORDINALITY AS given (id, place)
JOIN invitation i ON i.id = given.id JOIN person p ON p.id = i.person
LEFT JOIN campaign_unit u ON u.campaign = i.campaign AND u.code = i.unit_code
ORDER BY given.place
"""


_LETTER = """
SELECT o.name AS organisation, c.mode, c.closes_at, c.min_group, c.instrument, c.opened_at,
       o.time_zone
FROM campaign c JOIN organisation o ON o.id = c.organisation WHERE c.id = $1
"""


class LinkFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Whose links are wanted."""

    unit: str | None = None
    """Code of a unit: of its people, and of those below it."""
    without: WithoutChannel | None = None
    """``email``: only of people who have no address, or whose message was given up."""


class PersonalLink(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One person's link to the form."""

    external_id: str
    """Id of the person in the directory."""
    name: str
    """What the person is called."""
    unit: str
    """Code of the person's unit when the campaign opened."""
    unit_name: str
    """Name of that unit."""
    role: Role
    """As whom the person is asked: ``sponsor``, ``manager`` or ``contributor``."""
    locale: str | None
    """Language of the person (BCP 47)."""
    link: str
    """Opens the form. Whoever has it can answer in the person's place."""

    def __repr__(self) -> str:
        return f"PersonalLink(external_id={self.external_id!r})"


class LetterMaterial(NamedTuple):
    """What all letters of a campaign have in common."""

    facts: LetterFacts
    titles: dict[str, str]
    """Title of the survey by language, the default first."""
    opened_at: datetime


class HandedOut(msgspec.Struct, frozen=True, kw_only=True):
    """Invitations whose links the office gets, ordered by unit and external id."""

    invitations: tuple[UUID, ...]
    following: str | None
    """Where the next page begins: after the last of these, if there are more."""


class LinkMaker(msgspec.Struct, frozen=True, kw_only=True):
    """Derives links to the form."""

    server_key: bytes
    """From which tokens are derived."""
    form_url: str
    """Address below which the form is."""

    def __repr__(self) -> str:
        return "LinkMaker(...)"

    def link(self, invitation: UUID, generation: int) -> str:
        """Return the link of an invitation."""
        token = derive_token(self.server_key, invitation, generation)
        return f"{self.form_url.rstrip('/')}/f/{token}"


async def hand_out_links(
    organisation: UUID,
    campaign: UUID,
    wanted: LinkFilter,
    *,
    form: str,
    by: Actor,
    after: UUID | None = None,
    limit: int | None = None,
) -> HandedOut:
    """Choose whose links the office gets, mark them as handed out, and record it.

    Parameters
    ----------
    form : str
        As what they go out, such as ``csv``; the audit trail keeps that.
    by : Actor
        Who exports them; the audit trail keeps that.
    after : UUID, optional
        The ``following`` of the page before.
    limit : int, optional
        At most so many; by default all.

    Raises
    ------
    CampaignNotFound
        No campaign of the organisation has this id.
    LinksWhileOpenOnly
        The campaign is not open.
    FieldInvalid
        The campaign has no such unit.
    """
    async with transaction(organisation):
        await _require_open(campaign)
        await _require_unit(campaign, wanted.unit)
        most = None if limit is None else limit + 1
        chosen = await _choose(campaign, wanted, after=after, limit=most)
        mine = chosen if limit is None else chosen[:limit]
        await connection().execute(_MARK, mine)
        asked = {"unit": wanted.unit, "without": wanted.without}
        given = {name: value for name, value in asked.items() if value is not None}
        facts: Facts = {"links": len(mine), "as": form, **given}
        await _record(organisation, campaign, facts, by)
    more = len(chosen) > len(mine)
    return HandedOut(invitations=tuple(mine), following=str(mine[-1]) if more else None)


async def hand_out_link(
    organisation: UUID, campaign: UUID, external_id: str, *, form: str, by: Actor
) -> UUID:
    """Hand out the link of one person, as `hand_out_links` does; return the invitation.

    Raises
    ------
    CampaignNotFound, LinksWhileOpenOnly
        As there.
    LinksOfNobody
        Nobody of this id is invited.
    """
    async with transaction(organisation):
        await _require_open(campaign)
        chosen = await _choose(campaign, LinkFilter(), person=external_id)
        if not chosen:
            raise LinksOfNobody(external_id)
        await connection().execute(_MARK, chosen)
        await _record(organisation, campaign, {"links": 1, "as": form}, by)
    return chosen[0]


async def links_of(
    organisation: UUID, invitations: Sequence[UUID], maker: LinkMaker
) -> list[PersonalLink]:
    """Return the links of invitations that were handed out, in their order."""
    async with reading(organisation):
        rows = await connection().fetch(_PEOPLE, invitations)
    return [
        PersonalLink(
            external_id=row["external_id"],
            name=row["display_name"],
            unit=row["unit_code"],
            unit_name=row["unit_name"] or row["unit_code"],
            role=row["role"],
            locale=row["locale"],
            link=maker.link(row["id"], row["generation"]),
        )
        for row in rows
    ]


async def all_links(
    organisation: UUID, handed: HandedOut, maker: LinkMaker
) -> AsyncIterator[PersonalLink]:
    """Yield the links of all invitations handed out, some hundred in memory at a time."""
    for start in range(0, len(handed.invitations), _READ_AT_ONCE):
        some = handed.invitations[start : start + _READ_AT_ONCE]
        for link in await links_of(organisation, some, maker):
            yield link


async def letter_material(
    organisation: UUID, campaign: UUID, *, contact: str | None
) -> LetterMaterial:
    """Return what all letters of a campaign have in common.

    Parameters
    ----------
    contact : str, or None
        Whom people may ask; None names the office of the organisation.

    Raises
    ------
    CampaignNotFound
        No campaign of the organisation has this id.
    LinksWhileOpenOnly
        The campaign has not been opened.
    """
    async with reading(organisation):
        row = await connection().fetchrow(_LETTER, campaign)
        if row is None:
            raise CampaignNotFound(campaign)
        if row["opened_at"] is None:
            raise LinksWhileOpenOnly("draft")
        definition = await definition_of(organisation, row["instrument"])
    facts = LetterFacts(
        organisation=row["organisation"],
        mode=row["mode"],
        closes_at=row["closes_at"] and row["closes_at"].astimezone(zone_of(row["time_zone"])),
        min_group=row["min_group"],
        contact=contact,
    )
    titles = {locale: definition.title[locale] for locale in definition.locales}
    return LetterMaterial(facts, titles, row["opened_at"])


async def _require_open(campaign: UUID) -> None:
    """Lock the campaign, so that submissions wait, and check that its links work.

    Both lock many invitations, in different orders, and would otherwise wait for each other.
    """
    state = (await locked_campaign(campaign)).state
    if state != "open":
        raise LinksWhileOpenOnly(state)


async def _require_unit(campaign: UUID, unit: str | None) -> None:
    if unit is not None and not await connection().fetchval(_UNIT, campaign, unit):
        raise FieldInvalid("unit", unit, expected="the code of a unit of the campaign")


async def _choose(
    campaign: UUID,
    wanted: LinkFilter,
    *,
    person: str | None = None,
    after: UUID | None = None,
    limit: int | None = None,
) -> list[UUID]:
    unreached = wanted.without is not None
    rows = await connection().fetch(
        _CHOSEN, campaign, wanted.unit, unreached, person, after, limit
    )
    return [row["id"] for row in rows]


async def _record(organisation: UUID, campaign: UUID, facts: Facts, by: Actor) -> None:
    action = AuditAction.INVITATION_LINKS_EXPORTED
    await record_event(organisation, action, f"/v1/campaigns/{campaign}", facts=facts, by=by)
