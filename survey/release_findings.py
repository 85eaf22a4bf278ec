"""Findings of an analysis as rows, and back: one line here for each kind there is.

A kind is the name of a field of ``UnitResult`` or ``Analysis``. Which record it holds is read
off that field, so that a kind whose field does not exist yet is passed over until it does.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from analytics.results import Analysis, UnitResult
from models.enums import FindingKind, ReportStatus

__all__ = [
    "COMPANY_KINDS",
    "UNIT_KINDS",
    "FindingRow",
    "finding_rows",
    "restored",
    "stored_record",
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


class FindingRow(NamedTuple):
    """A finding as it is stored; there is no row where there is nothing to say."""

    kind: str
    unit_code: str | None
    """None where it is about the company."""
    status: str
    content: str
    """The record as JSON; empty where it may not be shown."""


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
