"""Claiming messages right before they leave, and recording what became of them.

A claim is one conditional update: at that moment the campaign is open, and the person is
active, has not answered and has not opted out. The row of the invitation is locked, so that an
answer that was acknowledged before is seen. A claim that is not recorded in time is taken over.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from models.engine import connection, reading, transaction
from models.enums import DeliveryState
from survey.campaigns.window import SendingWindow
from survey.messages.message import NO_ANSWER, Outcome
from survey.messages.outbox import queue_waiting

__all__ = [
    "LEASE",
    "DeliveryReport",
    "Due",
    "claim_messages",
    "due_messages",
    "record_outcomes",
    "report_of",
    "wait_of_turn",
]

LEASE = timedelta(minutes=3)
"""For so long a claim holds: longer than it takes to send a few messages, or to give up."""

_DUE = """
SELECT d.id, d.channel, c.sending_window, coalesce(p.time_zone, o.time_zone) AS zone
FROM delivery d JOIN campaign c ON c.id = d.campaign
     JOIN organisation o ON o.id = d.organisation
     JOIN invitation i ON i.id = d.invitation LEFT JOIN person p ON p.id = i.person
WHERE d.id = ANY($1) AND c.state = 'open'
  AND (d.state = 'queued' OR d.state = 'sending' AND d.updated_at <= $2)
ORDER BY d.channel, d.id
"""

# A message that was put back by hand (no attempts, but a reason) ends as it stood: otherwise
# the list of people whom nothing reached would tell who has answered meanwhile.
#
# Rows that others hold at this moment are left for later: nobody waits for a worker, and no two
# can wait for each other. Locked rows are read again, as they are now. The subquery must stay
# materialised: joined anew for each row, it would claim other rows than it has locked.
_CLAIM = f"""
WITH open AS MATERIALIZED (
    SELECT c.id FROM campaign c WHERE c.state = 'open'
      AND c.id IN (SELECT campaign FROM delivery WHERE id = ANY($1))
    ORDER BY c.id FOR SHARE),
due AS MATERIALIZED (
    SELECT d.id, i.completed OR i.opted_out OR i.revoked OR p.active IS NOT TRUE
               AS unwanted
    FROM open JOIN delivery d ON d.campaign = open.id JOIN invitation i ON i.id = d.invitation
    LEFT JOIN person p ON p.id = i.person
    WHERE d.id = ANY($1)
      AND (d.state = 'queued' OR d.state = 'sending' AND d.updated_at <= $2)
    FOR UPDATE OF d SKIP LOCKED FOR SHARE OF i SKIP LOCKED)
UPDATE delivery d
SET state = CASE WHEN NOT due.unwanted THEN 'sending'
                 WHEN d.attempts > 0 OR d.reason IS NULL THEN 'dropped'
                 WHEN d.reason = '{NO_ANSWER}' THEN 'uncertain' ELSE 'failed' END,
    attempts = d.attempts + 1, updated_at = $3, dated_at = coalesce(d.dated_at, $3)
FROM due WHERE d.id = due.id
RETURNING d.id, d.state
"""  # noqa: S608 - our own word

_CONTENT = """
SELECT d.id, d.kind, d.channel, d.dated_at, i.id AS invitation, i.generation, i.locale, i.role,
       p.display_name, CASE WHEN p.email_fault IS NULL THEN p.email END AS email,
       p.email_fault, c.id AS campaign, c.name AS campaign_name, c.closes_at, c.instrument,
       coalesce(p.time_zone, o.time_zone) AS zone,
       (SELECT jsonb_object_agg(w.locale, jsonb_build_object(
            'subject', w.subject, 'text', w.text)) FROM campaign_wording w
        WHERE w.campaign = c.id AND w.kind = d.kind) AS words
FROM delivery d JOIN invitation i ON i.id = d.invitation JOIN campaign c ON c.id = d.campaign
JOIN organisation o ON o.id = d.organisation LEFT JOIN person p ON p.id = i.person
WHERE d.id = ANY($1) ORDER BY d.id
"""

# The campaign first, as everywhere: closing waits until this is recorded, or it has closed.
_LOCK_CAMPAIGNS = """
SELECT id FROM campaign WHERE id IN (SELECT campaign FROM delivery WHERE id = ANY($1))
ORDER BY id FOR SHARE
"""

# Then the people: whoever is getting an address at this moment is waited for.
_LOCK_PEOPLE = """
SELECT FROM person p JOIN invitation i ON i.person = p.id JOIN delivery d ON d.invitation = i.id
WHERE d.id = ANY($1) ORDER BY p.id FOR NO KEY UPDATE OF p
"""

_MARK_ADDRESSES = """
UPDATE person p SET email_fault = given.reason
FROM unnest($1::uuid[], $2::text[], $3::text[]) AS given (id, reason, email)
JOIN delivery d ON d.id = given.id JOIN invitation i ON i.id = d.invitation
WHERE p.id = i.person AND p.email = given.email
"""

# A slow worker whose claim was taken over may still say that it has sent a message, and nothing
# else; a message that has come back meanwhile stays as it is.
_RECORD = """
UPDATE delivery d SET state = given.state, reason = given.reason, updated_at = $4
FROM unnest($1::uuid[], $2::text[], $3::text[]) AS given (id, state, reason)
WHERE d.id = given.id AND (d.state IN ('sending', 'queued')
    OR d.state = 'uncertain' AND given.state = 'sent')
