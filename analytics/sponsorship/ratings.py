"""Count, mean, spread and scores of one measure in each unit and cut; nothing is hidden."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.vocabulary import ROLE_OF, Cut

__all__ = ["People", "Ratings", "RatingsByUnit"]


@dataclass(frozen=True)
class Ratings:
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


RatingsByUnit: TypeAlias = Mapping[str, Ratings]
"""Per code of a unit; a unit in which nobody has a score is absent."""


class People:
    """Scored people; their units and roles are read once for all measures.

    Parameters
    ----------
    frame : polars.DataFrame
        One row per person: ``unit``, ``role``, and measures in points, null if the person
        answered too little. A frame without columns holds nobody.
    """

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame if {"unit", "role"} <= set(frame.columns) else pl.DataFrame()
        self._units: list[str] = []
        if not self._frame.is_empty():
            units = self._frame["unit"].cast(pl.String)
            self._units = units.unique().sort().to_list()
            self._place = units.cast(pl.Enum(self._units)).to_physical().to_numpy()
            self._role = self._frame["role"].cast(pl.String).to_numpy()

    def ratings(self, column: str) -> dict[Cut, dict[str, Ratings]]:
        """Summarise one measure per unit: of everybody, of managers, of contributors.

        Parameters
        ----------
        column : str
            The measure.

        Returns
        -------
        dict of Cut to dict of str to Ratings, by code
            Empty cuts without such a column. Scores are sorted before they are added, so
            that no digit depends on the order of rows or the number of threads. One sort
            serves all cuts.
        """
        if not self._units or column not in self._frame.columns:
            return {cut: {} for cut in ROLE_OF}
        scores = self._frame[column].cast(pl.Float64).to_numpy()
        answered = np.flatnonzero(np.isfinite(scores))
        order = answered[np.lexsort((scores[answered], self._place[answered]))]
        place, scores, role = self._place[order], scores[order], self._role[order]
        found: dict[Cut, dict[str, Ratings]] = {}
        for cut, name in ROLE_OF.items():
            chosen = np.ones(len(order), dtype=bool) if name is None else role == name
            found[cut] = self._summarise(place[chosen], scores[chosen])
        return found

    def _summarise(
        self, place: NDArray[np.uint32], scores: NDArray[np.float64]
    ) -> dict[str, Ratings]:
        """Summarise scores in the order of their units, and in ascending order within."""
        if not len(scores):
            return {}
        starts = np.flatnonzero(np.diff(place.astype(np.int64), prepend=-1))
        n = np.diff(starts, append=len(place))
        means = np.add.reduceat(scores, starts) / n
        squares = np.add.reduceat((scores - np.repeat(means, n)) ** 2, starts)
        summaries = zip(
            starts.tolist(), n.tolist(), means.tolist(), squares.tolist(), strict=True
        )
        return {
            self._units[place[start]]: Ratings(size, mean, square, scores[start : start + size])
            for start, size, mean, square in summaries
        }
