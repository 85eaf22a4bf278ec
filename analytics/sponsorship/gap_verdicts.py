"""What a gap means: its size, whether both sides agree, where it opens; each as a record."""

from math import exp, lgamma, log, sqrt

import numpy as np
from scipy.special import ndtr

from analytics.inference.multiplicity import LEVEL
from analytics.inference.naming import answer
from analytics.inference.shares import newcombe
from analytics.results import Gap
from analytics.results.sponsorship import (
    Alignment,
    Cascade,
    Dominance,
    DominanceBand,
    FavourableGap,
    LostBetween,
)
from analytics.sponsorship.comparison import SAME, SideDifference
from analytics.sponsorship.measure import SponsorshipMeasure
from analytics.sponsorship.ratings import Ratings
from analytics.sponsorship.scope import Contrast
from analytics.study.scoring import SHARE_PER_POINT

__all__ = [
    "EQUIVALENCE_POINTS",
    "FAVOURABLE",
    "alignment",
    "cascade",
    "cliffs_delta",
    "delta_band",
    "dominance",
    "favourable",
    "favourable_share",
    "gap_record",
    "is_supported",
    "single_ratings",
    "small_sample_factor",
    "standardised",
]

EQUIVALENCE_POINTS = 0.5
"""Gaps within this many points either way count as aligned."""

FAVOURABLE = 4.0
"""A score from here on is favourable: 4 or 5 on average."""

_BANDS: tuple[tuple[float, DominanceBand], ...] = (
    (0.15, "negligible"),
    (0.33, "small"),
    (0.47, "medium"),
)
_ROUNDING = 1e-9


def gap_record(difference: SideDifference, adjusted_p: float | None = None) -> Gap:
    """Return a difference with its 95 % interval, 0 to 100, without clipping."""
    low, high = difference.interval()
    return Gap(
        estimate=SHARE_PER_POINT * difference.estimate,
        low=SHARE_PER_POINT * low,
        high=SHARE_PER_POINT * high,
        adjusted_p=adjusted_p,
    )


def standardised(difference: SideDifference, measure: SponsorshipMeasure) -> Gap | None:
    """Return g = J(df) D / s_e with the interval of D; None if nobody's views differ.

    Notes
    -----
    s_e is the employees' pooled within-unit standard deviation: one ruler for all units, known
    well enough for the interval of D to be that of g. The standard deviation of three sponsors
    would be noise.

    References
    ----------
    .. [1] method.md 2, "Effect sizes"; Glass (1976), Primary, secondary, and meta-analysis of
       research; Hedges (1981).
    """
    if measure.employee_variance <= 0.0:
        return None
    scale = small_sample_factor(measure.employee_freedom) / sqrt(measure.employee_variance)
    low, high = difference.interval()
    return Gap(estimate=scale * difference.estimate, low=scale * low, high=scale * high)


def is_supported(difference: SideDifference, adjusted_p: float | None) -> bool:
    """Tell whether a difference is significant.

    Uses the adjusted p, or the difference's own if it belongs to no family, as at parents.
    """
    return (difference.p_value() if adjusted_p is None else adjusted_p) <= LEVEL


def alignment(difference: SideDifference, adjusted_p: float | None) -> Alignment:
    """Say whether both sides agree to within half a point: proven, disproven or unknown."""
    if difference.equivalence_p(EQUIVALENCE_POINTS) <= LEVEL:
        return "aligned"
    if not is_supported(difference, adjusted_p):
        return "inconclusive"
    return "claimed_beyond_felt" if difference.estimate > 0 else "felt_beyond_claimed"


def cascade(found: Contrast, *, supported: bool) -> Cascade | None:
    """Return the gap in its two steps, if managers are shown separately.

    Parameters
    ----------
    found : Contrast
        The composite.
    supported : bool
        Whether the gap itself is significant; otherwise nothing is lost.

    Notes
    -----
    D(s,e) = D(s,m) + D(m,e). The steps share the managers, so the error of their difference
    s + e - 2m is V_s + V_e + 4 V_m.
    """
    if found.managers is None:
        return None
    differences = found.differences
    first = differences["sponsors_to_managers"]
    second = differences["managers_to_contributors"]
    error = sqrt(found.claimed.variance + found.seen.variance + 4 * found.managers.variance)
    ahead = first.estimate - second.estimate
    if error > SAME:
        chance = float(ndtr(ahead / error))
    else:
        chance = 0.5 * (1 + (ahead > SAME) - (ahead < -SAME))
    lost = supported and differences["gap"].estimate > 0
    return Cascade(
        sponsors_to_managers=gap_record(first),
        managers_to_contributors=gap_record(second),
        first_is_larger=chance,
        lost_between=_lost_between(first, second, chance) if lost else None,
    )


