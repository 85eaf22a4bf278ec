"""Reading releases; every figure was decided on when the release was made, none is computed.

A kind is the name of a field of ``UnitResult`` or ``Analysis``. Which record it holds is read
off that field, so that a kind whose field does not exist yet is passed over until it does.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple, Protocol
from uuid import UUID

import msgspec
import polars as pl
from uuid_utils.compat import uuid7

from analytics.results import (
    Analysis,
    Constraint,
    Lineage,
    Organisation,
    Recommendation,
    Score,
    Sponsorship,
    UnitResult,
)
from models.engine import connection, insert_rows, transaction
from models.enums import FindingKind, ReportStatus
from survey.releases.errors import ReleaseNotFound

__all__ = [
    "COMPANY_KINDS",
    "UNIT_KINDS",
    "FindingRow",
    "ReleaseView",
    "Results",
    "finding_rows",
    "latest_release",
    "read_analysis",
    "read_release",
    "releases_of",
    "restored",
    "stored_record",
    "write_release",
]

UNIT_KINDS: Mapping[FindingKind, str] = {
    FindingKind.READINESS: "phases",
    FindingKind.GOVERNANCE: "governance",
    FindingKind.PRACTICES: "practices",
    FindingKind.QUALITY: "quality",
    FindingKind.PARTICIPATION: "participation",
    FindingKind.CHANGE: "trends",
}
"""Kinds of units, with their names on the wire."""

COMPANY_KINDS: Mapping[FindingKind, str] = {
    FindingKind.CONSTRAINT: "constraints",
    FindingKind.PORTFOLIO: "portfolio",
    FindingKind.DRIVERS: "drivers",
    FindingKind.QUALITY: "quality",
    FindingKind.PARTICIPATION: "participation",
    FindingKind.SPONSORSHIP: "sponsorship",
    FindingKind.CHANGE: "trends",
    FindingKind.DRIFT: "drift",
}
"""Kinds of the company as a whole, with their names on the wire."""
_INSERT_RELEASE = """
INSERT INTO release (id, organisation, campaign, computed_at, instrument, method, anchors, seed,
                     lineage, company)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
_SELECT_RELEASE = "SELECT id, campaign, computed_at, lineage, company FROM release"
_UNITS = """
SELECT u.*, c.content AS constraint_content, r.content AS recommendation_content,
       g.status AS gap_status, g.content AS gap_content
FROM release_unit u JOIN unit_constraint c USING (release, unit_code)
     JOIN recommendation r USING (release, unit_code)
     JOIN sponsorship_gap g USING (release, unit_code)
WHERE release = $1 ORDER BY unit_code
"""
_FINDINGS = "SELECT kind, unit_code, status, content FROM finding WHERE release = $1"
_SHOWN_SCORES = "SELECT * FROM score WHERE release = $1 AND cut = 'all' AND status = 'reported'"


class FindingRow(NamedTuple):
    """A finding as it is stored; there is no row where there is nothing to say."""

    kind: str
    unit_code: str | None
    """None where it is about the company."""
    status: str
    content: str
    """The record as JSON; empty where it may not be shown."""


_COLUMNS = {
    "release_unit": ("unit_code", "name", "parent_code", "status", "respondents",
                     "response_rate"),
    "score": ("unit_code", "construct", "cut", "status", "n", "mean", "low", "high", "level"),
    "unit_constraint": ("unit_code", "status", "content"),
    "recommendation": ("unit_code", "status", "model", "runner_up", "content"),
    "sponsorship_gap": ("unit_code", "status", "content"),
    "finding": FindingRow._fields,
}  # fmt: skip


class Results(Protocol):
    """What is stored of an analysis; its other parts are for the next computation."""

    @property
    def analysis(self) -> Analysis:
        """Lineage, company and units, as on the wire."""

    @property
    def cuts(self) -> pl.DataFrame:
        """One row per unit, construct and cut, in the order of the columns of ``score``."""


