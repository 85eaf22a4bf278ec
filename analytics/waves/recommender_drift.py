"""Moves of distributions and shares between two waves, and of the recommender's outputs."""

from collections.abc import Mapping, Sequence
from math import sqrt

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import stats

from analytics.results import Recommendation
from analytics.results.waves import DistributionShift, RecommenderDrift, ShareShift, Status

__all__ = [
    "distribution_shift",
    "mean_shift",
    "recommender_drift",
    "stability_index",
    "status_of",
    "worst",
]

_AGREEMENT_WATCH, _AGREEMENT_ALERT = 0.75, 0.60
"""As for the stability of clusters: Hennig 2007, see method.md 1.7."""
_FEWEST_UNITS = 8
"""With fewer units, a single one is too large a share; as for learning, method.md 1.9."""
_PSI_WATCH, _PSI_ALERT = 0.10, 0.25
"""Rule of thumb for the population stability index: Siddiqi 2006, Credit Risk Scorecards."""
SHARE_WATCH, SHARE_ALERT = 0.05, 0.10
"""Moves of a share that deserve a look; own choice."""
_LEVEL = 0.05
_ORDER: tuple[Status, ...] = ("stable", "watch", "alert")

Array = NDArray[np.float64]


def recommender_drift(
    current: Mapping[str, Recommendation], earlier: Mapping[str, Recommendation]
) -> RecommenderDrift | None:
    """Compare bands, models, confidence and labels.

    Parameters
    ----------
    current, earlier : mapping of str to Recommendation
        By unit, each wave's own; the recommended models are compared rather than the displayed
        ones, which hysteresis keeps from moving.

    Returns
    -------
    RecommenderDrift or None
        None if a wave recommends nothing.

    Notes
    -----
    Bands and models: population stability index, see ``distribution_shift``. Units that are in
    both waves are positively dependent, which makes the comparison conservative. Labels:
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


def distribution_shift(
    current: Array, earlier: Array, *, adjusted_p: float | None = None
) -> DistributionShift:
    """Compare two sets of counts over the same bins.

    Parameters
    ----------
    current, earlier : ndarray of shape (n_bins,)
        Counts per bin.
    adjusted_p : float, optional
        P-value of a finer test of the same distributions; it must also be at most .05.

    Notes
    -----
    If nothing moved, the index is about (1/n + 1/m) chi² with bins - 1 degrees of freedom
    [1]_: an index below its 95 % point is explained by chance, however large it is.

    References
    ----------
    .. [1] Yurdakul & Naranjo 2020, Journal of Risk Model Validation 14(4).
    """
    psi = stability_index(current, earlier)
    sizes = 1 / max(current.sum(), 1) + 1 / max(earlier.sum(), 1)
    chance = float(stats.chi2.ppf(1 - _LEVEL, len(current) - 1) * sizes)
    is_clear = psi > chance and (adjusted_p is None or adjusted_p <= _LEVEL)
    status = status_of(psi, (_PSI_WATCH, _PSI_ALERT), is_clear=is_clear)
    return DistributionShift(status=status, psi=psi, chance=chance, adjusted_p=adjusted_p)


def stability_index(current: Array, earlier: Array) -> float:
    """Return the population stability index of two sets of counts.

    Parameters
    ----------
    current, earlier : ndarray of shape (n_bins,)
        Counts per bin.

    Returns
    -------
    float
        Sum over bins of (p - q) ln(p / q); half a count is added to each bin, so that an
        empty bin does not give infinity. It is 0 for equal counts, and symmetric.
    """
    p, q = ((counts + 0.5) / (counts + 0.5).sum() for counts in (current, earlier))
    return float(((p - q) * np.log(p / q)).sum())


def mean_shift(current: Array, earlier: Array) -> ShareShift | None:
    """Compare the mean of the same units in two waves by a paired t interval.

    Returns
    -------
    ShareShift or None
        None for fewer than two units.
    """
    if len(current) < 2:
        return None
    change = current - earlier
    error = float(change.std(ddof=1)) / sqrt(len(change))
    half = float(stats.t.ppf(1 - _LEVEL / 2, len(change) - 1)) * error
    difference = float(change.mean())
    low, high = difference - half, difference + half
    return ShareShift(
        status=status_of(
            abs(difference), (SHARE_WATCH, SHARE_ALERT), is_clear=low > 0 or high < 0
        ),
        current=float(current.mean()),
        earlier=float(earlier.mean()),
        difference=difference,
        low=low,
        high=high,
    )


def status_of(size: float, bounds: tuple[float, float], *, is_clear: bool) -> Status:
    """Return ``watch`` or ``alert`` from their bounds on, unless chance explains the size."""
    if not is_clear or size < bounds[0]:
        return "stable"
    return "alert" if size >= bounds[1] else "watch"


def worst(statuses: Sequence[Status]) -> Status:
    """Return the worst status; stable if there is none."""
    return max(statuses, key=_ORDER.index, default="stable")


def _shift(current: Sequence[str], earlier: Sequence[str]) -> DistributionShift:
    """Compare how often each name occurs in the two waves."""
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
