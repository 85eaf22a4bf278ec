"""Use cases: proposed, rated and changed by people, for the units that they see."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from uuid_utils.compat import uuid7

from models.edges import Moment
from models.engine import connection, reading, transaction
from models.enums import AuditAction
from survey.access.audit import record_event
from survey.access.keys import Principal
from survey.catalogue.store import read_catalogue
from survey.catalogue.use_case_criteria import UseCaseCriteria
from survey.directory.sight import SEES, in_sight
from survey.errors import FieldInvalid, Seen, require_seen
from survey.files.keys import canonical
from survey.paging import Page, id_after, page_of, require_limit
from survey.use_cases.errors import UseCaseNotFound
from survey.use_cases.rules import State, UseCaseChange, UseCasePlan, changed, settled

__all__ = [
    "UseCaseView",
    "change_use_case",
    "create_use_case",
    "list_use_cases",
    "read_use_case",
    "read_use_case_criteria",
]

_VIEW = f"""
SELECT c.id, u.code AS unit, c.title, c.description, c.scores, c.deferrals, c.state,
       c.revision, c.created_at, c.changed_at
FROM use_case c LEFT JOIN business_unit u ON u.id = c.unit
WHERE {SEES}
"""  # noqa: S608 - our own fragment
_ONE = _VIEW + " AND c.id = $2"
_LOCKED = _ONE + " FOR UPDATE OF c"
_SOME = _VIEW + " AND ($2::uuid IS NULL OR c.id > $2) ORDER BY c.id LIMIT $3"

_CREATE = """
INSERT INTO use_case (id, organisation, unit, title, description, scores, deferrals, state,
                      revision, created_at, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $9)
"""
_CHANGE = """
UPDATE use_case SET unit = $2, title = $3, description = $4, scores = $5, deferrals = $6,
                    state = $7, revision = revision + 1, changed_at = $8
WHERE id = $1
"""
_UNIT = f"SELECT u.id FROM business_unit u WHERE {SEES} AND u.code = $2 AND u.active"  # noqa: S608 - our own fragment


class UseCaseView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A use case; what nobody has rated is absent from its scores."""

    id: UUID
    """Id of the use case."""
    title: str
    """What people call it."""
    description: str
    """What it is about."""
    unit: str | None
    """Code of the unit that would own it; None if nobody has named one."""
    scores: dict[str, int]
    """Criterion to its score, 0 (not at all) to 4 (fully)."""
    deferrals: dict[str, bool]
    """Ground for deferral to whether it holds."""
    state: State
    """What has become of it."""
    revision: int
    """Grows with every change; the ETag."""
    created_at: Moment
    """When it was proposed."""
    changed_at: Moment
    """When it was last changed."""


async def create_use_case(plan: UseCasePlan, *, by: Principal, now: datetime) -> UseCaseView:
    """Propose a use case.

    Parameters
    ----------
    plan : UseCasePlan
        What it is, and how it is rated so far.
    by : Principal
        Who proposes it; a caller restricted to a part, only for a unit of that part.
    now : datetime
        The moment, UTC.

    Raises
    ------
    FieldInvalid
        A value is not what its field takes, or the caller sees no such unit.
    CatalogueNotFound
        There are no criteria to rate it by.
    """
    created = uuid7()
    async with transaction(by.organisation):
        columns = await _columns(plan, state="candidate", by=by)
        await connection().execute(_CREATE, created, by.organisation, *columns, now)
        view = await read_use_case(created, by=by)
        await _record(view, AuditAction.USE_CASE_CREATED, _filled(view), by=by)
    return view


