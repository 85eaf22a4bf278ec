"""Unit means with the covariance of their sampling error (method 1.2); nothing is hidden."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

__all__ = [
    "PRIOR_PEOPLE",
    "Deviations",
    "UnitMeans",
    "deviations_of",
    "means_behind",
    "unit_means",
]

PRIOR_PEOPLE = 20.0
"""Number of people of the unit that the pooled covariance is worth (own choice, method 1.2)."""

_TYPICAL_VARIANCE, _TYPICAL_COVARIANCE = 0.7, 0.12
"""Within-unit (co)variance in points if no unit has two people to measure it."""


@dataclass(frozen=True)
class UnitMeans:
    """Means of groups on constructs, in Likert points 1 to 5.

    Attributes
    ----------
    units : tuple of str, n_units
        Codes of the groups.
    constructs : tuple of str, p
        Keys of the constructs.
    n : ndarray of shape (n_units, p)
        People with a score.
    means : ndarray of shape (n_units, p)
        NaN if nobody has a score or if the figure may not be used.
    within : ndarray of shape (p, p)
        Pooled covariance of people within units, W.
    covariance : ndarray of shape (n_units, p, p)
        Sampling covariance of the means, V_b.
    """

    units: tuple[str, ...]
    constructs: tuple[str, ...]
    n: NDArray[np.int64]
    means: NDArray[np.float64]
    within: NDArray[np.float64]
    covariance: NDArray[np.float64]


@dataclass(frozen=True)
class Deviations:
    """How people differ from their unit, in points, missing scores filled.

    Attributes
    ----------
    units : tuple of str, n_units
        Codes of the units.
    constructs : tuple of str, p
        Keys of the constructs.
    unit_of : ndarray of shape (n_people,)
        The place of each person's unit among ``units``.
    values : ndarray of shape (n_people, p)
        Scores less the unit's mean over those who answered; a missing score deviates as the
        person's other scores do on average.
    answered : ndarray of shape (n_people, p)
        Which scores were not filled.
    means : ndarray of shape (n_units, p)
        Means over those who answered; NaN if nobody did.
    """

    units: tuple[str, ...]
    constructs: tuple[str, ...]
    unit_of: NDArray[np.intp]
    values: NDArray[np.float64]
    answered: NDArray[np.bool_]
    means: NDArray[np.float64]


def unit_means(
    people: pl.DataFrame, constructs: Sequence[str], units: Sequence[str]
) -> UnitMeans:
    """Average people's scores per unit and estimate the sampling error of these means.

    Parameters
    ----------
    people : polars.DataFrame
        One row per person: ``unit``, and one Float64 column per construct in points, null
        if the person answered too little of it.
    constructs : sequence of str
        Columns to use, p of them.
    units : sequence of str
        Codes to report on, each with a row of its own in the result.

    Returns
    -------
    UnitMeans
        A missing score counts as the unit's mean plus the person's mean deviation, so that
        people who left out a construct do not shift its mean. A unit's own covariance is
        shrunk towards the pooled one as if 20 more people had answered, and divided by the
        mean number of answers per construct. People without any of the scores do not count.

    References
    ----------
    .. [1] method.md 1.2.
    """
    return means_behind(deviations_of(people, constructs, units))


def means_behind(found: Deviations) -> UnitMeans:
    """Return the ``unit_means`` of people whose deviations are known already."""
    size = len(found.units)
    n = _sum_by(found.unit_of, found.answered.astype(np.float64), size)
    people_of = np.maximum(np.bincount(found.unit_of, minlength=size), 1)[:, None]
    means = found.means + _sum_by(found.unit_of, found.values, size) / people_of
    within, covariance = _error_covariance(found.unit_of, found.values, n)
    return UnitMeans(
        found.units, found.constructs, n.astype(np.int64), means, within, covariance
    )


def deviations_of(
    people: pl.DataFrame, constructs: Sequence[str], units: Sequence[str]
) -> Deviations:
    """Return everybody's deviation from their unit; parameters as for ``unit_means``."""
    wanted = people.filter(pl.any_horizontal(pl.col(constructs).is_not_null()))
    wanted = wanted.filter(pl.col("unit").is_in(units))
    place = {unit: index for index, unit in enumerate(units)}
    rows = np.array([place[unit] for unit in wanted["unit"]], dtype=np.intp)
    scores = wanted.select(pl.col(constructs).cast(pl.Float64)).to_numpy().astype(np.float64)
    answered = np.isfinite(scores)
    n = _sum_by(rows, answered.astype(np.float64), len(units))
    with np.errstate(invalid="ignore"):
        means = _sum_by(rows, np.where(answered, scores, 0.0), len(units)) / n
    deviations = _complete(scores - means[rows], answered)
    return Deviations(tuple(units), tuple(constructs), rows, deviations, answered, means)


def _sum_by(
    rows: NDArray[np.intp], values: NDArray[np.float64], size: int
) -> NDArray[np.float64]:
    """Add up the rows of ``values`` that belong to the same unit, in their order."""
    ones = np.ones(len(rows))
    belongs = sparse.csc_array((ones, rows, np.arange(len(rows) + 1)), (size, len(rows)))
    total = belongs @ values.reshape(len(rows), math.prod(values.shape[1:]))
    return np.asarray(total.reshape(size, *values.shape[1:]), dtype=np.float64)


def _complete(
    deviations: NDArray[np.float64], answered: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Give a missing score the person's mean deviation from the unit."""
    known = np.where(answered, deviations, 0.0)
    own = known.sum(axis=1) / np.maximum(answered.sum(axis=1), 1)
    return np.where(answered, known, own[:, None])


def _error_covariance(
    rows: NDArray[np.intp], deviations: NDArray[np.float64], n: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the pooled covariance W, and V_b of every unit."""
    size, p = n.shape
    people = np.bincount(rows, minlength=size).astype(np.float64)
    centred = (
        deviations - (_sum_by(rows, deviations, size) / np.maximum(people, 1)[:, None])[rows]
    )
    own = _sum_by(rows, centred[:, :, None] * centred[:, None, :], size)
    freedom = np.maximum(people - 1, 0.0)
    if freedom.sum() > 0:
        within = own.sum(axis=0) / freedom.sum()
    else:
        within = np.full((p, p), _TYPICAL_COVARIANCE)
        np.fill_diagonal(within, _TYPICAL_VARIANCE)
    shrunk = (PRIOR_PEOPLE * within + own) / (PRIOR_PEOPLE + freedom)[:, None, None]
    effective = np.where(n.any(axis=1), n.sum(axis=1) / max(p, 1), 1.0)
    return within, shrunk / effective[:, None, None]