class ReleaseView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A release and what it was computed from."""

    id: UUID
    campaign: UUID
    computed_at: datetime
    lineage: Lineage
    organisation: Organisation


async def write_release(
    organisation: UUID,
    campaign: UUID,
    release: UUID,
    results: Results,
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
        "unit_constraint": _constraint_rows(analysis.units),
        "recommendation": _recommendation_rows(analysis.units),
        "sponsorship_gap": _gap_rows(analysis.units),
        "finding": finding_rows(analysis),
    }
    for table, rows in tables.items():
        await insert_rows(
            table,
            ("id", "organisation", "release", *_COLUMNS[table]),
            ((uuid7(), organisation, release, *row) for row in rows),
        )


def _unit_rows(
    units: Iterable[UnitResult], names: dict[str, str]
) -> Iterator[tuple[object, ...]]:
    for unit in units:
        yield (
            unit.unit, names[unit.unit], unit.parent, unit.status, unit.respondents,
            unit.response_rate,
        )  # fmt: skip


def _constraint_rows(units: Iterable[UnitResult]) -> Iterator[tuple[object, ...]]:
    for unit in units:
        if unit.constraint:
            yield unit.unit, unit.constraint.status, _json(unit.constraint)
        else:
            yield unit.unit, "suppressed", "{}"


def _recommendation_rows(units: Iterable[UnitResult]) -> Iterator[tuple[object, ...]]:
    for unit in units:
        found = unit.recommendation
        if found:
            yield unit.unit, found.status, found.model, found.runner_up, _json(found)
        else:
            yield unit.unit, "suppressed", None, None, "{}"


def _gap_rows(units: Iterable[UnitResult]) -> Iterator[tuple[object, ...]]:
    for unit in units:
        found = unit.sponsorship
        if found and found.status != "suppressed":
            yield unit.unit, found.status, _json(found)
        else:
            yield unit.unit, "suppressed", "{}"


def _json(record: msgspec.Struct) -> str:
    return msgspec.json.encode(record).decode()


async def releases_of(organisation: UUID, campaign: UUID) -> list[ReleaseView]:
    """Return the releases of a campaign: one or none."""
    async with transaction(organisation):
        rows = await connection().fetch(f"{_SELECT_RELEASE} WHERE campaign = $1", campaign)
    return [_view(row) for row in rows]


async def latest_release(organisation: UUID, campaign: UUID) -> ReleaseView:
    """Return the release of a campaign.

    Raises
    ------
    ReleaseNotFound
        It has none, or there is no such campaign.
    """
    found = await releases_of(organisation, campaign)
    if not found:
        raise ReleaseNotFound("of this campaign")
    return found[0]


async def read_release(organisation: UUID, release: UUID) -> ReleaseView:
    """Return one release.

    Raises
    ------
    ReleaseNotFound
        The organisation has no such release.
    """
    async with transaction(organisation):
        row = await connection().fetchrow(f"{_SELECT_RELEASE} WHERE id = $1", release)
    if row is None:
        raise ReleaseNotFound(release)
    return _view(row)


async def read_analysis(organisation: UUID, release: UUID) -> tuple[Analysis, dict[str, str]]:
    """Put a whole release back together, with the names of its units.

    Raises
    ------
    ReleaseNotFound
        The organisation has no such release.
    """
    view = await read_release(organisation, release)
    async with transaction(organisation):
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


def _view(row: Any) -> ReleaseView:
    return ReleaseView(
        id=row["id"],
        campaign=row["campaign"],
        computed_at=row["computed_at"],
        lineage=msgspec.json.decode(row["lineage"], type=Lineage),
        organisation=msgspec.json.decode(row["company"], type=Organisation),
    )


def _by_subject(rows: Iterable[Any]) -> dict[str | None, list[FindingRow]]:
    """Sort findings by the unit that they are about; None is the company."""
    found: dict[str | None, list[FindingRow]] = {}
    for row in rows:
        found.setdefault(row["unit_code"], []).append(FindingRow(*row))
    return found


def _unit(row: Any, scores: dict[str, Score], findings: list[FindingRow]) -> UnitResult:
    if row["status"] == "suppressed":
        return UnitResult(unit=row["unit_code"], parent=row["parent_code"], status="suppressed")
    gap_hidden = row["gap_status"] == "suppressed"
    return UnitResult(
        unit=row["unit_code"],
        parent=row["parent_code"],
        status="reported",
        respondents=row["respondents"],
        response_rate=row["response_rate"],
        scores=scores,
        constraint=_content(row["constraint_content"], Constraint),
        recommendation=_content(row["recommendation_content"], Recommendation),
        sponsorship=Sponsorship(status="suppressed")
        if gap_hidden
        else _content(row["gap_content"], Sponsorship),
        **restored(findings, UnitResult),
    )


def _content(raw: str, kind: Any) -> Any:
    return None if raw == "{}" else msgspec.json.decode(raw, type=kind)


def finding_rows(analysis: Analysis) -> Iterator[FindingRow]:
    """Yield a row for each finding of each unit, then for each of the company."""
    for unit in analysis.units:
        yield from _rows(unit, UNIT_KINDS, unit.unit)
    yield from _rows(analysis, COMPANY_KINDS, None)


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
        row.kind: stored_record(row.status, row.content, kinds[row.kind])
        for row in rows
        if row.kind in kinds
    }


def stored_record(status: str, content: str, shape: Any) -> Any:
    """Return the record of a stored finding; of a suppressed one nothing but its status.

    Raises
    ------
    msgspec.ValidationError
        It is not of this shape.
    """
    if status == ReportStatus.SUPPRESSED:
        return msgspec.convert({"status": status}, shape)
    return msgspec.json.decode(content, type=shape)


def _rows(
    holder: UnitResult | Analysis, kinds: Collection[FindingKind], unit: str | None
) -> Iterator[FindingRow]:
    for kind in kinds:
        found = getattr(holder, kind, None)
        if found is not None:
            yield _row(kind, unit, found)


def _row(kind: FindingKind, unit: str | None, found: Any) -> FindingRow:
    """Store a finding; of one that may not be shown nothing but that."""
    if getattr(found, "status", None) == ReportStatus.SUPPRESSED:
        return FindingRow(kind, unit, ReportStatus.SUPPRESSED, "{}")
    return FindingRow(kind, unit, ReportStatus.REPORTED, msgspec.json.encode(found).decode())
