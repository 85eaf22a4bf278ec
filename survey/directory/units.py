"""The tree of business units as it stands today; campaigns keep a copy of their own."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from uuid_utils.compat import uuid7

from models.constraints import lengths_of
from models.engine import connection, reading, transaction
from models.enums import AuditAction
from models.organisation import BusinessUnit
from survey.access.actors import COMMAND_LINE, Actor
from survey.access.audit import listed, record_event
from survey.directory.errors import UnitNotFound, UnitsInUse
from survey.directory.organisations import lock_directory
from survey.directory.sight import SEES, in_sight
from survey.directory.sync import (
    Stored,
    SyncReport,
    difference,
    not_created,
    require_apart,
    require_lengths,
    respellings,
)
from survey.files.keys import canonical
from survey.files.units import UNIT_COLUMNS, UnitFile
from survey.paging import Page, page_of, require_limit

__all__ = ["UnitView", "active_unit_codes", "list_units", "read_unit", "sync_units"]

_LIMITS = lengths_of(BusinessUnit, UNIT_COLUMNS)

# The columns of a file in their order, then whether the unit is active.
_UNITS = """
SELECT u.code, u.name, p.code AS parent_code, u.headcount, u.active
FROM business_unit u LEFT JOIN business_unit p ON p.id = u.parent
"""

_INSERT = """
INSERT INTO business_unit (id, organisation, code, name, parent, headcount, active)
SELECT given.id, $1, given.code, given.code, NULL, 0, true
FROM unnest($2::uuid[], $3::text[]) AS given (id, code)
"""

# After all of them are there, so that parents may come in any order.
_UPDATE = """
UPDATE business_unit u
SET name = given.name, parent = p.id, headcount = given.headcount, active = true
FROM unnest($2::text[], $3::text[], $4::text[], $5::int[])
     AS given (code, name, parent_code, headcount)
LEFT JOIN business_unit p ON p.organisation = $1 AND p.code = given.parent_code
WHERE u.organisation = $1 AND u.code = given.code
"""

_IN_USE = """
SELECT u.code FROM business_unit u
WHERE u.organisation = $1 AND u.code = ANY($2)
  AND EXISTS (SELECT FROM person WHERE person.unit = u.id AND person.active)
ORDER BY u.code
"""

_DEACTIVATE = """
UPDATE business_unit SET active = false WHERE organisation = $1 AND code = ANY($2)
"""

_RESPELL = """
UPDATE business_unit SET code = given.form
FROM unnest($2::text[], $3::text[]) AS given (stored, form)
WHERE organisation = $1 AND code = given.stored
"""

_PAGE = f"""
{_UNITS}
WHERE {SEES} AND u.organisation = $2
  AND ($3::text IS NULL OR u.code > $3) AND ($4::text IS NULL OR u.code = $4)
ORDER BY u.code LIMIT $5
"""


class UnitView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A business unit."""

    code: str
    """Code of the unit."""
    name: str
    """Name of the unit."""
    parent_code: str | None
    """Code of the unit above it; None at the top."""
    headcount: int
    """Employees of the unit itself, without the units below it."""
    active: bool
    """Whether it was in the last file that deactivated missing units."""


