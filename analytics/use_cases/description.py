"""Candidates as records: contributions, unknown scores, cautions about the unit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from analytics.results.record import Score
from analytics.results.use_cases import (
    Candidate,
    Contribution,
    RankedCandidate,
    RankingStatus,
    ScoresShown,
    Tie,
)
from analytics.use_cases.criteria import HIGHEST_SCORE, Criteria, cautions
from analytics.use_cases.totals import rated, totals

__all__ = ["Description", "Place", "UnitScores", "deferred_by"]

UnitScores: TypeAlias = Mapping[str, Mapping[str, Score]]
"""Unit to its maturity scores that may be shown."""


@dataclass(frozen=True)
class Place:
    """The place of one candidate that is not deferred, and how firm it is."""

    rank: int
    best: int
    worst: int
    dominated_by: tuple[str, ...]
    first_share: float
    central: NDArray[np.float64]
    tie: Tie | None


def deferred_by(candidate: Candidate, criteria: Criteria) -> tuple[str, ...]:
    """Return the grounds for deferral that hold for the candidate."""
    return tuple(key for key in criteria.deferrals if candidate.deferrals.get(key, False))


@dataclass(frozen=True)
class Description:
    """Turns single candidates into records."""

    criteria: Criteria
    shares: NDArray[np.float64]
    average: NDArray[np.float64] | None
    """Mean score of the ranked candidates on each criterion; None if there are none."""
    unit_scores: UnitScores

    def of(self, candidate: Candidate, place: Place | None) -> RankedCandidate:
        """Describe one candidate; without a place it is deferred."""
        scores = rated([candidate], self.criteria)
        found = totals(scores, self.shares)
        unknown = self._unknown(candidate)
        maturity = self.unit_scores.get(candidate.unit or "", {})
        return RankedCandidate(
            key=candidate.key,
            unit=candidate.unit,
            status=_status(place, unknown),
            rank=None if place is None else place.rank,
            best_rank=None if place is None else place.best,
            worst_rank=None if place is None else place.worst,
            total=float(found.middle[0]),
            low=float(found.low[0]),
            high=float(found.high[0]),
            contributions=self._contributions(candidate, scores.middle[0]),
            unknown=unknown,
            deferred_by=deferred_by(candidate, self.criteria),
            dominated_by=() if place is None else place.dominated_by,
            first_share=None if place is None else place.first_share,
            central_weights=None if place is None else self._weights(place.central),
            tie=None if place is None else place.tie,
            readiness=_scores_shown(candidate, maturity),
            cautions=cautions(candidate, self.criteria, maturity),
        )

    def _unknown(self, candidate: Candidate) -> tuple[str, ...]:
        asked = (
            (self.criteria.keys, candidate.scores),
            (self.criteria.deferrals, candidate.deferrals),
        )
        return tuple(key for keys, given in asked for key in keys if key not in given)

    def _contributions(
        self, candidate: Candidate, score: NDArray[np.float64]
    ) -> tuple[Contribution, ...]:
        points = 100.0 * self.shares * score / HIGHEST_SCORE
        typical = score if self.average is None else self.average
        lift = 100.0 * self.shares * (score - typical) / HIGHEST_SCORE
        keys = self.criteria.keys
        return tuple(
            Contribution(
                criterion=keys[j],
                score=candidate.scores.get(keys[j]),
                points=float(points[j]),
                lift=float(lift[j]),
            )
            for j in np.argsort(-lift, kind="stable")
        )

    def _weights(self, central: NDArray[np.float64]) -> dict[str, float] | None:
        if not np.isfinite(central).all():
            return None
        return dict(zip(self.criteria.keys, central.tolist(), strict=True))


def _status(place: Place | None, unknown: tuple[str, ...]) -> RankingStatus:
    if place is None:
        return "deferred"
    return "provisional" if unknown else "ranked"


def _scores_shown(candidate: Candidate, maturity: Mapping[str, Score]) -> ScoresShown:
    if candidate.unit is None:
        return "no_unit"
    return "shown" if maturity else "not_shown"
