"""Content that results are explained with, by kind and version; loaded, never edited."""

from typing import Any, TypeVar, overload
from uuid import UUID

import msgspec
from uuid_utils.compat import uuid7

from models.catalogue import Catalogue
from models.constraints import length_of
from models.engine import connection, reading, transaction
from models.enums import AuditAction, CatalogueKind
from survey.access.actors import COMMAND_LINE, Actor
from survey.access.audit import record_event
from survey.catalogue.errors import CatalogueNotFound, CatalogueVersionTaken
from survey.errors import FieldInvalid

__all__ = ["load_catalogue", "read_catalogue"]

Content = TypeVar("Content")

MAX_VERSION = length_of(Catalogue.version)

_LOAD = """
INSERT INTO catalogue (id, organisation, kind, version, content)
VALUES ($1, $2, $3, $4, $5::jsonb)
ON CONFLICT (organisation, kind, version) DO NOTHING
"""

_HOLDS = """
SELECT content = $4::jsonb FROM catalogue
WHERE organisation = $1 AND kind = $2 AND version = $3
"""


async def load_catalogue(
    organisation: UUID, kind: str, version: str, content: object, *, by: Actor = COMMAND_LINE
) -> bool:
    """Store a version of a kind of content; loading it again changes nothing.

    Parameters
    ----------
    kind
        One of `CatalogueKind`.
    content
        A struct or a mapping; stored as a JSON object.
    by : Actor
        Who loads it; the audit trail keeps that.

    Returns
    -------
    bool
        Whether it was not there before.

    Raises
    ------
    FieldInvalid
        There is no such kind, or the version is empty or too long.
    CatalogueVersionTaken
        This version holds other content.
    """
    _require_identity(kind, version)
    document = msgspec.json.encode(content).decode()
    async with transaction(organisation):
        status = await connection().execute(
            _LOAD, uuid7(), organisation, kind, version, document
        )
        if not await connection().fetchval(_HOLDS, organisation, kind, version, document):
            raise CatalogueVersionTaken(kind, version)
        new = bool(status == "INSERT 0 1")
        if new:
            address = f"/v1/{kind.replace('_', '-')}"
            facts = {"kind": kind, "version": version}
            await record_event(
                organisation, AuditAction.CATALOGUE_LOADED, address, facts=facts, by=by
            )
    return new


@overload
async def read_catalogue(
    organisation: UUID, kind: str, *, version: str | None = None
) -> dict[str, Any]: ...
@overload
async def read_catalogue(
    organisation: UUID, kind: str, shape: type[Content], *, version: str | None = None
) -> Content: ...
async def read_catalogue(
    organisation: UUID, kind: str, shape: Any = dict[str, Any], *, version: str | None = None
) -> Any:
    """Return a kind of content.

    Parameters
    ----------
    kind
        One of `CatalogueKind`.
    shape
        What the content is to become; a mapping by default.
    version
        Which version; by default the one loaded last.

    Raises
    ------
    CatalogueNotFound
        Nothing of this kind, or of this version, has been loaded.
    msgspec.ValidationError
        What was loaded does not have this shape.
    """
    query = Catalogue.select(Catalogue.content).where(Catalogue.kind == kind)
    if version is not None:
        query = query.where(Catalogue.version == version)
    async with reading(organisation):
        row = await query.order_by(Catalogue.id, ascending=False).first()
    if row is None:
        raise CatalogueNotFound(kind, version)
    return msgspec.json.decode(row["content"], type=shape)


def _require_identity(kind: str, version: str) -> None:
    kinds = [str(known) for known in CatalogueKind]
    if kind not in kinds:
        raise FieldInvalid("kind", kind, expected=f"one of {', '.join(kinds)}")
    if not 1 <= len(version) <= MAX_VERSION:
        raise FieldInvalid("version", version, expected=f"1 to {MAX_VERSION} characters")