async def sync_units(
    organisation: UUID,
    file: UnitFile,
    *,
    dry_run: bool = False,
    deactivate_missing: bool = False,
    by: Actor = COMMAND_LINE,
) -> SyncReport:
    """Bring the tree to what a file says: all of it or nothing.

    A unit that the file does not name is reported, and deactivated only on request: a file that
    was cut short must not dismantle a company.

    Parameters
    ----------
    file : UnitFile
        A whole tree. Units that were inactive come back; those that it marks as inactive are
        deactivated, or not created.
    dry_run
        Check and do everything, report, and undo it.
    deactivate_missing
        Deactivate the active units that the file does not name.
    by : Actor
        Who brings the file; the audit trail keeps that, with the codes of what has changed.

    Raises
    ------
    ValueTooLong
        A code or a name does not fit its field.
    KeysAlike
        A new code is a known one but for case or leading zeros.
    UnitsInUse
        A unit to be deactivated still holds active people.
    OrganisationNotFound
        There is no such organisation.
    """
    require_lengths(file.frame.iter_rows(), tuple(file.frame.columns), _LIMITS)
    given = {row[0]: row[1:] for row in file.frame.iter_rows()}
    async with transaction(organisation) as work:
        await lock_directory(organisation)
        stored = await _stored(organisation)
        found = difference(stored, given, inactive=file.inactive)
        require_apart(found.created, stored.keys(), {*given, *file.inactive})
        await _write(organisation, found.created, found.changed, given)
        gone = (*found.left, *(found.missing if deactivate_missing else ()))
        await _deactivate(organisation, gone)
        facts = listed(created=found.created, changed=found.changed, deactivated=gone)
        if facts:
            await record_event(
                organisation, AuditAction.UNITS_SYNCED, "/v1/units", facts=facts, by=by
            )
        if dry_run:
            await work.rollback()  # type: ignore[no-untyped-call]  # Piccolo's
    strangers = not_created(file.inactive, stored)
    return found.report(
        deactivated=gone, dry_run=dry_run, notices=(*file.notices, *strangers.all())
    )


async def list_units(
    organisation: UUID,
    *,
    within: str | None = None,
    after: str | None = None,
    limit: int = 100,
) -> Page[UnitView]:
    """Return units by code, inactive ones included.

    Parameters
    ----------
    within
        Code of the unit that the reader is restricted to; None sees the whole tree.
    after
        The ``next`` of the page before; None for the first.

    Raises
    ------
    FieldInvalid
        ``limit`` is out of range.
    """
    require_limit(limit)
    async with reading(organisation):
        rows = await connection().fetch(
            in_sight(_PAGE, within), within, organisation, after, None, limit + 1
        )
    units = [UnitView(**row) for row in rows]
    return page_of(units, limit=limit, key=lambda unit: unit.code)


async def read_unit(organisation: UUID, code: str, *, within: str | None = None) -> UnitView:
    """Return one unit.

    Raises
    ------
    UnitNotFound
        None has this code, or it lies outside ``within``.
    """
    async with reading(organisation):
        row = await connection().fetchrow(
            in_sight(_PAGE, within), within, organisation, None, canonical(code), 1
        )
    if row is None:
        raise UnitNotFound(code)
    return UnitView(**row)


async def active_unit_codes(organisation: UUID) -> frozenset[str]:
    """Return the codes of the units that people may be put into, for `read_people`."""
    async with reading(organisation):
        rows = await (
            BusinessUnit.select(BusinessUnit.code)
            .where(BusinessUnit.active.eq(True))  # noqa: FBT003 - Piccolo compares with a value
            .output(as_list=True)
        )
    return frozenset(rows)


async def _stored(organisation: UUID) -> dict[str, Stored]:
    """Return every unit by code, which is brought to its canonical form."""
    rows = await connection().fetch(_UNITS)
    forms = respellings(row["code"] for row in rows)
    if forms:
        await connection().execute(_RESPELL, organisation, list(forms), list(forms.values()))
        rows = await connection().fetch(_UNITS)
    return {row[0]: Stored(row[1:-1], row[-1]) for row in map(tuple, rows)}


async def _write(
    organisation: UUID,
    created: Sequence[str],
    changed: Sequence[str],
    given: Mapping[str, tuple[Any, ...]],
) -> None:
    written = [*created, *changed]
    if not written:
        return
    columns = zip(*(given[code] for code in written), strict=True)
    await connection().execute(_INSERT, organisation, [uuid7() for _ in created], created)
    await connection().execute(_UPDATE, organisation, written, *map(list, columns))


async def _deactivate(organisation: UUID, codes: Sequence[str]) -> None:
    in_use = await connection().fetch(_IN_USE, organisation, codes)
    if in_use:
        raise UnitsInUse([row["code"] for row in in_use])
    await connection().execute(_DEACTIVATE, organisation, codes)
