"""Which of four situations a group is in: sponsors high or low, others high or low."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

from scipy.special import ndtr

from analytics.inference.naming import answer
from analytics.inference.shrinkage import MeanPrior, Normal
from analytics.results.sponsorship import Agreement, NamedQuadrant, Quadrant
from analytics.sponsorship.comparison import SAME, Pairing, SideDifference, claim, steadied
from analytics.sponsorship.measure import SponsorshipMeasure
from analytics.vocabulary import Cut

__all__ = [
    "CUT_POINTS",
    "Priors",
    "agreement",
    "chances",
    "named",
]

CUT_POINTS = 3.5
"""A mean from here on is high."""
APART_FROM_SD = 0.5
"""Standard deviations from which self and others disagree."""

_BY_SIDES: dict[tuple[bool, bool], NamedQuadrant] = {
    (True, False): "blind_spot",
    (True, True): "visible_sponsor",
    (False, False): "acknowledged_gap",
    (False, True): "hidden_strength",
}
"""By whether sponsors rate themselves high, and whether others rate them high."""


@dataclass(frozen=True)
class Priors:
    """How units differ in what each cut sees.

    People are shrunk towards people of the same cut. Sponsors are not shrunk: what they say of
    themselves is taken as it is, with its error. Only shown units are used, because the
    resulting chances are published.
    """

    raters: Mapping[Cut, MeanPrior | None]

    @classmethod
    def of(cls, measure: SponsorshipMeasure, shown: Mapping[Cut, Iterable[str]]) -> "Priors":
        """Learn from the composite.

        Parameters
        ----------
        measure : SponsorshipMeasure
            The eight items together.
        shown : mapping of Cut to iterable of str
            Units without others below them that show a figure in that cut.
        """
        views = {cut: _views(measure, units, cut) for cut, units in shown.items()}
        return cls({cut: MeanPrior.learned(seen) for cut, seen in views.items()})


def chances(
    pairing: Pairing, measure: SponsorshipMeasure, priors: Priors, cut: Cut
) -> dict[NamedQuadrant, float]:
    """Return the probability of each quadrant; they sum to 1.

    Parameters
    ----------
    pairing : Pairing
        Units and sponsors with their shares.
    measure : SponsorshipMeasure
        The eight items together.
    priors : Priors
        What the means of those who perceive are shrunk towards.
    cut : Cut
        Who perceives.

    Notes
    -----
    Self and others are independent and normal, the latter after shrinkage; high is 3.5 points
    or more.

    References
    ----------
    .. [1] method.md 2, "Quadrants"; DECISIONS.md on what differs.
    """
    own, seen = claim(pairing, measure), steadied(pairing, measure, cut)
    self_high = _chance_high(own.mean, own.variance)
    others_high = _chance_high(*_shrunk(seen, priors.raters.get(cut), pairing.units))
    return {
        "blind_spot": self_high * (1 - others_high),
        "visible_sponsor": self_high * others_high,
        "acknowledged_gap": (1 - self_high) * (1 - others_high),
        "hidden_strength": (1 - self_high) * others_high,
    }


def named(
    probabilities: Mapping[NamedQuadrant, float],
    claimed: float,
    seen: float,
    difference: SideDifference,
) -> Quadrant:
    """Name the quadrant in which the shown means lie, or say that it is too close to call.

    Parameters
    ----------
    probabilities : mapping of NamedQuadrant to float
        From ``chances``.
    claimed, seen : float
        The means as they are shown, points; 3.5 or more is high.
    difference : SideDifference
        Claimed less seen.

    Notes
    -----
    Shrinkage moves only the probability, so that no name contradicts the figures beside it. If
    one side is high and the other low, the interval of their difference must also exclude 0.

    References
    ----------
    .. [1] tests/benchmarks/README.md, "Quadrants".
    """
    high = _is_high(claimed), _is_high(seen)
    low_limit, high_limit = difference.interval()
    found = _BY_SIDES[high]
    if high[0] != high[1] and low_limit <= 0.0 <= high_limit:
        return "too_close_to_call"
    return found if answer(probabilities[found]) == "yes" else "too_close_to_call"


def agreement(gap: float, seen: float, deviation: float) -> Agreement:
    """Say whether sponsors rate themselves over, like or under others, and if others rate high.

    Parameters
    ----------
    gap : float
        Claimed less perceived, points.
    seen : float
        What others perceive, points; 3.5 or more is high.
    deviation : float
        The employees' standard deviation, points; half of it is disagreement.

    References
    ----------
    .. [1] Fleenor, McCauley & Brutus (1996), Self-other rating agreement and leader
       effectiveness (six groups); Atwater & Yammarino (1992), Does self-other agreement on
       leadership perceptions moderate the validity of leadership predictions (half an SD).
    """
    high = _is_high(seen)
    if gap == 0.0 or abs(gap) < APART_FROM_SD * deviation:
        return "in_agreement_high" if high else "in_agreement_low"
    if gap > 0:
        return "over_high" if high else "over_low"
    return "under_high" if high else "under_low"


def _views(measure: SponsorshipMeasure, units: Iterable[str], cut: Cut) -> dict[str, Normal]:
    return {
        unit: steadied(Pairing({unit: 1.0}, {}), measure, cut)
        for unit in units
        if unit in measure.raters[cut]
    }


def _shrunk(
    found: Normal, prior: MeanPrior | None, shares: Mapping[str, float]
) -> tuple[float, float]:
    """Return mean and variance after shrinkage, if there is a prior."""
    if prior is None:
        return found.mean, found.variance
    concentration = sum(share**2 for share in shares.values())
    mean, variance = prior.posterior(found.mean, found.variance, concentration=concentration)
    return float(mean), float(variance)


def _chance_high(mean: float, variance: float) -> float:
    if variance <= 0.0:
        return float(_is_high(mean))
    return float(ndtr((mean - CUT_POINTS) / sqrt(variance)))


def _is_high(mean: float) -> bool:
    return mean >= CUT_POINTS - SAME
