"""The company's level on each driver, from people whose figures are shown."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from analytics.disclosure.plan import DisclosurePlan, open_cells
from analytics.results.drivers import Level
from analytics.study.group_scores import GroupScores, group_scores
from analytics.study.scoring import to_share
from analytics.study.study import Study
from analytics.study.tree import COMPANY, UnitTree

__all__ = ["company_levels"]


def company_levels(
    study: Study, plan: DisclosurePlan, constructs: Sequence[str]
) -> dict[str, Level]:
    """Return the company's mean on each construct, 0 to 100, with its 95 % interval.

    Notes
    -----
    The mean is over the units that are shown or lie below a shown unit. If a top of the tree is
    hidden, a mean over everyone less the shown tops would give it away. If the tree has one
    top and it is shown, this is its score. A construct that no unit may show is left out.
    """
    together: dict[tuple[str, ...], list[str]] = {}
    for construct in constructs:
        together.setdefault(_covered(study.tree, plan, construct), []).append(construct)
    levels = {}
    for units, alike in together.items():
        scores = _over(study, plan, units, alike) if units else None
        for column, construct in enumerate(alike):
            if scores is not None and scores.n[0, column] > 0:
                levels[construct] = _level(scores, column)
    return {construct: levels[construct] for construct in constructs if construct in levels}


def _covered(tree: UnitTree, plan: DisclosurePlan, construct: str) -> tuple[str, ...]:
    return tuple(
        code
        for code in tree.codes
        if any(plan.shows(node, construct) for node in (code, *tree.ancestors(code)))
    )


def _over(
    study: Study, plan: DisclosurePlan, units: tuple[str, ...], constructs: Sequence[str]
) -> GroupScores:
    """Score the company as one group; its row is the first."""
    tree = study.tree
    people = study.people.filter(pl.col("unit").is_in(units))
    weights = {COMPANY: 0.0} | study.weights
    shown = open_cells(plan, tree, constructs)
    is_open = {cut: np.pad(cells, ((1, 0), (0, 0))) for cut, cells in shown.items()}
    return group_scores(people, constructs, tree.with_company(), weights, open_cells=is_open)[
        "all"
    ]


def _level(scores: GroupScores, column: int) -> Level:
    return Level(
        mean=to_share(float(scores.mean[0, column])),
        low=to_share(float(scores.low[0, column])),
        high=to_share(float(scores.high[0, column])),
    )
