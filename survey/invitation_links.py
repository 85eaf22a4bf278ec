"""The tokens of a campaign's invitations, for whoever brings them to people; never stored."""

from uuid import UUID

from models.engine import connection, transaction
from survey.access.tokens import derive_token

__all__ = ["invitation_tokens"]

_INVITED = """
SELECT p.external_id, i.id, i.generation FROM invitation i JOIN person p ON p.id = i.person
WHERE i.campaign = $1 ORDER BY p.external_id
"""


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
    async with transaction(organisation):
        rows = await connection().fetch(_INVITED, campaign)
    return {
        row["external_id"]: derive_token(server_key, row["id"], row["generation"])
        for row in rows
    }
