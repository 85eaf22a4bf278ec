"""People who come and go while a campaign is open: joiners are invited, leavers are dropped.

A file of people queues one look at the open campaigns. Joiners are those whom the file has
brought; leavers are everybody invited who is not active any more, and returners those of them
who are active again.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from models.engine import connection, reading, transaction
from models.enums import AuditAction, DeliveryKind
from survey.access.actors import PLATFORM
from survey.access.audit import record_event
from survey.access.tokens import derive_token, token_hash
from survey.campaigns.audience import Candidate, joiners
from survey.campaigns.open import invitations_of, invite
from survey.campaigns.plan import asked_roles
from survey.campaigns.read import CampaignView, locked_campaign
from survey.campaigns.sending import queue_in_window
from survey.directory.arrivals import FOLLOW, FollowJob
from survey.directory.organisations import read_organisation
from survey.instruments.store import definition_of, read_instrument
from survey.jobs.kind import Attempt, Work
from survey.jobs.store import Clock

__all__ = ["following_the_directory"]

_OPEN = "SELECT id FROM campaign WHERE state = 'open' ORDER BY id"

_LEFT = """
SELECT i.id FROM invitation i LEFT JOIN person p ON p.id = i.person
WHERE i.campaign = $1 AND NOT i.revoked AND p.active IS NOT TRUE
"""
# Whoever has answered keeps the answer and the spent token. Nobody knows a token of the other
# hashes, so that those links are void, and what was saved with them.
_REVOKE = """
UPDATE invitation i
SET revoked = true, draft = NULL, generation = i.generation + (NOT i.completed)::int,
    token_hash = CASE WHEN i.completed THEN i.token_hash ELSE given.token_hash END
FROM unnest($1::uuid[], $2::bytea[]) AS given (id, token_hash) WHERE i.id = given.id
"""

_BACK = """
SELECT i.id, i.generation, i.completed FROM invitation i JOIN person p ON p.id = i.person
WHERE i.campaign = $1 AND i.revoked AND p.active ORDER BY random()
"""
_RESTORE = "UPDATE invitation SET revoked = false WHERE id = ANY($1)"
_RENEW = """
UPDATE invitation i SET token_hash = given.token_hash
FROM unnest($1::uuid[], $2::bytea[]) AS given (id, token_hash) WHERE i.id = given.id
"""
# They were held back while the person was away; one new message takes their place.
_FORGET = """
DELETE FROM delivery WHERE invitation = ANY($1) AND state IN ('queued', 'waiting')
"""
_INDEX = """
INSERT INTO token_index (token_hash, organisation)
SELECT token_hash, $1 FROM unnest($2::bytea[]) AS given (token_hash)
"""

# The unit must be in the frozen tree: sheets have no place for another one.
_JOINERS = """
SELECT p.id, u.code, p.role, p.function, p.locale
FROM person p JOIN business_unit u ON u.id = p.unit
     JOIN campaign_unit f ON f.campaign = $1 AND f.code = u.code
WHERE p.id = ANY($2) AND p.active AND u.active AND p.role = ANY($3)
  AND NOT EXISTS (SELECT FROM invitation i WHERE i.campaign = $1 AND i.person = p.id)
ORDER BY random()
"""

_TREE = "SELECT code, parent_code FROM campaign_unit WHERE campaign = $1"


def following_the_directory(*, server_key: bytes, clock: Clock) -> Work[FollowJob]:
    """Return the work that invites joiners and drops leavers.

    Parameters
    ----------
    server_key : bytes
        From which the tokens are derived.
    clock : callable
        Returns the present moment, UTC.
    """

    async def run(job: FollowJob, _: Attempt) -> None:
        async with reading(job.organisation):
            rows = await connection().fetch(_OPEN)
        for row in rows:
            async with transaction(job.organisation):
                campaign = await locked_campaign(row["id"])
                if campaign.state == "open":
                    await _follow(job, campaign, server_key, now=clock())

    return Work(kind=FOLLOW, run=run)


async def _follow(
    job: FollowJob, campaign: CampaignView, server_key: bytes, *, now: datetime
) -> None:
    await _drop_leavers(campaign.id)
    invited = await _take_back(job.organisation, campaign.id, server_key)
    if campaign.invite_joiners:
        invited += await _invite_joiners(job, campaign, server_key)
    if not invited:
        return
    await queue_in_window(
        job.organisation,
        campaign,
        invited,
        kind=DeliveryKind.INVITATION,
        channel=str(campaign.channel),
        now=now,
    )
    await record_event(
        job.organisation,
        AuditAction.INVITATIONS_JOINED,
        f"/v1/campaigns/{campaign.id}",
        facts={"invited": len(invited)},
        by=PLATFORM,
    )


async def _drop_leavers(campaign: UUID) -> None:
    """Revoke the invitations of leavers; nothing tells which of them have answered."""
    rows = await connection().fetch(_LEFT, campaign)
    hashes = [secrets.token_bytes(32) for _ in rows]
    await connection().execute(_REVOKE, [row["id"] for row in rows], hashes)


async def _take_back(organisation: UUID, campaign: UUID, server_key: bytes) -> list[UUID]:
    """Give leavers who are back a link again, of their generation by now.

    A message is queued for those who have answered as well, and is not sent: otherwise the
    number of messages would tell who has.
    """
    rows = await connection().fetch(_BACK, campaign)
    back = [row["id"] for row in rows]
    renewed = [row for row in rows if not row["completed"]]
    hashes = [
        token_hash(derive_token(server_key, row["id"], row["generation"])) for row in renewed
    ]
    await connection().execute(_RESTORE, back)
    await connection().execute(_RENEW, [row["id"] for row in renewed], hashes)
    await connection().execute(_INDEX, organisation, hashes)
    await connection().execute(_FORGET, back)
    return back


async def _invite_joiners(
    job: FollowJob, campaign: CampaignView, server_key: bytes
) -> list[UUID]:
    """Invite whom the file has brought, if they belong to the campaign's audience."""
    wanted = await _joiners(job, campaign)
    if not wanted:
        return []
    owner = await read_organisation(job.organisation)
    invitations = invitations_of(wanted, server_key, owner.default_locale)
    await invite(job.organisation, campaign.id, invitations, late=True)
    return [one.id for one in invitations]


async def _joiners(job: FollowJob, campaign: CampaignView) -> Sequence[Any]:
    instrument = await read_instrument(
        job.organisation, key=campaign.instrument_key, version=campaign.instrument_version
    )
    roles = asked_roles(await definition_of(job.organisation, instrument.id))
    rows: Sequence[Any] = await connection().fetch(_JOINERS, campaign.id, job.came, roles)
    tree = await connection().fetch(_TREE, campaign.id)
    wanted = joiners(
        [Candidate(row["id"], row["code"], row["role"], row["function"]) for row in rows],
        campaign.audience,
        parents={unit["code"]: unit["parent_code"] for unit in tree},
        asked=roles,
    )
    ids = {one.id for one in wanted}
    return [row for row in rows if row["id"] in ids]
