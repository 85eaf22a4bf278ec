"""Scores as they are shown, 0 to 100; what the disclosure plan hides never gets here."""

import polars as pl

from analytics.disclosure import DisclosurePlan
from analytics.group_scores import CUTS, Cut, GroupScores, maturity_level
from analytics.results import Score
from analytics.scoring import to_share
from analytics.tree import UnitTree

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
"""Columns of the table of scores; ``n`` to ``level`` are null where suppressed."""


def shown_scores(
    scores: GroupScores, plan: DisclosurePlan, tree: UnitTree, code: str
) -> dict[str, Score]:
    """Return the unit's scores of everyone, those constructs left out that may not be shown."""
    row = tree.codes.index(code)
    return {
        construct: _score(scores, row, column)
        for column, construct in enumerate(scores.constructs)
        if plan.shows(code, construct)
    }


def cut_table(
    scores: dict[Cut, GroupScores], plan: DisclosurePlan, tree: UnitTree
) -> pl.DataFrame:
    """Return one row of schema ``CUT_TABLE`` per unit, construct and cut, sorted by them."""
    rows = [
        _row(scores[cut], plan, cut, code, (row, column))
        for row, code in enumerate(tree.codes)
        for column in range(len(scores["all"].constructs))
        for cut in CUTS
    ]
    return pl.DataFrame(rows, schema=CUT_TABLE, orient="row")


def _row(
    scores: GroupScores, plan: DisclosurePlan, cut: Cut, code: str, place: tuple[int, int]
) -> tuple[object, ...]:
    row, column = place
    construct = scores.constructs[column]
    shown = plan.roles(code, construct)
    allowed = shown != "hidden" if cut == "all" else shown == "roles"
    if not allowed or scores.n[row, column] == 0:
        return code, construct, cut, "suppressed", None, None, None, None, None
    score = _score(scores, row, column)
    figures = (score.n, score.mean, score.low, score.high, score.level)
    return code, construct, cut, "reported", *figures


def _score(scores: GroupScores, row: int, column: int) -> Score:
    points = float(scores.mean[row, column])
    return Score(
        mean=to_share(points),
        low=to_share(float(scores.low[row, column])),
        high=to_share(float(scores.high[row, column])),
        level=maturity_level(points),
        n=int(scores.n[row, column]),
    )
