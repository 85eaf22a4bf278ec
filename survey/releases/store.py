"""Releases as they are stored: written once, then read; nothing is computed here.

A kind of finding is the name of a field of ``UnitResult`` or ``Analysis``, and which record it
holds is read off that field.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple, Protocol
from uuid import UUID

import msgspec
import polars as pl
from uuid_utils.compat import uuid7

from analytics.results import Analysis, CompanyPattern, Lineage, Score, UnitResult
from models.edges import Moment
from models.engine import connection, insert_rows, reading
from models.enums import FindingKind, ReportStatus
from survey.campaigns.read import read_campaign
from survey.releases.errors import ReleaseNotFound

__all__ = [
    "COMPANY_KINDS",
    "UNIT_KINDS",
    "FindingRow",
    "ReleaseContent",
    "ReleaseView",
    "finding_rows",
    "latest_release",
    "read_analysis",
    "read_release",
    "releases_of",
    "restored",
    "restored_finding",
    "view_of",
    "write_release",
]

UNIT_KINDS = frozenset(
    {
        FindingKind.CONSTRAINT,
        FindingKind.RECOMMENDATION,
        FindingKind.SPONSORSHIP,
        FindingKind.READINESS,
        FindingKind.GOVERNANCE,
        FindingKind.PRACTICES,
        FindingKind.QUALITY,
        FindingKind.PARTICIPATION,
        FindingKind.CHANGE,
    }
)
COMPANY_KINDS = frozenset(
    {
        FindingKind.CONSTRAINT,
        FindingKind.PORTFOLIO,
        FindingKind.DRIVERS,
        FindingKind.QUALITY,
        FindingKind.PARTICIPATION,
        FindingKind.SPONSORSHIP,
        FindingKind.CHANGE,
        FindingKind.DRIFT,
    }
)
_SAY_HOW_SURE = frozenset(
    {FindingKind.CONSTRAINT, FindingKind.RECOMMENDATION, FindingKind.SPONSORSHIP}
)
"""Kinds whose own status is the status of the row, so that it can be filtered by."""

_INSERT_RELEASE = """
INSERT INTO release (id, organisation, campaign, computed_at, instrument, method, anchors, seed,
                     lineage, company)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
_SELECT_RELEASE = "SELECT id, campaign, computed_at, lineage, company FROM release"
_UNITS = "SELECT * FROM release_unit WHERE release = $1 ORDER BY unit_code"
_FINDINGS = "SELECT kind, unit_code, status, content FROM finding WHERE release = $1"
_SHOWN_SCORES = "SELECT * FROM score WHERE release = $1 AND cut = 'all' AND status = 'reported'"


class FindingRow(NamedTuple):
    """A finding as it is stored; there is no row if there is nothing to say."""

    kind: str
    unit_code: str | None
    """None if it is about the company."""
    status: str
    content: str
    """The record as JSON; empty if it may not be shown."""


_COLUMNS = {
    "release_unit": ("unit_code", "name", "parent_code", "status", "respondents",
                     "response_rate"),
    "score": ("unit_code", "construct", "cut", "status", "n", "mean", "low", "high", "level"),
    "finding": FindingRow._fields,
}  # fmt: skip


class ReleaseContent(Protocol):
    """What is stored of an analysis; its other parts are for the next computation."""

    @property
    def analysis(self) -> Analysis:
        """Lineage, company and units, as on the wire."""

    @property
    def cuts(self) -> pl.DataFrame:
        """One row per unit, construct and cut, in the order of the columns of ``score``."""


