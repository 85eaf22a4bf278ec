"""How the recommender's own outputs moved between two waves."""

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from analytics.results import Recommendation
from analytics.results.waves import DistributionShift, RecommenderDrift, ShareShift, Status
from analytics.waves.shifts import distribution_shift, mean_shift, worst

__all__ = ["recommender_drift"]

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
    bands = _shift(
        [one.status for one in current.values()], [one.status for one in earlier.values()]
    )
    models = _shift(
        [one.model for one in current.values()], [one.model for one in earlier.values()]
    )
    confidence = mean_shift(
        _confidence(current, both), _confidence(earlier, both)
    ) or ShareShift(status="stable")
    agreement = _agreement(current, earlier, both)
    agreement_status = _agreement_status(agreement, len(both))
    return RecommenderDrift(
        status=worst([bands.status, models.status, confidence.status, agreement_status]),
        units=len(both),
        bands=bands,
        models=models,
        confidence=confidence,
        agreement=agreement,
        agreement_status=agreement_status,
    )


def _shift(current: Sequence[str], earlier: Sequence[str]) -> DistributionShift:
    """Compare how often each name occurs; names in neither wave are left out."""
    names = sorted({*current, *earlier})
    sides = [
        np.array([values.count(name) for name in names], dtype=np.float64)
        for values in (current, earlier)
    ]
    if len(names) == 1:
        shift = DistributionShift(status="stable", psi=0.0, chance=0.0)
    else:
        shift = distribution_shift(sides[0], sides[1])
    now, before = (
        dict(zip(names, (counts / counts.sum()).tolist(), strict=True)) for counts in sides
    )
    return msgspec.structs.replace(shift, current=now, earlier=before)


def _agreement(
    current: Mapping[str, Recommendation],
    earlier: Mapping[str, Recommendation],
    both: list[str],
) -> float | None:
    same = [current[code].model == earlier[code].model for code in both]
    return sum(same) / len(same) if same else None


def _confidence(found: Mapping[str, Recommendation], codes: list[str]) -> NDArray[np.float64]:
    return np.array([found[code].probabilities[found[code].model] for code in codes])


def _agreement_status(agreement: float | None, units: int) -> Status:
    if agreement is None or units < _FEWEST_UNITS or agreement >= _AGREEMENT_WATCH:
        return "stable"
    return "alert" if agreement < _AGREEMENT_ALERT else "watch"
