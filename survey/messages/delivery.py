"""Sending messages that are due: claim, send, record; nothing here keeps or logs a token."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from models.engine import connection, reading, transaction
from models.enums import DeliveryState
from survey.access.tokens import derive_token
from survey.instruments.store import definition_of
from survey.jobs.kind import Attempt, JobHeld, TryAgain, Work
from survey.messages.message import Channel, Message, Outcome
from survey.messages.outbox import DELIVER, DeliverJob, queue_waiting

__all__ = [
    "DeliveryReport",
    "deliver",
    "delivering",
]

_log = logging.getLogger(__name__)

_DUE = """
SELECT d.id, d.kind, d.channel, i.id AS invitation, i.generation, i.locale, p.display_name,
       p.email, c.name AS campaign, c.closes_at, c.instrument
FROM delivery d
JOIN invitation i ON i.id = d.invitation
JOIN campaign c ON c.id = d.campaign
LEFT JOIN person p ON p.id = i.person
WHERE d.id = ANY($1) AND d.state = ANY($2) AND c.state = 'open' AND NOT i.completed
ORDER BY d.id
"""

# The campaign first, as everywhere: closing waits until this is recorded, or it has closed.
_LOCK_CAMPAIGNS = """
SELECT id FROM campaign WHERE id IN (SELECT campaign FROM delivery WHERE id = ANY($1))
ORDER BY id FOR SHARE
"""

_RECORD = """
UPDATE delivery d SET state = given.state, attempts = d.attempts + 1, updated_at = $3
FROM unnest($1::uuid[], $2::text[]) AS given (id, state)
WHERE d.id = given.id
"""


# Messages of campaigns that have closed, and to people who have answered, wait for nothing.
_STATES = """
SELECT d.state, count(*) AS messages FROM delivery d
JOIN invitation i ON i.id = d.invitation
JOIN campaign c ON c.id = d.campaign
WHERE d.id = ANY($1) AND c.state = 'open' AND NOT (d.state = 'queued' AND i.completed)
GROUP BY d.state
"""


# Whoever is getting an address at this moment is waited for.
_LOCK_PEOPLE = """
SELECT FROM person p JOIN invitation i ON i.person = p.id JOIN delivery d ON d.invitation = i.id
WHERE d.id = ANY($1) ORDER BY p.id FOR SHARE OF p
"""


def delivering(
    *,
    server_key: bytes,
    channels: Mapping[str, Channel],
    form_url: str,
    clock: Callable[[], datetime],
) -> Work[DeliverJob]:
    """Return the work that sends messages.

    Parameters
    ----------
    server_key : bytes
        From which tokens are derived.
    channels : mapping of name to Channel
        The names are those that campaigns are opened with.
    form_url : str
        Address of the server as people's browsers see it.
    clock : callable
        Returns the present moment, UTC.
    """

    async def run(job: DeliverJob, attempt: Attempt) -> None:
        report = await deliver(
            job,
            server_key=server_key,
            channels=channels,
            form_url=form_url,
            now=clock(),
            again=attempt.number > 0,
            last=attempt.last,
        )
        if report.queued:
            raise TryAgain
        if report.failed:
            raise JobHeld

    return Work(kind=DELIVER, run=run)


class DeliveryReport(msgspec.Struct, frozen=True, kw_only=True):
    """How the messages of a job stand, earlier attempts included."""

    sent: int = 0
    failed: int = 0
    """Given up."""
    queued: int = 0
    """To be tried again."""
    waiting: int = 0
    """For an address, or for a channel that needs none; nothing is to be done now."""


async def deliver(
    job: DeliverJob,
    *,
    server_key: bytes,
    channels: Mapping[str, Channel],
    form_url: str,
    now: datetime,
    again: bool = False,
    last: bool = False,
) -> DeliveryReport:
    """Send the messages of a job that are still due, and record what became of each.

    Running a job twice sends nothing twice, unless the process died between sending and
    recording: delivery is at least once, and the key of a message tells repeats.

    Parameters
    ----------
    server_key : bytes
        From which tokens are derived.
    channels : mapping of name to Channel
        Where messages may go; one for a channel that is not configured is tried again.
    form_url : str
        Address of the server as people's browsers see it.
    now
        The moment of the attempt, UTC.
    again
        Whether this job repeats itself: messages given up before stay so. A job put back by
        hand does not, and tries them anew.
    last
        Whether messages that would be tried again are given up instead.

    Returns
    -------
    DeliveryReport
        Messages of campaigns that are no longer open, and messages to people who have answered
        already, are neither sent nor counted.
    """
    states = [DeliveryState.QUEUED] if again else [DeliveryState.QUEUED, DeliveryState.FAILED]
    async with reading(job.organisation):
        rows = await connection().fetch(_DUE, job.deliveries, states)
        messages = [await _message(job.organisation, row, server_key, form_url) for row in rows]
    for missing in {row["channel"] for row in rows} - channels.keys():
        _log.error("Messages are queued for the channel %s, which is not configured.", missing)
    outcomes = await asyncio.gather(
        *(
            _send(channels.get(row["channel"]), message)
            for row, message in zip(rows, messages, strict=True)
        )
    )
    states_now = [_state(outcome, last=last) for outcome in outcomes]
    return await _record(job, [row["id"] for row in rows], states_now, now)


async def _message(
    organisation: UUID, row: Mapping[str, Any], server_key: bytes, form_url: str
) -> Message:
    definition = await definition_of(organisation, row["instrument"])
    locale = definition.locale_for(row["locale"])
    token = derive_token(server_key, row["invitation"], row["generation"])
    return Message(
        key=str(row["id"]),
        kind=row["kind"],
        name=row["display_name"],
        email=row["email"],
        locale=locale,
        title=definition.title[locale],
        campaign=row["campaign"],
        closes_at=row["closes_at"],
        link=f"{form_url.rstrip('/')}/f/{token}",
    )


async def _send(channel: Channel | None, message: Message) -> Outcome:
    if channel is None:
        return Outcome.RETRY
    try:
        return await channel.send(message)
    except Exception as error:  # noqa: BLE001 - one broken message must not stop its neighbours
        # The error's text may quote the message, and with it the token.
        _log.error("A channel failed with %s.", type(error).__name__)
        return Outcome.RETRY


def _state(outcome: Outcome, *, last: bool) -> DeliveryState:
    if outcome is Outcome.SENT:
        return DeliveryState.SENT
    if outcome is Outcome.NO_ADDRESS:
        return DeliveryState.WAITING
    if outcome is Outcome.GIVE_UP or last:
        return DeliveryState.FAILED
    return DeliveryState.QUEUED


async def _record(
    job: DeliverJob, tried: Sequence[UUID], states: Sequence[str], now: datetime
) -> DeliveryReport:
    async with transaction(job.organisation):
        await connection().execute(_LOCK_CAMPAIGNS, job.deliveries)
        waiting = DeliveryState.WAITING in states
        if waiting:
            await connection().execute(_LOCK_PEOPLE, tried)
        await connection().execute(_RECORD, tried, states, now)
        rows = await connection().fetch(_STATES, job.deliveries)
        if waiting:
            await queue_waiting(job.organisation)
    found = {row["state"]: row["messages"] for row in rows}
    return DeliveryReport(
        sent=found.get(DeliveryState.SENT, 0),
        failed=found.get(DeliveryState.FAILED, 0),
        queued=found.get(DeliveryState.QUEUED, 0),
        waiting=found.get(DeliveryState.WAITING, 0),
    )
