"""Which of several measures is the lowest of a group: root causes, components of governance."""

import numpy as np

from analytics.diagnosis.constraint import hidden_constraints
from analytics.diagnosis.levels import Levels
from analytics.results.constraint import Constraint
from analytics.study.unit_means import UnitMeans

__all__ = ["lowest_measures"]


def lowest_measures(levels: Levels, *, seed: int) -> dict[str, Constraint]:
    """Say of each group which measure is lowest, by the rules of ``hidden_constraints``.

    Parameters
    ----------
    levels : Levels
        Two measures or more; a group with a hidden one gets no verdict. Their covariance holds
        the choice of items already, so nothing is added to it.
    seed : int
        Seed of the draws.

    Returns
    -------
    dict of str to Constraint, one entry per group
        ``dimensions`` are keys of measures.
    """
    p = len(levels.measures)
    groups = UnitMeans(
        units=levels.units,
        constructs=levels.measures,
        n=levels.n,
        means=levels.means,
        within=np.zeros((p, p)),
        covariance=levels.covariance,
    )
    return hidden_constraints(groups, dict.fromkeys(levels.measures, 0.0), seed=seed)
