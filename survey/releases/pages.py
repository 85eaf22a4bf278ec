"""Results of a release as rows, page by page, within what a reader may see."""

from typing import Any, Literal, TypeVar
from uuid import UUID

import msgspec

from models.engine import connection, transaction
from models.enums import FindingKind
from survey.directory.errors import UnitNotFound
from survey.releases.errors import FindingNotFound
from survey.releases.store import read_release, stored_record

__all__ = [
    "ResultKind",
    "ScoreView",
    "UnitRecord",
    "one_record",
    "read_company_finding",
    "read_findings",
    "read_records",
    "read_scores",
]

Found = TypeVar("Found")
_PAGE = 1_000
ResultKind = Literal["constraints", "recommendations", "sponsorship-gap"]

_SEEN = """
WITH RECURSIVE seen AS (
    SELECT unit_code, name FROM release_unit
    WHERE release = $1 AND ($2::text IS NULL OR unit_code = $2)
    UNION
    SELECT u.unit_code, u.name FROM release_unit u JOIN seen s ON u.parent_code = s.unit_code
    WHERE u.release = $1)
"""
_SCORES = (
    _SEEN
    + """
SELECT unit_code AS unit, construct, cut, status, n, mean, low, high, level
FROM score JOIN seen USING (unit_code)
WHERE release = $1 AND (unit_code, construct, cut) > ($3, $4, $5)
ORDER BY unit_code, construct, cut LIMIT $6
"""
)
_RECORDS = (
    _SEEN
    + """
SELECT r.unit_code AS unit, s.name, r.status, r.content
FROM {table} r JOIN seen s USING (unit_code)
WHERE r.release = $1 AND r.unit_code > $3 ORDER BY r.unit_code LIMIT $4
"""
)
_FINDINGS = (
    _SEEN
    + """
SELECT u.unit_code AS unit, u.name, coalesce(f.content, '{}') AS content,
       coalesce(f.status, CASE u.status WHEN 'suppressed' THEN 'suppressed'
                                        ELSE 'not_available' END) AS status
FROM release_unit u JOIN seen USING (unit_code)
     LEFT JOIN finding f ON (f.release, f.unit_code, f.kind) = (u.release, u.unit_code, $5)
WHERE u.release = $1 AND u.unit_code > $3
      AND EXISTS (SELECT FROM finding WHERE release = $1 AND kind = $5
                                            AND unit_code IS NOT NULL)
ORDER BY u.unit_code LIMIT $4
"""
)
_COMPANY = """
SELECT status, content FROM finding WHERE release = $1 AND kind = $2 AND unit_code IS NULL
"""
_TABLES: dict[ResultKind, str] = {
    "constraints": "unit_constraint",
    "recommendations": "recommendation",
    "sponsorship-gap": "sponsorship_gap",
}


class ScoreView(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """The level of one construct in one unit and cut; figures are absent where suppressed."""

    unit: str
    construct: str
    cut: str
    status: str
    n: int | None = None
    mean: float | None = None
    low: float | None = None
    high: float | None = None
    level: int | None = None


class UnitRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One result of one unit, as it was stored."""

    unit: str
    name: str
    status: str
    content: msgspec.Raw


async def read_scores(
    organisation: UUID,
    release: UUID,
    *,
    within: str | None = None,
    after: tuple[str, str, str] | None = None,
    limit: int,
) -> list[ScoreView]:
    """Return scores in the order of unit, construct and cut.

    Parameters
    ----------
    within : str, optional
        Code of the unit whose subtree may be seen; the whole company by default.
    after : tuple of unit, construct and cut, optional
        Where the page before ended.
    limit : int
        Most rows to return.

    Raises
    ------
    ReleaseNotFound
        The organisation has no such release.
    """
    await read_release(organisation, release)
    async with transaction(organisation):
        rows = await connection().fetch(
            _SCORES, release, within, *(after or ("", "", "")), limit
        )
    return [ScoreView(**dict(row)) for row in rows]


async def read_records(
    organisation: UUID,
    release: UUID,
    kind: ResultKind,
    *,
    within: str | None = None,
    after: str = "",
    limit: int,
) -> list[UnitRecord]:
    """Return one kind of result in the order of units.

    Parameters
    ----------
    kind : {"constraints", "recommendations", "sponsorship-gap"}
        Which table of results.
    within, after, limit
        As for ``read_scores``; ``after`` is the code of a unit.

    Raises
    ------
    ReleaseNotFound
        The organisation has no such release.
    """
    await read_release(organisation, release)
    async with transaction(organisation):
        query = _RECORDS.format(table=_TABLES[kind])
        rows = await connection().fetch(query, release, within, after, limit)
    return [_unit_record(row) for row in rows]


async def read_findings(
    organisation: UUID,
    release: UUID,
    kind: FindingKind,
    *,
    within: str | None = None,
    after: str = "",
    limit: int,
) -> list[UnitRecord]:
    """Return what was found of units, in their order.

    A reported unit of which nothing can be said is ``not_available``. A release that found
    nothing of this kind of any unit, as one made by an earlier version, has no record.

    Parameters
    ----------
    kind : FindingKind
        What the findings are about.
    within, after, limit
        As for ``read_records``.

    Raises
    ------
    ReleaseNotFound
        The organisation has no such release.
    """
    await read_release(organisation, release)
    async with transaction(organisation):
        rows = await connection().fetch(_FINDINGS, release, within, after, limit, kind)
    return [_unit_record(row) for row in rows]


async def read_company_finding(
    organisation: UUID, release: UUID, kind: FindingKind, shape: type[Found]
) -> Found:
    """Return what was found of the company.

    Parameters
    ----------
    kind : FindingKind
        What the finding is about.
    shape : type
        The record that it is.

    Raises
    ------
    ReleaseNotFound
        The organisation has no such release.
    FindingNotFound
        The release says nothing of it.
    """
    await read_release(organisation, release)
    async with transaction(organisation):
        row = await connection().fetchrow(_COMPANY, release, kind)
    if row is None:
        raise FindingNotFound(kind)
    found: Found = stored_record(row["status"], row["content"], shape)
    return found


async def one_record(
    organisation: UUID, release: UUID, kind: ResultKind, unit: str, *, within: str | None
) -> UnitRecord:
    """Return one kind of result of one unit.

    Raises
    ------
    ReleaseNotFound
        The organisation has no such release.
    UnitNotFound
        The release has no such unit, or it lies outside ``within``.
    """
    after = ""
    while True:
        page = await read_records(
            organisation, release, kind, within=within, after=after, limit=_PAGE
        )
        found = next((record for record in page if record.unit == unit), None)
        if found is not None:
            return found
        if len(page) < _PAGE:
            raise UnitNotFound(unit)
        after = page[-1].unit


def _unit_record(row: Any) -> UnitRecord:
    return UnitRecord(
        unit=row["unit"],
        name=row["name"],
        status=row["status"],
        content=msgspec.Raw(row["content"].encode()),
    )
