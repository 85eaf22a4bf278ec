"""An instrument from a file: a draft first, published on request; then it may get languages."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from models.engine import rehearsed
from models.enums import InstrumentState
from survey.instruments.checks import definition_problems
from survey.instruments.definition import InstrumentDefinition, checksum
from survey.instruments.errors import InstrumentNotFound, InstrumentPublished
from survey.instruments.languages import with_languages_of
from survey.instruments.store import (
    InstrumentView,
    add_languages,
    definition_of,
    import_instrument,
    publish_instrument,
    read_instrument,
)

__all__ = ["InstrumentReport", "import_definition"]


Outcome = Literal["created", "replaced", "unchanged", "languages added"]


class InstrumentReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a file has changed, or in a dry run would have."""

    key: str
    version: int
    outcome: Outcome
    published: bool
    """Whether the version is published now."""
    problems: tuple[str, ...]
    """What keeps it from being published."""
    dry_run: bool


async def import_definition(
    organisation: UUID,
    definition: InstrumentDefinition,
    *,
    publish: bool = False,
    dry_run: bool = False,
    now: datetime,
) -> InstrumentReport:
    """Store a definition, and publish it on request: both or neither.

    The same definition again changes nothing, published or not. A published version may get
    languages: the texts in those that it has must be in the file as they are.

    Parameters
    ----------
    publish
        Publish it; it must have no problems then.
    dry_run
        Check and do everything, report, and undo it.
    now
        The moment of publication, UTC.

    Raises
    ------
    InstrumentPublished
        This version is published, and the file has other content or other words.
    InstrumentIncomplete
        It is to be published and has problems.
    FieldInvalid
        Key or version do not fit their fields.
    """
    async with rehearsed(organisation, dry_run=dry_run):
        before = await _stored(organisation, definition)
        outcome = await _take(organisation, definition, before)
        published = before is not None and before.state == InstrumentState.PUBLISHED
        if publish and not published:
            await publish_instrument(
                organisation, key=definition.key, version=definition.version, now=now
            )
    return InstrumentReport(
        key=definition.key,
        version=definition.version,
        outcome=outcome,
        published=published or publish,
        problems=tuple(definition_problems(definition)),
        dry_run=dry_run,
    )


async def _take(
    organisation: UUID, definition: InstrumentDefinition, before: InstrumentView | None
) -> Outcome:
    if before is not None and before.checksum == checksum(definition):
        return "unchanged"
    if before is None or before.state != InstrumentState.PUBLISHED:
        await import_instrument(organisation, definition)
        return "created" if before is None else "replaced"
    stored = await definition_of(organisation, before.id)
    if with_languages_of(stored, definition) != definition:
        raise InstrumentPublished(definition.key, definition.version)
    await add_languages(organisation, definition)
    return "languages added"


async def _stored(
    organisation: UUID, definition: InstrumentDefinition
) -> InstrumentView | None:
    try:
        return await read_instrument(
            organisation, key=definition.key, version=definition.version
        )
    except InstrumentNotFound:
        return None
