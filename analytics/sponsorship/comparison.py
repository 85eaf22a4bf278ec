"""Claimed against perceived for a group of units: a weighted sum, its error, its interval."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

from scipy.special import stdtrit

from analytics.results import Gap
from analytics.sponsorship.cells import Cells
from analytics.sponsorship.measure import PRIOR_PEOPLE, Cut, Measure, borrowed_variance

__all__ = ["Comparison", "claimed", "compare", "gap", "perceived"]

_SHARE_PER_POINT = 25.0


@dataclass(frozen=True)
class Comparison:
    """Who is compared with whom, and with what weight.

    Attributes
    ----------
    units : mapping of str to float
        Share of each unit's people in what is perceived; the shares sum to 1.
    sponsors : mapping of str to float
        Share of each sponsored unit's sponsors in what is claimed: the shares of all
        units that are held against them. They sum to 1.
    """

    units: Mapping[str, float]
    sponsors: Mapping[str, float]


def compare(
    units: Iterable[str], weights: Mapping[str, float], claimants: Mapping[str, str]
) -> Comparison:
    """Hold each unit against the sponsors that speak for it.

    Parameters
    ----------
    units : iterable of str
        Units with people who answered, at least one.
    weights : mapping of str to float
        Head-counts; any positive scale.
    claimants : mapping of str to str
        For every unit, the one whose sponsors speak for it.
    """
    units = sorted(units)
    total = sum(weights[unit] for unit in units)
    shares = {unit: weights[unit] / total for unit in units}
    sponsors: dict[str, float] = {}
    for unit, share in shares.items():
        sponsors[claimants[unit]] = sponsors.get(claimants[unit], 0.0) + share
    return Comparison(shares, sponsors)


def claimed(comparison: Comparison, measure: Measure) -> float:
    """Return what the sponsors say of themselves, in points."""
    return sum(
        share * measure.sponsors[unit].mean for unit, share in comparison.sponsors.items()
    )


def perceived(comparison: Comparison, cells: Cells) -> float:
    """Return what people perceive, in points."""
    return sum(share * cells[unit].mean for unit, share in comparison.units.items())


def gap(comparison: Comparison, measure: Measure, cut: Cut) -> Gap:
    """Return claimed minus perceived with its 95 % interval, 0 to 100, not clipped.

    Parameters
    ----------
    comparison : Comparison
        Units and sponsors with their shares.
    measure : Measure
        All scores on the measure.
    cut : Cut
        Who perceives.

    Notes
    -----
    With shares w_u of units and W_g of groups of sponsors,
    SE² = sum of W_g² s²_g* / n_g + sum of w_u² s²_u / n_u, degrees of freedom by
    Satterthwaite over these independent terms, 20 + n_g - 1 and n_u - 1. Sponsors who are
    held against several units enter once, with the sum of their shares: their error does
    not average out. One unit gives exactly the formula of the source. A unit with a single
    person borrows the employees' pooled variance, worth 20 degrees of freedom.

    References
    ----------
    .. [1] method.md 2, "Interval with 1-5 sponsors".
    """
    estimate = claimed(comparison, measure) - perceived(comparison, measure.raters[cut])
    errors = [*_sponsor_errors(comparison, measure), *_rater_errors(comparison, measure, cut)]
    half = _half_width(errors)
    return Gap(
        estimate=_SHARE_PER_POINT * estimate,
        low=_SHARE_PER_POINT * (estimate - half),
        high=_SHARE_PER_POINT * (estimate + half),
    )


def _sponsor_errors(comparison: Comparison, measure: Measure) -> Iterable[tuple[float, float]]:
    for unit, share in comparison.sponsors.items():
        cell = measure.sponsors[unit]
        variance = borrowed_variance(cell, measure.sponsor_variance) / cell.n
        yield share**2 * variance, PRIOR_PEOPLE + cell.n - 1


def _rater_errors(
    comparison: Comparison, measure: Measure, cut: Cut
) -> Iterable[tuple[float, float]]:
    for unit, share in comparison.units.items():
        cell = measure.raters[cut][unit]
        if cell.n > 1:
            yield share**2 * cell.squares / (cell.n - 1) / cell.n, cell.n - 1
        else:
            yield share**2 * measure.employee_variance, PRIOR_PEOPLE


def _half_width(errors: list[tuple[float, float]]) -> float:
    """Return t(.975) x SE from (squared error, degrees of freedom) of independent terms."""
    variance = sum(term for term, _ in errors)
    if variance <= 0.0:
        return 0.0
    freedom = variance**2 / sum(term**2 / df for term, df in errors)
    return float(stdtrit(freedom, 0.975)) * sqrt(variance)
