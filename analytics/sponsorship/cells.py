"""Count, mean, spread and scores of one measure in each unit and cut; hides nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

__all__ = ["Cell", "Cells", "Cut", "People"]

Cut: TypeAlias = Literal["contributors", "managers", "all"]

_ROLES: dict[Cut, str | None] = {
    "contributors": "contributor",
    "managers": "manager",
    "all": None,
}


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
    scores : ndarray of shape (n,)
        Their scores in ascending order; a view, not a copy.
    """

    n: int
    mean: float
    squares: float
    scores: NDArray[np.float64] = field(compare=False, repr=False)


Cells: TypeAlias = Mapping[str, Cell]
"""Per code of a unit; a unit in which nobody has a score is absent."""


class People:
    """Scored people, their units and roles read once for all measures.

    Parameters
    ----------
    frame : polars.DataFrame
        One row per person: ``unit``, ``role``, and measures in points, null where the person
        answered too little. A frame without columns holds nobody.
    """

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame if {"unit", "role"} <= set(frame.columns) else pl.DataFrame()
        self._units: list[str] = []
        if not self._frame.is_empty():
            units = self._frame["unit"].cast(pl.String)
            self._units = units.unique().sort().to_list()
            self._place = units.cast(pl.Enum(self._units)).to_physical().to_numpy()
            self._role = self._frame["role"].to_numpy()

    def cells(self, column: str, cut: Cut = "all") -> dict[str, Cell]:
        """Summarise one measure of everybody in one cut, per unit.

        Parameters
        ----------
        column : str
            The measure.
        cut : {"contributors", "managers", "all"}, default="all"
            Whose scores.

        Returns
        -------
        dict of str to Cell, by code
            Empty without such a column. Scores are sorted before they are added, so that the
            order of rows and the number of threads leave no trace in the last digit.
        """
        if not self._units or column not in self._frame.columns:
            return {}
        scores = self._frame[column].cast(pl.Float64).to_numpy()
        chosen = np.isfinite(scores)
        if _ROLES[cut] is not None:
            chosen &= self._role == _ROLES[cut]
        return self._summarise(self._place[chosen], scores[chosen])

    def _summarise(
        self, place: NDArray[np.uint32], scores: NDArray[np.float64]
    ) -> dict[str, Cell]:
        if not len(scores):
            return {}
        order = np.lexsort((scores, place))
        place, scores = place[order], scores[order]
        starts = np.flatnonzero(np.diff(place, prepend=-1))
        n = np.diff(starts, append=len(place))
        means = np.add.reduceat(scores, starts) / n
        squares = np.add.reduceat((scores - np.repeat(means, n)) ** 2, starts)
        return {
            self._units[place[start]]: Cell(
                int(size), float(mean), float(square), scores[start : start + size]
            )
            for start, size, mean, square in zip(starts, n, means, squares, strict=True)
        }
