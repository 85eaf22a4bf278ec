"""The differencing attacker: takes every published figure and solves the linear system.

Unknown are the sums of a construct over the own people of each unit in each role; known is
every figure as the sum over the cells it covers. Whatever set of fewer than k people follows is
exposed. The attacker knows which cells are empty, which is more than an outsider would.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tests.attackers.cells import RESPONDENTS
from tests.attackers.figures import WHOLE, Figure, descendants, figures
from tests.attackers.row_space import determined_sets, determined_singles, free_directions

__all__ = ["Exposure", "exposures", "weighted_exposures"]

Cell = tuple[str, str]
"""Unit and role."""


@dataclass(frozen=True, kw_only=True)
class Exposure:
    """A group below the threshold whose figure follows from the published ones."""

    construct: str
    cells: tuple[Cell, ...]
    people: int


@dataclass(frozen=True, kw_only=True)
class _System:
    """The cells of one construct, and the figures that speak of it."""

    construct: str
    cells: list[Cell]
    people: NDArray[np.int64]
    figures: list[Figure]
    below: dict[str, set[str]]

    def covered(self, figure: Figure) -> NDArray[np.float64]:
        """Return 1 for each cell that a figure covers."""
        units = self.below[figure.unit]
        return np.array(
            [float(unit in units and role in figure.roles) for unit, role in self.cells]
        )

    def exposure(self, members: frozenset[int]) -> Exposure:
        chosen = sorted(members)
        return Exposure(
            construct=self.construct,
            cells=tuple(self.cells[cell] for cell in chosen),
            people=int(self.people[chosen].sum()),
        )


def _systems(result: dict[str, Any], cells: pl.DataFrame, *, derived: bool) -> list[_System]:
    below = descendants(result)
    if unknown := set(cells["unit"]) - below[WHOLE]:
        msg = f"units with people but without a row in the result: {sorted(unknown)}"
        raise ValueError(msg)
    published = sorted(figures(result, derived=derived), key=repr)
    systems = []
    for (construct,), group in cells.filter(pl.col("n") > 0).group_by("construct"):
        systems.append(
            _System(
                construct=str(construct),
                cells=list(group.select("unit", "role").iter_rows()),
                people=group["n"].to_numpy().astype(np.int64),
                figures=[figure for figure in published if figure.construct == construct],
                below=below,
            )
        )
    return sorted(systems, key=lambda system: system.construct)


def _matrix(rows: list[NDArray[np.float64]], columns: int) -> NDArray[np.float64]:
    return np.array(rows).reshape(-1, columns)


def exposures(
    result: dict[str, Any],
    cells: pl.DataFrame,
    *,
    k: int,
    derived: bool = True,
    depth: int = 4,
) -> list[Exposure]:
    """Return every least group of fewer than k people whose sum or count follows.

    Parameters
    ----------
    result
        The JSON of ``opmodel analyse``.
    cells
        ``unit``, ``role`` (manager, contributor), ``construct``, ``n``: the people truly behind
        the figures, see ``count_cells``. Constructs that it does not hold are not attacked.
    k
        The threshold.
    derived
        See ``figures``.
    depth
        Largest number of cells in a group. The search is complete for ``k <= depth + 1``.
    """
    found: list[Exposure] = []
    for system in _systems(result, cells, derived=derived):
        rows = [system.covered(figure) for figure in system.figures]
        sets = determined_sets(
            _matrix(rows, len(system.cells)), system.people, limit=k, depth=depth
        )
        found += [system.exposure(members) for members in sets]
    return found


def _weights(
    system: _System, figure: Figure, headcounts: Mapping[str, int]
) -> NDArray[np.float64]:
    """Return a mean as weights on the cells' sums: a parent weighs its units by head-count."""
    covered = system.covered(figure)
    units = np.array([unit for unit, _ in system.cells])
    concerned = set(units[covered > 0])
    if len(concerned) < 2:
        return covered
    respondents = np.array([(system.people * covered)[units == unit].sum() for unit in units])
    heads = np.array([float(headcounts[unit]) for unit in units])
    share: NDArray[np.float64] = covered * heads / np.maximum(respondents, 1)
    return share / share.max() if share.any() else share


def weighted_exposures(
    result: dict[str, Any],
    cells: pl.DataFrame,
    headcounts: Mapping[str, int],
    *,
    k: int,
    derived: bool = True,
) -> list[Exposure]:
    """Return single cells below k whose mean follows when parents weigh by head-count.

    This attacker knows how many people answered in every cell, and that a parent's mean is the
    head-count-weighted mean of its units' means in each role. The 0/1 attacker misses what
    follows from two different weightings of the same people.
    """
    found: list[Exposure] = []
    for system in _systems(result, cells, derived=derived):
        if system.construct == RESPONDENTS:
            continue
        rows = [_weights(system, figure, headcounts) for figure in system.figures]
        singles = determined_singles(free_directions(_matrix(rows, len(system.cells))))
        found += [
            system.exposure(frozenset([int(cell)]))
            for cell in singles
            if system.people[cell] < k
        ]
    return found
