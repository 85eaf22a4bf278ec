"""What is destroyed when a campaign ends, however it ends: nothing of it leads to a person."""

from uuid import UUID

from uuid_utils.compat import uuid7

from models.engine import connection

__all__ = ["forget_traces"]

_ENVELOPES = "DELETE FROM envelope WHERE campaign = $1"

_ANSWERS_KEPT = """
UPDATE invitation SET fingerprint = NULL, draft = NULL
WHERE campaign = $1 AND num_nonnulls(fingerprint, draft) > 0
"""

_DELIVERIES = """
SELECT kind, state, count(*) AS messages FROM delivery WHERE campaign = $1 GROUP BY kind, state
"""

_COUNT = """
INSERT INTO delivery_count (id, organisation, campaign, kind, state, messages)
VALUES ($1, $2, $3, $4, $5, $6)
"""

_IMPORTS = (
    "DELETE FROM imported_rows WHERE campaign = $1",
    "DELETE FROM imported_file WHERE campaign = $1",
)

_FORGET_DELIVERIES = "DELETE FROM delivery WHERE campaign = $1"


async def forget_traces(organisation: UUID, campaign: UUID) -> None:
    """Remove envelopes, fingerprints, drafts and imported rows' hashes; count the messages.

    Notes
    -----
    Dead rows stay in the files of the database for a while. What they hold is ciphertext and
    hashes, whose keys are destroyed once the current transaction has been committed.
    """
    await connection().execute(_ENVELOPES, campaign)
    await connection().execute(_ANSWERS_KEPT, campaign)
    for forget in _IMPORTS:
        await connection().execute(forget, campaign)
    await _reduce_deliveries(organisation, campaign)


async def _reduce_deliveries(organisation: UUID, campaign: UUID) -> None:
    """Keep how many messages ended how; forget which, to whom and when."""
    rows = await connection().fetch(_DELIVERIES, campaign)
    counts = [
        (uuid7(), organisation, campaign, row["kind"], row["state"], row["messages"])
        for row in rows
    ]
    await connection().executemany(_COUNT, counts)
    await connection().execute(_FORGET_DELIVERIES, campaign)
