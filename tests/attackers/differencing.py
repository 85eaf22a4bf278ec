"""The differencing attacker: takes every published figure and solves the linear system.

Unknown are the sums of a construct over the own people of each unit in each role; known is
every figure as the sum over the cells it covers. Whatever set of fewer than k people follows is
exposed. The attacker knows which cells are empty, which is more than an outsider would. That
figures are sums takes it that a person weighs the same in every figure of a construct.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tests.attackers.figures import WHOLE, Figure, cut_figures, descendants, figures
from tests.attackers.row_space import determined_sets

__all__ = ["Exposure", "exposures"]

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


def _systems(
    result: dict[str, Any], cells: pl.DataFrame, published: list[Figure]
) -> list[_System]:
    below = descendants(result)
    if unknown := set(cells["unit"]) - below[WHOLE]:
        msg = f"units with people but without a row in the result: {sorted(unknown)}"
        raise ValueError(msg)
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


def exposures(
    result: dict[str, Any],
    cells: pl.DataFrame,
    *,
    k: int,
    cuts: pl.DataFrame | None = None,
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
    cuts
        What a release publishes by role: ``unit``, ``construct``, ``cut`` (all, managers,
        contributors), ``status``; taken together with the JSON.
    derived
        See ``figures``.
    depth
        Largest number of cells in a group. The search is complete for ``k <= depth + 1``.
    """
    published = figures(result, derived=derived) | cut_figures(cuts)
    found: list[Exposure] = []
    for system in _systems(result, cells, sorted(published, key=repr)):
        rows = [system.covered(figure) for figure in system.figures]
        known = np.array(rows).reshape(-1, len(system.cells))
        sets = determined_sets(known, system.people, limit=k, depth=depth)
        found += [system.exposure(members) for members in sets]
    return found
