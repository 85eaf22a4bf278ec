"""Use cases ranked by their criteria, beside the readiness of the units that would own them."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import msgspec

from analytics.errors import AnalyticsError
from analytics.results import Score
from analytics.results.use_cases import Candidate, Ranking
from analytics.use_cases.criteria import Criteria
from analytics.use_cases.ranking import rank_use_cases
from models.engine import connection, reading
from survey.access.keys import Principal
from survey.directory.sight import SEES, in_sight
from survey.use_cases.errors import WeightsInvalid
from survey.use_cases.store import read_use_case_criteria

__all__ = ["UseCaseRanking", "rank_candidates"]

MATURITY_SCOPE = "analytics:read"
"""Callers who may read scores see them as cautions; others see only the order."""

# Candidates with the maturity of the units that would own them, as the latest release has it.
_CANDIDATES = f"""
SELECT c.id, u.code AS unit, c.title, c.scores, c.deferrals, r.id AS release,
       (SELECT json_object_agg(s.construct, json_build_object(
                   'n', s.n, 'mean', s.mean, 'low', s.low, 'high', s.high, 'level', s.level))
        FROM score s WHERE (s.release, s.unit_code) = (r.id, u.code)
                           AND s.cut = 'all' AND s.status = 'reported') AS maturity
FROM use_case c LEFT JOIN business_unit u ON u.id = c.unit
     LEFT JOIN (SELECT id FROM release WHERE $2::boolean
                ORDER BY computed_at DESC, id DESC LIMIT 1) r ON true
WHERE c.state = 'candidate' AND {SEES}
"""  # noqa: S608 - our own fragment


class UseCaseRanking(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Candidates in their order, and why; people choose."""

    release: UUID | None
    """Whose scores the cautions are; None without one, or without the scope to read scores."""
    titles: dict[str, str]
    """Key of each candidate, which is its id, to its title."""
    ranking: Ranking
    """The candidates in their order."""


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
    async with reading(by.organisation):
        criteria = (await read_use_case_criteria(by.organisation)).measures()
        rows = await connection().fetch(
            in_sight(_CANDIDATES, by.unit), by.unit, MATURITY_SCOPE in by.scopes
        )
    candidates = [_candidate(row, criteria) for row in rows]
    try:
        ranking = await asyncio.to_thread(
            rank_use_cases,
            candidates,
            criteria,
            weights=_all_weights(criteria, weights),
            unit_scores=_maturity(rows),
        )
    except AnalyticsError as error:
        raise WeightsInvalid(str(error), criteria.keys) from None
    return UseCaseRanking(
        release=rows[0]["release"] if rows else None,
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


def _maturity(rows: Iterable[Any]) -> dict[str, dict[str, Score]]:
    """Return the scores that the latest release shows of the candidates' units."""
    return {
        row["unit"]: msgspec.json.decode(row["maturity"], type=dict[str, Score])
        for row in rows
        if row["maturity"]
    }
