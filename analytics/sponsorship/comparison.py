"""Claimed against perceived in a group of units: who is compared with whom, and the gap."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import inf, sqrt

from scipy.special import stdtr, stdtrit

from analytics.inference.shrinkage import Normal
from analytics.sponsorship.measure import PRIOR_PEOPLE, SponsorshipMeasure, borrowed_variance
from analytics.sponsorship.ratings import RatingsByUnit
from analytics.vocabulary import Cut

__all__ = ["SAME", "Pairing", "Side", "SideDifference", "claim", "pair_up", "steadied", "view"]

SAME = 1e-12
"""Points below which two means are equal and an error is zero."""


@dataclass(frozen=True)
class Side:
    """One mean and where its error comes from.

    Attributes
    ----------
    mean : float
        Points.
    errors : tuple of (float, float)
        Independent terms of the squared standard error, squared points, each with its degrees
        of freedom.
    """

    mean: float
    errors: tuple[tuple[float, float], ...]

    @property
    def variance(self) -> float:
        """Return the squared standard error of the mean."""
        return sum(term for term, _ in self.errors)


@dataclass(frozen=True)
class SideDifference:
    """One mean less another, in points.

    Attributes
    ----------
    estimate : float
        The difference.
    error : float
        Its standard error.
    freedom : float
        Degrees of freedom of the error after Satterthwaite; infinite if there is none.
    """

    estimate: float
    error: float
    freedom: float

    @classmethod
    def of(cls, one: Side, other: Side) -> "SideDifference":
        """Subtract the other mean from the one.

        Notes
        -----
        SE² is the sum of all terms v_i; df = (sum of v_i)² / sum of v_i² / df_i.

        References
        ----------
        .. [1] Satterthwaite (1946), An approximate distribution of estimates of variance
           components.
        """
        errors = (*one.errors, *other.errors)
        variance = sum(term for term, _ in errors)
        return cls(one.mean - other.mean, sqrt(variance), _freedom(variance, errors))

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Return the two-sided confidence limits."""
        half = 0.0
        if self.error > 0.0:
            half = float(stdtrit(self.freedom, 0.5 + level / 2)) * self.error
        return self.estimate - half, self.estimate + half

    def p_value(self) -> float:
        """Return the two-sided p of the hypothesis that both means are equal."""
        return min(1.0, 2.0 * self._chance_above(abs(self.estimate)))

    def equivalence_p(self, margin: float) -> float:
        """Return the p of the hypothesis that the means lie ``margin`` or further apart.

        Notes
        -----
        The greater p of the two one-sided tests against -margin and +margin (TOST).

        References
        ----------
        .. [1] Lakens (2017), Equivalence tests: a practical primer.
        """
        return self._chance_above(margin - abs(self.estimate))

    def _chance_above(self, distance: float) -> float:
        """Return the probability that error alone reaches a distance."""
        if self.error > SAME:
            return float(stdtr(self.freedom, -distance / self.error))
        return float(distance <= SAME)


@dataclass(frozen=True)
class Pairing:
    """Who is compared with whom, and with what weight.

    Attributes
    ----------
    units : mapping of str to float
        Share of each unit's people in what is perceived; the shares sum to 1.
    sponsors : mapping of str to float
        Share of each sponsored unit's sponsors in what is claimed: the sum of the shares of
        all units that are compared with them. They sum to 1.
    """

    units: Mapping[str, float]
    sponsors: Mapping[str, float]


def pair_up(
    units: Iterable[str], weights: Mapping[str, float], claimants: Mapping[str, str]
) -> Pairing:
    """Pair each unit with the sponsors that speak for it.

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
    return Pairing(shares, sponsors)


def claim(pairing: Pairing, measure: SponsorshipMeasure) -> Side:
    """Return the mean self-rating of the sponsors, in points, with its error.

    Notes
    -----
    With shares W_g of groups of sponsors, the sum of W_g² s²_g* / n_g with 20 + n_g - 1 degrees
    of freedom each. Sponsors who are compared with several units enter once, with the sum
    of their shares: their error does not average out.

    References
    ----------
    .. [1] method.md 2, "Interval with 1-5 sponsors".
    """
    by_unit = measure.sponsors
    return Side(
        _mean(pairing.sponsors, by_unit),
        tuple(
            (
                share**2
                * borrowed_variance(by_unit[unit], measure.sponsor_variance)
                / by_unit[unit].n,
                PRIOR_PEOPLE + by_unit[unit].n - 1,
            )
            for unit, share in pairing.sponsors.items()
        ),
    )


def view(pairing: Pairing, measure: SponsorshipMeasure, cut: Cut) -> Side:
    """Return the mean perceived sponsorship, in points, with its error.

    Notes
    -----
    With shares w_u of units, the sum of w_u² s²_u / n_u with n_u - 1 degrees of freedom each.
    Units whose figure in this cut is not shown, and single people, count as one group with the
    employees' pooled variance, worth 20 degrees of freedom. Otherwise the interval of a parent
    would give their spread away.
    """
    return Side(
        _mean(pairing.units, measure.raters[cut]),
        (*_own_errors(pairing, measure, cut), *_rest_errors(pairing, measure, cut)),
    )


def _own_errors(
    pairing: Pairing, measure: SponsorshipMeasure, cut: Cut
) -> Iterator[tuple[float, float]]:
    """Yield the errors of the units that have a figure of their own."""
    for unit, share in pairing.units.items():
        ratings = measure.raters[cut][unit]
        if _is_open(unit, pairing, measure, cut):
            yield share**2 * ratings.squares / (ratings.n - 1) / ratings.n, ratings.n - 1


def _rest_errors(
    pairing: Pairing, measure: SponsorshipMeasure, cut: Cut
) -> Iterator[tuple[float, float]]:
    """Yield the error of all other units together, with the expected design effect."""
    rest = {
        unit: share
        for unit, share in pairing.units.items()
        if not _is_open(unit, pairing, measure, cut)
    }
    if rest:
        people = sum(measure.raters[cut][unit].n for unit in rest)
        effect = 1.0 + (len(rest) - 1) / people
        variance = effect * measure.employee_variance / people
        yield sum(rest.values()) ** 2 * variance, PRIOR_PEOPLE


def _is_open(unit: str, pairing: Pairing, measure: SponsorshipMeasure, cut: Cut) -> bool:
    is_shown = measure.is_open(unit, cut) or len(pairing.units) == 1
    return is_shown and measure.raters[cut][unit].n > 1


def steadied(pairing: Pairing, measure: SponsorshipMeasure, cut: Cut) -> Normal:
    """Return the mean perceived sponsorship with an error fit for shrinkage.

    Notes
    -----
    A unit's variance is shrunk towards the employees' pool, because a few people who happen to
    agree must not count as certain. Over several units the error is that of the interval:
    another mixture of their variances would be one more equation about hidden units.
    """
    seen = view(pairing, measure, cut)
    if len(pairing.units) > 1:
        return Normal(seen.mean, seen.variance)
    (unit,) = pairing.units
    ratings = measure.raters[cut][unit]
    return Normal(seen.mean, borrowed_variance(ratings, measure.employee_variance) / ratings.n)


def _mean(shares: Mapping[str, float], by_unit: RatingsByUnit) -> float:
    return sum(share * by_unit[unit].mean for unit, share in shares.items())


def _freedom(variance: float, errors: Iterable[tuple[float, float]]) -> float:
    if variance <= 0.0:
        return inf
    return variance**2 / sum(term**2 / freedom for term, freedom in errors)
