"""Decisions on recommendations: accepted or overridden by a person, kept beside the release."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import asyncpg
import msgspec
from uuid_utils.compat import uuid7

from models.edges import Moment
from models.engine import connection, reading, transaction
from models.enums import AuditAction, FindingKind, Verdict
from survey.access.audit import record_event
from survey.access.keys import Principal
from survey.decisions.errors import DecisionNotFound, NothingRecommended
from survey.decisions.rules import Choice, recommended_model, settled_choice
from survey.errors import ChangedMeanwhile, Seen, require_seen
from survey.files.keys import canonical
from survey.releases.pages import ResultPage, UnitFinding, read_findings, read_unit_finding

__all__ = [
    "DecisionView",
    "decide",
    "decisions_of",
    "latest_decision",
    "read_recommendation",
    "read_recommendations",
]

_LATEST = """
SELECT DISTINCT ON (unit_code) * FROM decision WHERE release = $1 AND unit_code = ANY($2)
ORDER BY unit_code, revision DESC
"""
_ALL = "SELECT * FROM decision WHERE release = $1 AND unit_code = $2 ORDER BY revision"
_DECIDE = """
INSERT INTO decision (id, organisation, release, unit_code, revision, verdict, model,
                      recommended, reason, decided_at, decided_by, decided_by_name)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, (SELECT name FROM api_key WHERE id = $11))
RETURNING *
"""
_CAMPAIGN = "SELECT campaign FROM release WHERE id = $1"
_ACTIONS = {
    Verdict.ACCEPTED: AuditAction.RECOMMENDATION_ACCEPTED,
    Verdict.OVERRIDDEN: AuditAction.RECOMMENDATION_OVERRIDDEN,
}


class DecisionView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A decision on the recommendation of a unit; the release stays as it is."""

    release: UUID
    """Id of the release."""
    unit: str
    """Code of the unit."""
    revision: int
    """1 for the first decision on the unit, then 2, 3, ...; the ETag."""
    verdict: Literal["accepted", "overridden"]
    """``accepted``: the recommended model; ``overridden``: another one."""
    model: str | None
    """The model chosen; None if it was accepted that none is clear."""
    recommended: str | None
    """The model that was recommended; None if none was clear."""
    reason: str | None
    """Why, in the words of whoever decided; None if none was given."""
    decided_at: Moment
    """When it was decided."""
    decided_by: UUID
    """The API key."""
    decided_by_name: str
    """Its name at that time."""


async def decide(
    release: UUID, unit: str, choice: Choice, *, seen: Seen[int], by: Principal, now: datetime
) -> DecisionView:
    """Accept or override the recommendation of a unit; the release stays as it is.

    Parameters
    ----------
    choice : Choice
        What is decided.
    seen : int, set of int or None
        Revision of the decision that the caller has read, see `Seen`; 0 if there was none.
    by : Principal
        Who decides, within their sight.
    now : datetime
        The moment, UTC.

    Raises
    ------
    ReleaseNotFound
        The organisation has no such release.
    UnitNotFound
        The release has no such unit, or not within sight.
    NothingRecommended
        The unit's recommendation is suppressed.
    FieldInvalid
        The choice breaks a rule, see `settled_choice`.
    ChangedMeanwhile
        The latest decision is another than the one seen.
    """
    unit = canonical(unit)
    async with transaction(by.organisation):
        stored, held = await read_recommendation(by.organisation, release, unit, within=by.unit)
        found = _recommended(unit, stored)
        recommended = recommended_model(found.status, found.model)
        settled = settled_choice(choice, recommended=recommended, models=found.conditional)
        current = _require_seen(held, seen)
        columns = (settled.verdict, settled.model, recommended, settled.reason, now, by.key)
        try:
            async with transaction(by.organisation):
                row = await connection().fetchrow(
                    _DECIDE, uuid7(), by.organisation, release, unit, current + 1, *columns
                )
        except asyncpg.UniqueViolationError:
            raise ChangedMeanwhile(given=current, current=current + 1) from None
        decided = _view(row)
        await _tell(decided, by=by)
    return decided


