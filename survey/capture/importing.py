"""Responses collected by another tool, read from a file into an open campaign."""

import asyncio
import random
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import asyncpg
import msgspec
import polars as pl
from uuid_utils.compat import uuid7

from models.engine import connection, transaction
from models.enums import AuditAction
from survey.access.actors import COMMAND_LINE, Actor
from survey.access.audit import record_event
from survey.campaigns.errors import CampaignNotFound
from survey.capture.errors import CampaignNotOpen
from survey.capture.imported_rows import (
    ImportedRow,
    ImportKey,
    Recognised,
    Remembered,
    recognise,
)
from survey.capture.named_rows import Member, members_of, named_rows, spend_invitations
from survey.errors import Conflict
from survey.files.bounds import UPLOAD, Bounds
from survey.files.complaints import LINE, Complaints
from survey.files.measured import last_day
from survey.files.notices import NoticeCode, Notices
from survey.files.respondents import RespondentFile, read_respondents
from survey.instruments.definition import InstrumentDefinition
from survey.instruments.store import definition_of
from survey.report.notices import NoticeLine, notice_lines
from survey.sealing.seal import Envelope, Seal
from survey.sealing.seals import Seals
from survey.sealing.sheets import Comment, Sheet

__all__ = ["FileAlreadyImported", "ImportReport", "import_responses"]

_CAMPAIGN = """
SELECT state, state = 'open' AND (closes_at IS NULL OR closes_at > $2) AS is_open, mode,
       instrument, (opened_at AT TIME ZONE 'UTC')::date AS opened_on
FROM campaign WHERE id = $1 FOR SHARE
"""
# One import of a campaign at a time: two might bring the same rows.
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended('import ' || $1, 0))"
_CLAIM = """
INSERT INTO imported_file (id, organisation, campaign, sha256, "rows", imported_at)
VALUES ($1, $2, $3, $4, $5, $6)
"""
_REMEMBERED = "SELECT respondents, sheets FROM imported_rows WHERE campaign = $1"
_REMEMBER = """
INSERT INTO imported_rows (id, organisation, campaign, respondents, sheets)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (campaign) DO UPDATE
SET respondents = excluded.respondents, sheets = excluded.sheets
"""
_NEW_ROWS = "rows that the campaign does not have"
_ENVELOPE = """
INSERT INTO envelope (organisation, campaign, id, sealed, mark) VALUES ($1, $2, $3, $4, $5)
"""
_SHEETS_AT_ONCE = 256  # in one envelope


class FileAlreadyImported(Conflict):
    """The same bytes were read into this campaign before; nobody is counted twice."""

    code = "file-already-imported"

    def __init__(self, sha256: str) -> None:
        super().__init__("This file was imported into the campaign before.", sha256=sha256)


