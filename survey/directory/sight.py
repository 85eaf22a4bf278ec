"""What a reader may see who is kept to one unit: that unit and those below it."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import partial
from typing import TypeVar
from uuid import UUID

import msgspec

from models.engine import connection, transaction
from survey.campaigns.participation import Participation, participation
from survey.directory import people, units
from survey.directory.errors import PersonNotFound, UnitNotFound
from survey.directory.people import PersonView
from survey.directory.units import UnitView
from survey.paging import Page, page_of, require_limit
from survey.releases.pages import ResultKind, UnitRecord, read_records

__all__ = [
    "below",
    "list_people",
    "list_units",
    "one_record",
    "read_person",
    "read_unit",
    "seen_participation",
    "visible_units",
]

Entry = TypeVar("Entry")
_PAGE = 1_000

_BELOW = """
WITH RECURSIVE seen AS (
    SELECT id, code FROM business_unit WHERE code = $1
    UNION
    SELECT u.id, u.code FROM business_unit u JOIN seen s ON u.parent = s.id)
SELECT code FROM seen
"""


async def visible_units(organisation: UUID, within: str) -> frozenset[str]:
    """Return the codes of a unit and of those below it, in the tree as it stands today."""
    async with transaction(organisation):
        rows = await connection().fetch(_BELOW, within)
    return frozenset(row["code"] for row in rows)


def below(parents: Mapping[str, str | None], within: str) -> frozenset[str]:
    """Return a unit and those below it, in a tree of code to code of the parent."""
    children: dict[str | None, list[str]] = {}
    for code, parent in parents.items():
        children.setdefault(parent, []).append(code)
    found: set[str] = set()
    waiting = [within] if within in parents else []
    while waiting:
        code = waiting.pop()
        found.add(code)
        waiting.extend(children.get(code, ()))
    return frozenset(found)


async def list_units(
    organisation: UUID, *, within: str | None, after: str | None, limit: int
) -> Page[UnitView]:
    """Return units by code: all of them, or a unit and those below it.

    Raises
    ------
    FieldInvalid
        ``limit`` is out of range.
    """
    if within is None:
        return await units.list_units(organisation, after=after, limit=limit)
    seen = await visible_units(organisation, within)
    return await _seen_page(
        partial(units.list_units, organisation),
        sees=lambda unit: unit.code in seen,
        key=lambda unit: unit.code,
        after=after,
        limit=limit,
    )


async def read_unit(organisation: UUID, code: str, *, within: str | None) -> UnitView:
    """Return one unit.

    Raises
    ------
    UnitNotFound
        None has this code, or it is out of sight.
    """
    if within is not None and code not in await visible_units(organisation, within):
        raise UnitNotFound(code)
    return await units.read_unit(organisation, code)


async def list_people(
    organisation: UUID, *, within: str | None, after: str | None, limit: int
) -> Page[PersonView]:
    """Return people by external id: everybody, or those of a unit and below it.

    Raises
    ------
    FieldInvalid
        ``limit`` is out of range.
    """
    if within is None:
        return await people.list_people(organisation, after=after, limit=limit)
    seen = await visible_units(organisation, within)
    return await _seen_page(
        partial(people.list_people, organisation),
        sees=lambda person: person.unit_code in seen,
        key=lambda person: person.external_id,
        after=after,
        limit=limit,
    )


async def read_person(
    organisation: UUID, external_id: str, *, within: str | None
) -> PersonView:
    """Return one person.

    Raises
    ------
    PersonNotFound
        Nobody has this external id, or they are out of sight.
    """
    person = await people.read_person(organisation, external_id)
    if within is not None and person.unit_code not in await visible_units(organisation, within):
        raise PersonNotFound(external_id)
    return person


async def seen_participation(
    organisation: UUID, campaign: UUID, *, within: str | None
) -> Participation:
    """Return participation of the whole tree, or of a unit and those below it.

    What is hidden was decided over the whole tree, so that two readers cannot compare notes.

    Raises
    ------
    CampaignNotFound
        No campaign of the organisation has this id.
    """
    whole = await participation(organisation, campaign)
    if within is None:
        return whole
    seen = below({unit.unit: unit.parent for unit in whole.units}, within)
    return msgspec.structs.replace(
        whole, units=tuple(unit for unit in whole.units if unit.unit in seen)
    )


async def one_record(
    organisation: UUID, release: UUID, kind: ResultKind, unit: str, *, within: str | None
) -> UnitRecord:
    """Return one kind of result of one unit.

    Raises
    ------
    ReleaseNotFound
        The organisation has no such release.
    UnitNotFound
        The release has no such unit, or not within sight.
    """
    after = ""
    while True:
        page = await read_records(
            organisation, release, kind, within=within, after=after, limit=_PAGE
        )
        found = _of_unit(page, unit)
        if found is not None:
            return found
        if len(page) < _PAGE:
            raise UnitNotFound(unit)
        after = page[-1].unit


def _of_unit(records: Iterable[UnitRecord], unit: str) -> UnitRecord | None:
    return next((record for record in records if record.unit == unit), None)


async def _seen_page(
    read: Callable[..., Awaitable[Page[Entry]]],
    *,
    sees: Callable[[Entry], bool],
    key: Callable[[Entry], str],
    after: str | None,
    limit: int,
) -> Page[Entry]:
    """Read a list on until a page of what the reader sees of it is full."""
    require_limit(limit)
    found: list[Entry] = []
    at = after
    while len(found) <= limit:
        page = await read(after=at, limit=_PAGE)
        found.extend(entry for entry in page.items if sees(entry))
        at = page.next
        if at is None:
            break
    return page_of(found[: limit + 1], limit=limit, key=key)
