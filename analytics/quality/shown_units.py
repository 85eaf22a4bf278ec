"""The units that are compared with each other: the lowest ones that show a construct.

They share nobody, and none of them is hidden. Every statement about differences between units
is computed from these units alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.disclosure.plan import DisclosurePlan
from analytics.inference.anova import Groups
from analytics.study.study import Study
from analytics.study.tree import UnitTree

__all__ = ["ShownUnits", "shown_units"]


@dataclass(frozen=True)
class ShownUnits:
    """Units with their people's scores on one construct, summed up.

    Attributes
    ----------
    units : tuple of str, n_units
        Codes, sorted.
    groups : Groups
        In the order of ``units``. The mean is the one that is shown, the head-count-weighted
        mean of everyone below; n is the effective number of people under these weights.
    """

    units: tuple[str, ...]
    groups: Groups


def shown_units(study: Study, plan: DisclosurePlan) -> dict[str, ShownUnits]:
    """Sum up the scores of the lowest shown units, for every construct.

    Parameters
    ----------
    study : Study
        People, tree, weights.
    plan : DisclosurePlan
        What may be shown.

    Returns
    -------
    dict of str to ShownUnits
        Constructs that no unit shows have no units.
    """
    own = _own_sums(study)
    return {
        key: _sum_up(_lowest_shown(study.tree, plan, key), own[key], study)
        for key in study.keys
    }


_Sums = Mapping[str, tuple[int, float, float]]
"""By unit: its own people's number, mean and sum of squared deviations."""


def _lowest_shown(tree: UnitTree, plan: DisclosurePlan, construct: str) -> tuple[str, ...]:
    """Return the units that show the construct while none below them does, sorted."""
    shown = [code for code in tree.codes if plan.shows(code, construct)]
    above = {parent for code in shown for parent in tree.ancestors(code)}
    return tuple(code for code in shown if code not in above)


def _own_sums(study: Study) -> dict[str, _Sums]:
    column = pl.col(study.keys)
    table = study.people.group_by("unit").agg(
        column.count().name.prefix("n:"),
        column.mean().name.prefix("mean:"),
        ((column - column.mean()) ** 2).sum().name.prefix("squares:"),
    )
    return {
        key: {
            unit: (n, mean, squares)
            for unit, n, mean, squares in table.select(
                "unit", f"n:{key}", f"mean:{key}", f"squares:{key}"
            ).iter_rows()
            if n
        }
        for key in study.keys
    }


def _sum_up(units: tuple[str, ...], own: _Sums, study: Study) -> ShownUnits:
    rows = [_group(code, own, study) for code in units]
    n, mean, squares = np.array(rows, dtype=np.float64).reshape(len(units), 3).T
    return ShownUnits(units, Groups(n, mean, squares))


def _group(code: str, own: _Sums, study: Study) -> tuple[float, float, float]:
    """Return effective n, weighted mean and squares of the people in a unit and below."""
    members = [unit for unit in sorted(study.tree.members(code)) if unit in own]
    n, mean, squares = np.array([own[unit] for unit in members], dtype=np.float64).T
    if len(members) == 1:
        return float(n[0]), float(mean[0]), float(squares[0])
    weight = np.array([study.weights[unit] for unit in members])
    return _weighted(n, mean, squares, weight)


def _weighted(
    n: NDArray[np.float64],
    mean: NDArray[np.float64],
    squares: NDArray[np.float64],
    weight: NDArray[np.float64],
) -> tuple[float, float, float]:
    """Combine units; unequal weights lower the effective number of people (Kish)."""
    centre = float((weight * mean).sum() / weight.sum())
    effective = float(weight.sum() ** 2 / (weight**2 / n).sum())
    total = float((squares + n * (mean - centre) ** 2).sum())
    return effective, centre, total * (effective - 1.0) / float(n.sum() - 1.0)
