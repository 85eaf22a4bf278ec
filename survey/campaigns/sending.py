"""Sending invitations: each leaves within its reader's window, and again if the office asks."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from models.engine import connection, transaction
from models.enums import AuditAction, DeliveryKind
from survey.access.actors import COMMAND_LINE, Actor
from survey.access.audit import record_event
from survey.campaigns.errors import CampaignNotRunning, PeopleNotInvited
from survey.campaigns.read import CampaignView, locked_campaign
from survey.campaigns.window import next_moment, zone_of
from survey.files.keys import canonical
from survey.messages.outbox import queue_messages

__all__ = ["QueuedMessages", "queue_in_window", "require_running", "send_invitations"]

_ZONES = """
SELECT i.id, coalesce(p.time_zone, o.time_zone) AS zone
FROM unnest($1::uuid[]) WITH ORDINALITY AS given (id, place)
JOIN invitation i ON i.id = given.id JOIN organisation o ON o.id = i.organisation
LEFT JOIN person p ON p.id = i.person
ORDER BY given.place
"""

# Whether they have answered makes no difference: their number must not tell.
_NAMED = """
SELECT p.external_id, i.id FROM invitation i JOIN person p ON p.id = i.person
WHERE i.campaign = $1 AND p.external_id = ANY($2) AND p.active
"""
_UNDELIVERED = """
SELECT i.id FROM invitation i LEFT JOIN person p ON p.id = i.person
WHERE i.campaign = $1 AND p.active AND NOT EXISTS (
    SELECT FROM delivery d WHERE d.invitation = i.id AND d.kind = 'invitation'
    AND d.state <> 'failed')
"""
_NOT_ON_THEIR_WAY = """
SELECT i.id FROM invitation i
WHERE i.id = ANY($1) AND NOT i.revoked AND NOT EXISTS (
    SELECT FROM delivery d
    WHERE d.invitation = i.id AND d.state IN ('queued', 'sending', 'waiting'))
ORDER BY random()
"""


class QueuedMessages(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Messages that are on their way; of reminders nobody learns how many."""

    campaign: UUID
    """Id of the campaign."""
    kind: Literal["invitation", "reminder"]
    """What the messages are for: ``invitation`` or ``reminder``."""
    people: int | None
    """How many people get their invitation again, those who have answered included, although
    they are not written to. None for reminders: their number would tell how many people have
    answered."""


async def send_invitations(
    organisation: UUID,
    campaign_id: UUID,
    *,
    people: Collection[str] | None,
    now: datetime,
    by: Actor = COMMAND_LINE,
) -> QueuedMessages:
    """Send the invitation again, or to those whom it has not reached.

    Nobody gets it who has answered, or for whom a message is on its way.

    Parameters
    ----------
    people : collection of str or None
        External ids; None for everybody to whom every attempt to send it has failed.
    now : datetime
        The moment, UTC.
    by : Actor
        Who sends it; the audit trail keeps that.

    Raises
    ------
    CampaignNotFound
        No campaign of the organisation has this id.
    CampaignNotRunning
        It is not open.
    PeopleNotInvited
        Somebody is not invited, or has left; nothing is sent.
    """
    async with transaction(organisation):
        campaign = await locked_campaign(campaign_id)
        require_running(campaign)
        found = await (
            _undelivered(campaign_id) if people is None else _named(campaign_id, people)
        )
        rows = await connection().fetch(_NOT_ON_THEIR_WAY, found)
        await queue_in_window(
            organisation,
            campaign,
            [row["id"] for row in rows],
            kind=DeliveryKind.INVITATION,
            channel=str(campaign.channel),
            now=now,
        )
        await record_event(
            organisation,
            AuditAction.INVITATIONS_SENT,
            f"/v1/campaigns/{campaign_id}",
            facts={"people": len(found), "undelivered": people is None},
            by=by,
        )
    return QueuedMessages(campaign=campaign_id, kind="invitation", people=len(found))


def require_running(campaign: CampaignView) -> None:
    """Check that a campaign sends messages.

    Raises
    ------
    CampaignNotRunning
        It is not open.
    """
    if campaign.state != "open":
        raise CampaignNotRunning(campaign.state)


async def _undelivered(campaign: UUID) -> list[UUID]:
    return [row["id"] for row in await connection().fetch(_UNDELIVERED, campaign)]


async def _named(campaign: UUID, people: Collection[str]) -> list[UUID]:
    wanted = {canonical(one) for one in people}
    rows = await connection().fetch(_NAMED, campaign, list(wanted))
    strangers = wanted - {row["external_id"] for row in rows}
    if strangers:
        raise PeopleNotInvited(sorted(strangers))
    return [row["id"] for row in rows]


async def queue_in_window(
    organisation: UUID,
    campaign: CampaignView,
    invitations: Sequence[UUID],
    *,
    kind: DeliveryKind,
    channel: str,
    now: datetime,
    number: int | None = None,
) -> None:
    """Queue one message per invitation in the current transaction, each for its own moment.

    Parameters
    ----------
    campaign : CampaignView
        Its window says when messages may leave; without one they leave at once.
    invitations : sequence of UUID
        Of the people who get it, all of this campaign.
    kind : DeliveryKind
        What the message is for.
    channel : str
        Kind of the channel that brings it.
    now : datetime
        The moment, UTC.
    number : int, optional
        Which reminder of the plan it is, from 1.
    """
    for due, group in (await _groups(campaign, invitations, now)).items():
        await queue_messages(
            organisation,
            campaign.id,
            group,
            kind=kind,
            channel=channel,
            after=due - now if due > now else None,
            number=number,
        )


async def _groups(
    campaign: CampaignView, invitations: Sequence[UUID], now: datetime
) -> dict[datetime, list[UUID]]:
    """Return the invitations by the moment at which their messages leave."""
    if campaign.sending_window is None:
        return {now: list(invitations)} if invitations else {}
    rows = await connection().fetch(_ZONES, invitations)
    zones = {row["zone"] for row in rows}
    due = {name: next_moment(campaign.sending_window, zone_of(name), now) for name in zones}
    groups = defaultdict(list)
    for row in rows:
        groups[due[row["zone"]]].append(row["id"])
    return groups
