"""Count, mean and spread of one measure in each unit; hides nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import polars as pl

__all__ = ["Cell", "Cells", "unit_cells"]


@dataclass(frozen=True)
class Cell:
    """The scores of one unit's people on one measure, in points.

    Attributes
    ----------
    n : int
        People with a score, at least 1.
    mean : float
        Their mean, points 1 to 5.
    squares : float
        Sum of squared deviations from the mean, squared points.
    """

    n: int
    mean: float
    squares: float


Cells: TypeAlias = Mapping[str, Cell]
"""Per code of a unit; a unit in which nobody has a score is absent."""


def unit_cells(people: pl.DataFrame, column: str) -> dict[str, Cell]:
    """Summarise one column of person scores per unit.

    Parameters
    ----------
    people : polars.DataFrame
        One row per person: ``unit``, and the column if the file has it.
    column : str
        Person scores in points, null where the person answered too little.

    Returns
    -------
    dict of str to Cell, by code
        Empty without such a column. Scores are sorted before they are added, so that the
        order of rows and the number of threads leave no trace in the last digit.
    """
    if column not in people.columns or "unit" not in people.columns:
        return {}
    score = pl.col(column).cast(pl.Float64).fill_nan(None)
    answered = people.select("unit", score.alias("score")).drop_nulls().sort("unit", "score")
    if answered.is_empty():
        return {}
    scores = answered["score"].to_numpy()
    runs = answered["unit"].rle().struct
    units, n = runs.field("value"), runs.field("len").to_numpy().astype(np.int64)
    starts = np.cumsum(n) - n
    means = np.add.reduceat(scores, starts) / n
    squares = np.add.reduceat((scores - np.repeat(means, n)) ** 2, starts)
    return {
        unit: Cell(int(size), float(mean), float(square))
        for unit, size, mean, square in zip(units, n, means, squares, strict=True)
    }
