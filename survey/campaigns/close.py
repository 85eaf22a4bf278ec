"""Closing a campaign: what could still lead from a response to a person is destroyed."""

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from uuid_utils.compat import uuid7

from models.engine import connection, pool, transaction
from models.enums import CampaignState
from survey.campaigns.plan import require_move
from survey.campaigns.read import locked_campaign
from survey.campaigns.unlinking import CommentTraces, Traces, blurred, blurred_comments
from survey.jobs.kind import Attempt, JobKind, Work
from survey.jobs.queue import enqueue
from survey.jobs.store import Clock, JobView, StartedJob, carry_out, start_job, succeed_job

__all__ = [
    "CLOSE",
    "SWEEP",
    "CloseJob",
    "SweepJob",
    "closing",
    "start_closing",
    "sweep",
    "sweeping",
]

_TAKE_NO_MORE = """
UPDATE campaign SET state = 'closing', revision = revision + 1 WHERE id = $1
"""

_CLOSE = """
UPDATE campaign SET state = 'closed', closed_at = $2, revision = revision + 1 WHERE id = $1
"""

_DELIVERIES = """
SELECT kind, state, count(*) AS messages FROM delivery WHERE campaign = $1 GROUP BY kind, state
"""

_COUNT = """
INSERT INTO delivery_count (id, organisation, campaign, kind, state, messages)
VALUES ($1, $2, $3, $4, $5, $6)
"""

_FORGET_DELIVERIES = "DELETE FROM delivery WHERE campaign = $1"

_FORGET_ANSWERS_KEPT = """
UPDATE invitation SET fingerprint = NULL, draft = NULL
WHERE campaign = $1 AND num_nonnulls(fingerprint, draft) > 0
"""

_RESPONSES = """
SELECT id, unit_code, role, function, locale, submitted_on FROM response WHERE campaign = $1
"""

_COMMENTS = "SELECT id, unit_code, item, locale FROM comment WHERE campaign = $1"

# Each of these is one statement: all rows leave before the first comes back, in random order,
# and those that come back share one xmin.
_SHUFFLE_RESPONSES = """
WITH gone AS (DELETE FROM response WHERE campaign = $1 RETURNING *),
kept AS (SELECT * FROM unnest($2::uuid[], $3::text[], $4::text[], $5::date[])
         AS kept (id, function, locale, submitted_on))
INSERT INTO response (id, organisation, campaign, unit_code, role, function, locale,
                      submitted_on, duration_s, consent, person, answers)
SELECT gone.id, gone.organisation, gone.campaign, gone.unit_code, gone.role, kept.function,
       kept.locale, kept.submitted_on, gone.duration_s, gone.consent, gone.person, gone.answers
FROM gone JOIN kept ON kept.id = gone.id ORDER BY random()
"""

_SHUFFLE_COMMENTS = """
WITH gone AS (DELETE FROM comment WHERE campaign = $1 RETURNING *),
kept AS (SELECT * FROM unnest($2::uuid[], $3::text[]) AS kept (id, locale))
INSERT INTO comment (id, organisation, campaign, unit_code, item, locale, text)
SELECT gone.id, gone.organisation, gone.campaign, gone.unit_code, gone.item, kept.locale,
       gone.text
FROM gone JOIN kept ON kept.id = gone.id ORDER BY random()
"""

_SHUFFLE_INVITATIONS = """
WITH gone AS (DELETE FROM invitation WHERE campaign = $1 RETURNING *)
INSERT INTO invitation (id, organisation, campaign, person, unit_code, role, function, locale,
                        generation, token_hash, started, completed, fingerprint, draft)
SELECT id, organisation, campaign, person, unit_code, role, function, locale, generation,
       token_hash, started, completed, NULL, NULL
FROM gone ORDER BY random()
"""
_FORGET_IMPORTS = (
    "DELETE FROM imported_rows WHERE campaign = $1",
    "DELETE FROM imported_file WHERE campaign = $1",
)

_VACUUM = """
VACUUM (ANALYZE) response, comment, invitation, delivery, imported_rows, imported_file
"""


class CloseJob(StartedJob, frozen=True, kw_only=True):
    """A campaign that takes no more answers and is to be closed."""

    campaign: UUID


class SweepJob(msgspec.Struct, frozen=True):
    """The tables that closing has rewritten; always the same."""


CLOSE = JobKind(name="close", payload=CloseJob, scope="campaigns:write")
SWEEP = JobKind(name="sweep", payload=SweepJob)


def closing(*, clock: Clock) -> Work[CloseJob]:
    """Return the work that closes campaigns."""

    async def run(job: CloseJob, attempt: Attempt) -> None:
        await carry_out(job, attempt, lambda: _close(job, now=clock()), clock=clock)

    return Work(kind=CLOSE, run=run)


def sweeping() -> Work[SweepJob]:
    """Return the work that clears away what closing a campaign has left."""

    async def run(_: SweepJob, __: Attempt) -> None:
        await sweep()

    return Work(kind=SWEEP, run=run)


