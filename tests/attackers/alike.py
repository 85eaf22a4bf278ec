"""The attacker who looks for groups of fewer than 2k people who all answered alike.

The mean of such a group is everybody's answer. It may be published, or follow from published
figures; or a statistic says outright that all members of a group are equal.
"""

from typing import Any

import polars as pl

from tests.attackers.cells import RESPONDENTS, people_behind, scores_behind
from tests.attackers.differencing import Exposure, exposures

__all__ = ["agreeing_groups", "declared_equal"]


def agreeing_groups(
    result: dict[str, Any],
    responses: pl.DataFrame,
    *,
    k: int,
    cuts: pl.DataFrame | None = None,
    depth: int = 3,
) -> list[Exposure]:
    """Return every group of fewer than 2k people of one score whose sum can be derived.

    Parameters
    ----------
    result, cuts
        What was published, see ``exposures``.
    responses
        The file of the standard instrument that was analysed.
    k
        The threshold.
    depth
        Cells of the largest group searched.
    """
    scores = {
        (construct, unit, role): frozenset(values)
        for construct, unit, role, values in scores_behind(responses)
        .group_by("construct", "unit", "role")
        .agg(pl.col("score").unique())
        .iter_rows()
    }
    return [
        found
        for found in exposures(
            result, people_behind(responses), k=2 * k, cuts=cuts, depth=depth
        )
        if found.construct != RESPONDENTS
        and len(frozenset().union(*(scores[found.construct, *cell] for cell in found.cells)))
        == 1
    ]


def declared_equal(result: dict[str, Any], complete: pl.DataFrame, *, k: int) -> list[str]:
    """Return units and constructs of which a statistic says that fewer than 2k are all equal.

    Parameters
    ----------
    result
        The JSON of ``opmodel analyse``.
    complete
        ``unit``, ``construct``, ``n``: people who answered every item.
    k
        The threshold.
    """
    n = {(unit, construct): people for unit, construct, people in complete.iter_rows()}
    found = []
    for row in result["units"]:
        for construct, quality in row.get("quality", {}).get("scores", {}).items():
            agreement = quality.get("agreement", {}).get("rwg")
            score = row["scores"][construct]["n"]
            if agreement == 1.0 and n[row["unit"], construct] < 2 * k:
                found.append(f"{row['unit']} {construct}: full agreement")
            if 1.0 in quality.get("distribution", ()) and score < 2 * k:
                found.append(f"{row['unit']} {construct}: one level")
    return found
