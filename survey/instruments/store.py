"""Instruments by version: drafts at first; a published one never changes what it asks."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from uuid_utils.compat import uuid7

from models.constraints import length_of
from models.edges import Moment
from models.engine import connection, reading, transaction
from models.enums import AuditAction, InstrumentState
from models.instrument import Instrument
from survey.access.actors import COMMAND_LINE, Actor
from survey.access.audit import record_event
from survey.errors import FieldInvalid
from survey.instruments.checks import definition_problems
from survey.instruments.definition import InstrumentDefinition, canonical, checksum
from survey.instruments.errors import (
    InstrumentIncomplete,
    InstrumentNotFound,
    InstrumentPublished,
)
from survey.instruments.languages import with_languages_of
from survey.paging import Page, id_after, page_of, require_limit

__all__ = [
    "InstrumentView",
    "add_languages",
    "definition_of",
    "import_instrument",
    "list_instruments",
    "publish_instrument",
    "read_definition",
    "read_instrument",
]

# A published row is left alone, and then nothing comes back. A row that is new has no xmax.
_IMPORT = """
INSERT INTO instrument (id, organisation, key, version, state, definition, checksum)
VALUES ($1, $2, $3, $4, 'draft', $5::jsonb, $6)
ON CONFLICT (organisation, key, version) DO UPDATE
SET definition = excluded.definition, checksum = excluded.checksum
WHERE instrument.state = 'draft'
RETURNING id, key, version, state, checksum, published_at, xmax = 0 AS is_new
"""

_PUBLISH = """
UPDATE instrument SET state = 'published', published_at = $2 WHERE id = $1
RETURNING id, key, version, state, checksum, published_at
"""

_ADD_LANGUAGES = """
UPDATE instrument SET definition = $2::jsonb, checksum = $3 WHERE id = $1
RETURNING id, key, version, state, checksum, published_at
"""

_MAX_CACHED = 256
_published: dict[tuple[UUID, UUID], InstrumentDefinition] = {}
"""Definitions by organisation and id. All that can change is that they get languages, which
another process offers once it has been restarted."""


class InstrumentView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One version of an instrument, without its wording."""

    id: UUID
    """Id of the version."""
    key: str
    """Key of the instrument."""
    version: int
    """Number of the version, from 1."""
    state: str
    """draft or published; published ones ask the same for ever, and may get languages."""
    checksum: str
    """SHA-256 of the canonical JSON of the definition, in hexadecimal."""
    published_at: Moment | None
    """When it was published; None in a draft."""

    @property
    def revision(self) -> str:
        """Return what differs from one state of a draft to the next."""
        return self.checksum


_COLUMNS = tuple(getattr(Instrument, name) for name in InstrumentView.__struct_fields__)


async def import_instrument(
    organisation: UUID, definition: InstrumentDefinition, *, by: Actor = COMMAND_LINE
) -> InstrumentView:
    """Store a definition as a draft; replaces a draft of the same key and version.

    Parameters
    ----------
    by : Actor
        Who stores it; the audit trail keeps that.

    Raises
    ------
    FieldInvalid
        The key does not fit its field, or the version is not a positive number that does.
    InstrumentPublished
        This version is published.
    """
    _require_identity(definition)
    async with transaction(organisation):
        row = await connection().fetchrow(
            _IMPORT,
            uuid7(),
            organisation,
            definition.key,
            definition.version,
            canonical(definition).decode(),
            checksum(definition),
        )
        if row is None:
            raise InstrumentPublished(definition.key, definition.version)
        stored = InstrumentView(
            **{name: row[name] for name in InstrumentView.__struct_fields__}
        )
        drafted, replaced = AuditAction.INSTRUMENT_DRAFTED, AuditAction.INSTRUMENT_REPLACED
        await _tell(organisation, drafted if row["is_new"] else replaced, stored, by=by)
    return stored


async def publish_instrument(
    organisation: UUID, *, key: str, version: int, now: datetime, by: Actor = COMMAND_LINE
) -> InstrumentView:
    """Publish a draft that is complete; from then on it never changes.

    Parameters
    ----------
    by : Actor
        Who publishes it; the audit trail keeps that.

    Raises
    ------
    InstrumentNotFound
        There is no such version.
    InstrumentPublished
        It is published already.
    InstrumentIncomplete
        The definition has problems, each of which is named.
    """
    async with transaction(organisation):
        row = await _locked(key, version)
        if row["state"] == InstrumentState.PUBLISHED:
            raise InstrumentPublished(key, version)
        problems = definition_problems(_decode(row["definition"]))
        if problems:
            raise InstrumentIncomplete(key, version, problems)
        published = InstrumentView(**await connection().fetchrow(_PUBLISH, row["id"], now))
        await _tell(organisation, AuditAction.INSTRUMENT_PUBLISHED, published, by=by)
    return published


