"""Scores as they are shown, 0 to 100; hidden scores are left out."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.disclosure.plan import DisclosurePlan, shown_cells
from analytics.results import Score
from analytics.study.group_scores import GroupScores, maturity_level, maturity_levels
from analytics.study.scoring import to_share
from analytics.study.tree import UnitTree
from analytics.vocabulary import CUTS, Cut

__all__ = ["CUT_TABLE", "cut_table", "shown_scores"]

CUT_TABLE = {
    "unit": pl.String,
    "construct": pl.String,
    "cut": pl.String,
    "status": pl.String,
    "n": pl.Int64,
    "mean": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "level": pl.Int64,
}
"""Columns of the table of scores; ``n`` to ``level`` are null if suppressed."""


def shown_scores(
    scores: GroupScores, plan: DisclosurePlan, tree: UnitTree, code: str
) -> dict[str, Score]:
    """Return the unit's scores of everyone, without the constructs that may not be shown."""
    row = tree.codes.index(code)
    return {
        construct: _score(scores, row, column)
        for column, construct in enumerate(scores.constructs)
        if plan.shows(code, construct)
    }


def cut_table(
    scores: Mapping[Cut, GroupScores], plan: DisclosurePlan, tree: UnitTree
) -> pl.DataFrame:
    """Return one row of schema ``CUT_TABLE`` per unit, construct and cut, sorted by them."""
    constructs = scores["all"].constructs
    shown = shown_cells(plan, tree, constructs)
    size = (len(tree.codes), len(constructs), len(CUTS))
    row, column, cut = (place.ravel() for place in np.indices(size))
    names = {
        "unit": pl.Series(tree.codes, dtype=pl.String)[row],
        "construct": pl.Series(constructs, dtype=pl.String)[column],
        "cut": pl.Series(CUTS, dtype=pl.String)[cut],
    }
    figures = {
        "n": _by_cut([scores[of].n for of in CUTS]),
        "mean": _by_cut([to_share(scores[of].mean) for of in CUTS]),
        "low": _by_cut([to_share(scores[of].low) for of in CUTS]),
        "high": _by_cut([to_share(scores[of].high) for of in CUTS]),
        "level": _by_cut([maturity_levels(scores[of].mean) for of in CUTS]),
    }
    reported = pl.Series(_by_cut([shown[of] & (scores[of].n > 0) for of in CUTS]))
    status = pl.when(reported).then(pl.lit("reported")).otherwise(pl.lit("suppressed"))
    return (
        pl.DataFrame(names | figures)
        .with_columns(status.alias("status"), pl.when(reported).then(pl.col(list(figures))))
        .select(*CUT_TABLE)
    )


def _by_cut(parts: list[NDArray[Any]]) -> NDArray[Any]:
    """Return arrays of all cuts as one column: by unit, then construct, then cut."""
    return np.stack(parts, axis=2).ravel()


def _score(scores: GroupScores, row: int, column: int) -> Score:
    points = float(scores.mean[row, column])
    return Score(
        mean=to_share(points),
        low=to_share(float(scores.low[row, column])),
        high=to_share(float(scores.high[row, column])),
        level=maturity_level(points),
        n=int(scores.n[row, column]),
    )
