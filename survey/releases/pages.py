"""Results of a release: a page, one unit, the company; each in one statement.

The statement also reads the release, so that a reader of one that does not exist learns of it
from the same answer. The tree is walked only for readers who are restricted to part of it.
"""

from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec

from analytics.vocabulary import Cut, ReportStatus
from models.engine import connection, reading
from models.enums import FindingKind
from survey.directory.errors import UnitNotFound
from survey.releases.errors import FindingNotFound, ReleaseNotFound
from survey.releases.store import ReleaseView, restored_finding, view_of

__all__ = [
    "ResultPage",
    "ScoreView",
    "UnitFinding",
    "read_company_finding",
    "read_findings",
    "read_scores",
    "read_unit_finding",
]

Entry = TypeVar("Entry")
Found = TypeVar("Found")
ScoreKey = tuple[str, str, str]
"""Unit, construct and cut."""

_SEEN = """
WITH RECURSIVE seen AS (
    SELECT unit_code FROM release_unit WHERE release = $1 AND unit_code = $2
    UNION
    SELECT u.unit_code FROM release_unit u JOIN seen s ON u.parent_code = s.unit_code
    WHERE u.release = $1)
"""
_RELEASE_AND = """
SELECT r.id, r.campaign, r.computed_at, r.lineage, r.company, {more}
FROM release r WHERE r.id = $1
"""
_ITEMS = "(SELECT coalesce(json_agg(item), '[]') FROM ({items}) AS item) AS items"
_COMPANY = """
(SELECT json_build_object('status', status, 'content', content) FROM finding
 WHERE release = $1 AND kind = {kind} AND unit_code IS NULL) AS whole
"""
_SCORES = """
SELECT unit_code AS unit, construct, cut, status, n, mean, low, high, level
FROM score
WHERE release = $1 AND ($2::text IS NULL OR unit_code IN (SELECT unit_code FROM seen))
      AND (unit_code, construct, cut) > ($3, $4, $5)
ORDER BY unit_code, construct, cut LIMIT $6
"""
# A release made by an earlier version, which found nothing of this kind, has no items.
_FINDINGS = """
SELECT u.unit_code AS unit, u.name, coalesce(f.content, '{{}}') AS content,
       coalesce(f.status, CASE u.status WHEN 'suppressed' THEN 'suppressed'
                                        ELSE 'not_available' END) AS status
FROM release_unit u
     LEFT JOIN finding f ON (f.release, f.unit_code, f.kind) = (u.release, u.unit_code, $3)
WHERE u.release = $1 AND ($2::text IS NULL OR u.unit_code IN (SELECT unit_code FROM seen))
      AND {which}
      AND EXISTS (SELECT FROM finding WHERE release = $1 AND kind = $3
                                            AND unit_code IS NOT NULL)
ORDER BY u.unit_code LIMIT $5
"""


def _statement(*parts: str, within: str | None) -> str:
    """Put a statement together; ``$1`` is the release and ``$2`` what it is restricted to."""
    seen = _SEEN if within is not None else "WITH seen (unit_code) AS (SELECT $2::text)"
    return seen + _RELEASE_AND.format(more=", ".join(parts))


_PAGE_OF_FINDINGS = _ITEMS.format(items=_FINDINGS.format(which="u.unit_code > $4"))
_FINDING_OF_A_UNIT = _ITEMS.format(items=_FINDINGS.format(which="u.unit_code = $4"))