async def add_languages(
    organisation: UUID, definition: InstrumentDefinition, *, by: Actor = COMMAND_LINE
) -> InstrumentView:
    """Give a published version the languages that a definition has and it has not.

    Its texts in the languages that it has stay as they are.

    Parameters
    ----------
    by : Actor
        Who adds them; the audit trail keeps that.

    Raises
    ------
    InstrumentNotFound
        There is no such version.
    InstrumentPublished
        The definition asks anything else, or the version is no published one.
    InstrumentIncomplete
        The definition has problems, each of which is named.
    """
    key, version = definition.key, definition.version
    async with transaction(organisation):
        row = await _locked(key, version)
        joined = with_languages_of(_decode(row["definition"]), definition)
        if joined is None or row["state"] != InstrumentState.PUBLISHED:
            raise InstrumentPublished(key, version)
        if problems := definition_problems(joined):
            raise InstrumentIncomplete(key, version, problems)
        text = canonical(joined).decode()
        values = await connection().fetchrow(_ADD_LANGUAGES, row["id"], text, checksum(joined))
        added = InstrumentView(**values)
        await _tell(organisation, AuditAction.INSTRUMENT_LANGUAGES_ADDED, added, by=by)
    _published.pop((organisation, added.id), None)
    return added


async def _locked(key: str, version: int) -> dict[str, Any]:
    row: dict[str, Any] | None = await (
        Instrument.select(Instrument.id, Instrument.state, Instrument.definition)
        .where(Instrument.key == key, Instrument.version == version)
        .lock_rows("UPDATE")
        .first()
    )
    if row is None:
        raise InstrumentNotFound(_named(key, version))
    return row


async def _tell(
    organisation: UUID, action: AuditAction, stored: InstrumentView, *, by: Actor
) -> None:
    address = f"/v1/instruments/{stored.key}/{stored.version}"
    facts = {"checksum": stored.checksum}
    await record_event(organisation, action, address, facts=facts, by=by)


async def list_instruments(
    organisation: UUID, *, after: str | None = None, limit: int = 100
) -> Page[InstrumentView]:
    """Return instruments in the order in which they were first imported.

    Parameters
    ----------
    after
        The ``next`` of the page before; None for the first.

    Raises
    ------
    FieldInvalid
        ``limit`` is out of range, or ``after`` is no id.
    """
    require_limit(limit)
    query = Instrument.select(*_COLUMNS).order_by(Instrument.id).limit(limit + 1)
    if start := id_after(after):
        query = query.where(Instrument.id > start)
    async with reading(organisation):
        rows = await query
    found = [InstrumentView(**row) for row in rows]
    return page_of(found, limit=limit, key=lambda instrument: str(instrument.id))


async def read_instrument(organisation: UUID, *, key: str, version: int) -> InstrumentView:
    """Return one version.

    Raises
    ------
    InstrumentNotFound
        There is no such version.
    """
    async with reading(organisation):
        row = await (
            Instrument.select(*_COLUMNS)
            .where(Instrument.key == key, Instrument.version == version)
            .first()
        )
    if row is None:
        raise InstrumentNotFound(_named(key, version))
    return InstrumentView(**row)


async def read_definition(
    organisation: UUID, *, key: str, version: int
) -> tuple[InstrumentView, InstrumentDefinition]:
    """Return a version, draft or published, with its whole definition.

    Raises
    ------
    InstrumentNotFound
        There is no such version.
    """
    async with reading(organisation):
        found = await read_instrument(organisation, key=key, version=version)
        return found, await definition_of(organisation, found.id)


async def definition_of(organisation: UUID, instrument_id: UUID) -> InstrumentDefinition:
    """Return the definition of an instrument; published ones are read once per process.

    Raises
    ------
    InstrumentNotFound
        There is no such instrument.
    """
    cached = _published.get((organisation, instrument_id))
    if cached is not None:
        return cached
    async with reading(organisation):
        row = await (
            Instrument.select(Instrument.state, Instrument.definition)
            .where(Instrument.id == instrument_id)
            .first()
        )
    if row is None:
        raise InstrumentNotFound(str(instrument_id))
    definition = _decode(row["definition"])
    if row["state"] == InstrumentState.PUBLISHED:
        _remember(organisation, instrument_id, definition)
    return definition


def _remember(organisation: UUID, instrument: UUID, definition: InstrumentDefinition) -> None:
    while len(_published) >= _MAX_CACHED:
        _published.pop(next(iter(_published)))
    _published[organisation, instrument] = definition


def _decode(definition: str) -> InstrumentDefinition:
    return msgspec.json.decode(definition, type=InstrumentDefinition)


def _require_identity(definition: InstrumentDefinition) -> None:
    longest = length_of(Instrument.key)
    if not 1 <= len(definition.key) <= longest:
        raise FieldInvalid("key", definition.key, expected=f"1 to {longest} characters")
    if not 1 <= definition.version < 2**31:
        raise FieldInvalid("version", definition.version, expected="1 or more")


def _named(key: str, version: int) -> str:
    return f"{key}@{version}"
