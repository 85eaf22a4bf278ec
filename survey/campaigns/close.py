"""Closing a campaign: what could still lead from a response to a person is destroyed."""

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from models.engine import connection, pool, transaction
from models.enums import CampaignState
from survey.campaigns.plan import require_move
from survey.campaigns.read import CampaignView, locked_campaign, read_campaign
from survey.campaigns.unlinking import CommentTraces, Traces, blurred, blurred_comments
from survey.jobs.queue import SWEEP, enqueue

__all__ = ["close_campaign", "sweep"]

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
_VACUUM = "VACUUM (ANALYZE) response, comment, invitation, delivery"


async def close_campaign(
    organisation: UUID, campaign_id: UUID, *, now: datetime
) -> CampaignView:
    """Close a campaign; from then on it takes no answer.

    In an anonymous campaign every response, comment and invitation is written anew in random
    order by this one transaction, so that neither their place nor the system columns tell who
    answered when. Days, languages and functions that fewer than k share are taken away,
    fingerprints and saved answers forgotten, messages reduced to counts. In a confidential one
    responses keep their person; the rest is the same.

    Parameters
    ----------
    now
        The moment of closing, UTC.

    Returns
    -------
    CampaignView
        The campaign, now closed.

    Raises
    ------
    CampaignNotFound
        No campaign of the organisation has this id.
    IllegalMove
        The campaign is not open.

    Notes
    -----
    Dead rows stay in the files until a vacuum; the worker is told to run one. They cannot be
    selected meanwhile.
    """
    async with transaction(organisation):
        campaign = await locked_campaign(campaign_id)
        require_move(campaign.state, CampaignState.CLOSED)
        await connection().execute(_CLOSE, campaign_id, now)
        await _reduce_deliveries(organisation, campaign_id)
        if campaign.mode == "anonymous":
            await _unlink_responses(campaign_id, k=campaign.min_group)
            await connection().execute(_SHUFFLE_INVITATIONS, campaign_id)
        else:
            await connection().execute(_FORGET_ANSWERS_KEPT, campaign_id)
        await _unlink_comments(campaign_id, k=campaign.min_group)
        await enqueue(SWEEP, [None])
        return await read_campaign(organisation, campaign_id)


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
    something is written over them: whoever reads the disk is not kept out by this.
    """
    async with pool().acquire() as operator:
        await operator.execute(_VACUUM)
