"""Which of four situations a group is in: sponsors high or low, others high or low."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

from scipy.special import ndtr

from analytics.inference.shrinkage import MeanPrior, Normal
from analytics.results.sponsorship import Agreement, NamedQuadrant, Quadrant
from analytics.sponsorship.comparison import Pairing, claim, steadied
from analytics.sponsorship.measure import SponsorshipMeasure
from analytics.vocabulary import Cut

__all__ = [
    "CUT_POINTS",
    "NAMED_FROM",
    "Priors",
    "agreement",
    "chances",
    "named",
]

CUT_POINTS = 3.5
"""A mean from here on is high."""
NAMED_FROM = 0.70
"""Probability from which a quadrant is named."""
APART_FROM_SD = 0.5
"""Standard deviations from which self and others disagree."""


@dataclass(frozen=True)
class Priors:
    """How units differ: in what sponsors say of themselves, and in what each cut sees.

    Sponsors are shrunk towards sponsors, and people towards people of the same cut, never one
    towards the other. Only shown units are used, because the resulting chances are published.
    """

    sponsors: MeanPrior | None
    raters: Mapping[Cut, MeanPrior | None]

    @classmethod
    def of(
        cls,
        measure: SponsorshipMeasure,
        sponsors: Iterable[str],
        shown: Mapping[Cut, Iterable[str]],
    ) -> "Priors":
        """Learn from the composite.

        Parameters
        ----------
        measure : SponsorshipMeasure
            The eight items together.
        sponsors : iterable of str
            Units whose sponsors speak for a unit that is shown.
        shown : mapping of Cut to iterable of str
            Units without others below them that show a figure in that cut.
        """
        claims = {
            unit: claim(Pairing({}, {unit: 1.0}), measure)
            for unit in sponsors
            if unit in measure.sponsors
        }
        return cls(
            MeanPrior.learned(
                {unit: Normal(one.mean, one.variance) for unit, one in claims.items()}
            ),
            {
                cut: MeanPrior.learned(_views(measure, units, cut))
                for cut, units in shown.items()
            },
        )


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
        What the means are shrunk towards.
    cut : Cut
        Who perceives.

    Notes
    -----
    Self and others are independent, each with a normal posterior; high is 3.5 points or more.

    References
    ----------
    .. [1] method.md 2, "Quadrants".
    """
    own, seen = claim(pairing, measure), steadied(pairing, measure, cut)
    self_high = _chance_high(Normal(own.mean, own.variance), priors.sponsors, pairing.sponsors)
    others_high = _chance_high(seen, priors.raters.get(cut), pairing.units)
    return {
        "blind_spot": self_high * (1 - others_high),
        "visible_sponsor": self_high * others_high,
        "acknowledged_gap": (1 - self_high) * (1 - others_high),
        "hidden_strength": (1 - self_high) * others_high,
    }


def named(probabilities: Mapping[NamedQuadrant, float]) -> Quadrant:
    """Name the likeliest quadrant, or say that it is too close to call."""
    likeliest = max(probabilities, key=lambda name: probabilities[name])
    return likeliest if probabilities[likeliest] >= NAMED_FROM else "too_close_to_call"


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
    high = seen >= CUT_POINTS
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


def _chance_high(found: Normal, prior: MeanPrior | None, shares: Mapping[str, float]) -> float:
    mean, variance = found.mean, found.variance
    if prior is not None:
        concentration = sum(share**2 for share in shares.values())
        shrunk = prior.posterior(mean, variance, concentration=concentration)
        mean, variance = float(shrunk[0]), float(shrunk[1])
    if variance <= 0.0:
        return float(mean >= CUT_POINTS)
    return float(ndtr((mean - CUT_POINTS) / sqrt(variance)))
