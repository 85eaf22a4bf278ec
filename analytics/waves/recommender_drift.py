"""How the recommender's own outputs moved between two waves."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from analytics.results import Recommendation
from analytics.results.waves import RecommenderDrift, ShareShift, Status
from analytics.waves.shifts import distribution_shift, mean_shift, worst

__all__ = ["recommender_drift"]

_BANDS = ("firm", "lean", "no_clear_model")
_AGREEMENT_WATCH, _AGREEMENT_ALERT = 0.75, 0.60
"""As for the stability of clusters: Hennig 2007, see method.md 1.7."""
_FEWEST_UNITS = 8
"""Below so many units one that moves is too large a share; as for learning, method.md 1.9."""


def recommender_drift(
    current: Mapping[str, Recommendation], earlier: Mapping[str, Recommendation]
) -> RecommenderDrift | None:
    """Compare bands, models, confidence and labels.

    Parameters
    ----------
    current, earlier : mapping of str to Recommendation
        By unit, each wave's own; the models named are compared, not what is displayed after
        hysteresis, for that is made not to move.

    Returns
    -------
    RecommenderDrift or None
        None where a wave recommends nothing.

    Notes
    -----
    Bands and models: population stability index, see ``distribution_shift``. Units that are in
    both waves depend on each other, which makes the comparison the more cautious. Labels:
    ``watch`` below .75 and ``alert`` below .60 of at least 8 units given the same model.
    """
    if not current or not earlier:
        return None
    both = sorted(current.keys() & earlier.keys())
    models = sorted(
        {m for found in (current, earlier) for one in found.values() for m in one.conditional}
    )
    bands = distribution_shift(
        _counts(_BANDS, [one.status for one in current.values()]),
        _counts(_BANDS, [one.status for one in earlier.values()]),
    )
    named = distribution_shift(
        _counts(models, [one.model for one in current.values()]),
        _counts(models, [one.model for one in earlier.values()]),
    )
    confidence = mean_shift(
        _confidence(current, both), _confidence(earlier, both)
    ) or ShareShift(status="stable")
    agreement = (
        float(np.mean([current[code].model == earlier[code].model for code in both]))
        if both
        else None
    )
    agreement_status = _agreement_status(agreement, len(both))
    return RecommenderDrift(
        status=worst([bands.status, named.status, confidence.status, agreement_status]),
        units=len(both),
        bands=bands,
        models=named,
        confidence=confidence,
        agreement=agreement,
        agreement_status=agreement_status,
    )


def _counts(names: tuple[str, ...] | list[str], values: list[str]) -> NDArray[np.float64]:
    return np.array([values.count(name) for name in names], dtype=np.float64)


def _confidence(found: Mapping[str, Recommendation], codes: list[str]) -> NDArray[np.float64]:
    return np.array([found[code].probabilities[found[code].model] for code in codes])


def _agreement_status(agreement: float | None, units: int) -> Status:
    if agreement is None or units < _FEWEST_UNITS or agreement >= _AGREEMENT_WATCH:
        return "stable"
    return "alert" if agreement < _AGREEMENT_ALERT else "watch"
