"""An instrument from a file: a draft first, published on request, unchanged from then on."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from models.engine import rehearsed
from models.enums import InstrumentState
from survey.instruments.checks import definition_problems
from survey.instruments.definition import InstrumentDefinition, checksum
from survey.instruments.errors import InstrumentNotFound
from survey.instruments.store import (
    InstrumentView,
    import_instrument,
    publish_instrument,
    read_instrument,
)

__all__ = ["InstrumentReport", "import_definition"]


class InstrumentReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a file has changed, or in a dry run would have."""

    key: str
    version: int
    outcome: Literal["created", "replaced", "unchanged"]
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

    The same definition again changes nothing, published or not.

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
        This version is published with other content.
    InstrumentIncomplete
        It is to be published and has problems.
    FieldInvalid
        Key or version do not fit their fields.
    """
    async with rehearsed(organisation, dry_run=dry_run):
        before = await _stored(organisation, definition)
        same = before is not None and before.checksum == checksum(definition)
        if not same:
            await import_instrument(organisation, definition)
        published = before is not None and before.state == InstrumentState.PUBLISHED
        if publish and not published:
            await publish_instrument(
                organisation, key=definition.key, version=definition.version, now=now
            )
    return InstrumentReport(
        key=definition.key,
        version=definition.version,
        outcome="unchanged" if same else "created" if before is None else "replaced",
        published=published or publish,
        problems=tuple(definition_problems(definition)),
        dry_run=dry_run,
    )


async def _stored(
    organisation: UUID, definition: InstrumentDefinition
) -> InstrumentView | None:
    try:
        return await read_instrument(
            organisation, key=definition.key, version=definition.version
        )
    except InstrumentNotFound:
        return None
