"""Queueing messages of a campaign so that each leaves within its reader's window."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from models.engine import connection
from models.enums import DeliveryKind
from survey.campaigns.read import CampaignView
from survey.campaigns.window import next_moment, zone_of
from survey.messages.outbox import queue_messages

__all__ = ["queue_in_window"]

_ZONES = """
SELECT i.id, coalesce(p.time_zone, o.time_zone) AS zone
FROM unnest($1::uuid[]) WITH ORDINALITY AS given (id, place)
JOIN invitation i ON i.id = given.id JOIN organisation o ON o.id = i.organisation
LEFT JOIN person p ON p.id = i.person
ORDER BY given.place
"""


async def queue_in_window(
    organisation: UUID,
    campaign: CampaignView,
    invitations: Sequence[UUID],
    *,
    kind: DeliveryKind,
    channel: str,
    now: datetime,
    number: int | None = None,
) -> None:
    """Queue one message per invitation in the current transaction, each for its own moment.

    Parameters
    ----------
    campaign : CampaignView
        Its window says when messages may leave; without one they leave at once.
    invitations : sequence of UUID
        Of the people who get it, all of this campaign.
    kind : DeliveryKind
        What the message is for.
    channel : str
        Kind of the channel that brings it.
    now : datetime
        The moment, UTC.
    number : int, optional
        Which reminder of the plan it is, from 1.
    """
    for due, group in (await _groups(campaign, invitations, now)).items():
        await queue_messages(
            organisation,
            campaign.id,
            group,
            kind=kind,
            channel=channel,
            after=due - now if due > now else None,
            number=number,
        )


async def _groups(
    campaign: CampaignView, invitations: Sequence[UUID], now: datetime
) -> dict[datetime, list[UUID]]:
    """Return the invitations by the moment at which their messages leave."""
    if campaign.sending_window is None:
        return {now: list(invitations)} if invitations else {}
    rows = await connection().fetch(_ZONES, invitations)
    zones = {row["zone"] for row in rows}
    due = {name: next_moment(campaign.sending_window, zone_of(name), now) for name in zones}
    groups = defaultdict(list)
    for row in rows:
        groups[due[row["zone"]]].append(row["id"])
    return groups