def _lost_between(first: SideDifference, second: SideDifference, chance: float) -> LostBetween:
    first_is_larger = answer(chance)
    if first_is_larger != "unsure":
        return (
            "sponsors_and_managers" if first_is_larger == "yes" else "managers_and_contributors"
        )
    both = first.interval()[0] > 0 and second.interval()[0] > 0
    return "both" if both else "cannot_tell"


def single_ratings(
    found: Contrast, measure: SponsorshipMeasure
) -> tuple[Ratings, Ratings] | None:
    """Return the sponsors and the people compared, if each side comes from one unit.

    Shares and dominance over several units would need weights, and their intervals would give
    away an effective number of people, which counts the people of hidden units.
    """
    units, sponsors = tuple(found.pairing.units), tuple(found.pairing.sponsors)
    if len(units) > 1 or len(sponsors) > 1:
        return None
    return measure.sponsors[sponsors[0]], measure.raters[found.cut][units[0]]


def dominance(sponsors: Ratings, people: Ratings, *, k: int) -> Dominance:
    """Return Cliff's delta as a band, and as a number from twice the smallest group on.

    A delta of 1 shows that every single person rated lower than the sponsors (method 7).
    """
    delta = cliffs_delta(sponsors, people)
    return Dominance(band=delta_band(delta), delta=delta if people.n >= 2 * k else None)


def favourable(sponsors: Ratings, people: Ratings, *, k: int) -> FavourableGap | None:
    """Return the gap in favourable shares, from twice the smallest group on."""
    if people.n < 2 * k:
        return None
    claimed, perceived = favourable_share(sponsors), favourable_share(people)
    estimate, low, high = newcombe((claimed, sponsors.n), (perceived, people.n))
    return FavourableGap(
        claimed=claimed,
        perceived=perceived,
        estimate=estimate,
        low=low,
        high=high,
    )


def small_sample_factor(freedom: int) -> float:
    """Return J, which takes the bias off a standardised difference.

    Parameters
    ----------
    freedom : int
        Degrees of freedom of the standard deviation, at least 1. J of 1 is 0: its expectation
        does not exist.

    Notes
    -----
    J(m) = gamma(m/2) / (sqrt(m/2) gamma((m - 1)/2)), about 1 - 3 / (4 m - 1).

    References
    ----------
    .. [1] Hedges (1981), Distribution theory for Glass's estimator of effect size.
    """
    if freedom < 2:
        return 0.0
    return exp(lgamma(freedom / 2) - log(freedom / 2) / 2 - lgamma((freedom - 1) / 2))


def cliffs_delta(one: Ratings, other: Ratings) -> float:
    """Return how much more often one group's score exceeds the other's than the reverse.

    Notes
    -----
    (pairs with x > y less pairs with x < y) / all pairs, from -1 to 1; only the order of scores
    counts. O((n + m) log m).

    References
    ----------
    .. [1] Cliff (1993), Dominance statistics: ordinal analyses to answer ordinal questions.
    """
    below = np.searchsorted(other.scores, one.scores - _ROUNDING, side="left")
    up_to = np.searchsorted(other.scores, one.scores + _ROUNDING, side="right")
    return float(below.sum() - (other.n - up_to).sum()) / (one.n * other.n)


def delta_band(delta: float) -> DominanceBand:
    """Return the word for the size of Cliff's delta: limits .15, .33 and .47."""
    return next((band for limit, band in _BANDS if abs(delta) < limit), "large")


def favourable_share(ratings: Ratings) -> float:
    """Return the share of people whose score is 4 or more."""
    return 1.0 - int(np.searchsorted(ratings.scores, FAVOURABLE - _ROUNDING)) / ratings.n
