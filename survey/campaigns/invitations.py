"""How far the messages of a campaign have come, in numbers; never to whom one went."""

from typing import Literal
from uuid import UUID

import msgspec

from models.engine import connection, reading
from models.enums import DeliveryKind, DeliveryState
from survey.access.tokens import derive_token
from survey.campaigns.deliveries import SHOWN_STATE, State
from survey.campaigns.read import read_campaign

__all__ = ["InvitationCounts", "Messages", "invitation_counts", "invitation_tokens"]

# Deliveries while the campaign runs; what they were reduced to once it has closed. The links
# that were handed out are in a row without kind.
_COUNTS = f"""
SELECT kind, {SHOWN_STATE} AS state, sum(messages)::int AS messages FROM (
    SELECT kind, state, count(*) AS messages FROM delivery WHERE campaign = $1
    GROUP BY kind, state
    UNION ALL
    SELECT kind, state, messages FROM delivery_count WHERE campaign = $1
    UNION ALL
    SELECT NULL, NULL, count(*) FROM invitation WHERE campaign = $1 AND link_exported
    ) AS counted
GROUP BY 1, 2 ORDER BY 1, 2
"""  # noqa: S608 - our own words
_INVITED = """
SELECT p.external_id, i.id, i.generation FROM invitation i JOIN person p ON p.id = i.person
WHERE i.campaign = $1 AND p.active ORDER BY p.external_id
"""


class Messages(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """How many messages of a kind are in a state."""

    kind: Literal["invitation"]
    """What the message is for: ``invitation``. Reminders are not counted, because they go to
    those who have not answered."""
    state: State
    """``queued``: on its way; ``sent``: handed to the channel, or not needed any more;
    ``uncertain``: handed over without an answer; ``failed``: given up; ``waiting``: for people
    without an address that works, until they have one."""
    messages: int
    """Number of messages."""


class InvitationCounts(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """How far the messages of a campaign have come; never to whom."""

    campaign: UUID
    """Id of the campaign."""
    messages: tuple[Messages, ...]
    """One entry per kind and state that occurs."""
    links_handed_out: int
    """Number of personal links that the office has exported, beside any message."""
    reminders_failed: bool
    """Whether reminders were given up, so that they can be queued again. Their number is not
    told: they go to those who have not answered."""


async def invitation_counts(organisation: UUID, campaign: UUID) -> InvitationCounts:
    """Return how many messages of a campaign are in which state.

    Raises
    ------
    CampaignNotFound
        No campaign of the organisation has this id.
    """
    async with reading(organisation):
        await read_campaign(organisation, campaign)
        rows = await connection().fetch(_COUNTS, campaign)
    return InvitationCounts(
        campaign=campaign,
        messages=tuple(
            Messages(**dict(row)) for row in rows if row["kind"] == DeliveryKind.INVITATION
        ),
        links_handed_out=sum(row["messages"] for row in rows if not row["kind"]),
        reminders_failed=any(
            row["kind"] == DeliveryKind.REMINDER and row["state"] == DeliveryState.FAILED
            for row in rows
        ),
    )


async def invitation_tokens(
    organisation: UUID, campaign: UUID, *, server_key: bytes
) -> dict[str, str]:
    """Derive the token of everybody who is invited.

    Parameters
    ----------
    organisation, campaign : UUID
        Whose invitations.
    server_key : bytes
        From which tokens are derived.

    Returns
    -------
    dict of str to str
        External id of a person to the person's token; empty for an unknown campaign.
    """
    async with reading(organisation):
        rows = await connection().fetch(_INVITED, campaign)
    return {
        row["external_id"]: derive_token(server_key, row["id"], row["generation"])
        for row in rows
    }
