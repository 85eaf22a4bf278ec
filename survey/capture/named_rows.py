"""Rows of a file that name their person, in a confidential campaign: who answers once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from models.engine import connection
from survey.capture.imported_rows import ImportedRow
from survey.files.complaints import Complaints
from survey.files.keys import canonical
from survey.files.notices import Notices
from survey.instruments.parts import Role

__all__ = ["Member", "members_of", "named_rows", "spend_invitations"]

_MEMBERS = """
SELECT p.external_id, p.id, i.unit_code, i.role
FROM invitation i JOIN person p ON p.id = i.person WHERE i.campaign = $1
"""
# In the order in which capture locks them.
_LOCK_INVITATIONS = """
SELECT FROM invitation WHERE campaign = $1 AND person = ANY($2) ORDER BY token_hash FOR UPDATE
"""
_ANSWERED = """
SELECT person FROM invitation WHERE campaign = $1 AND person = ANY($2) AND completed
"""
_SPEND = """
UPDATE invitation SET completed = true, started = true, draft = NULL
WHERE campaign = $1 AND person = ANY($2)
"""

_EVERY_ROW = "the id of a person: in a confidential campaign each row names its own"
_MEMBER = "the id of somebody who was invited to this campaign"
_NOT_YET = "somebody who has not answered in this campaign yet"
_SPONSORS_DIFFER = "Sponsors are asked other questions."


class Member(NamedTuple):
    """Somebody who was invited, with the unit and role that are frozen for the campaign."""

    person: UUID
    unit_code: str
    role: Role


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
    padded = {name.lstrip("0"): name for name in members if name.startswith("0")}
    for row in rows:
        _complain(row, members, padded, complaints)
    complaints.raise_any()
    named = [row._replace(role=members[str(row.respondent_id)].role) for row in rows]
    if other := sum(row.role != given.role for row, given in zip(named, rows, strict=True)):
        notices.add("role_of_campaign", columns=["role"], count=other)
    return named


def _complain(
    row: ImportedRow,
    members: Mapping[str, Member],
    padded: Mapping[str, str],
    complaints: Complaints,
) -> None:
    """Note what is wrong with whom a row names, if anything is."""
    given = row.respondent_id
    member = members.get(given or "")
    if given is None:
        complaints.add(_EVERY_ROW, line=row.line, column="respondent_id", value="")
    elif member is None:
        lost = padded.get(given.lstrip("0"))
        hint = None if lost is None else f"Did {lost} lose its leading zeros?"
        _add(complaints, row, "respondent_id", given, _MEMBER, hint=hint)
    elif member.unit_code != row.unit_code:
        expected = f"{member.unit_code}, the unit of {given} in this campaign"
        _add(complaints, row, "unit", row.unit_code, expected)
    elif "sponsor" in {member.role, row.role} and member.role != row.role:
        expected = f"{member.role}, the role of {given} in this campaign"
        _add(complaints, row, "role", row.role, expected, hint=_SPONSORS_DIFFER)


def _add(
    complaints: Complaints,
    row: ImportedRow,
    column: str,
    value: str,
    expected: str,
    *,
    hint: str | None = None,
) -> None:
    """Note what is wrong with one person's row; each has a cause of its own."""
    complaints.add(
        expected, line=row.line, column=column, value=value, cause=row.line, hint=hint
    )


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
        _add(complaints, row, "respondent_id", str(row.respondent_id), _NOT_YET)
    complaints.raise_any()
    await connection().execute(_SPEND, campaign, list(ids))
