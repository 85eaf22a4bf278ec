"""Closing a campaign: the envelopes are opened, and what leads to a person is destroyed.

Until then nobody can read an answer; from then on nothing tells whose it is. The answers are
shuffled in memory before any of them is written: a sort in the database would spill to its
files in the order of the envelopes.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from uuid import UUID

import polars as pl
from uuid_utils.compat import uuid7

from models.engine import connection, reading, transaction
from models.enums import AuditAction, CampaignState
from survey.access.actors import PLATFORM, Actor
from survey.access.audit import record_event
from survey.campaigns.forgetting import forget_traces
from survey.campaigns.plan import require_move
from survey.campaigns.read import locked_campaign, read_campaign
from survey.campaigns.unsealing import SheetCounts, comment_rows, counted, response_rows
from survey.jobs.kind import Attempt, JobKind, Work
from survey.jobs.store import Clock, JobView, StartedJob, carry_out, start_job, succeed_job
from survey.sealing.errors import AnswersMissing, EnvelopeRefused
from survey.sealing.key_pair import PrivateKey
from survey.sealing.seal import Envelope, Seal
from survey.sealing.seals import Seals
from survey.sealing.sheets import Comment

__all__ = ["CLOSE", "CloseJob", "closing", "start_closing"]


_TAKE_NO_MORE = """
UPDATE campaign SET state = 'closing', revision = revision + 1 WHERE id = $1
"""

_CLOSE = """
UPDATE campaign SET state = 'closed', closed_at = $2, revision = revision + 1,
                    public_key = NULL, public_key_mark = NULL
WHERE id = $1
"""

_ENVELOPES = "SELECT id, sealed, mark FROM envelope WHERE campaign = $1"
_AT_ONCE = 50  # envelopes that are in memory, sealed, at a time

_ACKNOWLEDGED = """
SELECT (SELECT count(*) FROM invitation WHERE campaign = $1 AND fingerprint IS NOT NULL),
       (SELECT coalesce(sum("rows"), 0) FROM imported_file WHERE campaign = $1)
"""

_COLUMNS = (
    "id", "unit_code", "role", "function", "locale", "submitted_on", "too_fast",
    "duration_class", "imported", "consent", "person", "answers",
)  # fmt: skip

_COMMENT = """
INSERT INTO comment (id, organisation, campaign, unit_code, item, locale, text)
SELECT id, $1, $2, unit_code, item, locale, text
FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[])
AS given(id, unit_code, item, locale, text)
"""
_COMMENTS_AT_ONCE = 5_000


class CloseJob(StartedJob, frozen=True, kw_only=True):
    """A campaign that takes no more answers and is to be closed."""

    campaign: UUID
    accept_missing: int | None = None
    """How many sheets may be missing, and envelopes refused for it; None allows no fault."""


CLOSE = JobKind(name="close", payload=CloseJob, scope="campaigns:write")


def closing(*, seals: Seals, clock: Clock) -> Work[CloseJob]:
    """Return the work that closes campaigns."""

    async def run(job: CloseJob, attempt: Attempt) -> None:
        await carry_out(job, attempt, lambda: _close(job, seals, now=clock()), clock=clock)

    return Work(kind=CLOSE, run=run)


async def start_closing(
    organisation: UUID,
    campaign_id: UUID,
    *,
    by: Actor,
    now: datetime,
    accept_missing: int | None = None,
) -> JobView:
    """Let a campaign take no more answers, and have it closed by a job.

    Parameters
    ----------
    by : Actor
        Who closes it; the audit trail keeps that.
    now
        The moment from which no answer is taken, UTC.
    accept_missing
        How many sheets the operator accepts to be missing; None allows no fault.

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
        job = CloseJob(
            organisation=organisation,
            job=uuid7(),
            campaign=campaign_id,
            accept_missing=accept_missing,
        )
        address = _address(campaign_id)
        started = await start_job(CLOSE, job, subject=address, by=by.key, now=now)
        missing = {} if accept_missing is None else {"acceptMissing": accept_missing}
        await record_event(
            organisation,
            AuditAction.CAMPAIGN_CLOSING,
            address,
            f"/v1/jobs/{job.job}",
            facts=missing,
            by=by,
        )
    return started


