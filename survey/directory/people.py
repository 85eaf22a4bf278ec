"""The people who can be invited, as they stand today; campaigns keep a copy of their own."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from uuid_utils.compat import uuid7

from models.constraints import lengths_of
from models.engine import connection, reading, transaction
from models.organisation import Person
from survey.directory.errors import ManagersUnknown, PersonNotFound, UnitsUnknown
from survey.directory.organisations import lock_directory
from survey.directory.sight import SEES, in_sight
from survey.directory.sync import Stored, SyncReport, difference, require_lengths
from survey.files.people import PEOPLE_COLUMNS, PeopleFile
from survey.messages.delivery import queue_waiting
from survey.paging import Page, page_of, require_limit

__all__ = ["PersonView", "known_people", "list_people", "read_person", "sync_people"]

_LIMITS = lengths_of(Person, PEOPLE_COLUMNS)

# The columns of a file in their order, then whether the person is active.
_PEOPLE = """
SELECT p.external_id, p.email, p.display_name, u.code AS unit_code, p.role, p.function,
       p.locale, p.manager_external_id, p.active
FROM person p JOIN business_unit u ON u.id = p.unit
"""

_UNKNOWN_UNITS = """
SELECT DISTINCT given.code FROM unnest($2::text[]) AS given (code)
WHERE NOT EXISTS (SELECT FROM business_unit u
                  WHERE u.organisation = $1 AND u.code = given.code AND u.active)
ORDER BY given.code
"""

_WRITE = """
INSERT INTO person (id, organisation, external_id, email, display_name, unit, role, function,
                    locale, manager_external_id, active)
SELECT given.id, $1, given.external_id, given.email, given.display_name, u.id, given.role,
       given.function, given.locale, given.manager_external_id, true
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
            $9::text[], $10::text[])
     AS given (id, external_id, email, display_name, unit_code, role, function, locale,
               manager_external_id)
JOIN business_unit u ON u.organisation = $1 AND u.code = given.unit_code
ON CONFLICT (organisation, external_id) DO UPDATE
SET email = excluded.email, display_name = excluded.display_name, unit = excluded.unit,
    role = excluded.role, function = excluded.function, locale = excluded.locale,
    manager_external_id = excluded.manager_external_id, active = true
"""

_DEACTIVATE = """
UPDATE person SET active = false WHERE organisation = $1 AND external_id = ANY($2)
"""

_PAGE = f"""
{_PEOPLE}
WHERE {SEES} AND p.organisation = $2
  AND ($3::text IS NULL OR p.external_id > $3) AND ($4::text IS NULL OR p.external_id = $4)
ORDER BY p.external_id LIMIT $5
"""


class PersonView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A person who can be invited."""

    external_id: str
    """Key in the customer's directory."""
    email: str | None
    """Mail address; None if there is none."""
    display_name: str
    """Name, for people."""
    unit_code: str
    """Code of the unit they belong to."""
    role: str
    """sponsor, manager or contributor."""
    function: str | None
    """business, it, data, risk or other; None if it is not known."""
    locale: str | None
    """Language (BCP 47); None is the organisation's."""
    manager_external_id: str | None
    """Key of the manager in the customer's directory; None if it is not known."""
    active: bool
    """Whether they can be invited."""


async def sync_people(
    organisation: UUID,
    file: PeopleFile,
    *,
    dry_run: bool = False,
    deactivate_missing: bool = False,
) -> SyncReport:
    """Bring the people to what a file says: all of it or nothing.

    People whom the file does not name are reported, and deactivated only on request. Whoever
    has an address by now gets the invitations that have waited for one.

    Parameters
    ----------
    file : PeopleFile
        Everybody who can be invited. People who were inactive come back.
    dry_run
        Check and do everything, report, and undo it.
    deactivate_missing
        Deactivate the active people whom the file does not name.

    Raises
    ------
    ValueTooLong
        An external id or another short text does not fit its field.
    UnitsUnknown
        Somebody is in a unit that does not exist or is inactive.
    ManagersUnknown
        Somebody's manager is neither in the file nor known already.
    OrganisationNotFound
        There is no such organisation.
    """
    require_lengths(file.frame.iter_rows(), tuple(PEOPLE_COLUMNS), _LIMITS)
    given = {row[0]: row[1:] for row in file.frame.iter_rows()}
    async with transaction(organisation) as work:
        await lock_directory(organisation)
        stored = await _stored()
        await _require_known(organisation, stored, file)
        found = difference(stored, given)
        await _write(organisation, [*found.created, *found.changed], given)
        gone = found.missing if deactivate_missing else ()
        await connection().execute(_DEACTIVATE, organisation, gone)
        await queue_waiting(organisation)
        if dry_run:
            await work.rollback()  # type: ignore[no-untyped-call]  # Piccolo's
    return found.report(deactivated=gone, dry_run=dry_run)


async def list_people(
    organisation: UUID,
    *,
    within: str | None = None,
    after: str | None = None,
    limit: int = 100,
) -> Page[PersonView]:
    """Return people by external id, inactive ones included.

    Parameters
    ----------
    within
        Code of the unit that the reader is restricted to; None sees everybody.
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
    people = [PersonView(**row) for row in rows]
    return page_of(people, limit=limit, key=lambda person: person.external_id)


async def read_person(
    organisation: UUID, external_id: str, *, within: str | None = None
) -> PersonView:
    """Return one person.

    Raises
    ------
    PersonNotFound
        Nobody has this external id, or their unit lies outside ``within``.
    """
    async with reading(organisation):
        row = await connection().fetchrow(
            in_sight(_PAGE, within), within, organisation, None, external_id, 1
        )
    if row is None:
        raise PersonNotFound(external_id)
    return PersonView(**row)


async def known_people(organisation: UUID) -> frozenset[str]:
    """Return everybody's external id: who may be a manager, for `read_people`."""
    async with reading(organisation):
        rows = await Person.select(Person.external_id).output(as_list=True)
    return frozenset(rows)


async def _stored() -> dict[str, Stored]:
    rows = await connection().fetch(_PEOPLE)
    return {row[0]: Stored(row[1:-1], row[-1]) for row in map(tuple, rows)}


async def _require_known(
    organisation: UUID, stored: Mapping[str, Stored], file: PeopleFile
) -> None:
    """Check units and managers under the lock: the file was read before."""
    units = file.frame["unit_code"].unique().to_list()
    unknown = await connection().fetch(_UNKNOWN_UNITS, organisation, units)
    if unknown:
        raise UnitsUnknown([row["code"] for row in unknown])
    managers = set(file.frame["manager_external_id"].drop_nulls())
    strangers = managers - set(file.frame["external_id"]) - stored.keys()
    if strangers:
        raise ManagersUnknown(sorted(strangers))


async def _write(
    organisation: UUID, external_ids: Sequence[str], given: Mapping[str, tuple[Any, ...]]
) -> None:
    """Insert or replace the rows of these people."""
    if not external_ids:
        return
    columns = zip(*(given[external_id] for external_id in external_ids), strict=True)
    ids = [uuid7() for _ in external_ids]
    await connection().execute(_WRITE, organisation, ids, external_ids, *map(list, columns))
