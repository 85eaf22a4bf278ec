"""Sending messages that are due: claim a few, send, record. No token is kept or logged."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from models.engine import reading, transaction
from models.enums import Role
from survey.access.tokens import derive_token
from survey.campaigns.window import next_moment, zone_of
from survey.instruments.store import definition_of
from survey.jobs.kind import Attempt, TryAgain, Work
from survey.jobs.queue import enqueue
from survey.messages.channels import Way, ways_of
from survey.messages.claims import (
    LEASE,
    DeliveryReport,
    Due,
    claim_messages,
    due_messages,
    record_outcomes,
    report_of,
    wait_of_turn,
)
from survey.messages.message import Channel, Message, Outcome, OwnWords
from survey.messages.opting_out import opt_out_id
from survey.messages.outbox import DELIVER, DeliverJob, queue_again

__all__ = ["CLAIMED_AT_ONCE", "deliver", "delivering"]

CLAIMED_AT_ONCE = 5
"""Claimed, sent and recorded together: so short is the time between claim and hand-over, and so
many may be sent twice if a worker dies."""
_SECONDS_PER_MINUTE = 60

_log = logging.getLogger(__name__)

_Words = dict[str, OwnWords]


class _Office(NamedTuple):
    """What it takes to write a message."""

    server_key: bytes
    address: str


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
        From which tokens are derived; it opens the secrets of channels.
    channels : mapping of name to Channel
        Those of the installation; an organisation may have more.
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
            clock=clock,
            last=attempt.last,
        )
        if report.queued and not attempt.last:
            raise TryAgain
        if report.queued:
            # Somebody else holds these. A held job would leave them there for good.
            async with transaction(job.organisation):
                await enqueue(DELIVER, [job], after=LEASE)

    return Work(kind=DELIVER, run=run)


async def deliver(
    job: DeliverJob,
    *,
    server_key: bytes,
    channels: Mapping[str, Channel],
    form_url: str,
    clock: Callable[[], datetime],
    last: bool = False,
) -> DeliveryReport:
    """Send the messages of a job that are still due, and record what became of each.

    Running a job twice sends nothing twice, unless the process died between sending and
    recording: delivery is at least once, and the key of a message tells repeats. Messages that
    are given up stay as they are until somebody queues them again.

    Parameters
    ----------
    server_key : bytes
        From which tokens are derived; it opens the secrets of channels.
    channels : mapping of name to Channel
        Those of the installation. Messages for a channel that nobody has are tried again.
    form_url : str
        Address of the server as people's browsers see it, to which ``/f/{token}`` is added.
    clock : callable
        Returns the present moment, UTC.
    last
        Whether messages that would be tried again are given up instead.

    Returns
    -------
    DeliveryReport
        Messages of campaigns that are no longer open, and messages that nobody needs any more,
        are neither sent nor counted.
    """
    now = clock()
    due = await due_messages(job.organisation, job.deliveries, now=now)
    if early := await _postpone(job.organisation, due, now):
        return DeliveryReport(postponed=early)
    if due:
        ways = await ways_of(job.organisation, installed=channels, server_key=server_key)
        office = _Office(server_key, form_url.rstrip("/"))
        for kind, found in groupby(due, key=lambda one: one.channel):
            deliveries = [one.id for one in found]
            await _send_all(
                job.organisation, kind, ways.get(kind), deliveries, office, clock, last
            )
    return await report_of(job.organisation, job.deliveries)


async def _postpone(organisation: UUID, due: Sequence[Due], now: datetime) -> int:
    """Leave messages to other jobs if some of them may not leave now; return how many.

    A late worker would send them outside their window. This job ends then: tried again, it
    would postpone the same messages once more.
    """
    moments = defaultdict(list)
    for one in due:
        moments[max(now, next_moment(one.window, zone_of(one.zone), now))].append(one.id)
    if set(moments) <= {now}:
        return 0
    async with transaction(organisation):
        for moment, group in moments.items():
            await queue_again(organisation, group, after=moment - now)
    return len(due)


async def _send_all(
    organisation: UUID,
    kind: str,
    way: Way | None,
    deliveries: Sequence[UUID],
    office: _Office,
    clock: Callable[[], datetime],
    last: bool,  # noqa: FBT001 - passed on from deliver
) -> None:
    """Send messages by one channel, a few at a time; stop if it cannot send now."""
    if way is None:
        _log.error("Messages are queued for the channel %s, which is not configured.", kind)
    at_once = _at_once(way)
    try:
        for start in range(0, len(deliveries), at_once):
            group = deliveries[start : start + at_once]
            await _take_turn(organisation, kind, way, len(group))
            rows = await claim_messages(organisation, group, now=clock())
            outcomes = await _sent(organisation, way, rows, office)
            if rows:
                await record_outcomes(organisation, rows, outcomes, now=clock(), last=last)
            if not last and rows and all(_is_put_off(one) for one in outcomes):
                return
    finally:
        if way is not None:
            await way.channel.close()


def _at_once(way: Way | None) -> int:
    """Return how many messages are claimed together: at most what may leave in a second."""
    if way is None or way.rate_per_minute is None:
        return CLAIMED_AT_ONCE
    return max(1, min(CLAIMED_AT_ONCE, way.rate_per_minute // _SECONDS_PER_MINUTE))


async def _take_turn(organisation: UUID, kind: str, way: Way | None, messages: int) -> None:
    if way is None or way.rate_per_minute is None:
        return
    wait_s = await wait_of_turn(
        organisation, kind, messages, rate_per_minute=way.rate_per_minute
    )
    await asyncio.sleep(wait_s)


def _is_put_off(outcome: Outcome) -> bool:
    return outcome.word == Outcome.RETRY.word


async def _sent(
    organisation: UUID, way: Way | None, rows: Sequence[Any], office: _Office
) -> list[Outcome]:
    messages = [await _message(organisation, row, office) for row in rows]
    channel = None if way is None else way.channel
    return await asyncio.gather(*(_send(channel, message) for message in messages))


async def _message(organisation: UUID, row: Mapping[str, Any], office: _Office) -> Message:
    async with reading(organisation):
        definition = await definition_of(organisation, row["instrument"])
    locale = definition.locale_for(row["locale"])
    token = derive_token(office.server_key, row["invitation"], row["generation"])
    stop = opt_out_id(office.server_key, organisation, row["invitation"])
    return Message(
        key=str(row["id"]),
        kind=row["kind"],
        name=row["display_name"],
        email=row["email"],
        locale=locale,
        title=definition.title[locale],
        campaign=row["campaign_name"],
        closes_at=row["closes_at"] and row["closes_at"].astimezone(zone_of(row["zone"])),
        link=f"{office.address}/f/{token}",
        on_record=row["role"] == Role.SPONSOR,
        opt_out=f"{office.address}/o/{stop}",
        dated=row["dated_at"],
        words=_own_words(row["words"], locale),
    )


def _own_words(encoded: str | None, locale: str) -> OwnWords | None:
    """Return an office's words in a language, or in the language without its region."""
    if encoded is None:
        return None
    words = msgspec.json.decode(encoded, type=_Words)
    return words.get(locale) or words.get(locale.partition("-")[0])


async def _send(channel: Channel | None, message: Message) -> Outcome:
    if channel is None:
        return Outcome.RETRY.because("channel-not-configured")
    try:
        return await channel.send(message)
    except Exception as error:  # noqa: BLE001 - one broken message must not stop its neighbours
        # The error's text may quote the message, and with it the token.
        _log.error("A channel failed with %s.", type(error).__name__)
        return Outcome.RETRY.because("channel-failed")
