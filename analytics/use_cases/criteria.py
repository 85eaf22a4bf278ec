"""Criteria and weights of use cases, checks of candidates, and cautions from low scores."""

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from analytics.errors import AnalyticsError
from analytics.results.record import Score
from analytics.results.use_cases import Candidate, Caution

__all__ = [
    "CAUTION_BELOW",
    "Criteria",
    "Criterion",
    "cautions",
    "require_candidates",
    "weight_shares",
]

HIGHEST_SCORE = 4
"""Scores are whole numbers from 0 to this."""
CAUTION_BELOW = 40.0
"""Score (0 to 100) under which a construct is at maturity level 1 or 2 (method.md, "Codes")."""

_CLAIMED_FROM = 3
"""Score on a criterion from which people claim that the unit is ready."""


class Criterion(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to prefer a use case for."""

    key: str
    weight: float
    """Default weight, not negative; only proportions count."""
    constructs: tuple[str, ...] = ()
    """Maturity constructs of the owning unit on which the criterion rests."""


class Criteria(msgspec.Struct, frozen=True, kw_only=True):
    """The criteria of one version.

    Attributes
    ----------
    version
        Name of this set, recorded with every ranking.
    scored
        Criteria scored 0 to 4 and weighed against each other.
    deferrals
        Grounds for deferral. They are rules: if one holds, no weight outweighs it.

    Raises
    ------
    AnalyticsError
        There is no criterion, a key is repeated, or the default weights are invalid.
    """

    version: str
    scored: tuple[Criterion, ...]
    deferrals: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse criteria that cannot be weighed."""
        keys = (*self.keys, *self.deferrals)
        if len(set(keys)) != len(keys):
            raise AnalyticsError(f"A criterion is named twice: {', '.join(keys)}.")
        weight_shares(self, None)

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the keys of the scored criteria, in order."""
        return tuple(criterion.key for criterion in self.scored)


def weight_shares(
    criteria: Criteria, weights: Mapping[str, float] | None
) -> NDArray[np.float64]:
    """Return the weights as shares of their sum, shape (n_criteria,), in the criteria's order.

    Parameters
    ----------
    criteria : Criteria
        The criteria, with their default weights.
    weights : mapping of str to float, or None
        Criterion to weight, each criterion once; None for the default weights.

    Raises
    ------
    AnalyticsError
        A criterion lacks a weight, a weight belongs to no criterion, one is negative or not
        finite, or all are zero.
    """
    if weights is None:
        weights = {criterion.key: criterion.weight for criterion in criteria.scored}
    if set(weights) != set(criteria.keys):
        odd = sorted(set(weights) ^ set(criteria.keys))
        raise AnalyticsError(f"Weights must name each criterion once; see {odd[0]!r}.")
    given = np.array([weights[key] for key in criteria.keys], dtype=np.float64)
    if not (np.isfinite(given).all() and (given >= 0).all() and given.sum() > 0):
        raise AnalyticsError("Weights must be finite, not negative, and not all zero.")
    return np.asarray(given / given.sum(), dtype=np.float64)


def require_candidates(candidates: Sequence[Candidate], criteria: Criteria) -> None:
    """Refuse candidates that the criteria cannot rate.

    Raises
    ------
    AnalyticsError
        Two candidates share a key, or one is rated on an unknown criterion or outside
        0 to 4.
    """
    seen: set[str] = set()
    for candidate in candidates:
        if candidate.key in seen:
            raise AnalyticsError(f"Two candidates have the key {candidate.key!r}.")
        seen.add(candidate.key)
        _require_known(candidate, candidate.scores, criteria.keys)
        _require_known(candidate, candidate.deferrals, criteria.deferrals)
        for key, score in candidate.scores.items():
            if score not in range(HIGHEST_SCORE + 1):
                raise AnalyticsError(
                    f"Candidate {candidate.key!r} has {score!r} on {key!r}, "
                    f"which is not a whole number from 0 to {HIGHEST_SCORE}."
                )


def _require_known(
    candidate: Candidate, rated: Mapping[str, object], known: Sequence[str]
) -> None:
    strange = sorted(set(rated) - set(known))
    if strange:
        raise AnalyticsError(
            f"Candidate {candidate.key!r} is rated on the unknown {strange[0]!r}."
        )


def cautions(
    candidate: Candidate, criteria: Criteria, scores: Mapping[str, Score]
) -> tuple[Caution, ...]:
    """Return the unit's low scores among those that the candidate's criteria rest on.

    Parameters
    ----------
    candidate : Candidate
        The use case.
    criteria : Criteria
        Which constructs each criterion rests on.
    scores : mapping of str to Score
        The unit's scores that may be shown; a construct left out gives no caution.

    Returns
    -------
    tuple of Caution
        Lowest mean first; a construct behind several criteria counts once, with the first of
        them.
    """
    found: dict[str, Caution] = {}
    for criterion in criteria.scored:
        claimed = candidate.scores.get(criterion.key, 0) >= _CLAIMED_FROM
        for construct in criterion.constructs:
            score = scores.get(construct)
            if score is None or score.mean >= CAUTION_BELOW or construct in found:
                continue
            found[construct] = Caution(
                criterion=criterion.key,
                construct=construct,
                mean=score.mean,
                low=score.low,
                high=score.high,
                sure=score.high < CAUTION_BELOW,
                contradicts=claimed,
            )
    return tuple(sorted(found.values(), key=lambda caution: (caution.mean, caution.construct)))
