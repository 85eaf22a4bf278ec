"""The displayed recommendation changes only on strong evidence, so that it stays stable."""

from collections.abc import Mapping

from analytics.results import Recommendation
from analytics.results.waves import KeptRecommendation

__all__ = ["keep_recommendation"]

_ENOUGH_FOR_NEW, _TOO_MUCH_FOR_OLD = 0.60, 0.30


def keep_recommendation(
    displayed: str | None, before: Mapping[str, float], new: Recommendation
) -> KeptRecommendation:
    """Decide which model is displayed after a new wave.

    Parameters
    ----------
    displayed : str or None
        The model displayed so far; None if there was none.
    before : mapping of str to float
        The conditional probabilities of the models in the last wave; may be empty.
    new : Recommendation
        What the new wave says.

    Returns
    -------
    KeptRecommendation
        ``changed`` only if the new wave gives its winner a probability of at least .60 and
        the displayed model less than .30 (posteriors out of all components, as shown);
        otherwise the displayed model is kept, and the winner is reported as
        ``moved_towards``.

    References
    ----------
    .. [1] method.md 1.9, "Next wave".
    """
    if displayed is None:
        return KeptRecommendation(outcome="first", displayed=new.model)
    if displayed == new.model:
        return KeptRecommendation(outcome="confirmed", displayed=displayed)
    old = new.probabilities.get(displayed, 0.0)
    if new.probabilities[new.model] >= _ENOUGH_FOR_NEW and old < _TOO_MUCH_FOR_OLD:
        return KeptRecommendation(outcome="changed", displayed=new.model)
    shift = None
    if new.model in before:
        shift = new.conditional[new.model] - before[new.model]
    return KeptRecommendation(
        outcome="kept", displayed=displayed, moved_towards=new.model, shift=shift
    )
