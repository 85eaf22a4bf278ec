"""Reading releases; every figure was decided on when the release was made, none is computed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

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
from models.engine import connection, transaction
from survey.release_findings import FindingRow, restored
from survey.releases.errors import ReleaseNotFound

__all__ = [
    "ReleaseView",
    "latest_release",
    "read_analysis",
    "read_release",
    "releases_of",
]


class ReleaseView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A release and what it was computed from."""

    id: UUID
    campaign: UUID
    computed_at: datetime
    lineage: Lineage
    organisation: Organisation


_RELEASE = "SELECT id, campaign, computed_at, lineage, company FROM release"
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


async def releases_of(organisation: UUID, campaign: UUID) -> list[ReleaseView]:
    """Return the releases of a campaign: one or none."""
    async with transaction(organisation):
        rows = await connection().fetch(f"{_RELEASE} WHERE campaign = $1", campaign)
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
        row = await connection().fetchrow(f"{_RELEASE} WHERE id = $1", release)
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
