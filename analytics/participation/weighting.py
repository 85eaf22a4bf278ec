"""Means of shown figures, weighted to head-counts beside unweighted."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analytics.participation.raking import Margin, Raked, design_effect, rake
from analytics.participation.shown_figures import ShownFigure
from analytics.results.participation import WeightedBy, WeightedMean

__all__ = ["post_stratified", "weighted_mean"]

_DIFFERS = 2.5
"""Points of 0 to 100 from which weighted and unweighted differ: .1 Likert points."""
_LEAST_IN_CELL = 5


def weighted_mean(
    figures: Sequence[ShownFigure], *, describes: bool = False
) -> WeightedMean | None:
    """Weight the shown groups below a parent to head-counts by unit and role.

    Parameters
    ----------
    figures : sequence of ShownFigure
        Disjoint shown figures of one construct (``ShownFigures.finest_below``).
    describes : bool, default=False
        Add the interval for the people employed now.

    Returns
    -------
    WeightedMean or None
        None if there is only one figure to weight. The figures are raked to units, and to the
        roles of the units that show them. Weights that meet all head-counts exist, because each
        head-count is a sum over figures with respondents.
    """
    if len(figures) < 2:
        return None
    people = np.array([figure.n for figure in figures])
    margins = [_units(figures), *_roles(figures)]
    found = rake(people, margins)
    by: WeightedBy = "unit_and_role" if len(margins) > 1 else "unit"
    return _compare(figures, found, by, describes=describes)


def post_stratified(figures: Sequence[ShownFigure]) -> WeightedMean | None:
    """Weight the two roles of one shown group to their head-counts.

    Returns
    -------
    WeightedMean or None
        None if roles are not shown or a role has fewer than 5 respondents.
    """
    if len(figures) < 2 or min(figure.n for figure in figures) < _LEAST_IN_CELL:
        return None
    people = np.array([figure.n for figure in figures])
    weights = np.array([figure.staff for figure in figures]) / people
    effect = design_effect(weights, people)
    return _compare(figures, Raked(weights, converged=True, design_effect=effect), "role")


def _units(figures: Sequence[ShownFigure]) -> Margin:
    return _margin([figure.unit for figure in figures], figures)


def _roles(figures: Sequence[ShownFigure]) -> list[Margin]:
    roles = [figure.role for figure in figures]
    return [_margin(roles, figures)] if any(role is not None for role in roles) else []


def _margin(names: Sequence[str | None], figures: Sequence[ShownFigure]) -> Margin:
    order = sorted({name for name in names if name is not None})
    group = [-1 if name is None else order.index(name) for name in names]
    target = np.zeros(len(order))
    for place, figure in zip(group, figures, strict=True):
        if place >= 0:
            target[place] += figure.staff
    return Margin(np.array(group, dtype=np.intp), target)


def _compare(
    figures: Sequence[ShownFigure], raked: Raked, by: WeightedBy, *, describes: bool = False
) -> WeightedMean:
    people = np.array([figure.n for figure in figures])
    means = np.array([figure.mean for figure in figures])
    shares = people * raked.weights / (people * raked.weights).sum()
    weighted = float(shares @ means)
    unweighted = float(people @ means / people.sum())
    half = _half_width_among_staff(figures, shares) if describes else None
    return WeightedMean(
        by=by,
        verdict="differs" if abs(weighted - unweighted) > _DIFFERS else "similar",
        weighted=weighted,
        unweighted=unweighted,
        design_effect=raked.design_effect,
        effective_n=float(people.sum() / raked.design_effect),
        n=int(people.sum()),
        converged=raked.converged,
        among_current_staff_low=None if half is None else max(weighted - half, 0.0),
        among_current_staff_high=None if half is None else min(weighted + half, 100.0),
    )


def _half_width_among_staff(
    figures: Sequence[ShownFigure], shares: NDArray[np.float64]
) -> float:
    """Combine the figures' intervals, each narrowed by the part of its staff that answered.

    sqrt(sum of (share x half width)² (1 - n / staff)): intervals of independent estimates add
    in squares [1]_, with Cochran's finite population correction [2]_.

    References
    ----------
    .. [1] Zou & Donner 2008, Statistics in Medicine 27(10).
    .. [2] Cochran 1977, Sampling Techniques, 2.6.
    """
    half = np.array([figure.half_width for figure in figures])
    unheard = np.array([1 - figure.n / figure.staff for figure in figures])
    return float(np.sqrt(((shares * half) ** 2 * unheard).sum()))
