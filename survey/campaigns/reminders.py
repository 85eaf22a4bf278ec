"""Reminders: a tick queues those that are due, for people who have not answered.

Every open campaign with a plan has one chain of jobs. Each link queues what is due and then the
next link; a link that is not the last one of its chain does nothing. So a worker may die or
come late, and a reminder is neither lost nor queued twice. Reminders are queued in portions,
because whoever submits waits for the lock of the campaign.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import msgspec

from models.engine import connection, reading, transaction
from models.enums import AuditAction, DeliveryKind
from survey.access.actors import COMMAND_LINE, Actor
from survey.access.audit import record_event
from survey.campaigns.errors import UnitNotInCampaign
from survey.campaigns.read import CampaignView, locked_campaign, read_campaign
from survey.campaigns.sending import QueuedMessages, queue_in_window, require_running
from survey.campaigns.window import reminder_moment, zone_of
from survey.jobs.kind import Attempt, JobKind, Work
from survey.jobs.queue import enqueue
from survey.jobs.store import Clock

__all__ = [
    "BETWEEN_TICKS",
    "PAUSE",
    "PORTION",
    "REMIND",
    "REMIND_NOW",
    "RemindJob",
    "RemindNowJob",
    "follow_reminders",
    "remind_now",
    "reminding",
    "reminding_now",
]

BETWEEN_TICKS = timedelta(minutes=10)
"""How often to look whether reminders are due."""
PAUSE = timedelta(hours=24)
"""Nobody is reminded within so long after another reminder, whatever its cause; on request not
so soon after an invitation either."""

PORTION = 200
"""So many reminders are queued in one transaction."""

# One row per person whose invitation is on its way or has been sent.
_PEOPLE = """
SELECT i.id, coalesce(p.time_zone, o.time_zone) AS zone,
       min(d.updated_at) FILTER (WHERE d.kind = 'invitation' AND d.state = 'sent')
           AS invited_at,
       coalesce(max(d.number), 0) AS reminded,
       max(d.updated_at) FILTER (WHERE d.kind = 'reminder' AND d.state = 'sent') AS reminded_at
FROM invitation i JOIN organisation o ON o.id = i.organisation
     JOIN delivery d ON d.invitation = i.id LEFT JOIN person p ON p.id = i.person
WHERE i.campaign = $1 AND NOT i.revoked
GROUP BY i.id, coalesce(p.time_zone, o.time_zone)
"""

# Asked again under the lock of the campaign, which whoever is submitting holds as well: so
# nobody is queued whose answer has been acknowledged. This is the one place that says who may
# be reminded.
REMINDABLE = """
SELECT i.id FROM invitation i
WHERE i.campaign = $1 AND i.id = ANY($2) AND NOT i.completed AND NOT i.revoked
  AND NOT i.opted_out
  AND EXISTS (SELECT FROM delivery d WHERE d.invitation = i.id
              AND d.kind = 'invitation' AND d.state = 'sent')
  AND NOT EXISTS (SELECT FROM delivery d WHERE d.invitation = i.id
                  AND (d.state IN ('queued', 'sending', 'waiting')
                       OR d.state = 'sent' AND d.kind = ANY($4) AND d.updated_at > $3))
ORDER BY random()
"""

_BELOW = """
WITH RECURSIVE below AS (
    SELECT code FROM campaign_unit WHERE campaign = $1 AND ($2::text IS NULL OR code = $2)
    UNION SELECT u.code FROM campaign_unit u JOIN below b ON u.parent_code = b.code
    WHERE u.campaign = $1)
SELECT i.id FROM below b LEFT JOIN invitation i ON i.campaign = $1 AND i.unit_code = b.code
"""

_LINK = """
UPDATE campaign SET reminder_chain = $2, next_reminder_at = $3,
       revision = revision + (next_reminder_at IS DISTINCT FROM $3)::int
