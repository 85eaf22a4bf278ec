"""Opening a campaign: tree and memberships freeze, invitations and messages are written."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from uuid_utils.compat import uuid7

from analytics.vocabulary import RATERS
from models.engine import connection, pool, transaction
from models.enums import AuditAction, CampaignState, DeliveryKind, InstrumentState
from survey.access.actors import COMMAND_LINE, Actor
from survey.access.audit import record_event
from survey.access.audit_chain import Facts
from survey.access.tokens import derive_token, token_hash
from survey.campaigns.audience import Candidate, Chosen, choose
from survey.campaigns.due import close_at
from survey.campaigns.errors import ClosesTooSoon, InstrumentNotPublished
from survey.campaigns.plan import asked_roles, require_move
from survey.campaigns.read import CampaignView, locked_campaign, read_campaign
from survey.campaigns.reminders import follow_reminders
from survey.campaigns.schedule import later_moment, schedule_campaign
from survey.campaigns.sending import queue_in_window
from survey.directory.organisations import lock_directory
from survey.instruments.parts import Role
from survey.instruments.store import InstrumentView, definition_of, read_instrument
from survey.messages.channels import require_channel
from survey.messages.message import Channel
from survey.sealing.key_folder import KeyFolder
from survey.sealing.seal import mark_of_key

__all__ = ["invitations_of", "invite", "open_campaign"]

_UNITS = """
SELECT u.code, u.name, CASE WHEN p.active THEN p.code END AS parent_code, u.headcount
FROM business_unit u LEFT JOIN business_unit p ON p.id = u.parent
WHERE u.organisation = $1 AND u.active
"""

_FREEZE = """
INSERT INTO campaign_unit (id, organisation, campaign, code, name, parent_code, headcount,
                           managers, contributors)
SELECT given.id, $1, $2, given.code, given.name, given.parent_code, given.headcount,
       given.managers, given.contributors
FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::int[], $8::int[], $9::int[])
     AS given (id, code, name, parent_code, headcount, managers, contributors)
"""

# In random order, so that nothing that follows repeats the order of a directory.
_PEOPLE = """
SELECT p.id, u.code, p.role, p.function, p.locale
FROM person p JOIN business_unit u ON u.id = p.unit
WHERE p.organisation = $1 AND p.active AND u.active AND p.role = ANY($2)
ORDER BY random()
"""

_LISTED = "SELECT audience_people FROM campaign WHERE id = $1"

_INVITE = """
INSERT INTO invitation (id, organisation, campaign, person, unit_code, role, function, locale,
                        generation, token_hash, started, completed, invited_late)
SELECT given.id, $1, $2, given.person, given.unit_code, given.role, given.function,
       given.locale, 1, given.token_hash, false, false, $10
FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bytea[])
     AS given (id, person, unit_code, role, function, locale, token_hash)
"""

_INDEX = """
INSERT INTO token_index (token_hash, organisation)
SELECT token_hash, $1 FROM unnest($2::bytea[]) AS given (token_hash)
"""

_OPEN = """
UPDATE campaign SET state = 'open', opened_at = $2, revision = revision + 1, problem = NULL,
                    public_key = $3, public_key_mark = $4, channel = $5, audience_people = '{}'
WHERE id = $1
"""


class _Invitation(NamedTuple):
    """One person's invitation, with the unit and role of this moment."""

    id: UUID
    person: UUID
    unit_code: str
    role: str
    function: str | None
    locale: str
    token_hash: bytes


async def open_campaign(  # noqa: PLR0913 - each is a decision of whoever opens
    organisation: UUID,
    campaign_id: UUID,
    *,
    server_key: bytes,
    keys: KeyFolder,
    channel: str,
    channels: Mapping[str, Channel],
    now: datetime,
    by: Actor = COMMAND_LINE,
    force: bool = False,
) -> CampaignView:
    """Open a campaign and queue one invitation per person of its audience.

    A draft that is to open later is scheduled instead, if everything is as it has to be then.
    Mode, thresholds, audience, the tree, and everybody's unit and role are frozen for this
    campaign. All of it is one transaction: nobody is ever invited to a campaign that did not
    open.

    Parameters
    ----------
    server_key : bytes
        From which the tokens are derived; the database gets their hashes.
    keys : KeyFolder
        Gets the keys of the campaign, before anything is committed.
    channel : str
        Kind of the channel that brings the messages.
    channels : mapping of str to Channel
        Those of the installation, by their kinds; the organisation may have more.
    now
        The moment of opening, UTC.
    by : Actor
        Who opens it; the audit trail keeps that.
    force : bool
        Whether to open it although nobody knows whether the channel works.

    Returns
    -------
    CampaignView
        The campaign, now open or scheduled.

    Raises
    ------
    CampaignNotFound
        No campaign of the organisation has this id.
    IllegalMove
        The campaign is no draft, and not scheduled for now.
    ClosesTooSoon
        Its end has passed already.
    InstrumentNotPublished
        Its instrument is a draft.
    NobodyToInvite
        No active person in an active unit, of its audience, has a role that the instrument
        asks.
    AudienceUnitsUnknown
        Its audience names units that do not exist any more or are inactive.
    AudienceRolesNotAsked
        Its audience names roles that the instrument asks nothing.
    AudienceTooSmall
        Fewer than k managers and contributors would be invited.
    ChannelNotConfigured
        There is no such channel.
    ChannelNotWorking
        The channel cannot send now.
    """
    await require_channel(
        organisation, channel, installed=channels, server_key=server_key, force=force
    )
    async with transaction(organisation):
        campaign = await locked_campaign(campaign_id)
        instrument = await read_instrument(
            organisation, key=campaign.instrument_key, version=campaign.instrument_version
        )
        _require_ready(campaign, instrument, now)
        roles = asked_roles(await definition_of(organisation, instrument.id))
        owner = await lock_directory(organisation, shared=True)
        units = await connection().fetch(_UNITS, organisation)
        people = await connection().fetch(_PEOPLE, organisation, roles)
        listed = await connection().fetchval(_LISTED, campaign_id)
        chosen = await asyncio.to_thread(_choose, campaign, people, listed, units, roles)
        if (moment := later_moment(campaign, now)) is not None:
            return await schedule_campaign(
                organisation, campaign_id, moment, channel=channel, now=now, by=by
            )
        await _freeze_tree(organisation, campaign, units, chosen)
        invitations = await asyncio.to_thread(
            invitations_of,
            [one for one in people if one["id"] in chosen.invited],
            server_key,
            owner.default_locale,
        )
        await invite(organisation, campaign_id, invitations)
        await queue_in_window(
            organisation,
            campaign,
            [one.id for one in invitations],
            kind=DeliveryKind.INVITATION,
            channel=channel,
            now=now,
        )
        public_key = await asyncio.to_thread(_new_keys, keys, campaign_id)
        await connection().execute(_OPEN, campaign_id, now, *public_key, channel)
        if campaign.closes_at is not None:
            await close_at(organisation, campaign_id, campaign.closes_at, now=now)
        await follow_reminders(organisation, campaign_id, now=now)
        opened = await read_campaign(organisation, campaign_id)
        await _tell(organisation, opened, channel=channel, invited=len(invitations), by=by)
    await _refresh_statistics()
    return opened


