"""Use cases ranked by their criteria, beside the readiness of the units that would own them."""

import asyncio
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

import msgspec

from analytics.errors import AnalyticsError
from analytics.results import Score
from analytics.results.use_cases import Candidate, Ranking
from analytics.use_cases.criteria import Criteria
from analytics.use_cases.ranking import rank_use_cases
from models.engine import connection, transaction
from survey.access.keys import Principal
from survey.use_cases.errors import WeightsInvalid
from survey.use_cases.store import read_use_case_criteria, seen_units

__all__ = ["UseCaseRanking", "rank_candidates"]

MATURITY_SCOPE = "analytics:read"
"""Whoever may read scores sees them as cautions; others see the order alone."""

_CANDIDATES = """
SELECT c.id, u.code AS unit, c.title, c.scores, c.deferrals
FROM use_case c LEFT JOIN business_unit u ON u.id = c.unit
WHERE c.state = 'candidate' AND ($1::text[] IS NULL OR u.code = ANY($1))
"""
_LATEST = "SELECT id FROM release ORDER BY computed_at DESC, id DESC LIMIT 1"
_SCORES = """
SELECT unit_code, construct, n, mean, low, high, level FROM score
WHERE release = $1 AND unit_code = ANY($2) AND cut = 'all' AND status = 'reported'
"""


class UseCaseRanking(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Candidates in their order, and why; people choose."""

    release: UUID | None
    """Whose scores the cautions are; None without one, or without the scope to read scores."""
    titles: dict[str, str]
    """Key of each candidate, which is its id, to its title."""
    ranking: Ranking


async def rank_candidates(
    *, by: Principal, weights: Mapping[str, float] | None = None
) -> UseCaseRanking:
    """Rank the candidates that the caller sees; chosen and dropped use cases are left out.

    Parameters
    ----------
    weights : mapping of str to float, optional
        Criterion to weight, for a what-if: nothing is stored. Criteria that it does not name
        weigh as by default.

    Raises
    ------
    CatalogueNotFound
        There are no criteria.
    WeightsInvalid
        A weight is of no criterion, negative or not finite, or all are zero.
    """
    criteria = (await read_use_case_criteria(by.organisation)).measures()
    seen = await seen_units(by)
    async with transaction(by.organisation):
        rows = await connection().fetch(_CANDIDATES, seen)
    candidates = [_candidate(row, criteria) for row in rows]
    release, readiness = await _readiness(by, {one.unit for one in candidates if one.unit})
    try:
        ranking = await asyncio.to_thread(
            rank_use_cases,
            candidates,
            criteria,
            weights=_all_weights(criteria, weights),
            unit_scores=readiness,
        )
    except AnalyticsError as error:
        raise WeightsInvalid(str(error), criteria.keys) from None
    return UseCaseRanking(
        release=release,
        titles={str(row["id"]): row["title"] for row in rows},
        ranking=ranking,
    )


def _candidate(row: Any, criteria: Criteria) -> Candidate:
    """Return what a use case is ranked by; ratings by criteria of other versions wait."""
    scores = msgspec.json.decode(row["scores"])
    deferrals = msgspec.json.decode(row["deferrals"])
    return Candidate(
        key=str(row["id"]),
        unit=row["unit"],
        scores={key: scores[key] for key in criteria.keys if key in scores},
        deferrals={key: deferrals[key] for key in criteria.deferrals if key in deferrals},
    )


def _all_weights(
    criteria: Criteria, weights: Mapping[str, float] | None
) -> dict[str, float] | None:
    if not weights:
        return None
    return {one.key: one.weight for one in criteria.scored} | dict(weights)


async def _readiness(
    by: Principal, units: Collection[str]
) -> tuple[UUID | None, dict[str, dict[str, Score]]]:
    """Return the latest release and the scores that it shows of some units."""
    if MATURITY_SCOPE not in by.scopes:
        return None, {}
    async with transaction(by.organisation):
        release = await connection().fetchval(_LATEST)
        rows = await connection().fetch(_SCORES, release, list(units))
    found: dict[str, dict[str, Score]] = {}
    for unit, construct, *figures in map(tuple, rows):
        n, mean, low, high, level = figures
        found.setdefault(unit, {})[construct] = Score(
            n=n, mean=mean, low=low, high=high, level=level
        )
    return release, found
