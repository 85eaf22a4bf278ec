"""Means of shown figures, weighted to head-counts and as answered, side by side."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analytics.participation.raking import Margin, Raked, design_effect, rake
from analytics.participation.shown_figures import Cell
from analytics.results.participation import WeightedMean

__all__ = ["post_stratified", "weighted_mean"]

_DIFFERS = 2.5
"""Points of 0 to 100 from which weighted and unweighted differ: .1 Likert points."""
_LEAST_IN_CELL = 5

By = Literal["unit", "unit_and_role", "role"]


def weighted_mean(cells: Sequence[Cell], *, describes: bool = False) -> WeightedMean | None:
    """Weight the shown groups below a parent to head-counts by unit and role.

    Parameters
    ----------
    cells : sequence of Cell
        Disjoint shown figures of one construct (``ShownFigures.below``).
    describes : bool, default=False
        Add the interval for the people employed now.

    Returns
    -------
    WeightedMean or None
        None where there is only one figure to weight. Raked to units and to the roles of the
        units that show them; to units alone where no unit does. Weights that meet all
        head-counts exist, since each head-count is a sum over cells with respondents.
    """
    if len(cells) < 2:
        return None
    people = np.array([cell.n for cell in cells])
    margins = [_units(cells), *_roles(cells)]
    found = rake(people, margins)
    by: By = "unit_and_role" if len(margins) > 1 else "unit"
    return _compare(cells, found, by, describes=describes)


def post_stratified(cells: Sequence[Cell]) -> WeightedMean | None:
    """Weight the two roles of one shown group to their head-counts.

    Returns
    -------
    WeightedMean or None
        None where roles are not apart or a role has fewer than 5 respondents.
    """
    if len(cells) < 2 or min(cell.n for cell in cells) < _LEAST_IN_CELL:
        return None
    people = np.array([cell.n for cell in cells])
    weights = np.array([cell.staff for cell in cells]) / people
    effect = design_effect(weights, people)
    return _compare(cells, Raked(weights, converged=True, design_effect=effect), "role")


def _units(cells: Sequence[Cell]) -> Margin:
    return _margin([cell.unit for cell in cells], cells)


def _roles(cells: Sequence[Cell]) -> list[Margin]:
    roles = [cell.role for cell in cells]
    return [_margin(roles, cells)] if any(role is not None for role in roles) else []


def _margin(names: Sequence[str | None], cells: Sequence[Cell]) -> Margin:
    order = sorted({name for name in names if name is not None})
    group = [-1 if name is None else order.index(name) for name in names]
    target = np.zeros(len(order))
    for place, cell in zip(group, cells, strict=True):
        if place >= 0:
            target[place] += cell.staff
    return Margin(np.array(group, dtype=np.intp), target)


def _compare(
    cells: Sequence[Cell], raked: Raked, by: By, *, describes: bool = False
) -> WeightedMean:
    people = np.array([cell.n for cell in cells])
    means = np.array([cell.mean for cell in cells])
    shares = people * raked.weights / (people * raked.weights).sum()
    weighted = float(shares @ means)
    unweighted = float(people @ means / people.sum())
    half = _half_width_among_staff(cells, shares) if describes else None
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


def _half_width_among_staff(cells: Sequence[Cell], shares: NDArray[np.float64]) -> float:
    """Combine the intervals of the cells, each narrowed by the part of its staff that answered.

    sqrt(sum of (share x half width)² (1 - n / staff)): intervals of independent estimates add
    in squares [1]_, with Cochran's finite population correction [2]_.

    References
    ----------
    .. [1] Zou & Donner 2008, Statistics in Medicine 27(10).
    .. [2] Cochran 1977, Sampling Techniques, 2.6.
    """
    half = np.array([cell.half_width for cell in cells])
    unheard = np.array([1 - cell.n / cell.staff for cell in cells])
    return float(np.sqrt(((shares * half) ** 2 * unheard).sum()))
