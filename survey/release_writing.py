"""Results as rows, written inside the current transaction."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec
import polars as pl
from uuid_utils.compat import uuid7

from analytics.results import Analysis, UnitResult
from models.engine import connection, insert_rows
from survey.release_findings import FindingRow, finding_rows

__all__ = ["Results", "write_release"]

_RELEASE = """
INSERT INTO release (id, organisation, campaign, computed_at, instrument, method, anchors, seed,
                     lineage, company)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
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
        _RELEASE,
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