def _new_keys(keys: KeyFolder, campaign: UUID) -> tuple[bytes, bytes]:
    """Make the keys of a campaign; return the public one and its mark.

    If the transaction then fails, the files stay: whether it was committed may be unknown. They
    are replaced when the campaign is opened again.
    """
    secret, private = keys.create(campaign)
    public = private.public_key().to_bytes()
    return public, mark_of_key(secret, campaign, public)


def _require_ready(campaign: CampaignView, instrument: InstrumentView, now: datetime) -> None:
    at_once = later_moment(campaign, now) is None
    require_move(campaign.state, CampaignState.OPEN if at_once else CampaignState.SCHEDULED)
    if campaign.closes_at is not None and campaign.closes_at <= now:
        raise ClosesTooSoon(campaign.closes_at)
    if instrument.state != InstrumentState.PUBLISHED:
        raise InstrumentNotPublished(instrument.key, instrument.version)


def _choose(
    campaign: CampaignView,
    people: Sequence[Any],
    listed: Sequence[UUID],
    units: Sequence[Any],
    roles: Sequence[Role],
) -> Chosen:
    return choose(
        [Candidate(*tuple(row)[:4]) for row in people],
        campaign.audience,
        listed=listed,
        parents={row["code"]: row["parent_code"] for row in units},
        asked=roles,
        k=campaign.min_group,
    )


async def _freeze_tree(
    organisation: UUID, campaign: CampaignView, units: Sequence[Any], chosen: Chosen
) -> None:
    """Copy the units, and how many of their people the campaign is about unless that is all."""
    population = [
        [None if campaign.audience is None else chosen.of(unit["code"], role) for unit in units]
        for role in RATERS
    ]
    await connection().execute(
        _FREEZE,
        organisation,
        campaign.id,
        [uuid7() for _ in units],
        *_columns(units, width=4),
        *population,
    )


def invitations_of(
    people: Sequence[Any], server_key: bytes, default_locale: str
) -> list[_Invitation]:
    """Give everybody an id, a language and the hash of a token.

    Parameters
    ----------
    people : sequence of row
        Id, unit code, role, function and locale of each.
    """
    made = []
    for person, unit_code, role, function, locale in map(tuple, people):
        invitation = uuid7()
        hashed = token_hash(derive_token(server_key, invitation, 1))
        made.append(
            _Invitation(
                id=invitation,
                person=person,
                unit_code=unit_code,
                role=role,
                function=function,
                locale=locale or default_locale,
                token_hash=hashed,
            )
        )
    return made


async def invite(
    organisation: UUID,
    campaign: UUID,
    invitations: Sequence[_Invitation],
    *,
    late: bool = False,
) -> None:
    """Write invitations in the current transaction.

    Parameters
    ----------
    late : bool
        Whether the campaign was open already.
    """
    columns = _columns(invitations, width=7)
    await connection().execute(_INVITE, organisation, campaign, *columns, late)
    await connection().execute(_INDEX, organisation, columns[-1])


async def _tell(
    organisation: UUID, opened: CampaignView, *, channel: str, invited: int, by: Actor
) -> None:
    facts: Facts = {
        "instrument": f"{opened.instrument_key}@{opened.instrument_version}",
        "mode": opened.mode,
        "minGroup": opened.min_group,
        "channel": channel,
        "invited": invited,
    }
    address = f"/v1/campaigns/{opened.id}"
    await record_event(organisation, AuditAction.CAMPAIGN_OPENED, address, facts=facts, by=by)


async def _refresh_statistics() -> None:
    """Let the database know how many invitations there are now.

    It would find out by itself within a minute. Until then it plans for an empty table, and
    the first people to answer would wait for scans of the whole table. A table that is being
    vacuumed is skipped: the campaign is open already.
    """
    await pool().execute("SELECT analyse_invitations()")


def _columns(rows: Sequence[Any], *, width: int) -> list[list[Any]]:
    """Turn rows into the arrays that one statement takes, however many rows there are."""
    return [[row[place] for row in rows] for place in range(width)]