async def change_use_case(
    use_case: UUID, change: UseCaseChange, *, revision: Seen[int], by: Principal, now: datetime
) -> UseCaseView:
    """Change a use case that nobody else has changed since it was read.

    Parameters
    ----------
    change : UseCaseChange
        What to change; criteria that it does not name keep their ratings.
    revision : int, set of int or None
        The revision that the caller has seen, see `Seen`.

    Raises
    ------
    UseCaseNotFound
        No use case that the caller sees has this id.
    ChangedMeanwhile
        It has another revision by now.
    FieldInvalid, CatalogueNotFound
        As for `create_use_case`.
    """
    async with transaction(by.organisation):
        current = await _found(_LOCKED, use_case, by=by)
        require_seen(revision, current.revision)
        state = current.state if change.state is msgspec.UNSET else change.state
        plan = changed(_plan(current), change)
        columns = await _columns(plan, state=state, by=by, was=current)
        await connection().execute(_CHANGE, use_case, *columns, now)
        view = await read_use_case(use_case, by=by)
        await _record(view, AuditAction.USE_CASE_CHANGED, change.fields(), by=by)
    return view


async def read_use_case(use_case: UUID, *, by: Principal) -> UseCaseView:
    """Return one use case.

    Raises
    ------
    UseCaseNotFound
        No use case that the caller sees has this id.
    """
    async with reading(by.organisation):
        return await _found(_ONE, use_case, by=by)


async def list_use_cases(
    *, by: Principal, after: str | None = None, limit: int = 100
) -> Page[UseCaseView]:
    """Return use cases in the order in which they were proposed.

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
    start = id_after(after)
    async with reading(by.organisation):
        rows = await connection().fetch(in_sight(_SOME, by.unit), by.unit, start, limit + 1)
    return page_of([_view(row) for row in rows], limit=limit, key=lambda one: str(one.id))


async def read_use_case_criteria(organisation: UUID) -> UseCaseCriteria:
    """Return the criteria by which an organisation rates its use cases.

    Raises
    ------
    CatalogueNotFound
        None have been loaded.
    """
    return await read_catalogue(organisation, "use_case_criteria", UseCaseCriteria)


async def _found(query: str, use_case: UUID, *, by: Principal) -> UseCaseView:
    row = await connection().fetchrow(in_sight(query, by.unit), by.unit, use_case)
    if row is None:
        raise UseCaseNotFound(use_case)
    return _view(row)


async def _columns(
    plan: UseCasePlan, *, state: State, by: Principal, was: UseCaseView | None = None
) -> tuple[object, ...]:
    """Return the row of a plan: in the table, the unit is an id.

    Ratings by criteria of an earlier version stay: they count again if those come back.
    """
    known = (await read_use_case_criteria(by.organisation)).measures()
    whole = settled(
        plan,
        criteria=(*known.keys, *(was.scores if was else ())),
        deferrals=(*known.deferrals, *(was.deferrals if was else ())),
    )
    return (
        await _unit(whole.unit, by=by),
        whole.title,
        whole.description,
        msgspec.json.encode(whole.scores).decode(),
        msgspec.json.encode(whole.deferrals).decode(),
        state,
    )


async def _unit(code: str | None, *, by: Principal) -> UUID | None:
    """Return the id of the unit that owns a use case."""
    if code is None and by.unit is None:
        return None
    form = None if code is None else canonical(code)
    found: UUID | None = await connection().fetchval(in_sight(_UNIT, by.unit), by.unit, form)
    if found is None:
        raise FieldInvalid("unit", code, expected="the code of an active unit within sight")
    return found


def _plan(view: UseCaseView) -> UseCasePlan:
    return UseCasePlan(**{name: getattr(view, name) for name in UseCasePlan.__struct_fields__})


def _filled(view: UseCaseView) -> Collection[str]:
    return [name for name in (*UseCasePlan.__struct_fields__, "state") if getattr(view, name)]


async def _record(
    view: UseCaseView, action: AuditAction, fields: Collection[str], *, by: Principal
) -> None:
    """Name the fields, not their content: somebody wrote it, and may have named people."""
    await record_event(
        by.organisation,
        action,
        f"/v1/use-cases/{view.id}",
        facts={"fields": sorted(fields), "state": view.state, "revision": view.revision},
        by=by.actor,
    )


def _view(row: Any) -> UseCaseView:
    ratings = {name: msgspec.json.decode(row[name]) for name in ("scores", "deferrals")}
    return UseCaseView(**{**dict(row), **ratings})