class ReleaseView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A release: immutable, and what it was computed from."""

    id: UUID
    """Id of the release."""
    campaign: UUID
    """Id of the campaign."""
    computed_at: Moment
    """When it was computed."""
    lineage: Lineage
    """What it was computed from."""
    organisation: CompanyPattern
    """The pattern of the company as a whole."""


async def write_release(
    organisation: UUID,
    campaign: UUID,
    release: UUID,
    results: ReleaseContent,
    *,
    units: pl.DataFrame,
    now: datetime,
) -> None:
    """Store every table of a release.

    Raises
    ------
    asyncpg.UniqueViolationError
        The campaign has a release.
    """
    analysis = results.analysis
    lineage = analysis.lineage
    await connection().execute(
        _INSERT_RELEASE,
        release,
        organisation,
        campaign,
        now,
        lineage.instrument,
        lineage.method,
        lineage.anchors,
        lineage.seed,
        msgspec.json.encode(lineage).decode(),
        msgspec.json.encode(analysis.organisation).decode(),
    )
    names = dict(units.select("code", "name").iter_rows())
    tables: dict[str, Iterable[tuple[object, ...]]] = {
        "release_unit": _unit_rows(analysis.units, names),
        "score": results.cuts.iter_rows(),
        "finding": finding_rows(analysis),
    }
    for table, rows in tables.items():
        await insert_rows(
            table,
            ("id", "organisation", "release", *_COLUMNS[table]),
            ((uuid7(), organisation, release, *row) for row in rows),
        )


def _unit_rows(
    units: Iterable[UnitResult], names: Mapping[str, str]
) -> Iterator[tuple[object, ...]]:
    for unit in units:
        yield (
            unit.unit, names[unit.unit], unit.parent, unit.status, unit.respondents,
            unit.response_rate,
        )  # fmt: skip


def finding_rows(analysis: Analysis) -> Iterator[FindingRow]:
    """Yield a row for each finding of each unit, then for each of the company."""
    for unit in analysis.units:
        yield from _rows(unit, UNIT_KINDS, unit.unit)
    yield from _rows(analysis, COMPANY_KINDS, None)


def _rows(
    holder: UnitResult | Analysis, kinds: Collection[FindingKind], unit: str | None
) -> Iterator[FindingRow]:
    for kind in sorted(kinds):
        found = getattr(holder, kind, None)
        if found is not None:
            yield _row(kind, unit, found)


def _row(kind: FindingKind, unit: str | None, found: Any) -> FindingRow:
    """Store a finding; of one that may not be shown nothing but that."""
    status = getattr(found, "status", None)
    if status == ReportStatus.SUPPRESSED:
        return FindingRow(kind, unit, ReportStatus.SUPPRESSED, "{}")
    shown = status if kind in _SAY_HOW_SURE else ReportStatus.REPORTED
    return FindingRow(kind, unit, str(shown), msgspec.json.encode(found).decode())


async def releases_of(organisation: UUID, campaign: UUID) -> list[ReleaseView]:
    """Return the releases of a campaign: one or none.

    Raises
    ------
    CampaignNotFound
        The organisation has no such campaign.
    """
    async with reading(organisation):
        await read_campaign(organisation, campaign)
        rows = await connection().fetch(f"{_SELECT_RELEASE} WHERE campaign = $1", campaign)
    return [view_of(row) for row in rows]


async def latest_release(organisation: UUID, campaign: UUID) -> ReleaseView:
    """Return the release of a campaign.

    Raises
    ------
    ReleaseNotFound
        It has none, or there is no such campaign.
    """
    async with reading(organisation):
        row = await connection().fetchrow(f"{_SELECT_RELEASE} WHERE campaign = $1", campaign)
    if row is None:
        raise ReleaseNotFound("of this campaign")
    return view_of(row)


async def read_release(organisation: UUID, release: UUID) -> ReleaseView:
    """Return one release.

    Raises
    ------
    ReleaseNotFound
        The organisation has no such release.
    """
    async with reading(organisation):
        row = await connection().fetchrow(f"{_SELECT_RELEASE} WHERE id = $1", release)
    if row is None:
        raise ReleaseNotFound(release)
    return view_of(row)


def view_of(row: Any) -> ReleaseView:
    """Make the record of a row with the columns of a release."""
    return ReleaseView(
        id=row["id"],
        campaign=row["campaign"],
        computed_at=row["computed_at"],
        lineage=msgspec.json.decode(row["lineage"], type=Lineage),
        organisation=msgspec.json.decode(row["company"], type=CompanyPattern),
    )


async def read_analysis(organisation: UUID, release: UUID) -> tuple[Analysis, dict[str, str]]:
    """Put a whole release back together, with the names of its units.

    Raises
    ------
    ReleaseNotFound
        The organisation has no such release.
    """
    async with reading(organisation):
        view = await read_release(organisation, release)
        units = await connection().fetch(_UNITS, release)
        scores = await connection().fetch(_SHOWN_SCORES, release)
        findings = await connection().fetch(_FINDINGS, release)
    by_unit: dict[str, dict[str, Score]] = {}
    for row in scores:
        by_unit.setdefault(row["unit_code"], {})[row["construct"]] = Score(
            mean=row["mean"], low=row["low"], high=row["high"], level=row["level"], n=row["n"]
        )
    found = _by_subject(findings)
    analysis = Analysis(
        lineage=view.lineage,
        organisation=view.organisation,
        units=tuple(
            _unit(row, by_unit.get(row["unit_code"], {}), found.get(row["unit_code"], []))
            for row in units
        ),
        **restored(found.get(None, []), Analysis),
    )
    return analysis, {row["unit_code"]: row["name"] for row in units}


def restored(rows: Iterable[FindingRow], shape: type[UnitResult | Analysis]) -> dict[str, Any]:
    """Return the fields that rows of one unit, or of the company, fill in a record.

    Parameters
    ----------
    rows : iterable of FindingRow
        What was stored; kinds that the record has no field for are left out.
    shape : type
        The record to be put together again.

    Raises
    ------
    msgspec.ValidationError
        A row does not hold what the field takes.
    """
    kinds = {field.name: field.type for field in msgspec.structs.fields(shape)}
    return {
        row.kind: _record(row.status, row.content, kinds[row.kind])
        for row in rows
        if row.kind in kinds
    }


def restored_finding(stored: str | msgspec.Raw, shape: Any) -> Any:
    """Return the record of a finding that was read as JSON, with its status and content.

    Raises
    ------
    msgspec.ValidationError
        It is not of this shape.
    """
    found = msgspec.json.decode(stored, type=_Stored)
    return _record(found.status, found.content, shape)


class _Stored(msgspec.Struct, frozen=True, kw_only=True):
    status: str
    content: msgspec.Raw


def _record(status: str, content: str | msgspec.Raw, shape: Any) -> Any:
    """Return the record of a stored finding; of a suppressed one nothing but its status."""
    if status == ReportStatus.SUPPRESSED:
        return msgspec.convert({"status": status}, shape)
    return msgspec.json.decode(content, type=shape)


def _by_subject(rows: Iterable[Any]) -> dict[str | None, list[FindingRow]]:
    """Sort findings by the unit that they are about; None is the company."""
    found: dict[str | None, list[FindingRow]] = {}
    for row in rows:
        found.setdefault(row["unit_code"], []).append(FindingRow(*row))
    return found


def _unit(row: Any, scores: dict[str, Score], findings: list[FindingRow]) -> UnitResult:
    if row["status"] == ReportStatus.SUPPRESSED:
        return UnitResult(unit=row["unit_code"], parent=row["parent_code"], status="suppressed")
    return UnitResult(
        unit=row["unit_code"],
        parent=row["parent_code"],
        status="reported",
        respondents=row["respondents"],
        response_rate=row["response_rate"],
        scores=scores,
        **restored(findings, UnitResult),
    )
