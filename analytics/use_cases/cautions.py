"""What the owning unit's maturity says against starting a use case right away."""

from collections.abc import Mapping

from analytics.results.record import Score
from analytics.results.use_cases import Candidate, Caution
from analytics.use_cases.criteria import Criteria

__all__ = ["CAUTION_BELOW", "cautions"]

CAUTION_BELOW = 40.0
"""Score (0 to 100) under which a construct is at maturity level 1 or 2 (method.md, "Codes")."""

_CLAIMED_FROM = 3
"""Score of a candidate on a criterion from which people say that the ground is ready."""


def cautions(
    candidate: Candidate, criteria: Criteria, scores: Mapping[str, Score]
) -> tuple[Caution, ...]:
    """Return the low scores of the unit that the candidate's criteria rest on.

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
        Lowest mean first; a construct on which several criteria rest counts once, with the
        first of them.
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