"""

_STATES = """
SELECT d.state, count(*) AS messages FROM delivery d JOIN campaign c ON c.id = d.campaign
WHERE d.id = ANY($1) AND c.state = 'open' GROUP BY d.state
"""

_TURN = """
UPDATE channel
SET free_at = greatest(free_at, clock_timestamp()) + $2 * interval '1 minute' / $3
WHERE kind = $1
RETURNING greatest(0, extract(epoch FROM
    free_at - $2 * interval '1 minute' / $3 - clock_timestamp()))::float8
"""

_STATE_AFTER = {
    Outcome.SENT.word: DeliveryState.SENT,
    Outcome.UNCERTAIN.word: DeliveryState.UNCERTAIN,
    Outcome.GIVE_UP.word: DeliveryState.FAILED,
    Outcome.BAD_ADDRESS.word: DeliveryState.FAILED,
    Outcome.NO_ADDRESS.word: DeliveryState.WAITING,
}


class Due(NamedTuple):
    """A message that could be claimed."""

    id: UUID
    channel: str
    zone: str
    """Time zone (IANA) of its reader."""
    window: SendingWindow | None
    """When messages of its campaign may leave, in the reader's time; None is at any time."""


class DeliveryReport(msgspec.Struct, frozen=True, kw_only=True):
    """How the messages of a job stand, earlier attempts included."""

    sent: int = 0
    uncertain: int = 0
    """Handed over without an answer; not sent again."""
    failed: int = 0
    """Given up."""
    queued: int = 0
    """To be tried again."""
    postponed: int = 0
    """Left to other jobs, since not all may leave now."""
    waiting: int = 0
    """For an address, or for a channel that needs none; nothing is to be done now."""


async def due_messages(
    organisation: UUID, deliveries: Sequence[UUID], *, now: datetime
) -> list[Due]:
    """Return which messages could be claimed, in the order of channels."""
    async with reading(organisation):
        rows = await connection().fetch(_DUE, deliveries, now - LEASE)
    return [
        Due(row["id"], row["channel"], row["zone"], _window(row["sending_window"]))
        for row in rows
    ]


def _window(stored: str | None) -> SendingWindow | None:
    return None if stored is None else msgspec.json.decode(stored, type=SendingWindow)


async def wait_of_turn(
    organisation: UUID, channel: str, messages: int, *, rate_per_minute: int
) -> float:
    """Take the next free turns of a channel, and return how long to wait for the first.

    All workers of the database take their turns from one row.

    Returns
    -------
    float
        Seconds.
    """
    async with transaction(organisation):
        wait = await connection().fetchval(_TURN, channel, messages, rate_per_minute)
    return float(wait or 0)


async def claim_messages(
    organisation: UUID, deliveries: Sequence[UUID], *, now: datetime
) -> list[Any]:
    """Claim messages that are due and wanted, and return what they are to say.

    Those that nobody needs any more are set aside and not returned.
    """
    async with transaction(organisation):
        claimed = await connection().fetch(_CLAIM, deliveries, now - LEASE, now)
        sending = [row["id"] for row in claimed if row["state"] == DeliveryState.SENDING]
        return list(await connection().fetch(_CONTENT, sending)) if sending else []


async def record_outcomes(
    organisation: UUID,
    rows: Sequence[Mapping[str, Any]],
    outcomes: Sequence[Outcome],
    *,
    now: datetime,
    last: bool,
) -> None:
    """Record what became of claimed messages.

    Parameters
    ----------
    rows
        As `claim_messages` returned them.
    outcomes
        One per row.
    last
        Whether messages that would be tried again are given up instead.
    """
    tried = [row["id"] for row in rows]
    states = [_state(outcome, last=last) for outcome in outcomes]
    reasons = [_reason(row, outcome) for row, outcome in zip(rows, outcomes, strict=True)]
    bad = [
        (row["id"], reason, row["email"])
        for row, outcome, reason in zip(rows, outcomes, reasons, strict=True)
        if outcome.word == Outcome.BAD_ADDRESS.word
    ]
    waiting = DeliveryState.WAITING in states
    async with transaction(organisation):
        await connection().execute(_LOCK_CAMPAIGNS, tried)
        if waiting or bad:
            await connection().execute(_LOCK_PEOPLE, tried)
        if bad:
            await connection().execute(_MARK_ADDRESSES, *map(list, zip(*bad, strict=True)))
        await connection().execute(_RECORD, tried, states, reasons, now)
        if waiting:
            await queue_waiting(organisation)


async def report_of(organisation: UUID, deliveries: Sequence[UUID]) -> DeliveryReport:
    """Return how messages stand; those of campaigns that are not open are not counted."""
    async with reading(organisation):
        rows = await connection().fetch(_STATES, deliveries)
    found = {row["state"]: row["messages"] for row in rows}
    return DeliveryReport(
        sent=found.get(DeliveryState.SENT, 0),
        uncertain=found.get(DeliveryState.UNCERTAIN, 0),
        failed=found.get(DeliveryState.FAILED, 0),
        queued=found.get(DeliveryState.QUEUED, 0) + found.get(DeliveryState.SENDING, 0),
        waiting=found.get(DeliveryState.WAITING, 0),
    )


def _state(outcome: Outcome, *, last: bool) -> DeliveryState:
    otherwise = DeliveryState.FAILED if last else DeliveryState.QUEUED
    return _STATE_AFTER.get(outcome.word, otherwise)


def _reason(row: Mapping[str, Any], outcome: Outcome) -> str | None:
    if outcome.word == Outcome.NO_ADDRESS.word and row["email_fault"] is not None:
        return str(row["email_fault"])
    return outcome.reason