class ImportReport(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a file of responses brought."""

    rows: int
    """Respondents in the file."""
    responses: int
    """Of these, respondents whose answers were stored now."""
    known: int
    """Of these, respondents whose answers came with an earlier file; they were skipped."""
    changed: int
    """Of the known, those whose rows differ now; the answers that came first hold."""
    comments: int
    """Comments that were stored now."""
    sha256: str
    """The checksum of the file, in hexadecimal."""
    notices: tuple[NoticeLine, ...] = ()
    """How the file was read, if not as it literally stands; one line each."""


class _Campaign(NamedTuple):
    """What an import has to know of its campaign."""

    organisation: UUID
    id: UUID
    confidential: bool
    opened_on: date
    definition: InstrumentDefinition
    key: ImportKey
    seal: Seal
    now: datetime


async def import_responses(
    organisation: UUID,
    campaign: UUID,
    source: bytes,
    *,
    name: str,
    seals: Seals,
    now: datetime,
    bounds: Bounds = UPLOAD,
    by: Actor = COMMAND_LINE,
) -> ImportReport:
    """Store the respondents of a file as responses; all of them or none.

    Parameters
    ----------
    organisation, campaign : UUID
        Where the responses belong.
    source : bytes
        A respondent file, CSV or Parquet. ``respondent_id`` occurs once in the file, and a row
        whose id came with an earlier file is skipped. In confidential campaigns it names the
        person, who answers once, by form or by file; in anonymous ones it is never stored.
    name : str
        What to call the file in complaints.
    seals : Seals
        Seal the answers, and make the hashes by which rows are recognised.
    now : datetime
        The moment of the import, UTC.
    bounds : Bounds
        How large the file may be.
    by : Actor
        Who imports them; the audit trail keeps that, and how many rows there were.

    Raises
    ------
    CampaignNotFound
        The organisation has no such campaign.
    CampaignNotOpen
        The campaign takes no answers.
    KeysMissing
        The keys of the campaign are not on this server.
    FileRejected
        The file is not as it should be; it brings rows again that cannot be told apart; or it
        names somebody who was not invited, belongs to another unit or has answered. Nothing of
        it is stored.
    FileAlreadyImported
        The same bytes were imported before.
    """
    async with transaction(organisation):
        opened = await _open_campaign(organisation, campaign, seals, now)
        codes = await _unit_codes(campaign)
    # To read takes seconds, in which no transaction should wait.
    file = await asyncio.to_thread(_read, source, name, opened.definition, codes, bounds)
    notices = Notices(name)
    rows = await asyncio.to_thread(_rows, file, opened, notices)
    async with transaction(organisation):
        opened = await _open_campaign(organisation, campaign, seals, now)  # and kept open
        members = await members_of(campaign) if opened.confidential else {}
        if opened.confidential:
            rows = named_rows(rows, members, file.complaints, notices)
        found = await _claimed(opened, source, file, rows)
        if found.alike:
            notices.add("answers_alike", columns=["respondent_id"], count=found.alike)
        if opened.confidential:
            await spend_invitations(campaign, found.new, members, file.complaints)
        comments = await _store(opened, found.new, members)
        await record_event(
            organisation,
            AuditAction.RESPONSES_IMPORTED,
            f"/v1/campaigns/{campaign}",
            facts={"rows": len(rows), "responses": len(found.new)},
            by=by,
        )
    return ImportReport(
        rows=len(rows),
        responses=len(found.new),
        known=found.known,
        changed=found.changed,
        comments=comments,
        sha256=file.sha256,
        notices=notice_lines((*file.notices, *notices.all())),
    )


async def _open_campaign(
    organisation: UUID, campaign: UUID, seals: Seals, now: datetime
) -> _Campaign:
    row = await connection().fetchrow(_CAMPAIGN, campaign, now)
    if row is None:
        raise CampaignNotFound(campaign)
    if not row["is_open"]:
        raise CampaignNotOpen.of(campaign, state=row["state"])
    seal = await seals.of(organisation, campaign)
    return _Campaign(
        organisation=organisation,
        id=campaign,
        confidential=row["mode"] == "confidential",
        opened_on=row["opened_on"],
        definition=await definition_of(organisation, row["instrument"]),
        key=ImportKey(seal.row_key(), campaign),
        seal=seal,
        now=now,
    )


async def _unit_codes(campaign: UUID) -> list[str]:
    rows = await connection().fetch(
        "SELECT code FROM campaign_unit WHERE campaign = $1", campaign
    )
    return [row["code"] for row in rows]


def _read(
    source: bytes,
    name: str,
    definition: InstrumentDefinition,
    unit_codes: list[str],
    bounds: Bounds,
) -> RespondentFile:
    return read_respondents(
        source,
        name=name,
        instrument=definition.measures(),
        comment_keys=[comment.key for comment in definition.comments],
        unit_codes=unit_codes,
        require_consent=True,
        bounds=bounds,
    )


def _rows(file: RespondentFile, campaign: _Campaign, notices: Notices) -> list[ImportedRow]:
    """Return the rows as they would be stored, without days that cannot be right."""
    day = pl.col("submitted_on")
    impossible: dict[NoticeCode, pl.Expr] = {
        "day_before_opening": day < campaign.opened_on,
        "day_in_future": day > last_day(campaign.now.date()),
    }
    for code, condition in impossible.items():
        if count := file.frame.select(condition.sum()).item():
            notices.add(code, columns=["submitted_on"], count=count)
    frame = file.frame.with_columns(
        pl.when(~pl.any_horizontal(impossible.values())).then(day), file.lines.alias(LINE)
    )
    keys = campaign.definition.item_keys
    return [_row(row, keys, file.comments) for row in frame.iter_rows(named=True)]


def _row(row: dict[str, Any], items: Sequence[str], comments: Sequence[str]) -> ImportedRow:
    seconds = row["duration_s"]
    return ImportedRow(
        line=row[LINE],
        respondent_id=row["respondent_id"],
        unit_code=row["unit"],
        role=row["role"],
        function=row["function"],
        locale=row["locale"],
        submitted_on=row["submitted_on"],
        duration_s=None if seconds is None else round(seconds),
        consent=row["consent"] if row["role"] == "sponsor" else None,
        answers=tuple(map(row.get, items)),
        comments=tuple((key, row[key]) for key in comments if row[key] and row[key].strip()),
    )


async def _claimed(
    campaign: _Campaign, source: bytes, file: RespondentFile, rows: Sequence[ImportedRow]
) -> Recognised:
    """Take the rows of the file that are new; a second import that runs meanwhile waits.

    Raises
    ------
    FileAlreadyImported
        The same bytes were imported before.
    FileRejected
        Rows were imported before, and their ids do not say which.
    """
    await connection().execute(_ONE_AT_A_TIME, str(campaign.id))
    stored = await connection().fetchrow(_REMEMBERED, campaign.id)
    remembered = Remembered.of(*tuple(stored or (b"", b"")))
    found = await asyncio.to_thread(recognise, rows, remembered, campaign.key)
    await _claim(campaign, source, file.sha256, len(found.new))
    _require_recognisable(found, file.complaints)
    memory = await asyncio.to_thread(remembered.and_also, found.new, campaign.key)
    await connection().execute(
        _REMEMBER, uuid4(), campaign.organisation, campaign.id, *memory.stored()
    )
    return found


async def _claim(campaign: _Campaign, source: bytes, sha256: str, new: int) -> None:
    try:
        await connection().execute(
            _CLAIM,
            uuid7(),
            campaign.organisation,
            campaign.id,
            campaign.key.of_file(source),
            new,
            campaign.now,
        )
    except asyncpg.UniqueViolationError:
        raise FileAlreadyImported(sha256) from None


def _require_recognisable(found: Recognised, complaints: Complaints) -> None:
    """Refuse rows that came before if their ids do not tell so."""
    if found.nameless:
        hint = "If each row has its respondent_id, those that were imported before are skipped."
        complaints.add(f"{_NEW_ROWS}; {_before(found.nameless)}", hint=hint)
    if found.respelled:
        hint = "Did leading zeros or capitals get lost? Export the ids as text."
        said = f"{_before(found.respelled)}, with their respondent_id in another spelling"
        complaints.add(f"{_NEW_ROWS}; {said}", hint=hint)
    if found.named_later:
        hint = "Leave these rows out."
        said = f"{_before(found.named_later)}, without a respondent_id"
        complaints.add(f"{_NEW_ROWS}; {said}", hint=hint)
    complaints.raise_any()


def _before(rows: int) -> str:
    were = "1 of these rows was" if rows == 1 else f"{rows} of these rows were"
    return f"{were} imported before"


async def _store(
    campaign: _Campaign, rows: Sequence[ImportedRow], members: Mapping[str, Member]
) -> int:
    """Store the rows in envelopes, in an order that is not the file's; count the comments."""
    shuffled = random.SystemRandom().sample(rows, len(rows))
    for start in range(0, len(shuffled), _SHEETS_AT_ONCE):
        some = shuffled[start : start + _SHEETS_AT_ONCE]
        envelope = await asyncio.to_thread(_sealed, campaign.seal, some, members)
        await connection().execute(_ENVELOPE, campaign.organisation, campaign.id, *envelope)
    return sum(len(row.comments) for row in rows)


def _sealed(seal: Seal, rows: Sequence[ImportedRow], members: Mapping[str, Member]) -> Envelope:
    comments = [
        Comment(row.unit_code, key, row.locale, text)
        for row in rows
        for key, text in row.comments
    ]
    return seal.close([_sheet(row, members) for row in rows], comments)


def _sheet(row: ImportedRow, members: Mapping[str, Member]) -> Sheet:
    member = members.get(row.respondent_id or "")
    return Sheet(
        unit=row.unit_code,
        role=row.role,
        function=row.function,
        locale=row.locale,
        day=row.submitted_on,
        duration_s=row.duration_s,
        consent=row.consent,
        imported=True,
        person=None if member is None else member.person,
        answers=row.answers,
    )
