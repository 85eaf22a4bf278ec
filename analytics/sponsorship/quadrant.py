"""Which of four situations a group is in: sponsors high or low, others high or low."""

from dataclasses import dataclass
from math import sqrt
from typing import Literal, TypeAlias

from scipy.special import ndtr

from analytics.sponsorship.cells import Cells
from analytics.sponsorship.comparison import Comparison
from analytics.sponsorship.measure import Cut, Measure, borrowed_variance
from analytics.sponsorship.shrinkage import Normal, shrunk, weighted_sum

__all__ = ["CUT_POINTS", "NAMED_FROM", "Posteriors", "Quadrant", "quadrant"]

Quadrant: TypeAlias = Literal[
    "blind_spot", "visible_sponsor", "acknowledged_gap", "hidden_strength", "too_close_to_call"
]

CUT_POINTS = 3.5
"""A mean from here on is high."""
NAMED_FROM = 0.70
"""Probability from which a quadrant is named."""


@dataclass(frozen=True)
class Posteriors:
    """Shrunk means of all units: what sponsors say of themselves, and what each cut sees.

    Sponsors are shrunk towards sponsors and people towards people of the same cut, never
    one towards the other. Units too small to show inform the common mean and spread.
    """

    sponsors: dict[str, Normal]
    raters: dict[Cut, dict[str, Normal]]

    @classmethod
    def of(cls, measure: Measure) -> "Posteriors":
        """Shrink every unit's means on one measure."""
        return cls(
            shrunk(_observed(measure.sponsors, measure.sponsor_variance)),
            {
                cut: shrunk(_observed(cells, measure.employee_variance))
                for cut, cells in measure.raters.items()
            },
        )


def quadrant(comparison: Comparison, posteriors: Posteriors, cut: Cut) -> Quadrant:
    """Name the quadrant of a group, or say that it is too close to call.

    Parameters
    ----------
    comparison : Comparison
        Units and sponsors with their shares. A parent's posterior is the weighted sum of
        its units' posteriors.
    posteriors : Posteriors
        Shrunk means of the eight-item composite, points.
    cut : Cut
        Who perceives.

    References
    ----------
    .. [1] method.md 2, "Quadrants".
    """
    self_high = _probability_high(weighted_sum(posteriors.sponsors, comparison.sponsors))
    others_high = _probability_high(weighted_sum(posteriors.raters[cut], comparison.units))
    chances: dict[Quadrant, float] = {
        "blind_spot": self_high * (1 - others_high),
        "visible_sponsor": self_high * others_high,
        "acknowledged_gap": (1 - self_high) * (1 - others_high),
        "hidden_strength": (1 - self_high) * others_high,
    }
    likeliest = max(chances, key=lambda name: chances[name])
    return likeliest if chances[likeliest] >= NAMED_FROM else "too_close_to_call"


def _observed(cells: Cells, pool: float) -> dict[str, Normal]:
    return {
        unit: Normal(cell.mean, borrowed_variance(cell, pool) / cell.n)
        for unit, cell in cells.items()
    }


def _probability_high(posterior: Normal) -> float:
    if posterior.variance <= 0.0:
        return float(posterior.mean >= CUT_POINTS)
    return float(ndtr((posterior.mean - CUT_POINTS) / sqrt(posterior.variance)))
