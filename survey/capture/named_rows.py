"""Rows of a file that name their person, in a confidential campaign: who answers once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from models.engine import connection
from models.enums import Role
from survey.capture.imported_rows import ImportedRow
from survey.files.complaints import Complaints
from survey.files.keys import canonical
from survey.files.notices import Notices

__all__ = ["Member", "members_of", "named_rows", "spend_invitations"]

_MEMBERS = """
SELECT p.external_id, p.id, i.unit_code, i.role
FROM invitation i JOIN person p ON p.id = i.person WHERE i.campaign = $1
"""
# In the order in which capture locks them.
_LOCK_INVITATIONS = """
SELECT FROM invitation WHERE campaign = $1 AND person = ANY($2) ORDER BY token_hash FOR UPDATE
"""
_ANSWERED = "SELECT DISTINCT person FROM response WHERE campaign = $1 AND person = ANY($2)"
_SPEND = """
UPDATE invitation SET completed = true, started = true, draft = NULL
WHERE campaign = $1 AND person = ANY($2)
"""


class Member(NamedTuple):
    """Somebody who was invited, with the unit and role that are frozen for the campaign."""

    person: UUID
    unit_code: str
    role: str


async def members_of(campaign: UUID) -> dict[str, Member]:
    """Return everybody who was invited to a campaign, by the form of their external id."""
    rows = await connection().fetch(_MEMBERS, campaign)
    return {canonical(name): Member(*member) for name, *member in map(tuple, rows)}


def named_rows(
    rows: Sequence[ImportedRow],
    members: Mapping[str, Member],
    complaints: Complaints,
    notices: Notices,
) -> list[ImportedRow]:
    """Give each row the role that its person has in the campaign.

    Roles change, and tools have their own idea of them. For a campaign they are frozen, as
    units are, so that figures compare. A sponsor is asked other questions than everybody else,
    so this role cannot be exchanged.

    Raises
    ------
    FileRejected
        A row names nobody who was invited, or another unit than the person's; one complaint
        for each.
    """
    for row in rows:
        _complain(row, members, complaints)
    complaints.raise_any()
    named = [row._replace(role=members[str(row.respondent_id)].role) for row in rows]
    if other := sum(row.role != given.role for row, given in zip(named, rows, strict=True)):
        notices.add("role_of_campaign", columns=["role"], count=other)
    return named


def _complain(row: ImportedRow, members: Mapping[str, Member], complaints: Complaints) -> None:
    """Note what is wrong with whom a row names, if anything is."""
    member = members.get(row.respondent_id or "")
    if member is None:
        complaints.add(
            _expected_member(row.respondent_id, members),
            line=row.line,
            column="respondent_id",
            value=row.respondent_id or "",
        )
    elif member.unit_code != row.unit_code:
        complaints.add(
            f"{member.unit_code}, the unit of {row.respondent_id} in this campaign",
            line=row.line,
            column="unit",
            value=row.unit_code,
        )
    elif Role.SPONSOR in {member.role, row.role} and member.role != row.role:
        complaints.add(
            f"{member.role}, the role of {row.respondent_id} in this campaign: "
            "sponsors are asked other questions",
            line=row.line,
            column="role",
            value=row.role,
        )


def _expected_member(given: str | None, members: Mapping[str, Member]) -> str:
    if given is None:
        return "the id of the person: in a confidential campaign each row names its own"
    expected = "the id of somebody who was invited to this campaign"
    stripped = given.lstrip("0")
    padded = [one for one in members if one != given and one.lstrip("0") == stripped]
    if stripped.isdecimal() and padded:
        return f"{expected}; did {padded[0]} lose its leading zeros?"
    return expected


async def spend_invitations(
    campaign: UUID,
    rows: Iterable[ImportedRow],
    members: Mapping[str, Member],
    complaints: Complaints,
) -> None:
    """Let these people answer by this file and by nothing else.

    A person who counted twice would also lift a group over the threshold that it is below.

    Raises
    ------
    FileRejected
        Some of them have answered already; one complaint for each.
    """
    ids = {members[str(row.respondent_id)].person: row for row in rows}
    await connection().execute(_LOCK_INVITATIONS, campaign, list(ids))
    found: Sequence[Any] = await connection().fetch(_ANSWERED, campaign, list(ids))
    for answered in found:
        row = ids[answered["person"]]
        complaints.add(
            "somebody who has not answered in this campaign yet",
            line=row.line,
            column="respondent_id",
            value=row.respondent_id,
        )
    complaints.raise_any()
    await connection().execute(_SPEND, campaign, list(ids))
