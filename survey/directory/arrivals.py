"""What a file of people leaves to open campaigns: who has come, and that somebody has left."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from models.engine import connection
from survey.jobs.kind import JobKind
from survey.jobs.queue import enqueue

__all__ = ["FOLLOW", "FollowJob", "queue_following"]

PEOPLE_PER_JOB = 500

_CAME = "SELECT id FROM person WHERE organisation = $1 AND external_id = ANY($2) ORDER BY id"
_ANY_OPEN = "SELECT EXISTS (SELECT FROM campaign WHERE state = 'open')"


class FollowJob(msgspec.Struct, frozen=True, kw_only=True):
    """People who have come; and a sign that somebody may have left."""

    organisation: UUID
    came: tuple[UUID, ...] = ()


FOLLOW = JobKind(name="follow-directory", payload=FollowJob)


async def queue_following(organisation: UUID, came: Sequence[str]) -> None:
    """Let the open campaigns follow a change of people, in its transaction.

    Parameters
    ----------
    came : sequence of str
        External ids of people who were not active before; nobody if others only changed or
        left.
    """
    if not await connection().fetchval(_ANY_OPEN):
        return
    rows = await connection().fetch(_CAME, organisation, came)
    people = [row["id"] for row in rows]
    groups = [
        tuple(people[start : start + PEOPLE_PER_JOB])
        for start in range(0, max(len(people), 1), PEOPLE_PER_JOB)
    ]
    await enqueue(FOLLOW, [FollowJob(organisation=organisation, came=one) for one in groups])
