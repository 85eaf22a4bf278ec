"""The differencing attacker: takes every published figure and solves the linear system.

The unknowns are the sums of a construct over a unit's own people in each role. Each figure
gives an equation: the sum over the cells it covers. A set of fewer than k people is exposed if
its sum follows. The attacker knows which cells are empty, which is more than an outsider knows.
Figures are sums if a person has the same weight in every figure of a construct, which is
assumed.

A construct that is the mean of its parts is attacked together with them: the unknowns are the
sums of the parts, and a figure of the whole covers all parts. Other measures are attacked one
by one. Nothing is lost if none of them is a sum of others over the items
(``test_no_gate_follows_from_other_figures``), because an equation about one measure then
combines only figures of that measure.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tests.attackers.cells import FAMILIES
from tests.attackers.figures import WHOLE, Figure, cut_figures, descendants, figures
from tests.attackers.row_space import cancelling_sets, determined_sets, free_directions

__all__ = ["Exposure", "exposures"]

Cell = tuple[str, str]
"""A unit and a role."""


@dataclass(frozen=True, kw_only=True)
class Exposure:
    """A group below the threshold whose figure can be derived from published ones."""

    construct: str
    cells: tuple[Cell, ...]
    people: int


@dataclass(frozen=True, kw_only=True)
class _System:
    """The cells of one construct, and the figures about it."""

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
    """Return every minimal group of fewer than k people whose sum or count can be derived.

    Parameters
    ----------
    result
        The JSON of ``opmodel analyse``.
    cells
        ``unit``, ``role`` (manager, contributor), ``construct``, ``n``: the true numbers of
        people behind the figures, see ``count_cells``. Other constructs are not attacked.
    k
        The threshold.
    cuts
        Figures of a release by role: ``unit``, ``construct``, ``cut`` (all, managers,
        contributors), ``status``; combined with the JSON.
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
    for whole, parts in FAMILIES.items():
        found += _family_exposures(whole, parts, result, cells, published, k=k, depth=depth)
    return list(dict.fromkeys(found))


def _family_exposures(
    whole: str,
    parts: tuple[str, ...],
    result: dict[str, Any],
    cells: pl.DataFrame,
    published: set[Figure],
    *,
    k: int,
    depth: int,
) -> list[Exposure]:
    """Attack a construct and its parts together."""
    below = descendants(result)
    counts = cells.filter(pl.col("construct").is_in([whole, *parts]) & (pl.col("n") > 0))
    places = counts.select("unit", "role").unique().sort("unit", "role").rows()
    known = {key: _people(counts, key, places) for key in (whole, *parts)}
    if not places or not all(n.any() for n in known.values()):
        return []
    rows = []
    for figure in sorted(published, key=repr):
        if figure.construct in known:
            cover = [u in below[figure.unit] and role in figure.roles for u, role in places]
            rows.append(np.outer([figure.construct in (whole, part) for part in parts], cover))
    system = np.array(rows, dtype=np.float64).reshape(-1, len(parts) * len(places))
    free = free_directions(system).reshape(len(parts), len(places), -1)
    blocks = dict(zip(parts, free, strict=True)) | {whole: free.sum(axis=0)}
    return [
        Exposure(
            construct=key,
            cells=tuple(places[cell] for cell in sorted(members)),
            people=int(known[key][sorted(members)].sum()),
        )
        for key, block in blocks.items()
        for members in cancelling_sets(
            block, np.where(known[key] > 0, known[key], k), limit=k, depth=depth
        )
    ]


def _people(counts: pl.DataFrame, construct: str, places: list[Cell]) -> NDArray[np.int64]:
    of = {
        (unit, role): n
        for unit, role, n in counts.filter(pl.col("construct") == construct)
        .select("unit", "role", "n")
        .iter_rows()
    }
    return np.array([of.get(place, 0) for place in places], dtype=np.int64)
