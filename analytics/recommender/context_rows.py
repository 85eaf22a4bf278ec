"""The rows of unit means that the recommender reads: checked, on its constructs only."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.errors import AnalyticsError
from analytics.study.unit_means import UnitMeans

__all__ = ["ContextRows", "context_rows", "fault_of"]

_TOLERANCE = 1e-8


@dataclass(frozen=True)
class ContextRows:
    """Groups with a mean on at least one of the constructs.

    Attributes
    ----------
    units : tuple of str, n
        Their codes.
    constructs : tuple of str, p
        The constructs, in the order asked for.
    kept : ndarray of shape (n,)
        Their rows in the source.
    means : ndarray of shape (n, p)
        Points; NaN if missing.
    covariance : ndarray of shape (n, p, p)
        V_b, points squared; finite, whatever is missing.
    respondents : ndarray of shape (n,)
        Greatest number of people over the constructs.
    """

    units: tuple[str, ...]
    constructs: tuple[str, ...]
    kept: NDArray[np.intp]
    means: NDArray[np.float64]
    covariance: NDArray[np.float64]
    respondents: NDArray[np.int64]


def context_rows(source: UnitMeans, constructs: tuple[str, ...]) -> ContextRows:
    """Select the constructs, in order, for every group that has at least one of them.

    Raises
    ------
    AnalyticsError
        A mean is infinite, a sampling covariance is not a covariance, the shapes of the arrays
        do not match; a construct is not among those of ``source``.
    """
    _require_shapes(source)
    columns = _columns(source, constructs)
    means = source.means[:, columns]
    kept = np.flatnonzero((~np.isnan(means)).any(axis=1))
    units = tuple(source.units[index] for index in kept)
    means = means[kept]
    covariance = source.covariance[np.ix_(kept, columns, columns)]
    for unit, row, errors in zip(units, means, covariance, strict=True):
        _require_sound(unit, row, errors)
    missing = np.isnan(means)
    # Errors of a missing mean are meaningless: if they are not numbers, drop them.
    gone = (missing[:, :, None] | missing[:, None, :]) & ~np.isfinite(covariance)
    respondents = source.n[np.ix_(kept, columns)].max(axis=1, initial=0).astype(np.int64)
    return ContextRows(
        units, constructs, kept, means, np.where(gone, 0.0, covariance), respondents
    )


def _columns(source: UnitMeans, constructs: tuple[str, ...]) -> NDArray[np.intp]:
    missing = [key for key in constructs if key not in source.constructs]
    if missing:
        raise AnalyticsError(f"The groups shown lack the constructs {', '.join(missing)}.")
    return np.array([source.constructs.index(key) for key in constructs], dtype=np.intp)


def _require_shapes(source: UnitMeans) -> None:
    shape = (len(source.units), len(source.constructs))
    if source.means.shape != shape or source.n.shape != shape:
        raise AnalyticsError(f"Means and counts must have one row per unit: {shape}.")
    if source.covariance.shape != (*shape, shape[1]):
        raise AnalyticsError(f"Covariances must have the shape {(*shape, shape[1])}.")


def _require_sound(
    unit: str, means: NDArray[np.float64], covariance: NDArray[np.float64]
) -> None:
    if np.isinf(means).any():
        raise AnalyticsError(f"Unit {unit!r}: a mean is infinite.")
    known = np.flatnonzero(~np.isnan(means))
    fault = fault_of(covariance[np.ix_(known, known)])
    if fault:
        raise AnalyticsError(f"Unit {unit!r}: the sampling covariance of its means {fault}.")


def fault_of(covariance: NDArray[np.float64]) -> str | None:
    """Return why a square matrix is not a covariance, or None if it is one.

    A covariance of zeros is one: the means are then taken as exact.
    """
    if not np.isfinite(covariance).all():
        return "is not finite"
    if np.abs(covariance - covariance.T).max(initial=0.0) > _TOLERANCE:
        return "is not symmetric"
    if covariance.size and np.linalg.eigvalsh(covariance).min() < -_TOLERANCE:
        return "has a negative eigenvalue"
    return None
