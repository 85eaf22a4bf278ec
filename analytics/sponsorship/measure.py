"""One measure of sponsorship as seen by each group of raters, with its borrowed variances."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import polars as pl

from analytics.sponsorship.cells import Cell, Cells, unit_cells

__all__ = ["PRIOR_PEOPLE", "Cut", "Measure", "borrowed_variance"]

PRIOR_PEOPLE = 20.0
"""Degrees of freedom that a borrowed variance is worth (method 2)."""

Cut: TypeAlias = Literal["contributors", "managers", "all"]


@dataclass(frozen=True)
class Measure:
    """Scores on one measure: the eight items together, or one behaviour.

    Attributes
    ----------
    sponsors : mapping of str to Cell
        Self-ratings of the sponsors of each unit.
    raters : mapping of Cut to cells
        What managers, contributors and both together perceive in each unit.
    employee_variance : float
        Employees' pooled within-unit variance s²_e, squared points.
    sponsor_variance : float
        s²_s,pool, squared points.
    """

    sponsors: Cells
    raters: dict[Cut, Cells]
    employee_variance: float
    sponsor_variance: float

    @classmethod
    def of(cls, people: pl.DataFrame, sponsors: pl.DataFrame, column: str) -> "Measure":
        """Summarise one column of the person scores of sponsors and of everybody else.

        Employees are the contributors, in units too small to show as well; where no unit
        has two of them, managers and contributors together stand in.
        """
        raters: dict[Cut, Cells] = {
            "contributors": unit_cells(people.filter(pl.col("role") == "contributor"), column),
            "managers": unit_cells(people.filter(pl.col("role") == "manager"), column),
            "all": unit_cells(people, column),
        }
        claims = unit_cells(sponsors, column)
        employees = _pooled(raters["contributors"]) or _pooled(raters["all"]) or (0.0, 1)
        employee_variance = employees[0] / employees[1]
        squares, freedom = _pooled(claims) or (0.0, 0)
        pool = (PRIOR_PEOPLE * employee_variance + squares) / (PRIOR_PEOPLE + freedom)
        return cls(claims, raters, employee_variance, pool)


def borrowed_variance(cell: Cell, pool: float) -> float:
    """Return a cell's variance shrunk towards a pool worth 20 degrees of freedom.

    Parameters
    ----------
    cell : Cell
        One person suffices.
    pool : float
        Variance borrowed from elsewhere, squared points.

    References
    ----------
    .. [1] method.md 2 (s²_sb*) and 1.2 (W_b).
    """
    return (PRIOR_PEOPLE * pool + cell.squares) / (PRIOR_PEOPLE + cell.n - 1)


def _pooled(cells: Cells) -> tuple[float, int] | None:
    """Return the sum of squares within units and its degrees of freedom, if there are any."""
    freedom = sum(cell.n - 1 for cell in cells.values())
    squares = sum(cells[unit].squares for unit in sorted(cells))
    return (squares, freedom) if freedom else None
