"""The people who can be invited, as they stand today; campaigns keep a copy of their own."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from uuid_utils.compat import uuid7

from models.constraints import lengths_of
from models.engine import connection, reading, transaction
from models.enums import AuditAction
from models.organisation import Person
from survey.access.actors import COMMAND_LINE, Actor
from survey.access.audit import MOST_LISTED, record_event
from survey.access.audit_chain import Fact
from survey.directory.arrivals import queue_following
from survey.directory.errors import (
    AddressesTaken,
    ManagersUnknown,
    PersonNotFound,
    UnitsUnknown,
)
from survey.directory.organisations import lock_directory
from survey.directory.sight import SEES, in_sight
from survey.directory.sync import (
    Difference,
    Stored,
    SyncReport,
    difference,
    is_many,
    not_created,
    require_apart,
    require_expected,
    require_lengths,
    respellings,
)
from survey.files.collisions import taken_addresses
from survey.files.keys import canonical
from survey.files.notices import Notices
from survey.files.people import PEOPLE_COLUMNS, PeopleFile
from survey.messages.outbox import queue_waiting
from survey.paging import Page, page_of, require_limit

__all__ = ["PersonView", "known_people", "list_people", "read_person", "sync_people"]

_LIMITS = lengths_of(Person, PEOPLE_COLUMNS)
_CONTENT = tuple(PEOPLE_COLUMNS).index("active")
"""So many columns of a file come before the one that tells who is active."""
_EMAIL = tuple(PEOPLE_COLUMNS).index("email") - 1
"""Where the address stands in what is compared, which has no external id."""

# The columns of a file in their order; the last tells whether the person is active.
_PEOPLE = """
SELECT p.external_id, p.email, p.display_name, u.code AS unit_code, p.role, p.function,
       p.locale, p.manager_external_id, p.time_zone, p.active
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
                    locale, manager_external_id, time_zone, active)
SELECT given.id, $1, given.external_id, given.email, given.display_name, u.id, given.role,
       given.function, given.locale, given.manager_external_id, given.time_zone, true
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
            $9::text[], $10::text[], $11::text[])
     AS given (id, external_id, email, display_name, unit_code, role, function, locale,
               manager_external_id, time_zone)
JOIN business_unit u ON u.organisation = $1 AND u.code = given.unit_code
ON CONFLICT (organisation, external_id) DO UPDATE
SET email = excluded.email, display_name = excluded.display_name, unit = excluded.unit,
    role = excluded.role, function = excluded.function, locale = excluded.locale,
    manager_external_id = excluded.manager_external_id, time_zone = excluded.time_zone,
    active = true
"""

_DEACTIVATE = """
UPDATE person SET active = false WHERE organisation = $1 AND external_id = ANY($2)
"""

_IDS = "SELECT id FROM person WHERE organisation = $1 AND external_id = ANY($2) ORDER BY id"

# Before they are written, so that people may exchange their addresses.
_FREE_ADDRESSES = """
UPDATE person SET email = NULL WHERE organisation = $1 AND external_id = ANY($2)
"""

_RESPELL = """
UPDATE person SET external_id = given.form
FROM unnest($2::text[], $3::text[]) AS given (stored, form)
WHERE organisation = $1 AND external_id = given.stored
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
    time_zone: str | None = None
    """Time zone (IANA); None is the organisation's."""
    active: bool
    """Whether they can be invited."""


async def sync_people(
    organisation: UUID,
    file: PeopleFile,
    *,
    dry_run: bool = False,
    deactivate_missing: bool = False,
    expect_deactivated: int | None = None,
    by: Actor = COMMAND_LINE,
) -> SyncReport:
    """Bring the people to what a file says: all of it or nothing.

    People whom the file does not name are reported, and deactivated only on request. People
    whom it marks as inactive are deactivated; if they are not known, they are not created.
    Whoever has an address by now gets the invitations that have waited for one. Open campaigns
    follow: they drop leavers, and invite joiners if they are meant to.

    Parameters
    ----------
    file : PeopleFile
        Everybody who can be invited. People who were inactive come back.
    dry_run
        Check and do everything, report, and undo it.
    deactivate_missing
        Deactivate the active people whom the file does not name.
    expect_deactivated
        How many people the caller expects to be deactivated, whether they are missing or marked
        as inactive. It must be right. If many are deactivated, it must be given, but not in a
        dry run, which tells the number.
    by : Actor
        Who brings the file; the audit trail keeps that.

    Raises
    ------
    ValueTooLong
        An external id or another short text does not fit its field.
    UnitsUnknown
        Somebody is in a unit that does not exist or is inactive.
    ManagersUnknown
        Somebody's manager is neither in the file nor known already.
    KeysAlike
        A new external id is a known one but for case or leading zeros.
    AddressesTaken
        An address belongs to somebody whom the file does not name.
    UnexpectedDeactivations
        The number of people to be deactivated is large and was not stated, or is another one.
    OrganisationNotFound
        There is no such organisation.
    """
    frame = file.frame.filter("active")
    require_lengths(frame.iter_rows(), tuple(PEOPLE_COLUMNS), _LIMITS)
    given = {row[0]: row[1:_CONTENT] for row in frame.iter_rows()}
    inactive = frozenset(file.frame["external_id"]) - given.keys()
    async with transaction(organisation) as work:
        await lock_directory(organisation)
        stored = await _stored(organisation)
        await _require_known(organisation, stored, file)
        found = difference(stored, given, inactive=inactive)
        _require_own(found, stored, given, inactive)
        gone = (*found.left, *(found.missing if deactivate_missing else ()))
        active = sum(row.active for row in stored.values())
        if expect_deactivated is not None or not dry_run:
            require_expected(len(gone), active=active, expected=expect_deactivated)
        await connection().execute(_DEACTIVATE, organisation, gone)
        await _write(organisation, found, given)
        await queue_waiting(organisation)
        if found.created or found.changed or gone:
            came = [one for one in found.changed if not stored[one].active]
            await queue_following(organisation, [*found.created, *came])
        await _tell(organisation, found, gone, by=by)
        if dry_run:
            await work.rollback()  # type: ignore[no-untyped-call]  # Piccolo's
    notices = _note_changes(found, stored, given, inactive)
    if dry_run and expect_deactivated is None and is_many(len(gone), active=active):
        notices.add("many_deactivated", count=len(gone))
    return found.report(
        deactivated=gone, dry_run=dry_run, notices=(*file.notices, *notices.all())
    )


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
            in_sight(_PAGE, within), within, organisation, None, canonical(external_id), 1
        )
    if row is None:
        raise PersonNotFound(external_id)
    return PersonView(**row)


