"""Which gaps stay significant after many tests: the company, then units, then behaviours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from scipy.stats import false_discovery_control

__all__ = ["LEVEL", "Family", "gatekeep", "holm"]

LEVEL = 0.05
"""Level of every test, and the false discovery rate over units."""

_Test = TypeVar("_Test")


@dataclass(frozen=True)
class Family:
    """The units that were tested, and those of them that were selected.

    Attributes
    ----------
    adjusted : mapping of str to float
        Adjusted p per unit of the family.
    selected : frozenset of str
        Units with an adjusted p of at most .05.
    """

    adjusted: Mapping[str, float]
    selected: frozenset[str]

    def within(self, unit: str, p_values: Mapping[_Test, float]) -> dict[_Test, float]:
        """Adjust the p of the tests inside one unit; empty for a unit that was not selected.

        Notes
        -----
        Holm over the tests, times m / R: a test is significant at level .05 R / m exactly
        if this is at most .05.

        References
        ----------
        .. [1] Benjamini & Bogomolov (2014), Selective inference on multiple families of
           hypotheses.
        """
        if unit not in self.selected:
            return {}
        price = len(self.adjusted) / len(self.selected)
        adjusted = holm(list(p_values.values()))
        return {test: min(1.0, price * p) for test, p in zip(p_values, adjusted, strict=True)}


def gatekeep(company: float, units: Mapping[str, float]) -> Family:
    """Test the company first, then its units with Benjamini and Hochberg's procedure.

    Parameters
    ----------
    company : float
        p of the company's test.
    units : mapping of str to float
        p of each unit of the family.

    Returns
    -------
    Family
        Units are tested only after the company, so a unit's adjusted p is never below the
        company's.

    Notes
    -----
    Units that are compared with the same sponsors have positively dependent errors; the
    procedure is valid under such dependence.

    References
    ----------
    .. [1] Benjamini & Hochberg (1995), Controlling the false discovery rate; Benjamini &
       Yekutieli (2001), The control of the false discovery rate in multiple testing under
       dependency.
    """
    codes = sorted(units)
    if not codes:
        return Family({}, frozenset())
    raw = np.maximum(false_discovery_control([units[code] for code in codes]), company)
    adjusted = dict(zip(codes, raw.tolist(), strict=True))
    return Family(adjusted, frozenset(code for code in codes if adjusted[code] <= LEVEL))


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p-values adjusted so that the chance of any false rejection stays at the level.

    Notes
    -----
    The i-th smallest of m p-values is multiplied by m - i + 1; none is below its predecessor.

    References
    ----------
    .. [1] Holm (1979), A simple sequentially rejective multiple test procedure.
    """
    raw = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(raw, kind="stable")
    stepped = np.maximum.accumulate(raw[order] * np.arange(len(raw), 0, -1))
    adjusted = np.empty_like(raw)
    adjusted[order] = np.minimum(stepped, 1.0)
    return [float(p) for p in adjusted]
