"""Drafts of instruments that several people edit: nobody overwrites what they have not seen."""

from uuid import UUID

from models.engine import connection, transaction
from survey.access.actors import COMMAND_LINE, Actor
from survey.errors import Conflict, Seen, require_seen
from survey.instruments.definition import InstrumentDefinition
from survey.instruments.errors import InstrumentNotFound, InstrumentPublished
from survey.instruments.store import InstrumentView, import_instrument

__all__ = [
    "InstrumentExists",
    "create_draft",
    "replace_draft",
]

_CURRENT = """
SELECT state, checksum FROM instrument WHERE key = $1 AND version = $2 FOR UPDATE
"""
_CLAIM = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"


class InstrumentExists(Conflict):
    """There is this version already; read it, then replace it with PUT."""

    code = "instrument-exists"

    def __init__(self, key: str, version: int) -> None:
        super().__init__(f"There is {key}@{version} already.", key=key, version=version)


async def create_draft(
    organisation: UUID, definition: InstrumentDefinition, *, by: Actor = COMMAND_LINE
) -> InstrumentView:
    """Store a definition as a new draft.

    Parameters
    ----------
    by : Actor
        Who drafts it; the audit trail keeps that.

    Raises
    ------
    FieldInvalid
        The key or the version does not fit.
    InstrumentExists
        There is a draft, or a published version, of this key and version.
    """
    key, version = definition.key, definition.version
    async with transaction(organisation):
        await connection().execute(_CLAIM, f"{organisation} {key}@{version}")
        if await connection().fetchrow(_CURRENT, key, version) is not None:
            raise InstrumentExists(key, version)
        return await import_instrument(organisation, definition, by=by)


async def replace_draft(
    organisation: UUID,
    definition: InstrumentDefinition,
    *,
    seen: Seen[str],
    by: Actor = COMMAND_LINE,
) -> InstrumentView:
    """Replace a draft that nobody else has changed since it was read.

    Parameters
    ----------
    seen : str, set of str or None
        The checksum of the draft that the caller has read, see `Seen`.
    by : Actor
        Who replaces it; the audit trail keeps that.

    Raises
    ------
    InstrumentNotFound
        There is no such version.
    InstrumentPublished
        It is published, and never changes.
    ChangedMeanwhile
        The draft has another checksum by now.
    """
    async with transaction(organisation):
        await _require_seen(definition.key, definition.version, seen)
        return await import_instrument(organisation, definition, by=by)


async def _require_seen(key: str, version: int, seen: Seen[str]) -> None:
    row = await connection().fetchrow(_CURRENT, key, version)
    if row is None:
        raise InstrumentNotFound(f"{key}@{version}")
    if row["state"] == "published":
        raise InstrumentPublished(key, version)
    require_seen(seen, str(row["checksum"]))