WHERE id = $1
"""
_CHAIN = "SELECT reminder_chain FROM campaign WHERE id = $1 AND state = 'open'"


class RemindJob(msgspec.Struct, frozen=True, kw_only=True):
    """A look at who is to be reminded."""

    organisation: UUID
    campaign: UUID
    chain: UUID
    """Names this link; the campaign knows its last one."""


class RemindNowJob(msgspec.Struct, frozen=True, kw_only=True):
    """People who are to be reminded apart from the plan."""

    organisation: UUID
    campaign: UUID
    unit: str | None = None
    """Code of a unit, for its people and those below it; None is everybody."""


REMIND = JobKind(name="remind", payload=RemindJob)
REMIND_NOW = JobKind(name="remind-now", payload=RemindNowJob)


class _Plan(NamedTuple):
    """What is to be queued now, and when somebody is next to be reminded."""

    due: dict[int, list[UUID]]
    """Number of the reminder to the invitations."""
    next_at: datetime | None


async def follow_reminders(organisation: UUID, campaign_id: UUID, *, now: datetime) -> None:
    """Begin the chain of an open campaign anew, in the transaction that has changed its plan.

    A chain begun before ends by itself.
    """
    campaign = await read_campaign(organisation, campaign_id)
    plan = _planned(campaign, await connection().fetch(_PEOPLE, campaign_id), now)
    await _link(organisation, campaign, plan.next_at, after=timedelta(0))


async def remind_now(
    organisation: UUID,
    campaign_id: UUID,
    *,
    unit: str | None = None,
    by: Actor = COMMAND_LINE,
) -> QueuedMessages:
    """Remind everybody who has not answered, apart from the plan.

    A job does it. Nobody is reminded who got a message within `PAUSE`, or for whom one is on
    its way.

    Parameters
    ----------
    unit : str, optional
        Code of the unit whose people, and those of the units below, are reminded.
    by : Actor
        Who asks for it; the audit trail keeps that.

    Returns
    -------
    QueuedMessages
        Without a number, which would tell how many people have answered.

    Raises
    ------
    CampaignNotFound
        No campaign of the organisation has this id.
    CampaignNotRunning
        It is not open.
    UnitNotInCampaign
        Its tree has no such unit.
    """
    async with transaction(organisation):
        require_running(await locked_campaign(campaign_id))
        if unit is not None and not await connection().fetch(_BELOW, campaign_id, unit):
            raise UnitNotInCampaign(unit)
        job = RemindNowJob(organisation=organisation, campaign=campaign_id, unit=unit)
        await enqueue(REMIND_NOW, [job])
        await record_event(
            organisation,
            AuditAction.INVITATIONS_REMINDED,
            f"/v1/campaigns/{campaign_id}",
            facts={"unit": unit},
            by=by,
        )
    return QueuedMessages(campaign=campaign_id, kind="reminder", people=None)


def reminding(*, clock: Clock) -> Work[RemindJob]:
    """Return the work that queues reminders."""

    async def run(job: RemindJob, attempt: Attempt) -> None:
        now = clock()
        try:
            await _tick(job, now=now)
        except Exception:
            if attempt.last:
                async with transaction(job.organisation):
                    await enqueue(REMIND, [job], after=BETWEEN_TICKS)
            raise

    return Work(kind=REMIND, run=run)


def reminding_now(*, clock: Clock) -> Work[RemindNowJob]:
    """Return the work that reminds people apart from the plan."""

    async def run(job: RemindNowJob, _: Attempt) -> None:
        async with reading(job.organisation):
            rows = await connection().fetch(_BELOW, job.campaign, job.unit)
        invitations = [row["id"] for row in rows if row["id"] is not None]
        for portion in _portions(invitations):
            async with transaction(job.organisation):
                campaign = await locked_campaign(job.campaign)
                if campaign.state != "open":
                    return
                await _queue(job.organisation, campaign, portion, now=clock())

    return Work(kind=REMIND_NOW, run=run)


async def _tick(job: RemindJob, *, now: datetime) -> None:
    """Queue the reminders that are due, and the next look."""
    async with reading(job.organisation):
        if await connection().fetchval(_CHAIN, job.campaign) != job.chain:
            return
        campaign = await read_campaign(job.organisation, job.campaign)
        people = await connection().fetch(_PEOPLE, job.campaign)
    plan = _planned(campaign, people, now)
    for number, invitations in plan.due.items():
        for portion in _portions(invitations):
            async with transaction(job.organisation):
                if (current := await _if_last(job)) is None:
                    return
                await _queue(job.organisation, current, portion, number=number, now=now)
    async with transaction(job.organisation):
        if (current := await _if_last(job)) is not None:
            await _link(job.organisation, current, plan.next_at, after=BETWEEN_TICKS)


async def _if_last(job: RemindJob) -> CampaignView | None:
    """Lock the campaign; return it if it is open and this link its last one."""
    campaign = await locked_campaign(job.campaign)
    is_last = await connection().fetchval(_CHAIN, job.campaign) == job.chain
    return campaign if is_last else None


def _portions(invitations: Sequence[UUID]) -> Iterable[Sequence[UUID]]:
    return (
        invitations[start : start + PORTION] for start in range(0, len(invitations), PORTION)
    )


def _planned(campaign: CampaignView, people: Iterable[Any], now: datetime) -> _Plan:
    """Return who is due which reminder: the latest that is due, so that none pile up.

    The next moment counts people who have answered: without them it would tell who has.
    """
    due, ahead = defaultdict[int, list[UUID]](list), set[datetime]()
    known: dict[tuple[str, datetime], tuple[datetime, ...]] = {}
    for person, zone, invited_at, reminded, reminded_at in map(tuple, people):
        invited = (zone, invited_at or now)
        if invited not in known:
            known[invited] = _moments(campaign, *invited)
        moments = known[invited]
        ahead.update(moment for moment in moments if moment > now)
        number = sum(moment <= now for moment in moments)
        if invited_at is None or number <= reminded:
            continue
        if (
            reminded_at is None
            or _paused(campaign, zone, moments[number - 1], reminded_at) <= now
        ):
            due[number].append(person)
    return _Plan(due, min(ahead, default=None))


def _moments(campaign: CampaignView, zone: str, invited_at: datetime) -> tuple[datetime, ...]:
    """Return when a person is reminded while the campaign is open, ascending."""
    moments = (_moment(campaign, zone, invited_at, days) for days in campaign.reminders)
    return tuple(
        moment
        for moment in moments
        if campaign.closes_at is None or moment < campaign.closes_at
    )


def _paused(
    campaign: CampaignView, zone: str, moment: datetime, reminded_at: datetime
) -> datetime:
    """Return the moment, or one at its hour after the pause since the last reminder."""
    rested = reminded_at + PAUSE
    later = (moment, *(_moment(campaign, zone, reminded_at, days) for days in (1, 2, 3)))
    return next(one for one in later if one >= rested)


def _moment(campaign: CampaignView, zone: str, since: datetime, days: int) -> datetime:
    return reminder_moment(
        campaign.sending_window,
        zone_of(zone),
        since=since,
        days=days,
        hour=campaign.reminder_hour,
    )


async def _queue(
    organisation: UUID,
    campaign: CampaignView,
    invitations: Sequence[UUID],
    *,
    now: datetime,
    number: int | None = None,
) -> None:
    """Queue a reminder for those of these people who may get one."""
    kinds = [DeliveryKind.REMINDER] if number else list(DeliveryKind)
    rows = await connection().fetch(REMINDABLE, campaign.id, invitations, now - PAUSE, kinds)
    if rows:
        await queue_in_window(
            organisation,
            campaign,
            [row["id"] for row in rows],
            kind=DeliveryKind.REMINDER,
            channel=str(campaign.channel),
            now=now,
            number=number,
        )


async def _link(
    organisation: UUID, campaign: CampaignView, next_at: datetime | None, *, after: timedelta
) -> None:
    """Queue the next link of the chain, which makes those before it void."""
    chain = uuid4() if campaign.reminders else None
    await connection().execute(_LINK, campaign.id, chain, next_at)
    if chain is not None:
        job = RemindJob(organisation=organisation, campaign=campaign.id, chain=chain)
        await enqueue(REMIND, [job], after=after)