class ScoreView(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """The level of a construct (0 to 100) in a unit and cut; no figure if suppressed."""

    unit: str
    """Code of the unit; units below it are included."""
    construct: str
    """Key of the construct."""
    cut: Cut
    """Whose answers it rests on."""
    status: ReportStatus
    """Whether it may be shown."""
    n: int | None = None
    """Respondents behind it; absent if suppressed."""
    mean: float | None = None
    """Mean, points of 0 to 100; absent if suppressed."""
    low: float | None = None
    """Lower end of the 95 % interval, points of 0 to 100."""
    high: float | None = None
    """Upper end of the 95 % interval, points of 0 to 100."""
    level: int | None = None
    """Maturity level, 1 to 5."""


class UnitFinding(msgspec.Struct, frozen=True, kw_only=True):
    """One finding of one unit, as it was stored."""

    unit: str
    name: str
    status: str
    content: msgspec.Raw


class ResultPage(msgspec.Struct, Generic[Entry], frozen=True, kw_only=True):
    """Some results of a release, and what they were computed from."""

    release: ReleaseView
    items: tuple[Entry, ...]
    more: bool
    """Whether further items follow the last one."""
    company: msgspec.Raw | None = None
    """The finding of the company, for readers who may see all of it."""


async def read_scores(
    organisation: UUID,
    release: UUID,
    *,
    within: str | None = None,
    after: ScoreKey | None = None,
    limit: int,
) -> ResultPage[ScoreView]:
    """Return scores in the order of unit, construct and cut.

    Parameters
    ----------
    within : str, optional
        Code of the unit that the reader is restricted to; None sees the whole company.
    after : tuple of unit, construct and cut, optional
        The last entry of the page before.
    limit : int
        Most items to return.

    Raises
    ------
    ReleaseNotFound
        The organisation has no such release.
    """
    statement = _statement(_ITEMS.format(items=_SCORES), within=within)
    row = await _row(
        organisation, statement, release, within, *(after or ("", "", "")), limit + 1
    )
    return _page(row, ScoreView, limit)


async def read_findings(
    organisation: UUID,
    release: UUID,
    kind: FindingKind,
    *,
    within: str | None = None,
    after: str = "",
    limit: int,
) -> ResultPage[UnitFinding]:
    """Return what was found of units, in their order, and of the company.

    A reported unit of which nothing can be said is ``not_available``.

    Parameters
    ----------
    kind : FindingKind
        What the findings are about.
    within, limit
        As for ``read_scores``.
    after : str
        Code of the last unit of the page before.

    Raises
    ------
    ReleaseNotFound
        The organisation has no such release.
    """
    parts = [_PAGE_OF_FINDINGS]
    if within is None:
        parts.append(_COMPANY.format(kind="$3"))
    statement = _statement(*parts, within=within)
    row = await _row(organisation, statement, release, within, kind, after, limit + 1)
    return _page(row, UnitFinding, limit)


async def read_unit_finding(
    organisation: UUID, release: UUID, kind: FindingKind, unit: str, *, within: str | None
) -> UnitFinding:
    """Return what was found of one unit.

    Raises
    ------
    ReleaseNotFound
        The organisation has no such release.
    UnitNotFound
        The release has no such unit, or it lies outside ``within``.
    """
    statement = _statement(_FINDING_OF_A_UNIT, within=within)
    row = await _row(organisation, statement, release, within, kind, unit, 1)
    found = _page(row, UnitFinding, 1).items
    if not found:
        raise UnitNotFound(unit)
    return found[0]


async def read_company_finding(
    organisation: UUID, release: UUID, kind: FindingKind, shape: type[Found]
) -> tuple[ReleaseView, Found]:
    """Return what was found of the company, and what it was computed from.

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
    statement = _RELEASE_AND.format(more=_COMPANY.format(kind="$2"))
    row = await _row(organisation, statement, release, kind)
    if row["whole"] is None:
        raise FindingNotFound(kind)
    found: Found = restored_finding(row["whole"], shape)
    return view_of(row), found


async def _row(organisation: UUID, statement: str, release: UUID, *given: object) -> Any:
    async with reading(organisation):
        row = await connection().fetchrow(statement, release, *given)
    if row is None:
        raise ReleaseNotFound(release)
    return row


def _page(row: Any, entry: type[Entry], limit: int) -> ResultPage[Entry]:
    items = msgspec.json.decode(row["items"], type=tuple[entry, ...])  # type: ignore[valid-type]  # a type at run time
    whole = row.get("whole")
    return ResultPage(
        release=view_of(row),
        items=items[:limit],
        more=len(items) > limit,
        company=None if whole is None else msgspec.Raw(whole.encode()),
    )
