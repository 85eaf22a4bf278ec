"""Decisions on recommendations: accepted or overridden by a person, kept beside the release."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from uuid_utils.compat import uuid7

from models.engine import connection, transaction
from models.enums import AuditAction, Verdict
from survey.access.audit import record_event
from survey.access.keys import Principal
from survey.decisions.errors import DecidedMeanwhile, DecisionNotFound, NothingRecommended
from survey.decisions.rules import Choice, recommended_model, settled_choice
from survey.releases.pages import one_record

__all__ = ["DecisionView", "decide", "decisions_of", "latest_decision", "latest_decisions"]

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
_ACTIONS = {
    Verdict.ACCEPTED: AuditAction.RECOMMENDATION_ACCEPTED,
    Verdict.OVERRIDDEN: AuditAction.RECOMMENDATION_OVERRIDDEN,
}


class DecisionView(msgspec.Struct, frozen=True, kw_only=True):
    """One decision on the recommendation of a unit in a release."""

    release: UUID
    unit: str
    revision: int
    """1 for the first, then 2, 3, ...; the ETag."""
    verdict: str
    model: str | None
    """The model chosen; None where no clear model was accepted as that."""
    recommended: str | None
    """The model that was recommended; None where none was clear."""
    reason: str | None
    decided_at: datetime
    decided_by: UUID
    """The API key."""
    decided_by_name: str
    """Its name at that time."""


async def decide(
    release: UUID, unit: str, choice: Choice, *, seen: int, by: Principal, now: datetime
) -> DecisionView:
    """Accept or override the recommendation of a unit; the release stays as it is.

    Parameters
    ----------
    choice : Choice
        What is decided.
    seen : int
        Revision of the decision that the caller has read; 0 where there was none.
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
    DecidedMeanwhile
        The latest decision is another than the one seen.
    """
    async with transaction(by.organisation):
        found = await _recommendation(by, release, unit)
        recommended = recommended_model(found.status, found.model)
        settled = settled_choice(choice, recommended=recommended, models=found.conditional)
        await _require_seen(by.organisation, release, unit, seen)
        columns = (settled.verdict, settled.model, recommended, settled.reason, now, by.key)
        try:
            async with transaction(by.organisation):
                row = await connection().fetchrow(
                    _DECIDE, uuid7(), by.organisation, release, unit, seen + 1, *columns
                )
        except asyncpg.UniqueViolationError:
            raise DecidedMeanwhile(given=seen, current=seen + 1) from None
        decided = _view(row)
        await _tell(decided, by=by)
    return decided


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
    await one_record(organisation, release, "recommendations", unit, within=within)
    found = await latest_decisions(organisation, release, [unit])
    if unit not in found:
        raise DecisionNotFound(unit)
    return found[unit]


async def latest_decisions(
    organisation: UUID, release: UUID, units: Collection[str]
) -> dict[str, DecisionView]:
    """Return the decisions that hold for some units; those without one are left out."""
    async with transaction(organisation):
        rows = await connection().fetch(_LATEST, release, list(units))
    return {row["unit_code"]: _view(row) for row in rows}


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
    await one_record(organisation, release, "recommendations", unit, within=within)
    async with transaction(organisation):
        rows = await connection().fetch(_ALL, release, unit)
    return [_view(row) for row in rows]


class _Recommended(msgspec.Struct, frozen=True, kw_only=True):
    """What has to be known of a recommendation to decide on it."""

    status: str
    model: str
    conditional: dict[str, float]


async def _recommendation(by: Principal, release: UUID, unit: str) -> _Recommended:
    record = await one_record(by.organisation, release, "recommendations", unit, within=by.unit)
    if record.status == "suppressed":
        raise NothingRecommended(unit)
    return msgspec.json.decode(record.content, type=_Recommended)


async def _require_seen(organisation: UUID, release: UUID, unit: str, seen: int) -> None:
    held = (await latest_decisions(organisation, release, [unit])).get(unit)
    current = 0 if held is None else held.revision
    if current != seen:
        raise DecidedMeanwhile(given=seen, current=current)


async def _tell(decided: DecisionView, *, by: Principal) -> None:
    """Leave the reason out of the trail: somebody wrote it, and may have named people."""
    await record_event(
        by.organisation,
        _ACTIONS[Verdict(decided.verdict)],
        subject=f"/v1/releases/{decided.release}/recommendations/{decided.unit}/decision",
        facts={
            "revision": decided.revision,
            "model": decided.model,
            "recommended": decided.recommended,
        },
        by=by,
        now=decided.decided_at,
    )


def _view(row: Any) -> DecisionView:
    fields = {name: row[name] for name in DecisionView.__struct_fields__ if name != "unit"}
    return DecisionView(unit=row["unit_code"], **fields)