async def read_recommendations(
    organisation: UUID, release: UUID, *, within: str | None, after: str, limit: int
) -> tuple[ResultPage[UnitFinding], dict[str, DecisionView]]:
    """Return what is recommended to units, and per unit the decision that holds, if any.

    Parameters
    ----------
    within, after, limit
        As for `read_findings`.

    Raises
    ------
    ReleaseNotFound
        The organisation has no such release.
    """
    async with reading(organisation):
        page = await read_findings(
            organisation,
            release,
            FindingKind.RECOMMENDATION,
            within=within,
            after=after,
            limit=limit,
        )
        return page, await _holding(release, [found.unit for found in page.items])


async def read_recommendation(
    organisation: UUID, release: UUID, unit: str, *, within: str | None
) -> tuple[UnitFinding, DecisionView | None]:
    """Return what is recommended to a unit, and the decision that holds, if any.

    Raises
    ------
    ReleaseNotFound
        The organisation has no such release.
    UnitNotFound
        The release has no such unit, or it lies outside ``within``.
    """
    unit = canonical(unit)
    async with reading(organisation):
        found = await read_unit_finding(
            organisation, release, FindingKind.RECOMMENDATION, unit, within=within
        )
        return found, (await _holding(release, [unit])).get(unit)


async def latest_decision(
    organisation: UUID, release: UUID, unit: str, *, within: str | None
) -> DecisionView:
    """Return the decision that holds.

    Raises
    ------
    ReleaseNotFound
        The organisation has no such release.
    UnitNotFound
        The release has no such unit, or not within sight.
    DecisionNotFound
        Nobody has decided.
    """
    _, held = await read_recommendation(organisation, release, unit, within=within)
    if held is None:
        raise DecisionNotFound(unit)
    return held


async def decisions_of(
    organisation: UUID, release: UUID, unit: str, *, within: str | None
) -> list[DecisionView]:
    """Return all decisions on a unit, the first one first.

    Raises
    ------
    ReleaseNotFound
        The organisation has no such release.
    UnitNotFound
        The release has no such unit, or not within sight.
    """
    unit = canonical(unit)
    async with reading(organisation):
        await read_unit_finding(
            organisation, release, FindingKind.RECOMMENDATION, unit, within=within
        )
        rows = await connection().fetch(_ALL, release, unit)
    return [_view(row) for row in rows]


class _Recommended(msgspec.Struct, frozen=True, kw_only=True):
    """What has to be known of a recommendation to decide on it."""

    status: str
    model: str
    conditional: dict[str, float]


async def _holding(release: UUID, units: Collection[str]) -> dict[str, DecisionView]:
    """Return the decisions that hold for some units; those without one are left out."""
    rows = await connection().fetch(_LATEST, release, list(units))
    return {row["unit_code"]: _view(row) for row in rows}


def _recommended(unit: str, found: UnitFinding) -> _Recommended:
    if bytes(found.content) == b"{}":
        raise NothingRecommended(unit)
    return msgspec.json.decode(found.content, type=_Recommended)


def _require_seen(held: DecisionView | None, seen: Seen[int]) -> int:
    """Return the present revision, 0 if there is no decision; it must be one that was seen."""
    if held is None and seen is None:
        raise ChangedMeanwhile(current=0)
    current = 0 if held is None else held.revision
    require_seen(seen, current)
    return current


async def _tell(decided: DecisionView, *, by: Principal) -> None:
    """Leave the reason out of the trail: somebody wrote it, and may have named people."""
    campaign = await connection().fetchval(_CAMPAIGN, decided.release)
    await record_event(
        by.organisation,
        _ACTIONS[Verdict(decided.verdict)],
        f"/v1/releases/{decided.release}/recommendations/{decided.unit}/decision",
        f"/v1/releases/{decided.release}",
        f"/v1/campaigns/{campaign}",
        facts={
            "revision": decided.revision,
            "model": decided.model,
            "recommended": decided.recommended,
        },
        by=by.actor,
    )


def _view(row: Any) -> DecisionView:
    fields = {name: row[name] for name in DecisionView.__struct_fields__ if name != "unit"}
    return DecisionView(unit=row["unit_code"], **fields)