async def _close(job: CloseJob, seals: Seals, *, now: datetime) -> None:
    """Open the envelopes, store what may be kept of them, and destroy the keys.

    Killed at any moment, it can be repeated: the answers are stored in one transaction with
    everything else that changes, and the keys outlive the commit.

    Raises
    ------
    IllegalMove
        The campaign is not closing.
    KeysMissing
        Its keys are not on this machine.
    KeyExchanged, EnvelopeRefused
        Somebody has changed an envelope.
    AnswersMissing
        There are fewer sheets than were acknowledged, or more.
    """
    campaign = await read_campaign(job.organisation, job.campaign)
    if campaign.state != "closed":
        seal = await seals.of(job.organisation, campaign.id)
        sheets, comments = await _unsealed(job, seal, seals.keys.private_key(campaign.id))
        await _store(job, seal, sheets, comments, now=now)
    seals.keys.destroy(job.campaign)
    async with transaction(job.organisation):
        await succeed_job(job, result=_address(job.campaign), now=now)


async def _unsealed(
    job: CloseJob, seal: Seal, private_key: PrivateKey
) -> tuple[bytes, list[Comment]]:
    """Open every envelope of a campaign that is closing, so that none is added any more."""
    sheets = bytearray()
    comments: list[Comment] = []
    async with reading(job.organisation):
        async for row in connection().cursor(_ENVELOPES, job.campaign, prefetch=_AT_ONCE):
            try:
                opened = seal.open(Envelope(*row), private_key)
            except EnvelopeRefused:
                if job.accept_missing is None:
                    raise
                continue
            sheets += opened.sheets
            comments += opened.comments
    return bytes(sheets), comments


async def _store(
    job: CloseJob, seal: Seal, sheets: bytes, comments: Sequence[Comment], *, now: datetime
) -> None:
    """Write what is kept in one transaction; do nothing if another worker has."""
    async with transaction(job.organisation):
        campaign = await locked_campaign(job.campaign)
        if campaign.state == "closed":
            return
        require_move(campaign.state, CampaignState.CLOSED)
        await _require_all(job, counted(sheets, seal.layout))
        anonymous, k = campaign.mode == "anonymous", campaign.min_group
        rows = await asyncio.to_thread(
            response_rows, sheets, seal.layout, anonymous=anonymous, k=k
        )
        await _write_responses(job, rows)
        await _write_comments(job, comment_rows(comments, k=k))
        await forget_traces(job.organisation, campaign.id)
        await connection().execute(_CLOSE, campaign.id, now)
        address, of_job = _address(campaign.id), f"/v1/jobs/{job.job}"
        await record_event(
            job.organisation,
            AuditAction.CAMPAIGN_CLOSED,
            address,
            of_job,
            facts={},
            by=PLATFORM,
        )


async def _require_all(job: CloseJob, found: SheetCounts) -> None:
    """Compare the sheets with what was acknowledged; an operator may accept a difference."""
    acknowledged = SheetCounts(*await connection().fetchrow(_ACKNOWLEDGED, job.campaign))
    differing = sum(abs(there - told) for there, told in zip(found, acknowledged, strict=True))
    if differing > (job.accept_missing or 0):
        raise AnswersMissing(
            job.campaign,
            invited=(found.invited, acknowledged.invited),
            imported=(found.imported, acknowledged.imported),
        )


async def _write_responses(job: CloseJob, rows: pl.DataFrame) -> None:
    """Fill a partition of the campaign's own, then attach it."""
    part = await connection().fetchval("SELECT begin_responses($1)", job.campaign)
    answers = (
        pl.col("answers").cast(pl.List(pl.String)).list.eval(pl.element().fill_null("NULL"))
    )
    written = rows.select(
        *_COLUMNS[:-1],
        pl.format("{{{}}}", answers.list.join(",")).alias("answers"),
        organisation=pl.lit(str(job.organisation)),
        campaign=pl.lit(str(job.campaign)),
    )
    await connection().copy_to_table(
        part,
        source=BytesIO(written.write_csv(include_header=False).encode()),
        columns=(*_COLUMNS, "organisation", "campaign"),
        format="csv",
    )
    stored = await connection().fetchval("SELECT attach_responses($1)", job.campaign)
    if stored != rows.height:
        msg = f"Expected {rows.height} stored responses, got {stored}."
        raise RuntimeError(msg)


async def _write_comments(job: CloseJob, rows: Sequence[tuple[UUID, Comment]]) -> None:
    """Store the comments in an order of their own."""
    for start in range(0, len(rows), _COMMENTS_AT_ONCE):
        some = rows[start : start + _COMMENTS_AT_ONCE]
        columns = zip(*((key, *comment) for key, comment in some), strict=True)
        await connection().execute(
            _COMMENT, job.organisation, job.campaign, *map(list, columns)
        )


def _address(campaign: UUID) -> str:
    return f"/v1/campaigns/{campaign}"