async def start_closing(
    organisation: UUID, campaign_id: UUID, *, by: UUID | None, now: datetime
) -> JobView:
    """Let a campaign take no more answers, and have it closed by a job.

    Parameters
    ----------
    by : UUID or None
        The API key that closes it; None is the operator.
    now
        The moment from which no answer is taken, UTC.

    Returns
    -------
    JobView
        The job; its result is the address of the campaign.

    Raises
    ------
    CampaignNotFound
        No campaign of the organisation has this id.
    IllegalMove
        The campaign is not open.
    JobUnderWay
        It is closing already. If a closing has failed, another one may be started.

    Notes
    -----
    A submission locks the campaign's row as well: answers on their way are stored first,
    and later ones find the campaign closing.
    """
    async with transaction(organisation):
        campaign = await locked_campaign(campaign_id)
        if campaign.state != "closing":
            require_move(campaign.state, CampaignState.CLOSING)
            await connection().execute(_TAKE_NO_MORE, campaign_id)
        job = CloseJob(organisation=organisation, job=uuid7(), campaign=campaign_id)
        return await start_job(CLOSE, job, subject=_address(campaign_id), by=by, now=now)


async def _close(job: CloseJob, *, now: datetime) -> None:
    """Close a campaign, and destroy what could still lead from a response to a person.

    In an anonymous campaign every response, comment and invitation is written anew in random
    order by this one transaction, so that neither their place nor the system columns tell who
    answered when. Days, languages and functions that fewer than k share are taken away,
    fingerprints, saved answers and hashes of imported rows forgotten, messages reduced to
    counts. In a confidential one responses keep their person; the rest is the same.

    Raises
    ------
    IllegalMove
        The campaign is not closing: another worker has closed it.

    Notes
    -----
    Dead rows stay in the files until a vacuum; the worker is told to run one. They cannot be
    selected meanwhile.
    """
    async with transaction(job.organisation):
        campaign = await locked_campaign(job.campaign)
        require_move(campaign.state, CampaignState.CLOSED)
        await connection().execute(_CLOSE, campaign.id, now)
        await _reduce_deliveries(job.organisation, campaign.id)
        if campaign.mode == "anonymous":
            await _unlink_responses(campaign.id, k=campaign.min_group)
            await connection().execute(_SHUFFLE_INVITATIONS, campaign.id)
        else:
            await connection().execute(_FORGET_ANSWERS_KEPT, campaign.id)
        await _unlink_comments(campaign.id, k=campaign.min_group)
        for forget in _FORGET_IMPORTS:
            await connection().execute(forget, campaign.id)
        await enqueue(SWEEP, [SweepJob()])
        await succeed_job(job, result=_address(campaign.id), now=now)


def _address(campaign: UUID) -> str:
    return f"/v1/campaigns/{campaign}"


async def _reduce_deliveries(organisation: UUID, campaign: UUID) -> None:
    """Keep how many messages ended how; forget which, to whom and when."""
    rows = await connection().fetch(_DELIVERIES, campaign)
    counts = [
        (uuid7(), organisation, campaign, row["kind"], row["state"], row["messages"])
        for row in rows
    ]
    await connection().executemany(_COUNT, counts)
    await connection().execute(_FORGET_DELIVERIES, campaign)


async def _unlink_responses(campaign: UUID, *, k: int) -> None:
    rows = await connection().fetch(_RESPONSES, campaign)
    found = [Traces(*row) for row in rows]
    kept = await asyncio.to_thread(blurred, found, k=k)
    status = await connection().execute(
        _SHUFFLE_RESPONSES,
        campaign,
        [one.id for one in kept],
        [one.function for one in kept],
        [one.locale for one in kept],
        [one.submitted_on for one in kept],
    )
    _require_all(status, len(kept))


async def _unlink_comments(campaign: UUID, *, k: int) -> None:
    rows = await connection().fetch(_COMMENTS, campaign)
    kept = blurred_comments([CommentTraces(*row) for row in rows], k=k)
    status = await connection().execute(
        _SHUFFLE_COMMENTS,
        campaign,
        [one.id for one in kept],
        [one.locale for one in kept],
    )
    _require_all(status, len(kept))


def _require_all(status: Any, rows: int) -> None:
    """Undo everything if a row got lost: the campaign's lock should have kept writers out."""
    if status != f"INSERT 0 {rows}":
        msg = f"Expected {rows} rows to be written anew, got {status}."
        raise RuntimeError(msg)


async def sweep() -> None:
    """Vacuum the tables that closing a campaign rewrites, as the operator.

    The statistics are taken anew, for they still tell of functions, languages and days that
    closing took away. Rows that an older transaction may still see stay; the next vacuum takes
    them. Bytes stay where they were written, in the files and in the write-ahead log, until
    something overwrites them: this does not stop those who can read the disk.
    """
    async with pool().acquire() as operator:
        await operator.execute(_VACUUM)