async def known_people(organisation: UUID) -> dict[str, str | None]:
    """Return what `read_people` has to know: everybody's external id, and active addresses."""
    async with reading(organisation):
        rows = await connection().fetch(_PEOPLE)
    return {
        canonical(row["external_id"]): row["email"] if row["active"] else None for row in rows
    }


async def _tell(
    organisation: UUID, found: Difference, gone: Sequence[str], *, by: Actor
) -> None:
    """Record whom a file changed, by our own ids: an external id may be a name or an address.

    Our own id leads nowhere once somebody is erased.
    """
    kinds = {"created": found.created, "changed": found.changed, "deactivated": gone}
    facts: dict[str, Fact] = {}
    for kind, people in kinds.items():
        if people:
            ids = await connection().fetch(_IDS, organisation, people[:MOST_LISTED])
            facts[kind] = {"count": len(people), "ids": [str(row["id"]) for row in ids]}
    if facts:
        await record_event(
            organisation, AuditAction.PEOPLE_SYNCED, "/v1/people", facts=facts, by=by
        )


async def _stored(organisation: UUID) -> dict[str, Stored]:
    """Return everybody by external id, which is brought to its canonical form."""
    rows = await connection().fetch(_PEOPLE)
    forms = respellings(row["external_id"] for row in rows)
    if forms:
        await connection().execute(_RESPELL, organisation, list(forms), list(forms.values()))
        rows = await connection().fetch(_PEOPLE)
    return {row[0]: Stored(row[1:-1], row[-1]) for row in map(tuple, rows)}


async def _require_known(
    organisation: UUID, stored: Mapping[str, Stored], file: PeopleFile
) -> None:
    """Check units and managers under the lock: the file was read before."""
    frame = file.frame.filter("active")
    units = frame["unit_code"].unique().to_list()
    unknown = await connection().fetch(_UNKNOWN_UNITS, organisation, units)
    if unknown:
        raise UnitsUnknown([row["code"] for row in unknown])
    managers = set(frame["manager_external_id"].drop_nulls())
    strangers = managers - set(file.frame["external_id"]) - stored.keys()
    if strangers:
        raise ManagersUnknown(sorted(strangers))


def _require_own(
    found: Difference,
    stored: Mapping[str, Stored],
    given: Mapping[str, tuple[Any, ...]],
    inactive: Collection[str],
) -> None:
    """Check that ids and addresses of the file are those of nobody else."""
    named = given.keys() | inactive
    taken = taken_addresses(
        {person: row[_EMAIL] for person, row in given.items() if row[_EMAIL] is not None},
        owners={person: _address(row) for person, row in stored.items()},
        named=named,
    )
    if taken:
        raise AddressesTaken(taken)
    require_apart(found.created, stored, named)


def _address(row: Stored) -> str | None:
    """Return the address that somebody has, as long as they are active."""
    address = row.content[_EMAIL]
    return str(address) if row.active and address is not None else None


def _note_changes(
    found: Difference,
    stored: Mapping[str, Stored],
    given: Mapping[str, tuple[Any, ...]],
    inactive: Collection[str],
) -> Notices:
    """Note who was not created, and who has lost their address."""
    notices = not_created(inactive, stored)
    without = [
        person
        for person in found.changed
        if _address(stored[person]) is not None and given[person][_EMAIL] is None
    ]
    if without:
        notices.add("address_removed", keys=without, count=len(without))
    return notices


async def _write(
    organisation: UUID, found: Difference, given: Mapping[str, tuple[Any, ...]]
) -> None:
    """Insert or replace the rows of new and changed people."""
    written = [*found.created, *found.changed]
    if not written:
        return
    await connection().execute(_FREE_ADDRESSES, organisation, found.changed)
    columns = zip(*(given[external_id] for external_id in written), strict=True)
    ids = [uuid7() for _ in written]
    await connection().execute(_WRITE, organisation, ids, written, *map(list, columns))
