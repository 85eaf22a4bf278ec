"""Responses collected by another tool, read from a file into an open campaign."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import msgspec
from uuid_utils.compat import uuid7

from models.engine import connection, insert_rows, transaction
from survey.campaigns.errors import CampaignNotFound
from survey.capture.errors import CampaignNotOpen
from survey.errors import Conflict
from survey.files.complaints import Complaints
from survey.files.respondents import RespondentFile, read_respondents
from survey.instruments.definition import InstrumentDefinition
from survey.instruments.store import definition_of

__all__ = ["FileAlreadyImported", "ImportReport", "import_responses"]

_CAMPAIGN = """
SELECT state, state = 'open' AND (closes_at IS NULL OR closes_at > $2) AS is_open, mode,
       instrument
FROM campaign WHERE id = $1 FOR SHARE
"""
_CLAIM = """
INSERT INTO imported_file (id, organisation, campaign, sha256, "rows", imported_at)
VALUES ($1, $2, $3, $4, $5, $6)
"""
# One import of a campaign at a time: two might bring the same person.
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended('import ' || $1, 0))"
# In the order in which capture locks them.
_LOCK_INVITATIONS = """
SELECT FROM invitation WHERE campaign = $1 AND person = ANY($2) ORDER BY token_hash FOR UPDATE
"""
_ANSWERED = "SELECT DISTINCT person FROM response WHERE campaign = $1 AND person = ANY($2)"
_SPEND = """
UPDATE invitation SET completed = true, started = true, draft = NULL
WHERE campaign = $1 AND person = ANY($2)
"""
_RESPONSE_COLUMNS = (
    "id", "organisation", "campaign", "unit_code", "role", "function", "locale", "submitted_on",
    "duration_s", "consent", "person", "answers",
)  # fmt: skip
_COMMENT_COLUMNS = ("id", "organisation", "campaign", "unit_code", "item", "locale", "text")


class FileAlreadyImported(Conflict):
    """The same bytes were read into this campaign before; nobody is counted twice."""

    code = "file-already-imported"

    def __init__(self, sha256: str) -> None:
        super().__init__("This file was imported into the campaign before.", sha256=sha256)


class ImportReport(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a file of responses brought."""

    responses: int
    """Number of respondents stored."""
    comments: int
    """Number of comments stored."""
    sha256: str
    """SHA-256 of the file's bytes, in hexadecimal."""


async def import_responses(
    organisation: UUID, campaign: UUID, source: bytes, *, name: str, now: datetime
) -> ImportReport:
    """Store the respondents of a file as responses; all of them or none.

    Parameters
    ----------
    organisation, campaign : UUID
        Where the responses belong.
    source : bytes
        A respondent file, CSV or Parquet. ``respondent_id`` occurs once in the file. In
        confidential campaigns it names the person, who answers once, by form or by file; in
        anonymous ones it is never stored.
    name : str
        What to call the file in complaints.
    now : datetime
        The moment of the import, UTC; its day stands in for a missing ``submitted_on``.

    Raises
    ------
    CampaignNotFound
        The organisation has no such campaign.
    CampaignNotOpen
        The campaign takes no answers.
    FileRejected
        The file is not as it should be, or names somebody who has answered; nothing of it is
        stored.
    FileAlreadyImported
        The same bytes were imported before.
    """
    async with transaction(organisation):
        row = await connection().fetchrow(_CAMPAIGN, campaign, now)
        if row is None:
            raise CampaignNotFound(campaign)
        if not row["is_open"]:
            raise CampaignNotOpen.of(campaign, state=row["state"])
        definition = await definition_of(organisation, row["instrument"])
        file = read_respondents(
            source,
            name=name,
            instrument=definition.measures(),
            comment_keys=[comment.key for comment in definition.comments],
            unit_codes=await _unit_codes(campaign),
            require_consent=True,
        )
        await _claim(organisation, campaign, file, now)
        persons = await _persons(file) if row["mode"] == "confidential" else {}
        await _spend(campaign, persons, name)
        rows = list(_response_rows(file, definition, persons, now.date()))
        comments = list(_comment_rows(file))
        owned = (organisation, campaign)
        await insert_rows(
            "response", _RESPONSE_COLUMNS, ((uuid4(), *owned, *row) for row in rows)
        )
        await insert_rows(
            "comment", _COMMENT_COLUMNS, ((uuid4(), *owned, *row) for row in comments)
        )
    return ImportReport(responses=len(rows), comments=len(comments), sha256=file.sha256)


async def _unit_codes(campaign: UUID) -> list[str]:
    rows = await connection().fetch(
        "SELECT code FROM campaign_unit WHERE campaign = $1", campaign
    )
    return [row["code"] for row in rows]


async def _persons(file: RespondentFile) -> dict[str, UUID]:
    """Return the people whom the file names and the organisation knows."""
    named = file.frame["respondent_id"].drop_nulls().to_list()
    rows = await connection().fetch(
        "SELECT external_id, id FROM person WHERE external_id = ANY($1)", named
    )
    return {row["external_id"]: row["id"] for row in rows}


async def _spend(campaign: UUID, persons: Mapping[str, UUID], name: str) -> None:
    """Let these people answer by this file and by nothing else.

    A person who counted twice would also lift a group over the threshold that it is below.
    """
    if not persons:
        return
    ids = list(persons.values())
    await connection().execute(_ONE_AT_A_TIME, str(campaign))
    await connection().execute(_LOCK_INVITATIONS, campaign, ids)
    answered = {row["person"] for row in await connection().fetch(_ANSWERED, campaign, ids)}
    _require_new(persons, answered, name)
    await connection().execute(_SPEND, campaign, ids)


def _require_new(persons: Mapping[str, UUID], answered: Collection[UUID], name: str) -> None:
    complaints = Complaints(name)
    for external_id, person in sorted(persons.items()):
        if person in answered:
            complaints.add(
                "somebody who has not answered in this campaign yet",
                column="respondent_id",
                value=external_id,
            )
    complaints.raise_any()


async def _claim(
    organisation: UUID, campaign: UUID, file: RespondentFile, now: datetime
) -> None:
    """Note that the file is being read; a second reader of the same file fails here."""
    try:
        await connection().execute(
            _CLAIM, uuid7(), organisation, campaign, file.sha256, file.rows, now
        )
    except asyncpg.UniqueViolationError:
        raise FileAlreadyImported(file.sha256) from None


def _response_rows(
    file: RespondentFile,
    definition: InstrumentDefinition,
    persons: Mapping[str, UUID],
    today: date,
) -> Iterator[tuple[Any, ...]]:
    """Give one row per respondent, in an order that is not the file's."""
    present = set(file.items)
    for row in _shuffled(file):
        seconds = row["duration_s"]
        yield (
            row["unit"], row["role"], row["function"], row["locale"],
            row["submitted_on"] or today,
            None if seconds is None else round(seconds),
            row["consent"] if row["role"] == "sponsor" else None,
            persons.get(row["respondent_id"]),
            [row[key] if key in present else None for key in definition.item_keys],
        )  # fmt: skip


def _comment_rows(file: RespondentFile) -> Iterator[tuple[Any, ...]]:
    for row in _shuffled(file):
        for key in file.comments:
            if row[key] and row[key].strip():
                yield row["unit"], key, row["locale"], row[key]


def _shuffled(file: RespondentFile) -> Iterator[dict[str, Any]]:
    return file.frame.sample(fraction=1.0, shuffle=True).iter_rows(named=True)
